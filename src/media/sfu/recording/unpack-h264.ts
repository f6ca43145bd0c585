import { u8 } from '../rtp/bytes.ts';
import { avcConfiguration, spsSize } from './h264-sets.ts';
import type { QueuedPacket } from './jitter-buffer.ts';
import { lengthPrefixed, prefixedUnits } from './pictures.ts';
import type { Picture, VideoFormat } from './video-format.ts';

const IDR_SLICE = 5;
const SPS = 7;
const PPS = 8;
const DELIMITER = 9;
const STAP_A = 24;
const FU_A = 28;

/** H.264 (RFC 6184) as files have it. Its parameter sets may come with a keyframe or before, and hold until others do. */
export class H264Unpacker {
  #sps: Buffer | undefined;
  #pps: Buffer | undefined;

  unpack(packets: readonly QueuedPacket[]): Picture | undefined {
    const units = unitsOf(packets);
    if (!units || units.length === 0) return undefined;
    for (const unit of units) this.#note(unit);
    const isKeyframe = units.some((unit) => typeOf(unit) === IDR_SLICE);
    // Sets stay among the pictures, too: some encoders number them anew each time.
    const kept = units.filter((unit) => typeOf(unit) !== DELIMITER);
    return { data: Buffer.concat(kept.map(lengthPrefixed)), format: isKeyframe ? this.#format() : undefined };
  }

  #note(unit: Buffer): void {
    if (typeOf(unit) === SPS && unit.length >= 4) this.#sps = unit;
    if (typeOf(unit) === PPS) this.#pps = unit;
  }

  #format(): VideoFormat | undefined {
    const size = this.#sps && spsSize(this.#sps);
    if (!size || !this.#sps || !this.#pps) return undefined;
    return { codec: 'V_MPEG4/ISO/AVC', size, codecPrivate: avcConfiguration(this.#sps, this.#pps) };
  }
}

function typeOf(unit: Uint8Array): number {
  return u8(unit, 0) & 0x1f;
}

/** Undefined where a fragment does not belong to what is before it. */
function unitsOf(packets: readonly QueuedPacket[]): readonly Buffer[] | undefined {
  const units: Buffer[] = [];
  let fragments: Buffer[] | undefined;
  for (const { payload } of packets) {
    const type = typeOf(payload);
    if (type !== FU_A) {
      if (fragments) return undefined;
      units.push(...(type === STAP_A ? prefixedUnits(payload, 1) : [payload]));
      continue;
    }
    const head = u8(payload, 1);
    if ((head & 0x80) !== 0) fragments = [Buffer.of((u8(payload, 0) & 0xe0) | (head & 0x1f))];
    if (!fragments) return undefined;
    fragments.push(payload.subarray(2));
    if ((head & 0x40) === 0) continue;
    units.push(Buffer.concat(fragments));
    fragments = undefined;
  }
  return fragments ? undefined : units;
}
