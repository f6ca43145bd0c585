import { type BareFrame, MAX_FILE_BYTES } from './wire.ts';

/**
 * Which client to be: the latest one (2025), the one of the second protocol document (flags in `video`), or the one of
 * the first (booleans).
 */
export type Generation = 'latest' | 'seed-2023-09' | 'seed-2023-03';

export interface LoginState {
  readonly username: string;
  /** Empty for guests, never absent. */
  readonly jwt: string;
  readonly dnd: boolean;
  readonly blocklist: readonly string[];
  /** What a page remembers after it lost its connection; said again before and after the login. */
  readonly remembered: Remembered;
}

export interface Remembered {
  readonly boots?: readonly string[];
  readonly mutes?: readonly string[];
  readonly invites?: readonly string[];
}

/** The camera, in the words of both generations; what is not said stays. */
export interface OwnState {
  readonly video?: number;
  readonly status?: string;
  readonly dnd?: boolean;
  readonly videoActive?: boolean;
  readonly nsfw?: boolean;
}

/** What a client says of itself, in the words of no generation in particular. */
export interface Self {
  readonly video: number;
  readonly status: string;
  readonly dnd: boolean;
}

const ACTIVE = 1;
/** The camera is explicit. */
export const NSFW = 2;

/** The frames of a login, in the generation's own order (`spec/barertc.md` 1.6). */
export function loginFrames(generation: Generation, state: LoginState): readonly BareFrame[] {
  const { username, jwt, dnd } = state;
  switch (generation) {
    case 'latest':
      return [...resyncFrames(state), { action: 'login', username, jwt, dnd }];
    case 'seed-2023-09':
      return [...blocklistFrames(state), { action: 'login', username, jwt, dnd }];
    case 'seed-2023-03':
      return [{ action: 'login', username, jwt }];
    default:
      return generation satisfies never;
  }
}

/** What a `me` of the server is answered with. */
export function answersToMe(
  generation: Generation,
  state: LoginState & { readonly self: Self; readonly occasion: 'first' | 'later' },
): readonly BareFrame[] {
  switch (generation) {
    case 'latest':
      return state.occasion === 'first' ? [...resyncFrames(state), meFrame(generation, state.self)] : [];
    case 'seed-2023-09':
      return blocklistFrames(state);
    case 'seed-2023-03':
      return [];
    default:
      return generation satisfies never;
  }
}

export function meFrame(generation: Generation, { video, status, dnd }: Self): BareFrame {
  if (generation !== 'seed-2023-03') return { action: 'me', video, status, dnd };
  return { action: 'me', videoActive: (video & ACTIVE) !== 0, nsfw: (video & NSFW) !== 0 };
}

/** Flags win over booleans, as they do on servers. */
export function changedSelf(self: Self, change: OwnState): Self {
  const status = change.status ?? self.status;
  const dnd = change.dnd ?? self.dnd;
  if (change.video !== undefined) return { video: change.video, status, dnd };
  let video = self.video;
  if (change.videoActive !== undefined) video = change.videoActive ? video | ACTIVE : video & ~ACTIVE;
  if (change.nsfw !== undefined) video = change.nsfw ? video | NSFW : video & ~NSFW;
  return { video, status, dnd };
}

/** Web clients send an array of numbers, Go programs base64. */
export type BytesForm = 'array' | 'base64';

/** The text of a `file` frame. Throws a RangeError above 8 MiB, where web clients stop as well. */
export function fileText(options: {
  readonly channel: string;
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly as: BytesForm;
}): string {
  const { channel, fileName, bytes } = options;
  if (bytes.length > MAX_FILE_BYTES) throw new RangeError('A file may have 8 MiB at most.');
  const head = JSON.stringify({ action: 'file', channel, message: fileName }).slice(0, -1);
  const value = options.as === 'array' ? `[${bytes.join(',')}]` : JSON.stringify(Buffer.from(bytes).toString('base64'));
  return `${head},"bytes":${value}}`;
}

function blocklistFrames({ blocklist }: LoginState): readonly BareFrame[] {
  return blocklist.length > 0 ? [{ action: 'blocklist', usernames: blocklist }] : [];
}

function resyncFrames(state: LoginState): readonly BareFrame[] {
  const { boots = [], mutes = [], invites = [] } = state.remembered;
  return [
    ...blocklistFrames(state),
    ...boots.map((username) => ({ action: 'boot', username })),
    ...mutes.map((username) => ({ action: 'mute', username })),
    ...(invites.length > 0 ? [{ action: 'video-invite', usernames: invites }] : []),
  ];
}
