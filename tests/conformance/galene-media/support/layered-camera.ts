import type { DatachannelPeer } from '../../../../src/dialects/galene/client-datachannel-peer.ts';
import { parseRtcp } from '../../../../src/dialects/galene/client-rtcp.ts';
import { RtpSender } from '../../../../src/dialects/galene/client-rtp-sender.ts';

const FRAME_MS = 33;
/** Of which temporal layer the pictures are, in turn. */
const TEMPORAL = [0, 2, 1, 2] as const;
/** Packets of a picture, by its spatial layers: 96 and 480 kbit/s. */
const SPATIAL = [
  { packets: 1, bytes: 400 },
  { packets: 2, bytes: 1_000 },
] as const;

/** Pictures like VP9's in two spatial and three temporal layers (RFC 9628), with keyframes where they are asked for. */
export class LayeredCamera {
  readonly #sender: RtpSender;
  readonly #timer: NodeJS.Timeout;
  #isKeyframeWanted = true;
  #pictures = 0;
  #position = 0;
  #tl0 = 0;
  keyframes = 0;

  constructor(peer: DatachannelPeer) {
    const agreement = peer.transceivers[0]?.agreement;
    const { payloadType = 0, clockRate = 0 } = agreement?.codecs[0] ?? {};
    this.#sender = new RtpSender({
      ...{ ssrc: agreement?.ssrcs[0] ?? 0, payloadType, clockRate, extensions: [], random: Math.random },
      send: (packet) => peer.send(packet),
    });
    peer.onRtcp((packet) => {
      for (const part of parseRtcp(packet)) {
        if (part.type === 'pli') this.#isKeyframeWanted = true;
        if (part.type === 'nack') this.#sender.resend(part.missing);
      }
    });
    this.#timer = setInterval(() => this.#picture(), FRAME_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #picture(): void {
    const isKeyframe = this.#isKeyframeWanted;
    if (isKeyframe) this.#position = 0;
    const temporal = TEMPORAL[this.#position % TEMPORAL.length] ?? 0;
    const at = performance.now();
    if (temporal === 0) this.#tl0 += 1;
    for (const [spatial, { packets, bytes }] of SPATIAL.entries()) {
      for (let index = 0; index < packets; index++) {
        const isLast = index === packets - 1;
        const head = this.#descriptor({ isKeyframe, temporal, spatial, isFirst: index === 0, isLast });
        const payload = Buffer.concat([head, Buffer.alloc(bytes, 0x33)]);
        const marker = isLast && spatial === SPATIAL.length - 1;
        if (!this.#sender.send({ at, marker, payload }) && this.#sender.statistics.packets === 0) return;
      }
    }
    this.#isKeyframeWanted = false;
    if (isKeyframe) this.keyframes += 1;
    this.#pictures += 1;
    this.#position += 1;
  }

  #descriptor(packet: {
    readonly isKeyframe: boolean;
    readonly temporal: number;
    readonly spatial: number;
    readonly isFirst: boolean;
    readonly isLast: boolean;
  }): Buffer {
    const { isKeyframe, temporal, spatial, isFirst, isLast } = packet;
    const id = this.#pictures & 0x7fff;
    const isSync = temporal > 0;
    return Buffer.from([
      0x80 | (isKeyframe ? 0 : 0x40) | 0x20 | (isFirst ? 0x08 : 0) | (isLast ? 0x04 : 0),
      0x80 | (id >> 8),
      id & 0xff,
      (temporal << 5) | (isSync ? 0x10 : 0) | (spatial << 1) | (spatial > 0 ? 1 : 0),
      this.#tl0 & 0xff,
    ]);
  }
}

export interface LayeredPacket {
  readonly pictureId: number;
  readonly temporal: number;
  readonly spatial: number;
  readonly isKeyframe: boolean;
}

/** What a packet of such a camera says. */
export function readLayered(payload: Buffer): LayeredPacket {
  const layers = payload[3] ?? 0;
  return {
    pictureId: (((payload[1] ?? 0) & 0x7f) << 8) | (payload[2] ?? 0),
    temporal: layers >> 5,
    spatial: (layers >> 1) & 7,
    isKeyframe: ((payload[0] ?? 0) & 0x40) === 0,
  };
}
