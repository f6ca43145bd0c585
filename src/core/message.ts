import type { ChannelId, MessageId } from './ids.ts';

/** An image that was checked, re-encoded and stored. */
export interface Attachment {
  readonly id: string;
  readonly mediaType: 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp';
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly byteLength: number;
}

/** The bytes of an attachment, for wires that carry them inside the message. */
export interface ImageData {
  readonly bytes: Uint8Array;
}

export type Body =
  /** Markdown source as its author wrote it; each wire renders it in its own way. */
  | {
      readonly kind: 'text';
      readonly text: string;
      /** Whether single line breaks are meant to be seen, which BareRTC's Markdown does not show. Not stored. */
      readonly breaks?: true;
    }
  | { readonly kind: 'image'; readonly attachment: Attachment; readonly fileName: string };

/** Where a message goes: a channel of the room, or one member (a direct message). */
export type Target =
  | { readonly kind: 'channel'; readonly channel: ChannelId }
  | { readonly kind: 'member'; readonly name: string };

export interface Author {
  readonly identityId: string;
  readonly name: string;
}

export interface Message {
  readonly id: MessageId;
  readonly target: Target;
  readonly author: Author;
  readonly body: Body;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The other side of a direct message; absent in channels. */
  readonly recipient?: Author;
  /** The author's own id for it: the same message sent twice is posted once. */
  readonly clientId?: string;
  /**
   * Shown to its author only, who must not be able to tell: the recipient muted or blocked them
   * (`spec/barertc.md` 1.9.7).
   */
  readonly shadow?: boolean;
  readonly reactions: readonly Reaction[];
}

export interface Reaction {
  readonly emoji: string;
  /** Who reacted, in order, each once. */
  readonly by: readonly Author[];
}

/** Adds or removes one reaction; returns the same list where nothing changes. */
export function withReaction(
  reactions: readonly Reaction[],
  change: { readonly emoji: string; readonly by: Author; readonly added: boolean },
): readonly Reaction[] {
  const existing = reactions.find((reaction) => reaction.emoji === change.emoji);
  const present = existing?.by.some((author) => author.identityId === change.by.identityId) ?? false;
  if (present === change.added) return reactions;
  if (!existing) return [...reactions, { emoji: change.emoji, by: [change.by] }];
  const by = change.added
    ? [...existing.by, change.by]
    : existing.by.filter((author) => author.identityId !== change.by.identityId);
  return reactions
    .map((reaction) => (reaction === existing ? { emoji: change.emoji, by } : reaction))
    .filter((reaction) => reaction.by.length > 0);
}

/** At most this many characters of text in one message. */
export const MAX_TEXT_LENGTH = 16_000;
/** At most this many characters in one reaction. */
export const MAX_EMOJI_LENGTH = 64;
/** At most this many different reactions on one message. */
export const MAX_REACTIONS = 64;
/** At most this many people in all reactions of one message. */
export const MAX_REACTORS = 500;
