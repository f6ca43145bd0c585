/** Elements of EBML (RFC 8794), of which Matroska and WebM consist: an id, a size, and what is in it. */

/** A size that is not known yet, in eight bytes: the element goes on to the end of the file. */
export const UNKNOWN_SIZE = Buffer.of(0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);

export function element(id: number, ...content: readonly Uint8Array[]): Buffer {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([idBytes(id), sizeBytes(length), ...content]);
}

/** A whole number from 0 to 2^53. */
export function uintElement(id: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(Math.max(0, Math.round(value))));
  const first = bytes.findIndex((byte) => byte !== 0);
  return element(id, bytes.subarray(first < 0 ? 7 : first));
}

export function floatElement(id: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return element(id, bytes);
}

export function textElement(id: number, text: string): Buffer {
  return element(id, Buffer.from(text));
}

/** Nothing, of exactly so many bytes: at least 2, at most 128. */
export function voidElement(bytes: number): Buffer {
  return element(VOID, Buffer.alloc(bytes - 2));
}

export function idBytes(id: number): Buffer {
  const length = id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1;
  const bytes = Buffer.alloc(length);
  bytes.writeUIntBE(id, 0, length);
  return bytes;
}

/** As short as it can be, or in eight bytes, which overwrite an unknown size. */
export function sizeBytes(size: number, options?: { readonly length: 8 }): Buffer {
  let length = options?.length ?? 1;
  // All ones mean that it is not known.
  while (length < 8 && size >= 2 ** (7 * length) - 1) length += 1;
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(size) | (1n << BigInt(7 * length)));
  return bytes.subarray(8 - length);
}

/** An element that was found: where its content begins and ends. */
export interface FoundElement {
  readonly id: number;
  readonly start: number;
  /** Infinite where its size is not known. May lie beyond the bytes that are there. */
  readonly end: number;
}

/** What is next to each other between two places, as far as it can be read. */
export function* elementsOf(bytes: Uint8Array, from: number, end: number): Generator<FoundElement> {
  let at = from;
  while (at < end && at < bytes.length) {
    const idLength = lengthOfNumber(bytes[at] ?? 0);
    const sizeLength = lengthOfNumber(bytes[at + idLength] ?? 0);
    const start = at + idLength + sizeLength;
    if (idLength > 4 || sizeLength > 8 || start > bytes.length) return;
    const id = numberAt(bytes, at, idLength);
    const size = sizeAt(bytes, at + idLength, sizeLength);
    const found = { id, start, end: start + size };
    yield found;
    at = found.end;
  }
}

export function uintOf(bytes: Uint8Array, { start, end }: FoundElement): number {
  return end - start > 8 || end > bytes.length ? 0 : numberAt(bytes, start, end - start);
}

/** Undefined where it is none. */
export function floatOf(bytes: Uint8Array, { start, end }: FoundElement): number | undefined {
  if (end > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
  if (end - start === 8) return view.getFloat64(0);
  return end - start === 4 ? view.getFloat32(0) : undefined;
}

export function textOf(bytes: Uint8Array, { start, end }: FoundElement): string {
  return Buffer.from(bytes.subarray(start, Math.min(end, bytes.length))).toString('utf8');
}

const VOID = 0xec;

/** By the zeros that a number begins with; 9 where there are too many. */
function lengthOfNumber(first: number): number {
  return Math.clz32(first) - 23;
}

/** Without the bit that says its length; all ones are no size. */
function sizeAt(bytes: Uint8Array, at: number, length: number): number {
  const first = (bytes[at] ?? 0) & (0xff >> length);
  const rest = numberAt(bytes, at + 1, length - 1);
  const isUnknown = first === 0xff >> length && rest === 2 ** (8 * (length - 1)) - 1;
  return isUnknown ? Number.POSITIVE_INFINITY : first * 2 ** (8 * (length - 1)) + rest;
}

function numberAt(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = 0; i < length; i += 1) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}
