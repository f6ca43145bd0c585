import type { OpenRecording } from '../../desk.ts';
import type { RouteRequest, RouteResponse } from '../../http.ts';
import { type ByteRange, rangeOf } from './ranges.ts';

interface Sent {
  readonly file: string;
  readonly recording: OpenRecording;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** It is the beginning of a file that is longer by now. */
  readonly isExcerpt?: boolean;
}

/** What changed so lately may be changing still (`spec/galene.md` 3.2). */
const FRESH_MS = 60_000;
/** In the address of what is played while it grows: how far. Its pieces are of another file for browsers otherwise. */
export const PLAYED_BYTES = 'bytes';
/** Less than any browser reads ahead. */
const PIECE_BYTES = 1024 * 1024;

/** A file, or the part of it that is asked for, or that it is as it was. Closes it, or leaves that to the body's end. */
export async function recordingResponse(request: RouteRequest, found: Sent): Promise<RouteResponse> {
  const sent = isPlayed(request) ? asAskedFor(request, found) : found;
  const { recording } = sent;
  const headers = headersOf(sent);
  if (isKnown(request, headers)) return closed(recording, { status: 304, headers });
  const range = isSame(request, headers) ? rangeOf(request.headers.range, recording.bytes) : undefined;
  if (range === 'beyond') {
    return closed(recording, { status: 416, headers: { ...headers, 'content-range': `bytes */${recording.bytes}` } });
  }
  const { start, end } = range ? bounded(range, request, sent) : { start: 0, end: recording.bytes - 1 };
  const response = {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      'content-type': sent.file.endsWith('.mkv') ? 'video/x-matroska' : 'video/webm',
      'content-length': String(end - start + 1),
      ...(range ? { 'content-range': `bytes ${start}-${end}/${recording.bytes}` } : {}),
    },
  };
  if (request.method === 'HEAD') return closed(recording, response);
  return { ...response, body: recording.read(start, end) };
}

/**
 * A browser that plays a file asks for all the rest of it, and reads it as it plays, while it holds one of the six
 * connections that it has to a server: the seventh file would never begin. So it gets a piece, and asks for the next.
 */
function bounded({ start, end }: ByteRange, request: RouteRequest, sent: Sent): ByteRange {
  const isInPieces = isPlayed(request) && !mayGrow(sent);
  return { start, end: isInPieces ? Math.min(end, start + PIECE_BYTES - 1) : end };
}

function isPlayed({ headers }: RouteRequest): boolean {
  return headers['sec-fetch-dest'] === 'video' || headers['sec-fetch-dest'] === 'audio';
}

/** As if the file ended where its address says: what is written behind that does not change it. */
function asAskedFor({ query }: RouteRequest, sent: Sent): Sent {
  const { recording } = sent;
  const wanted = query.get(PLAYED_BYTES) ?? '';
  const bytes = Number(wanted);
  if (!/^[1-9]\d{0,14}$/.test(wanted) || bytes > recording.bytes) return sent;
  const { modifiedAt, isFinished } = recording;
  const read = (start: number, end: number) => recording.read(start, end);
  const close = () => recording.close();
  const stamp = `first-${bytes}`;
  return { ...sent, isExcerpt: true, recording: { bytes, modifiedAt, stamp, isFinished, read, close } };
}

function mayGrow(sent: Sent): boolean {
  return !sent.isExcerpt && !sent.recording.isFinished && isFresh(sent);
}

function isFresh({ recording, now }: Sent): boolean {
  return now - recording.modifiedAt < FRESH_MS;
}

type FileHeaders = Readonly<
  Record<'etag' | 'cache-control' | 'accept-ranges', string> & Partial<Record<'last-modified', string>>
>;

function headersOf(sent: Sent): FileHeaders {
  const { recording } = sent;
  return {
    etag: `"${recording.stamp}"`,
    ...(sent.isExcerpt ? {} : { 'last-modified': new Date(recording.modifiedAt).toUTCString() }),
    // Never without being asked for again: it may have been deleted since, or somebody lost the right to see it.
    'cache-control': sent.isExcerpt || isFresh(sent) ? 'no-store' : 'private, no-cache',
    'accept-ranges': 'bytes',
  };
}

/** Whether who asks has it already. */
function isKnown({ headers }: RouteRequest, file: FileHeaders): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined)
    return tags.split(',').some((tag) => ['*', file.etag].includes(tag.trim().replace(/^W\//, '')));
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return since >= Date.parse(file['last-modified'] ?? '');
}

/** Whether a part would fit to what who asks has already; else they get all of it. */
function isSame({ headers }: RouteRequest, file: FileHeaders): boolean {
  const condition = headers['if-range']?.trim();
  return condition === undefined || condition === file.etag || condition === file['last-modified'];
}

async function closed(recording: OpenRecording, response: RouteResponse): Promise<RouteResponse> {
  await recording.close();
  return response;
}
