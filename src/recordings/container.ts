import {
  element,
  floatElement,
  idBytes,
  sizeBytes,
  textElement,
  UNKNOWN_SIZE,
  uintElement,
  voidElement,
} from './ebml.ts';
import * as id from './matroska-ids.ts';
import { LONGEST_NOTE, NOTE_TAGS, type RecordingNote } from './recording-note.ts';

/**
 * The container of a recording, Matroska or its kin WebM, written so that what is on disk can be played at any moment:
 * clusters are written whole, the size of all of them is unknown until the end, and what only the end knows
 * (duration, index) has its place kept at the front.
 */
export type ContainerKind = 'webm' | 'matroska';

export interface ContainerTrack {
  /** 1 to 126. */
  readonly number: number;
  readonly codec: 'V_VP8' | 'V_VP9' | 'V_AV1' | 'V_MPEG4/ISO/AVC' | 'A_OPUS';
  readonly codecPrivate?: Uint8Array;
  /** Of pictures, in pixels; of sound there is none. */
  readonly size?: PictureSize;
  /** How far pictures are to be turned clockwise before they are shown, in degrees. */
  readonly rotation?: Rotation;
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export type Rotation = 0 | 90 | 180 | 270;

export interface ContainerFrame {
  readonly track: number;
  /** Whole milliseconds since the file began; never less than of the frame before. */
  readonly at: number;
  readonly isKeyframe: boolean;
  readonly data: Uint8Array;
}

export interface ContainerHead {
  readonly bytes: Buffer;
  /** From where places within the segment count. */
  readonly segmentStart: number;
  readonly seekHeadAt: number;
  readonly durationAt: number;
  /** Places of what the index at the front points to. */
  readonly places: readonly (readonly [id: number, at: number])[];
}

export interface Cue {
  readonly at: number;
  readonly track: number;
  /** In the file. */
  readonly clusterAt: number;
}

/** Bytes to be written over what is at a place. */
export interface Patch {
  readonly at: number;
  readonly bytes: Buffer;
}

const SEEK_HEAD_BYTES = 120;
const DURATION_BYTES = 11;
/** Sound is decoded from this long before where somebody jumps to (RFC 7845 4.6), in nanoseconds. */
const OPUS_PRE_ROLL = 80_000_000;

export function containerHead(
  kind: ContainerKind,
  { tracks, note }: { readonly tracks: readonly ContainerTrack[]; readonly note: RecordingNote },
): ContainerHead {
  const ebml = ebmlHeader(kind);
  const segment = Buffer.concat([idBytes(id.SEGMENT), UNKNOWN_SIZE]);
  const segmentStart = ebml.length + segment.length;
  const seekHeadAt = segmentStart;
  const infoAt = seekHeadAt + SEEK_HEAD_BYTES;
  // The duration's place is the first of the information, whose size takes one or two bytes.
  const info = element(id.INFO, voidElement(DURATION_BYTES), ...infoContent(note));
  const durationAt = infoAt + info.indexOf(voidElement(DURATION_BYTES));
  const tagsAt = infoAt + info.length;
  const tags = tagsElement(note);
  const tracksAt = tagsAt + tags.length;
  const entries = element(id.TRACKS, ...tracks.map(trackEntry));
  return {
    bytes: Buffer.concat([ebml, segment, voidElement(SEEK_HEAD_BYTES), info, tags, entries]),
    segmentStart,
    seekHeadAt,
    durationAt,
    places: [
      [id.INFO, infoAt],
      [id.TAGS, tagsAt],
      [id.TRACKS, tracksAt],
    ],
  };
}

/** The frames of a second or two, in their order. */
export function cluster(frames: readonly ContainerFrame[]): Buffer {
  const start = frames[0]?.at ?? 0;
  return element(id.CLUSTER, uintElement(id.TIMESTAMP, start), ...frames.flatMap((frame) => simpleBlock(frame, start)));
}

/** What is written at the end of a file, at `end`, and what that makes known of the rest of it. */
export function containerEnd(
  head: ContainerHead,
  { end, durationMs, cues }: { readonly end: number; readonly durationMs: number; readonly cues: readonly Cue[] },
): { readonly tail: Buffer; readonly patches: readonly Patch[] } {
  const { segmentStart, seekHeadAt, durationAt } = head;
  const tail =
    cues.length === 0 ? Buffer.alloc(0) : element(id.CUES, ...cues.map((cue) => cuePoint(cue, segmentStart)));
  const places: readonly (readonly [number, number])[] =
    cues.length === 0 ? head.places : [...head.places, [id.CUES, end]];
  const size = sizeBytes(end + tail.length - segmentStart, { length: 8 });
  return {
    tail,
    patches: [
      { at: seekHeadAt, bytes: seekHead(places, segmentStart) },
      { at: durationAt, bytes: floatElement(id.DURATION, durationMs) },
      { at: segmentStart - 8, bytes: size },
    ],
  };
}

function ebmlHeader(kind: ContainerKind): Buffer {
  return element(
    id.EBML,
    uintElement(id.EBML_VERSION, 1),
    uintElement(id.EBML_READ_VERSION, 1),
    uintElement(id.EBML_MAX_ID_LENGTH, 4),
    uintElement(id.EBML_MAX_SIZE_LENGTH, 8),
    textElement(id.DOC_TYPE, kind),
    uintElement(id.DOC_TYPE_VERSION, 4),
    uintElement(id.DOC_TYPE_READ_VERSION, 2),
  );
}

function infoContent({ startedAt, publisher, label }: RecordingNote): readonly Buffer[] {
  const date = Buffer.alloc(8);
  date.writeBigInt64BE(BigInt(Math.round(startedAt) - id.DATE_EPOCH) * 1_000_000n);
  const title = [publisher, label].filter((text) => text !== '').join(' – ');
  return [
    uintElement(id.TIMESTAMP_SCALE, 1_000_000),
    element(id.DATE_UTC, date),
    ...(title === '' ? [] : [textElement(id.TITLE, clipped(title))]),
    textElement(id.MUXING_APP, 'Parlour'),
    textElement(id.WRITING_APP, 'Parlour'),
  ];
}

function tagsElement({ startedAt, publisher, label, session }: RecordingNote): Buffer {
  const texts = [
    [NOTE_TAGS.publisher, publisher],
    [NOTE_TAGS.date, new Date(startedAt).toISOString()],
    [NOTE_TAGS.label, label],
    [NOTE_TAGS.session, session],
    [NOTE_TAGS.startedAt, String(Math.round(startedAt))],
  ] as const;
  const tags = texts.map(([name, text]) =>
    element(id.SIMPLE_TAG, textElement(id.TAG_NAME, name), textElement(id.TAG_STRING, clipped(text))),
  );
  return element(id.TAGS, element(id.TAG, element(id.TARGETS), ...tags));
}

/** Whole characters, as many as are kept. */
function clipped(text: string): string {
  return [...text].slice(0, LONGEST_NOTE).join('');
}

function trackEntry({ number, codec, codecPrivate, size, rotation = 0 }: ContainerTrack): Buffer {
  const isOpus = codec === 'A_OPUS';
  return element(
    id.TRACK_ENTRY,
    uintElement(id.TRACK_NUMBER, number),
    uintElement(id.TRACK_UID, number),
    uintElement(id.TRACK_TYPE, size ? 1 : 2),
    uintElement(id.FLAG_LACING, 0),
    textElement(id.LANGUAGE, 'und'),
    textElement(id.CODEC_ID, codec),
    ...(codecPrivate ? [element(id.CODEC_PRIVATE, codecPrivate)] : []),
    ...(isOpus ? [uintElement(id.SEEK_PRE_ROLL, OPUS_PRE_ROLL)] : []),
    size
      ? videoElement(size, rotation)
      : element(id.AUDIO, floatElement(id.SAMPLING_FREQUENCY, 48_000), uintElement(id.CHANNELS, 2)),
  );
}

function videoElement({ width, height }: PictureSize, rotation: Rotation): Buffer {
  // Counter-clockwise, from -180 to 180.
  const roll = rotation > 180 ? 360 - rotation : -rotation;
  const turned = element(
    id.PROJECTION,
    uintElement(id.PROJECTION_TYPE, 0),
    floatElement(id.PROJECTION_POSE_ROLL, roll),
  );
  const size = [uintElement(id.PIXEL_WIDTH, width), uintElement(id.PIXEL_HEIGHT, height)];
  return element(id.VIDEO, ...size, ...(rotation === 0 ? [] : [turned]));
}

/** Not in one piece: what frames hold is copied once, with the cluster. */
function simpleBlock({ track, at, isKeyframe, data }: ContainerFrame, clusterStart: number): readonly Uint8Array[] {
  const head = Buffer.alloc(4);
  head[0] = 0x80 | track;
  head.writeInt16BE(at - clusterStart, 1);
  head[3] = isKeyframe ? 0x80 : 0;
  return [idBytes(id.SIMPLE_BLOCK), sizeBytes(head.length + data.length), head, data];
}

function cuePoint({ at, track, clusterAt }: Cue, segmentStart: number): Buffer {
  const positions = [uintElement(id.CUE_TRACK, track), uintElement(id.CUE_CLUSTER_POSITION, clusterAt - segmentStart)];
  return element(id.CUE_POINT, uintElement(id.CUE_TIME, at), element(id.CUE_TRACK_POSITIONS, ...positions));
}

function seekHead(places: readonly (readonly [number, number])[], segmentStart: number): Buffer {
  const seeks = places.map(([of, at]) =>
    element(id.SEEK, element(id.SEEK_ID, idBytes(of)), uintElement(id.SEEK_POSITION, at - segmentStart)),
  );
  const written = element(id.SEEK_HEAD, ...seeks);
  return Buffer.concat([written, voidElement(SEEK_HEAD_BYTES - written.length)]);
}
