import { cleanLine } from '../../../../src/core/name.ts';

/** The kind of the notes in which two clients agree on a file, the same on Galène's wire (`spec/galene.md` 5.2). */
export const TRANSFER_KIND = 'filetransfer';
/** Of how they do so. */
const VERSION = '1';

/** What one of them says. `isKnown`: in a version that we speak. */
export type TransferMessage =
  | {
      readonly type: 'invite';
      readonly id: string;
      readonly name: string;
      /** Bytes. */
      readonly size: number;
      readonly mimetype: string;
      readonly isKnown: boolean;
    }
  | { readonly type: 'offer'; readonly id: string; readonly sdp: string; readonly isKnown: boolean }
  | { readonly type: 'answer'; readonly id: string; readonly sdp: string }
  /** Without a candidate: there are no more of them. */
  | { readonly type: 'ice'; readonly id: string; readonly candidate: RTCIceCandidateInit | null }
  | { readonly type: 'cancel'; readonly id: string; readonly message?: string };

const MAX_ID = 128;
const MAX_SDP = 60_000;
const MAX_MESSAGE = 200;
const MAX_TYPE = 100;

/** Reads the value of a note. Nothing where it is none of ours, or cannot be meant. */
export function readTransferMessage(value: unknown): TransferMessage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const said = value as Readonly<Record<string, unknown>>;
  const { type, id } = said;
  if (typeof id !== 'string' || id === '' || id.length > MAX_ID) return undefined;
  switch (type) {
    case 'invite':
      return readInvite(id, said);
    case 'offer':
      return isSdp(said.sdp) ? { type, id, sdp: said.sdp, isKnown: isKnownVersion(said.version) } : undefined;
    case 'answer':
      return isSdp(said.sdp) ? { type, id, sdp: said.sdp } : undefined;
    case 'ice':
      return { type, id, candidate: readCandidate(said.candidate) };
    case 'cancel':
      return { type, id, ...readWhy(said.message) };
    default:
      return undefined;
  }
}

/** As the value of a note. Versions are said as texts: today's client of Galène knows no others. */
export function writeTransferMessage(message: TransferMessage): Readonly<Record<string, unknown>> {
  if (message.type !== 'invite' && message.type !== 'offer') return message;
  const { isKnown: _, ...said } = message;
  return { ...said, version: [VERSION] };
}

function readInvite(id: string, said: Readonly<Record<string, unknown>>): TransferMessage | undefined {
  const { name, size, mimetype } = said;
  // An empty file's size may be left out, and an unknown type.
  const bytes = size ?? 0;
  if (typeof name !== 'string' || typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 0) {
    return undefined;
  }
  const kind = typeof mimetype === 'string' ? cleanLine(mimetype, MAX_TYPE) : '';
  return { type: 'invite', id, name, size: bytes, mimetype: kind, isKnown: isKnownVersion(said.version) };
}

/** The document of the original shows a number (`spec/galene.md` 5.2). */
function isKnownVersion(version: unknown): boolean {
  return Array.isArray(version) && version.some((each) => each === VERSION || each === Number(VERSION));
}

function isSdp(sdp: unknown): sdp is string {
  return typeof sdp === 'string' && sdp.length <= MAX_SDP;
}

function readCandidate(value: unknown): RTCIceCandidateInit | null {
  if (typeof value !== 'object' || value === null) return null;
  const { candidate, sdpMid, sdpMLineIndex } = value as Readonly<Record<string, unknown>>;
  if (typeof candidate !== 'string' || candidate === '') return null;
  return {
    candidate,
    ...(typeof sdpMid === 'string' ? { sdpMid } : {}),
    ...(typeof sdpMLineIndex === 'number' ? { sdpMLineIndex } : {}),
  };
}

function readWhy(message: unknown): { readonly message?: string } {
  const why = typeof message === 'string' ? cleanLine(message, MAX_MESSAGE) : '';
  return why === '' ? {} : { message: why };
}
