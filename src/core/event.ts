import type { Channel } from './channel.ts';
import type { CommandType, SignalKind } from './command.ts';
import type { Refusal } from './errors.ts';
import type { Identity } from './identity.ts';
import type { ChannelId, MemberId, MessageId } from './ids.ts';
import type { Member } from './member.ts';
import type { Author, ImageData, Message, Target } from './message.ts';
import type { Sanction } from './moderation.ts';
import type { Permission } from './permission.ts';
import type { RelationKind } from './relation.ts';
import type { Candidate, StreamId, StreamLabel, TrackKind } from './stream.ts';

/** How somebody went. */
export type Departure =
  | 'left'
  | 'kicked'
  | 'banned'
  | 'timed-out'
  /** Somebody came who owns the name. */
  | 'replaced';

/** What happened in a room. Dialects say it on their wire, or decide that it cannot be said there. */
export type RoomEvent =
  /** To the newcomer: everything they start with. */
  | {
      readonly type: 'room-entered';
      readonly self: Member;
      /** The latest messages of each channel that this newcomer may read, oldest first. */
      readonly recent: readonly Message[];
      /** The member was here already, on a connection that this one replaces. */
      readonly again: boolean;
    }
  | { readonly type: 'member-joined'; readonly member: Member }
  | { readonly type: 'member-left'; readonly member: Member; readonly how: Departure }
  /** For wires that send whole rosters: some row of it changed. They may come late, and many in one. */
  | { readonly type: 'roster-changed' }
  /** Their row in the roster changed, for those it is addressed to. Show it as `rowFor` says now. */
  | { readonly type: 'member-changed'; readonly memberId: MemberId }
  /** Appeared in, or vanished from, the rosters of those it is addressed to, without having come or gone (block). */
  | { readonly type: 'member-shown'; readonly memberId: MemberId }
  | { readonly type: 'member-concealed'; readonly memberId: MemberId }
  /** To the member themselves: the server changed what they are. */
  | { readonly type: 'self-changed'; readonly self: Member }
  | {
      readonly type: 'message-posted';
      readonly message: Message;
      readonly image?: ImageData;
      /** As its author's client says it, where it does. */
      readonly sentAt?: number;
    }
  /** To the author only: the message could not be delivered, and is not stored. */
  | {
      readonly type: 'message-undelivered';
      readonly message: Message;
      readonly refusal: Refusal;
      readonly image?: ImageData;
    }
  | {
      readonly type: 'message-retracted';
      readonly messageId: MessageId;
      readonly target: Target;
      readonly by: string;
      readonly author: Author;
      readonly recipient?: Author;
      /** The author's own id of it. */
      readonly clientId?: string;
    }
  | {
      readonly type: 'reaction-changed';
      readonly messageId: MessageId;
      readonly target: Target;
      readonly author: Author;
      readonly recipient?: Author;
      readonly by: Author;
      readonly emoji: string;
      readonly added: boolean;
    }
  | { readonly type: 'nudged'; readonly name: string; readonly by: string }
  | {
      readonly type: 'typing-changed';
      readonly memberId: MemberId;
      readonly name: string;
      readonly target: Target;
      readonly on: boolean;
    }
  | { readonly type: 'camera-rung'; readonly viewer: string; readonly viewerId: MemberId; readonly secret: string }
  | {
      readonly type: 'camera-opened';
      readonly broadcaster: string;
      readonly broadcasterId: MemberId;
      readonly secret: string;
      readonly despite?: 'boot' | 'mute';
    }
  | { readonly type: 'camera-watched'; readonly viewer: string; readonly viewerId: MemberId; readonly on: boolean }
  | { readonly type: 'camera-cut' }
  /** To a broadcaster whose camera was marked as explicit. `by` is absent where the operator stays unnamed. */
  | { readonly type: 'camera-marked'; readonly by?: string; readonly rule?: true }
  | {
      readonly type: 'signalled';
      readonly from: string;
      readonly fromId: MemberId;
      readonly kind: SignalKind;
      readonly payload: string;
    }
  /** To the one who decided, in all places they are: names as they were given. */
  | {
      readonly type: 'relation-changed';
      readonly kind: RelationKind;
      readonly names: readonly string[];
      readonly on: boolean;
    }
  /** To an operator who was muted or booted: operators are told the truth. */
  | { readonly type: 'relation-noticed'; readonly kind: 'mute' | 'boot'; readonly by: string; readonly on: boolean }
  /** To each of two whom the website keeps apart: they have muted and blocked each other. */
  | { readonly type: 'estranged'; readonly name: string }
  | { readonly type: 'member-renamed'; readonly memberId: MemberId; readonly from: string; readonly name: string }
  /** Within the mesh: see the command. `from` is an identity. */
  | { readonly type: 'relayed'; readonly from: Identity['id']; readonly kind: string; readonly payload: string }
  | { readonly type: 'channel-created'; readonly channel: Channel }
  | { readonly type: 'channel-deleted'; readonly channelId: ChannelId }
  | { readonly type: 'notice'; readonly text: string }
  | MeetingEvent
  | StreamEvent;

export type MeetingEvent =
  /** Its lock, its data, or what its maker decided: as it is now. */
  | {
      readonly type: 'room-changed';
      readonly what: 'lock' | 'data' | 'terms';
      readonly locked: boolean;
      readonly by?: string;
    }
  /** All that was said in the channels, or what this author (a handle or an identity) said, is taken back. */
  | {
      readonly type: 'messages-cleared';
      readonly by: string;
      readonly author?: string;
      /** Those that the room remembered, oldest first. */
      readonly messages: readonly Pick<Message, 'id' | 'target' | 'author' | 'clientId'>[];
    }
  /**
   * All streams are written to files from now on, or no longer; `by` whom, where somebody just decided so. To newcomers,
   * too.
   */
  | {
      readonly type: 'recording-changed';
      readonly on: boolean;
      /** See `Recording`. */
      readonly handle: string;
      readonly since: number;
      readonly by?: string;
    }
  /** To somebody of whom an operator asked from where they come. */
  | { readonly type: 'identified'; readonly by: string }
  | {
      readonly type: 'captioned';
      readonly author: Author;
      readonly handle: string;
      readonly text: string;
      readonly at: number;
    }
  | {
      readonly type: 'note-passed';
      readonly from: { readonly handle: string; readonly name: string };
      /** An operator sent it. */
      readonly privileged: boolean;
      /** The handle of the only one it is for. */
      readonly to?: string;
      readonly kind: string;
      /** JSON. */
      readonly payload: string;
      readonly at: number;
    };

export type StreamEvent =
  /** To its publisher. */
  | { readonly type: 'stream-answered'; readonly stream: StreamId; readonly sdp: string }
  /** To its publisher: the server has ended it. */
  | { readonly type: 'stream-ended'; readonly stream: StreamId; readonly refusal: Refusal }
  /** To its publisher: the way to the server was lost; an offer with an ICE restart may mend it. */
  | { readonly type: 'stream-restart'; readonly stream: StreamId }
  /** To its publisher: what they send arrives, for the first time or again. */
  | { readonly type: 'stream-flowing'; readonly stream: StreamId }
  /** To a receiver who offered: the answer. */
  | { readonly type: 'stream-played'; readonly stream: StreamId; readonly sdp: string }
  /** To its publisher, or a receiver. */
  | { readonly type: 'stream-candidate'; readonly stream: StreamId; readonly candidate: Candidate }
  /** To a receiver: a new one, or another offer for one that they have. */
  | {
      readonly type: 'stream-offered';
      readonly stream: StreamId;
      readonly label: StreamLabel;
      readonly publisher: { readonly id: MemberId; readonly handle: string; readonly name: string };
      readonly sdp: string;
      readonly tracks: readonly { readonly mid: string; readonly kind: TrackKind }[];
      /** One that they have, whose place it takes. */
      readonly replaces?: StreamId;
    }
  /** To a receiver. The refusal says why, where it is not that its publisher wanted it so. */
  | { readonly type: 'stream-closed'; readonly stream: StreamId; readonly refusal?: Refusal };

/** To one session only, in answer to what it asked. Not part of the room's history. */
export type SessionEvent =
  | { readonly type: 'accepted'; readonly ref?: string; readonly command: CommandType; readonly result: Result }
  | { readonly type: 'refused'; readonly ref?: string; readonly command?: CommandType; readonly refusal: Refusal }
  /** The roster as it is now, to who asked for it. */
  | { readonly type: 'roster-shown' }
  /** From time to time, on wires with a keep-alive. The token is a fresh one for the holder of a website's token. */
  | { readonly type: 'kept-alive'; readonly token?: string }
  | {
      readonly type: 'welcomed';
      readonly session: string;
      readonly token: string;
      readonly epoch: string;
      /** Whether all that was missed since the connection was lost follows. False after entering anew. */
      readonly recovered: boolean;
      /** The latest event before this welcome. */
      readonly seq: number;
    };

/** What a command brought about, beside its events. */
export type Result =
  | { readonly kind: 'done' }
  | { readonly kind: 'about'; readonly name: string; readonly detail?: string }
  | { readonly kind: 'message'; readonly messageId: MessageId; readonly at: number }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'bans'; readonly bans: readonly Sanction[] }
  | { readonly kind: 'history'; readonly messages: readonly Message[]; readonly more: boolean }
  | { readonly kind: 'threads'; readonly threads: readonly Thread[] }
  | { readonly kind: 'invitation'; readonly url: string }
  /** Rooms below this one that somebody is in. */
  | { readonly kind: 'subrooms'; readonly rooms: readonly { readonly name: string; readonly members: number }[] }
  | { readonly kind: 'room-tokens'; readonly tokens: readonly RoomToken[] }
  | { readonly kind: 'identity'; readonly handle: string; readonly name: string; readonly address?: string };

/** A word that admits to a room (`spec/galene.md` 4.6). Whoever knows it may enter. */
export interface RoomToken {
  readonly token: string;
  readonly room: string;
  /** Whom it admits; whoever comes says their own name where it is absent. */
  readonly username?: string;
  readonly permissions: readonly Permission[];
  /** Milliseconds since 1970, as the next. */
  readonly expires?: number;
  readonly notBefore?: number;
  readonly issuedAt?: number;
  readonly issuedBy?: string;
}

/** A direct conversation that took place. */
export interface Thread {
  readonly name: string;
  readonly lastMessageId: MessageId;
  /** Milliseconds since 1970. */
  readonly lastAt: number;
}

export type Event = RoomEvent | SessionEvent;
export type EventType = Event['type'];

/** Whom an event is for. `except` are those who must not learn of it. */
export type Audience =
  | { readonly kind: 'room'; readonly except: ReadonlySet<MemberId> }
  | { readonly kind: 'members'; readonly members: readonly MemberId[] };

export interface Delivery {
  readonly event: RoomEvent;
  readonly audience: Audience;
}
