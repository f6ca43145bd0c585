import { decodeBase64, liftBytes } from './byte-field.ts';

/**
 * BareRTC's wire: one JSON object per text frame, told apart by `action` (`spec/barertc.md` 1.2 to 1.8). All
 * generations of clients share one shape; which fields mean what is said per action in 1.7 and 1.8.
 */
export const ACTIONS = {
  login: 'login',
  disconnect: 'disconnect',
  ping: 'ping',
  error: 'error',
  message: 'message',
  file: 'file',
  takeback: 'takeback',
  react: 'react',
  presence: 'presence',
  me: 'me',
  who: 'who',
  echo: 'echo',
  open: 'open',
  ring: 'ring',
  watch: 'watch',
  unwatch: 'unwatch',
  mute: 'mute',
  unmute: 'unmute',
  block: 'block',
  blocklist: 'blocklist',
  boot: 'boot',
  unboot: 'unboot',
  videoInvite: 'video-invite',
  cut: 'cut',
  candidate: 'candidate',
  sdp: 'sdp',
  report: 'report',
} as const;

export type Action = (typeof ACTIONS)[keyof typeof ACTIONS];

/** Who speaks in `error` frames; clients show their own picture for this name. */
export const CHAT_SERVER = 'ChatServer';

/** The `msgID` of a `react` that asks a broadcaster, named in `message`, to mark their camera as explicit. */
export const NUDGE_MESSAGE_ID = -451;

/** The largest picture, in bytes, as web clients limit it too. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024;

export interface BareFrame {
  /** One of {@link ACTIONS}, or one nobody knows. */
  readonly action: string;
  /** A public channel's id, or `@NAME` for a direct message. */
  readonly channel?: string;
  /** In relayed and targeted actions: the other party. */
  readonly username?: string;
  /** HTML, plain text, a file's name or an emoji, by action. */
  readonly message?: string;
  readonly jwt?: string;
  readonly whoList?: readonly WhoRow[];
  /** Camera bits as in `Camera` of the core. */
  readonly video?: number;
  readonly status?: string;
  readonly dnd?: boolean;
  readonly msgID?: number;
  readonly openSecret?: string;
  readonly bytes?: Uint8Array;
  readonly usernames?: readonly string[];
  /** RFC 3339. */
  readonly timestamp?: string;
  readonly reason?: string;
  readonly comment?: string;
  readonly messages?: readonly BareFrame[];
  readonly jwtRules?: Readonly<Record<string, boolean>>;
  /** JSON of an RTCIceCandidate, passed on byte for byte. */
  readonly candidate?: string;
  /** JSON of an RTCSessionDescription, passed on byte for byte. */
  readonly description?: string;
  /** Camera bits 1, 2, 16 and 32 of clients before June 2023. */
  readonly videoActive?: boolean;
  readonly nsfw?: boolean;
  readonly videoMutual?: boolean;
  readonly videoMutualOpen?: boolean;
}

/** One line of the who list. The first five are always said. */
export interface WhoRow {
  readonly username: string;
  readonly status: string;
  readonly video: number;
  /** Seconds since 1970. */
  readonly loginAt: number;
  readonly op: boolean;
  readonly nickname?: string;
  readonly dnd?: boolean;
  readonly vip?: boolean;
  readonly avatar?: string;
  readonly profileURL?: string;
  readonly emoji?: string;
  readonly gender?: string;
  readonly videoActive?: boolean;
  readonly nsfw?: boolean;
  readonly videoMutual?: boolean;
  readonly videoMutualOpen?: boolean;
}

export type ParsedFrame =
  | { readonly kind: 'frame'; readonly frame: BareFrame }
  /** The picture in it is larger than {@link MAX_FILE_BYTES}; the rest was not read. */
  | { readonly kind: 'too-large' };

/**
 * A frame as a server reads it. Nothing where the wire drops a frame silently: no JSON object, no `action`, a known
 * field of the wrong type (`null` is an absent field), or far more than any client says.
 */
export function parseFrame(text: string): ParsedFrame | undefined {
  if (text.length <= PLAIN_FRAME_CHARS) return framed(parseServerFrame(text));
  const lifted = liftBytes(text, MAX_FILE_BYTES);
  if (lifted.kind === 'malformed') return undefined;
  if (lifted.kind === 'too-large') return lifted;
  const rest = lifted.kind === 'lifted' ? lifted.rest : text;
  if (rest.length > MAX_REST_CHARS) return undefined;
  const frame = parseServerFrame(rest);
  return framed(frame && lifted.kind === 'lifted' ? { ...frame, bytes: lifted.bytes } : frame);
}

/** A frame as a client reads it: of any length, since pictures come inside of `message`. */
export function parseServerFrame(text: string): BareFrame | undefined {
  try {
    return readFrame(JSON.parse(text), 0);
  } catch {
    return undefined;
  }
}

/** Longer frames have their `bytes` read by a scanner. */
const PLAIN_FRAME_CHARS = 64 * 1024;
/** A block list of some ten thousand names; JSON takes ten times its length in memory. */
const MAX_REST_CHARS = 1024 * 1024;
/** `messages` within `messages` is said by nobody. */
const MAX_DEPTH = 1;

/** `undefined` refuses the value. Never called with `null`. */
type Reader<T> = (value: unknown, depth: number) => T | undefined;
type Readers<T> = { readonly [K in keyof T]-?: Reader<NonNullable<T[K]>> };

const readString: Reader<string> = (value) => (typeof value === 'string' ? value.toWellFormed() : undefined);
const readBoolean: Reader<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);
/** Adding 0 makes -0 a plain zero. */
const readInteger: Reader<number> = (value) =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value + 0 : undefined;

const readStrings: Reader<readonly string[]> = (value, depth) =>
  readList(value, (item) => (item === null ? '' : readString(item, depth)));

const readRules: Reader<Readonly<Record<string, boolean>>> = (value) => {
  if (!isObject(value)) return undefined;
  const rules = Object.entries(value).map(([name, on]) => [name, on ?? false] as const);
  if (rules.some(([, on]) => typeof on !== 'boolean')) return undefined;
  return Object.fromEntries(rules.map(([name, on]) => [name, on === true]));
};

const readBytes: Reader<Uint8Array> = (value) => {
  if (typeof value === 'string') return decodeBase64(value);
  if (!Array.isArray(value)) return undefined;
  const isByte = (item: unknown) => typeof item === 'number' && Number.isInteger(item) && item >= 0 && item <= 255;
  return value.every(isByte) ? Uint8Array.from(value) : undefined;
};

const ROW: Readers<WhoRow> = {
  username: readString,
  status: readString,
  video: readInteger,
  loginAt: readInteger,
  op: readBoolean,
  nickname: readString,
  dnd: readBoolean,
  vip: readBoolean,
  avatar: readString,
  profileURL: readString,
  emoji: readString,
  gender: readString,
  videoActive: readBoolean,
  nsfw: readBoolean,
  videoMutual: readBoolean,
  videoMutualOpen: readBoolean,
};

/** A row of March 2023 has no status and no `video`. */
const readRow = (value: unknown): WhoRow | undefined => {
  const row = readFields<WhoRow>(value, { readers: ROW, names: ROW_NAMES, depth: 0 });
  if (!row) return undefined;
  const video = row.video ?? (row.videoActive ? 1 : 0) + (row.nsfw ? 2 : 0);
  return { username: '', status: 'online', loginAt: 0, op: false, ...row, video };
};

const FRAME: Readers<BareFrame> = {
  action: readString,
  channel: readString,
  username: readString,
  message: readString,
  jwt: readString,
  whoList: (value) => readList(value, readRow),
  video: readInteger,
  status: readString,
  dnd: readBoolean,
  msgID: readInteger,
  openSecret: readString,
  bytes: readBytes,
  usernames: readStrings,
  timestamp: readString,
  reason: readString,
  comment: readString,
  messages: (value, depth) => readList(value, (item) => readFrame(item, depth + 1)),
  jwtRules: readRules,
  candidate: readString,
  description: readString,
  videoActive: readBoolean,
  nsfw: readBoolean,
  videoMutual: readBoolean,
  videoMutualOpen: readBoolean,
};

const ROW_NAMES = foldedNames(ROW);
const FRAME_NAMES = foldedNames(FRAME);

function framed(frame: BareFrame | undefined): ParsedFrame | undefined {
  return frame && { kind: 'frame', frame };
}

function readFrame(value: unknown, depth: number): BareFrame | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const fields = readFields<BareFrame>(value, { readers: FRAME, names: FRAME_NAMES, depth });
  return fields?.action === undefined ? undefined : { ...fields, action: fields.action };
}

function readList<T>(value: unknown, read: (item: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items: T[] = [];
  for (const raw of value) {
    const item = read(raw);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

interface Fields<T> {
  readonly readers: Readers<T>;
  readonly names: ReadonlyMap<string, keyof T & string>;
  readonly depth: number;
}

/** Only known names are taken over, so that `__proto__` and its like stay behind. */
function readFields<T>(value: unknown, { readers, names, depth }: Fields<T>): Partial<T> | undefined {
  if (!isObject(value)) return undefined;
  const fields: Partial<T> = {};
  for (const key of Object.keys(value)) {
    const name = names.get(key) ?? names.get(foldName(key));
    const raw = value[key];
    if (name === undefined || raw === null) continue;
    const read = readers[name](raw, depth);
    if (read === undefined) return undefined;
    fields[name] = read;
  }
  return fields;
}

/** Go matches names of fields by simple Unicode folding, so a long s is an s, and a Kelvin sign a k. */
function foldName(key: string): string {
  return key.length > 32 ? '' : key.toLowerCase().replaceAll('ſ', 's');
}

function foldedNames<T extends object>(readers: T): ReadonlyMap<string, keyof T & string> {
  const names = new Map<string, keyof T & string>();
  for (const name in readers) names.set(name, name).set(foldName(name), name);
  return names;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
