import { u8 } from '../rtp/bytes.ts';
import { av1Configuration, readAv1Sequence } from './av1-sequence.ts';
import type { QueuedPacket } from './jitter-buffer.ts';
import type { Picture, VideoFormat } from './video-format.ts';

const SEQUENCE_HEADER = 1;
const TEMPORAL_DELIMITER = 2;
const TILE_LIST = 8;
const PADDING = 15;
const HAS_EXTENSION = 0x04;
const HAS_SIZE = 0x02;

/** AV1 (the RTP payload format of AOMedia, 4.4) as files have it: each unit says its size, and none delimits. */
export function unpackAv1(packets: readonly QueuedPacket[]): Picture | undefined {
  const units = unitsOf(packets)?.filter((unit) => ![TEMPORAL_DELIMITER, TILE_LIST, PADDING].includes(typeOf(unit)));
  if (!units || units.length === 0) return undefined;
  const sized = units.map(withSize);
  const at = units.findIndex((unit) => typeOf(unit) === SEQUENCE_HEADER);
  const [header, written] = [units[at], sized[at]];
  return { data: Buffer.concat(sized), format: header && written && formatOf(header, written) };
}

function formatOf(header: Buffer, written: Buffer): VideoFormat | undefined {
  const sequence = readAv1Sequence(payloadOf(header));
  return sequence && { codec: 'V_AV1', size: sequence.size, codecPrivate: av1Configuration(sequence, written) };
}

function typeOf(unit: Uint8Array): number {
  return (u8(unit, 0) >> 3) & 15;
}

/** Undefined where a part does not belong to what is before it. */
function unitsOf(packets: readonly QueuedPacket[]): readonly Buffer[] | undefined {
  const units: Buffer[][] = [];
  let isOpen = false;
  for (const { payload } of packets) {
    const aggregation = u8(payload, 0);
    const elements = elementsOf(payload);
    if (!elements || isOpen !== (aggregation & 0x80) > 0) return undefined;
    for (const [i, element] of elements.entries()) {
      if (i === 0 && isOpen) units.at(-1)?.push(element);
      else units.push([element]);
    }
    isOpen = (aggregation & 0x40) !== 0;
  }
  return isOpen ? undefined : units.map((parts) => Buffer.concat(parts)).filter(({ length }) => length > 0);
}

/** Each with its length before it, but for the last where their number is said. */
function elementsOf(payload: Buffer): readonly Buffer[] | undefined {
  const count = (u8(payload, 0) >> 4) & 3;
  const elements: Buffer[] = [];
  let at = 1;
  while (at < payload.length) {
    const isLast = elements.length + 1 === count;
    const { value, end } = isLast ? { value: payload.length - at, end: at } : readLeb128(payload, at);
    if (end + value > payload.length) return undefined;
    elements.push(payload.subarray(end, end + value));
    at = end + value;
  }
  return elements;
}

function withSize(unit: Buffer): Buffer {
  const header = Buffer.from(unit.subarray(0, headerLength(unit)));
  header[0] = u8(header, 0) | HAS_SIZE;
  const payload = payloadOf(unit);
  return Buffer.concat([header, leb128(payload.length), payload]);
}

function payloadOf(unit: Buffer): Buffer {
  const start = headerLength(unit);
  if ((u8(unit, 0) & HAS_SIZE) === 0) return unit.subarray(start);
  const { value, end } = readLeb128(unit, start);
  return unit.subarray(end, end + value);
}

function headerLength(unit: Uint8Array): number {
  return u8(unit, 0) & HAS_EXTENSION ? 2 : 1;
}

function readLeb128(bytes: Uint8Array, from: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let i = 0; i < 4; i += 1) {
    const byte = u8(bytes, from + i);
    value |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) return { value, end: from + i + 1 };
  }
  return { value: Number.POSITIVE_INFINITY, end: from + 4 };
}

function leb128(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return Buffer.from(bytes);
}
