import { BitReader } from './bit-reader.ts';
import type { Size } from './payloads.ts';
import { sizeOf } from './pictures.ts';

export interface Av1Sequence {
  readonly size: Size;
  readonly level: number;
  readonly tier: number;
}

/** What the sequence header of AV1 says (AV1 5.5); of its main profile, which browsers send. */
export function readAv1Sequence(payload: Uint8Array): Av1Sequence | undefined {
  const bits = new BitReader(payload);
  const profile = bits.read(3);
  bits.read(1);
  const isReduced = bits.read(1) === 1;
  const { level, tier } = isReduced ? { level: bits.read(5), tier: 0 } : readOperatingPoints(bits);
  const widthBits = bits.read(4) + 1;
  const heightBits = bits.read(4) + 1;
  const size = sizeOf(bits.read(widthBits) + 1, bits.read(heightBits) + 1);
  return profile !== 0 || bits.isPastEnd || !size ? undefined : { size, level, tier };
}

/** The record that goes before a stream of AV1 in files, with the header itself: 8 bits, 4:2:0. */
export function av1Configuration({ level, tier }: Av1Sequence, sequenceHeader: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(0x81, level, (tier << 7) | 0x0c, 0), sequenceHeader]);
}

/** Of the first one. */
function readOperatingPoints(bits: BitReader): { readonly level: number; readonly tier: number } {
  const delayBits = bits.read(1) === 1 ? readTiming(bits) : 0;
  const hasDisplayDelay = bits.read(1) === 1;
  const count = bits.read(5) + 1;
  let first: { readonly level: number; readonly tier: number } | undefined;
  for (let i = 0; i < count; i += 1) {
    bits.read(12);
    const level = bits.read(5);
    const tier = level > 7 ? bits.read(1) : 0;
    if (delayBits > 0 && bits.read(1) === 1) {
      bits.read(delayBits);
      bits.read(delayBits);
      bits.read(1);
    }
    if (hasDisplayDelay && bits.read(1) === 1) bits.read(4);
    first ??= { level, tier };
  }
  return first ?? { level: 0, tier: 0 };
}

/** Gives how many bits delays have; 0 where there are none. */
function readTiming(bits: BitReader): number {
  bits.read(32);
  bits.read(32);
  if (bits.read(1) === 1) bits.readExpGolomb();
  if (bits.read(1) === 0) return 0;
  const delayBits = bits.read(5) + 1;
  bits.read(32);
  bits.read(10);
  return delayBits;
}
