/** One entry of a definition: a user by name, which may be empty, or whoever bears none of those names. */
export type DefinedUser = { readonly kind: 'named'; readonly name: string } | { readonly kind: 'wildcard' };

/** Of what groups are made, for those who administer them from outside (`spec/galene.md` 3.5). */
export type GroupPart =
  /** The names of all groups, and what is measured in the rooms: the whole server's. */
  | { readonly kind: 'groups' | 'statistics' }
  /** `tokens` of the group `''` are those of the whole server. */
  | { readonly kind: 'group' | 'keys' | 'users' | 'tokens'; readonly group: string }
  | { readonly kind: 'user' | 'password'; readonly group: string; readonly user: DefinedUser }
  | { readonly kind: 'token'; readonly group: string; readonly token: string };

/** How somebody proves that they administer something. */
export type AdministratorProof =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  | { readonly kind: 'token'; readonly token: string };

/** What they administer: the server, a group and those below it, one group, or no more than their own password. */
export type Reach = 'server' | 'subgroups' | 'group' | 'self';

export type Authority =
  | { readonly kind: 'granted'; readonly reach: Reach }
  | { readonly kind: 'refused'; readonly reason: 'not-authorised' | 'too-often' };

/** Whether something may be changed whose version is this; nothing is what is not there. */
export type Expectation = (tag: string | undefined) => boolean;

export type PartReading =
  /** `value` is JSON. The tag is another one after every change. */
  | { readonly kind: 'read'; readonly value: unknown; readonly tag?: string }
  | { readonly kind: 'absent' }
  /** It is there, and makes no sense. */
  | { readonly kind: 'unreadable'; readonly problem: string };

export type PartChange =
  /** `name` is that of what had none before. */
  | { readonly kind: 'done'; readonly isNew: boolean; readonly name?: string }
  /** `mismatch`: it is not as expected. `taken`: somebody else has it. `beyond-reach`: more than they administer. */
  | { readonly kind: 'absent' | 'mismatch' | 'read-only' | 'taken' | 'full' | 'beyond-reach' }
  /** In words, for whoever sent it. */
  | { readonly kind: 'malformed'; readonly problem: string }
  /** A fault that is not theirs; it is in the log. */
  | { readonly kind: 'failed'; readonly problem: string };

/** What is to become of a part. */
export interface PartOrder {
  readonly part: GroupPart;
  readonly reach: Reach;
  readonly expects: Expectation;
}

/** What is measured of a stream on its way to the server, or from it to somebody. */
export interface MeasuredConnection {
  readonly stream: string;
  /** Bits per second. */
  readonly maxBitrate?: number;
  readonly tracks: readonly MeasuredTrack[];
}

export interface MeasuredTrack {
  /** Bits per second. */
  readonly bitrate: number;
  readonly maxBitrate?: number;
  /** 0 to 1. */
  readonly loss: number;
  /** Milliseconds. */
  readonly jitter?: number;
  readonly rtt?: number;
  /** Of which layers somebody gets, and which there are. */
  readonly layers?: {
    readonly spatial: number;
    readonly maxSpatial: number;
    readonly temporal: number;
    readonly maxTemporal: number;
  };
}

/** A room that is open, and who is there by the ids that clients call them by, the recorder among them. */
export interface MeasuredRoom {
  readonly name: string;
  readonly members: readonly {
    readonly handle: string;
    readonly up: readonly MeasuredConnection[];
    readonly down: readonly MeasuredConnection[];
  }[];
}
