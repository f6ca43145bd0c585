import type { WireChannel, WireMeeting, WireMember, WireSelf } from '../../../src/dialects/parlour/wire.ts';
import type { Thread, ThreadKey } from './thread.ts';

/** Somebody came or went. */
export interface Passage {
  readonly id: number;
  readonly name: string;
  readonly how: 'joined' | 'left' | 'kicked' | 'banned' | 'timed-out' | 'replaced';
  readonly at: number;
  /** The latest message then: it is shown after it. */
  readonly afterId: number;
}

export interface Typist {
  readonly memberId: string;
  readonly name: string;
  readonly thread: ThreadKey;
  /** Milliseconds since 1970; forgotten then unless said again. */
  readonly until: number;
}

/** Everything known of the room. Plain data: a reloaded page takes it up again. */
export interface RoomModel {
  /** The server told what is in the room. */
  readonly entered: boolean;
  readonly name: string;
  readonly title: string;
  readonly permitExplicit: boolean;
  readonly meeting: WireMeeting;
  /** Who began the recording that goes on, where that is known. */
  readonly recordingBy: string | undefined;
  readonly channels: readonly WireChannel[];
  readonly self: WireSelf | undefined;
  readonly members: Readonly<Record<string, WireMember>>;
  /** Ids of those who raise a hand, the first one first. */
  readonly hands: readonly string[];
  readonly threads: Readonly<Record<ThreadKey, Thread>>;
  readonly open: ThreadKey;
  /** The reader looks at the open thread. */
  readonly attentive: boolean;
  /** The latest message read, for each thread. */
  readonly lastRead: Readonly<Record<ThreadKey, number>>;
  /** In the open thread, "new messages" stands after this id; 0 is nowhere. */
  readonly divider: number;
  readonly passages: readonly Passage[];
  readonly typists: readonly Typist[];
  /** The latest message when the room was entered: welcomes stand after it. */
  readonly enteredAfter: number;
}

export function emptyRoom(lastRead: Readonly<Record<ThreadKey, number>> = {}): RoomModel {
  return {
    entered: false,
    name: '',
    title: '',
    permitExplicit: false,
    meeting: { description: '', locked: false, data: {} },
    recordingBy: undefined,
    channels: [],
    self: undefined,
    members: {},
    hands: [],
    threads: {},
    open: '',
    attentive: true,
    lastRead,
    divider: 0,
    passages: [],
    typists: [],
    enteredAfter: 0,
  };
}
