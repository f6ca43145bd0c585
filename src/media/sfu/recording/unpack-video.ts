import type { CodecName } from '../../port.ts';
import { KEYFRAME, LAYER_START } from '../rtp/packet-info.ts';
import type { QueuedPacket } from './jitter-buffer.ts';
import { readVp9Descriptor, type Size, vp8Start } from './payloads.ts';
import { vp8Size, vp9Size, vp9Superframe } from './pictures.ts';
import { unpackAv1 } from './unpack-av1.ts';
import { H264Unpacker } from './unpack-h264.ts';
import type { Picture } from './video-format.ts';

/** Makes pictures of the packets of one, all of which are there; undefined where they make none. */
export type VideoUnpacker = (packets: readonly QueuedPacket[]) => Picture | undefined;

/** Undefined for what cannot be recorded. */
export function videoUnpacker(codec: CodecName): VideoUnpacker | undefined {
  if (codec === 'vp8') return unpackVp8;
  if (codec === 'vp9') return unpackVp9;
  if (codec === 'av1') return unpackAv1;
  if (codec !== 'h264') return undefined;
  const h264 = new H264Unpacker();
  return (packets) => h264.unpack(packets);
}

function unpackVp8(packets: readonly QueuedPacket[]): Picture | undefined {
  const data = Buffer.concat(packets.map(({ payload }) => payload.subarray(vp8Start(payload))));
  if (data.length === 0) return undefined;
  const size = vp8Size(data);
  return { data, format: size && { codec: 'V_VP8', size } };
}

function unpackVp9(packets: readonly QueuedPacket[]): Picture | undefined {
  const layers: Buffer[][] = [];
  let size: Size | undefined;
  for (const { payload, info } of packets) {
    const descriptor = readVp9Descriptor(payload);
    size = descriptor.size ?? size;
    if (info & LAYER_START || layers.length === 0) layers.push([]);
    layers.at(-1)?.push(payload.subarray(descriptor.start));
  }
  const frames = layers.map((parts) => Buffer.concat(parts)).filter(({ length }) => length > 0);
  const [lowest] = frames;
  if (lowest === undefined || frames.length > 8) return undefined;
  const isKeyframe = ((packets[0]?.info ?? 0) & KEYFRAME) !== 0;
  const lowestSize = isKeyframe ? vp9Size(lowest) : undefined;
  return {
    data: vp9Superframe(frames),
    // One layer says its own size, whatever its descriptor promises of others.
    format: lowestSize && { codec: 'V_VP9', size: frames.length > 1 ? (size ?? lowestSize) : lowestSize },
  };
}
