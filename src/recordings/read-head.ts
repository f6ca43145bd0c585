import { elementsOf, type FoundElement, floatOf, textOf, uintOf } from './ebml.ts';
import * as id from './matroska-ids.ts';
import { NOTE_TAGS, type RecordingNote } from './recording-note.ts';

/** What a file says at its front; nothing of a note where it is not one of ours. */
export interface RecordingHead {
  readonly note: Partial<RecordingNote>;
  readonly durationMs: number | undefined;
  /** Its end was written. */
  readonly isFinished: boolean;
}

/** So many bytes of a file are read; ours say everything within less than half of it. */
export const HEAD_BYTES = 8_192;

/** Of the first bytes of a file; undefined where it is neither Matroska nor WebM. */
export function readHead(bytes: Uint8Array): RecordingHead | undefined {
  const [ebml, segment] = elementsOf(bytes, 0, bytes.length);
  if (ebml?.id !== id.EBML || segment?.id !== id.SEGMENT) return undefined;
  let durationMs: number | undefined;
  let note: Partial<RecordingNote> = {};
  for (const part of elementsOf(bytes, segment.start, segment.end)) {
    if (part.id === id.CLUSTER) break;
    if (part.id === id.INFO) {
      durationMs = readDuration(bytes, part);
      note = { ...readDate(bytes, part), ...note };
    }
    if (part.id === id.TAGS) note = { ...note, ...readTags(bytes, part) };
  }
  return { note, durationMs, isFinished: Number.isFinite(segment.end) };
}

function readDuration(bytes: Uint8Array, info: FoundElement): number | undefined {
  const found = child(bytes, info, id.DURATION);
  const duration = found && floatOf(bytes, found);
  const scale = child(bytes, info, id.TIMESTAMP_SCALE);
  const nanoseconds = scale ? uintOf(bytes, scale) : 1_000_000;
  const isSaid = duration !== undefined && Number.isFinite(duration) && duration > 0;
  return isSaid ? (duration * nanoseconds) / 1_000_000 : undefined;
}

function readDate(bytes: Uint8Array, info: FoundElement): Partial<RecordingNote> {
  const found = child(bytes, info, id.DATE_UTC);
  if (!found || found.end - found.start !== 8 || found.end > bytes.length) return {};
  const nanoseconds = new DataView(bytes.buffer, bytes.byteOffset + found.start, 8).getBigInt64(0);
  return { startedAt: Number(nanoseconds / 1_000_000n) + id.DATE_EPOCH };
}

function readTags(bytes: Uint8Array, tags: FoundElement): Partial<RecordingNote> {
  const texts = new Map<string, string>();
  for (const tag of elementsOf(bytes, tags.start, tags.end)) {
    if (tag.id !== id.TAG) continue;
    for (const simple of elementsOf(bytes, tag.start, tag.end)) {
      const [name, text] = [child(bytes, simple, id.TAG_NAME), child(bytes, simple, id.TAG_STRING)];
      if (simple.id === id.SIMPLE_TAG && name && text) texts.set(textOf(bytes, name), textOf(bytes, text));
    }
  }
  const startedAt = Number(texts.get(NOTE_TAGS.startedAt) ?? Number.NaN);
  return {
    ...said('publisher', texts.get(NOTE_TAGS.publisher)),
    ...said('label', texts.get(NOTE_TAGS.label)),
    ...said('session', texts.get(NOTE_TAGS.session)),
    ...(Number.isSafeInteger(startedAt) ? { startedAt } : {}),
  };
}

function said(name: 'publisher' | 'label' | 'session', text: string | undefined): Partial<RecordingNote> {
  return text === undefined ? {} : { [name]: text };
}

function child(bytes: Uint8Array, parent: FoundElement, wanted: number): FoundElement | undefined {
  for (const found of elementsOf(bytes, parent.start, parent.end)) if (found.id === wanted) return found;
  return undefined;
}
