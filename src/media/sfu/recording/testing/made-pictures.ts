import { capturedPackets } from '../../rtp/testing/captured.ts';

/** What an encoder makes of one picture, as far as a recorder looks at it: headers that are true, and a body. */
export interface MadePicture {
  readonly isKeyframe: boolean;
  readonly width: number;
  readonly height: number;
  readonly body: Buffer;
}

export function vp8Picture({ isKeyframe, width, height, body }: MadePicture): Buffer {
  const tag = Buffer.of(isKeyframe ? 0x10 : 0x11, 0, 0);
  if (!isKeyframe) return Buffer.concat([tag, body]);
  const size = Buffer.of(0x9d, 0x01, 0x2a, width & 255, width >> 8, height & 255, height >> 8);
  return Buffer.concat([tag, size, body]);
}

/** The uncompressed header, bit by bit. */
export function vp9Picture({ isKeyframe, width, height, body }: MadePicture): Buffer {
  if (!isKeyframe) return Buffer.concat([Buffer.of(0x86), body]);
  const bits = `100000100100100110000011010000100010${binary(width - 1)}${binary(height - 1)}`;
  const bytes = bits.match(/.{1,8}/g) ?? [];
  return Buffer.concat([Buffer.from(bytes.map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2))), body]);
}

function binary(value: number): string {
  return value.toString(2).padStart(16, '0');
}

/** Units of H.264; the sets are those that Chromium sent, and say 160 by 120. */
export function h264Units({ isKeyframe, body }: MadePicture): readonly Buffer[] {
  const slice = Buffer.concat([Buffer.of(isKeyframe ? 0x65 : 0x41, 0x88), body]);
  return isKeyframe ? [...h264Sets(), slice] : [slice];
}

/** Sequence and picture parameter sets. */
export function h264Sets(): readonly Buffer[] {
  const packet = capturedPackets('h264', 'video')[0] ?? Buffer.alloc(0);
  // A STAP-A packet begins with them.
  const at = packet.indexOf(Buffer.of(0x67, 0x42));
  const spsLength = packet.readUInt16BE(at - 2);
  const ppsAt = at + spsLength + 2;
  return [packet.subarray(at, at + spsLength), packet.subarray(ppsAt, ppsAt + packet.readUInt16BE(ppsAt - 2))];
}
