const TRAILER = 0x3b;
const EXTENSION = 0x21;
const IMAGE = 0x2c;
const HEADER_LENGTH = 13;
const IMAGE_DESCRIPTOR_LENGTH = 10;

/**
 * Whether a GIF ends where one of its blocks ends. The decoder skips a cut frame without a word, so that half an upload
 * would pass for a shorter animation. A missing trailer byte is forgiven: some encoders leave it out.
 */
export function isWholeGif(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER_LENGTH) return false;
  let at = HEADER_LENGTH + colourTableLength(bytes[10]);
  while (at < bytes.length) {
    if (bytes[at] === TRAILER) return true;
    const subBlocks = subBlocksOf(bytes, at);
    const end = subBlocks === undefined ? undefined : endOfSubBlocks(bytes, subBlocks);
    if (end === undefined) return false;
    at = end;
  }
  return at === bytes.length;
}

/** Where the sub-blocks of the block at `at` begin; nothing where no block begins there. */
function subBlocksOf(bytes: Uint8Array, at: number): number | undefined {
  if (bytes[at] === EXTENSION) return at + 2;
  if (bytes[at] !== IMAGE) return undefined;
  // One byte more: the code size before the compressed data.
  return at + IMAGE_DESCRIPTOR_LENGTH + colourTableLength(bytes[at + 9]) + 1;
}

/** Sub-blocks are a length byte and as many bytes, up to one of length 0. */
function endOfSubBlocks(bytes: Uint8Array, start: number): number | undefined {
  let at = start;
  while (at < bytes.length) {
    const length = bytes[at];
    if (length === undefined) return undefined;
    at += 1 + length;
    if (length === 0) return at;
  }
  return undefined;
}

function colourTableLength(flags = 0): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 0x07) + 1) : 0;
}
