/**
 * Which client to be (`spec/galene.md` 1.15): the latest one, the one of 0.6, or the one of the protocol document of
 * April 2021, which announces no version, labels tracks and asks for them with booleans.
 */
export type Generation = 'latest' | '1' | 'seed';

/** A frame of this wire, in either direction. What is not known of it is kept as it came. */
export interface GaleneFrame {
  readonly type: string;
  readonly kind?: string;
  readonly id?: string;
  readonly source?: string;
  readonly dest?: string | null;
  readonly username?: string | null;
  readonly privileged?: boolean;
  readonly version?: readonly string[];
  readonly error?: string;
  readonly replace?: string | null;
  readonly password?: string;
  readonly token?: string;
  readonly permissions?: unknown;
  readonly status?: unknown;
  readonly data?: unknown;
  readonly group?: string;
  readonly value?: unknown;
  readonly noecho?: boolean;
  /** RFC 3339, or milliseconds since 1970 for the generations before the latest. */
  readonly time?: string | number;
  readonly sdp?: string;
  readonly candidate?: CandidateInit;
  readonly label?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly request?: unknown;
  readonly rtcConfiguration?: RtcConfiguration;
}

export interface CandidateInit {
  readonly candidate: string;
  readonly sdpMid?: string | null;
  readonly sdpMLineIndex?: number | null;
  readonly usernameFragment?: string | null;
}

export interface IceServer {
  readonly urls: string | readonly string[];
  readonly username?: string;
  readonly credential?: string;
  readonly credentialType?: string;
}

export interface RtcConfiguration {
  readonly iceServers?: readonly IceServer[];
  readonly iceTransportPolicy?: 'relay' | 'all';
}

/** Keys and what they hold, as JSON writes it. */
export type Values = Readonly<Record<string, unknown>>;

/** Of each type, the fields that are strings where they are there; anything else in them makes a frame useless. */
const STRINGS = ['kind', 'id', 'source', 'error', 'group', 'sdp', 'label'] as const;

/** Undefined for what is no frame of this wire: not JSON, no type, or a field of the wrong shape. */
export function parseFrame(data: unknown): GaleneFrame | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(data);
    return isFrame(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFrame(value: unknown): value is GaleneFrame {
  if (!isValues(value) || typeof value.type !== 'string') return false;
  if (STRINGS.some((key) => value[key] != null && typeof value[key] !== 'string')) return false;
  const { candidate, labels, rtcConfiguration } = value;
  if (candidate != null && !isCandidate(candidate)) return false;
  return [labels, rtcConfiguration].every((object) => object == null || isValues(object));
}

function isCandidate(value: unknown): boolean {
  return isValues(value) && typeof value.candidate === 'string';
}

export function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What somebody may do, whether it came as a list or, up to 0.4.4, as an object of booleans (`spec/galene.md` 0.2). */
export function permissionsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.filter((each) => typeof each === 'string');
  if (!isValues(value)) return [];
  return Object.keys(value).filter((key) => value[key] === true);
}

/** Milliseconds since 1970; undefined where there is none that can be read. */
export function timeOf({ time }: GaleneFrame): number | undefined {
  const value = typeof time === 'string' ? Date.parse(time) : time;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The versions that a generation's handshake announces; the seed's has none. */
export function versionsOf(generation: Generation): { readonly version?: readonly string[] } {
  switch (generation) {
    case 'latest':
      return { version: ['2'] };
    case '1':
      return { version: ['1'] };
    case 'seed':
      return {};
    default:
      return generation satisfies never;
  }
}

/** What may be asked of a stream; `video-low` is the smallest of its sizes. */
export type Requested = 'audio' | 'video' | 'video-low';

/** What to receive, by the label of a stream; `''` is for the labels that are not named. */
export type RequestMap = Readonly<Record<string, readonly Requested[]>>;

export const EVERYTHING: RequestMap = { '': ['audio', 'video'] };

/** A request in the words of a generation: the seed's names tracks by their own labels (`spec/galene.md` 1.14). */
export function requestFrame(generation: Generation, request: RequestMap): GaleneFrame {
  return { type: 'request', request: generation === 'seed' ? seedRequest(request) : request };
}

function seedRequest(request: RequestMap): Values {
  const wants = (label: string, track: string) => (request[label] ?? request[''] ?? []).some((each) => each === track);
  const wantsVideo = (label: string) => wants(label, 'video') || wants(label, 'video-low');
  const wanted = {
    audio: wants('camera', 'audio') || wants('screenshare', 'audio'),
    screenshare: wantsVideo('screenshare'),
    video: wantsVideo('camera'),
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, isWanted]) => isWanted));
}
