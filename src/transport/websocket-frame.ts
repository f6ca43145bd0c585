import type { Frame } from '../dialects/dialect.ts';

const made = new WeakMap<Frame, Buffer>();

/** An unmasked text frame of RFC 6455 (5.2) with its header, made once for each frame object. */
export function textFrameBytes(frame: Frame): Buffer {
  const existing = made.get(frame);
  if (existing) return existing;
  const bytes = build(frame.text);
  made.set(frame, bytes);
  return bytes;
}

const FIN_TEXT = 0x81;

function build(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(headerLength + length);
  bytes[0] = FIN_TEXT;
  if (headerLength === 2) bytes[1] = length;
  else if (headerLength === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  bytes.write(text, headerLength, 'utf8');
  return bytes;
}
