/** A room's name, as in its address (`/r/NAME`). Lower-case letters, digits, `-`, `_` and `.`; at most 64 characters. */
export type RoomName = string;

/** A channel's id, unique within its room. */
export type ChannelId = string;

/** A member's id: random, opaque, unique over all rooms, and carrying no node. */
export type MemberId = string;

/** Below 2^53, increasing over restarts: BareRTC's clients compare ids as numbers. */
export type MessageId = number;

/** The room's event counter. It starts anew with each opening of the room; see {@link RoomView.epoch}. */
export type Seq = number;

/** What the room needs of the outside world: time and fresh ids. Injected, so that tests can say what they are. */
export interface Source {
  /** Milliseconds since 1970. */
  now(): number;
  memberId(): MemberId;
  messageId(): MessageId;
  /** A secret nobody can guess, for `openSecret`. */
  secret(): string;
}

/**
 * Message ids: the current millisecond, or one more than the last id where that is higher.
 * `last` is the highest id that was ever stored, so that ids increase even if the clock goes back.
 */
export function messageIds(last: MessageId, now: () => number): () => MessageId {
  let latest = last;
  return () => {
    latest = Math.max(latest + 1, now());
    return latest;
  };
}
