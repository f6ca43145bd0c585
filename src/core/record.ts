import type { Channel } from './channel.ts';
import type { ChannelId, MessageId, RoomName } from './ids.ts';
import type { Author, Message } from './message.ts';
import type { Sanction } from './moderation.ts';
import type { RelationKind } from './relation.ts';

/** What must be on disk before anybody is told of it. A room states it; the hub has it stored. */
export type StoredRecord =
  | { readonly type: 'message-posted'; readonly room: RoomName; readonly message: Message }
  | { readonly type: 'message-retracted'; readonly room: RoomName; readonly messageId: MessageId }
  | {
      readonly type: 'reaction-changed';
      readonly room: RoomName;
      readonly messageId: MessageId;
      readonly emoji: string;
      readonly by: Author;
      readonly added: boolean;
    }
  | { readonly type: 'sanction-imposed'; readonly sanction: Sanction }
  | { readonly type: 'sanction-lifted'; readonly room: RoomName; readonly sanctionId: string }
  | {
      readonly type: 'relation-changed';
      readonly room: RoomName;
      /** A durable identity. */
      readonly identityId: string;
      readonly kind: RelationKind;
      /** Name keys. */
      readonly names: readonly string[];
      readonly on: boolean;
    }
  | { readonly type: 'operator-changed'; readonly identityId: string; readonly on: boolean }
  | { readonly type: 'channel-created'; readonly room: RoomName; readonly channel: Channel }
  /** Its messages are erased afterwards, a few at a time. */
  | { readonly type: 'channel-deleted'; readonly room: RoomName; readonly channelId: ChannelId }
  /** Tokens that the website issued up to now do not admit this identity any more. Without effect on unknown ones. */
  | { readonly type: 'tokens-revoked'; readonly identityId: string; readonly at: number };
