import type { Timing } from './client-options.ts';
import { parseRtcp, type Rtcp, writeRtcp } from './client-rtcp.ts';
import type { RtpExtension } from './client-rtp.ts';
import { RtpSender, type SenderStatistics } from './client-rtp-sender.ts';
import { SyntheticVideo, type VideoShape } from './client-synthetic-video.ts';

export interface SyntheticLayer extends Partial<VideoShape> {
  readonly ssrc: number;
  readonly extensions?: readonly RtpExtension[];
}

export type SyntheticTrack =
  | {
      readonly kind: 'audio';
      readonly ssrc: number;
      readonly payloadType: number;
      readonly extensions?: readonly RtpExtension[];
    }
  /** `layers` from the largest to the smallest. */
  | { readonly kind: 'video'; readonly payloadType: number; readonly layers: readonly SyntheticLayer[] };

export interface SyntheticPublisherOptions {
  readonly tracks: readonly SyntheticTrack[];
  readonly cname: string;
  readonly timing: Timing;
  readonly random: () => number;
  /** Whether it went out. */
  send(packet: Buffer): boolean;
  /** 30 unless said. */
  readonly framesPerSecond?: number;
  /** 5,000 unless said; 0 for none but those that are asked for. */
  readonly keyframeEveryMs?: number;
  readonly temporalLayers?: 1 | 2 | 3;
}

/** What was sent, and what of it the other end spoke of. */
export interface LayerStatistics extends SenderStatistics {
  readonly ssrc: number;
  readonly kind: 'audio' | 'video';
  readonly frames: number;
  readonly keyframes: number;
  /** Packets that were asked for again. */
  readonly nacked: number;
  readonly plis: number;
  readonly firs: number;
  readonly reports: number;
}

interface Layer {
  readonly kind: 'audio' | 'video';
  readonly sender: RtpSender;
  readonly video: SyntheticVideo | undefined;
  counts: { nacked: number; plis: number; firs: number; reports: number };
  firNumber: number | undefined;
}

const TICK_MS = 10;
const AUDIO_MS = 20;
const AUDIO_BYTES = 80;
const REPORT_MS = 1_000;
const DEFAULT_SHAPE = { width: 1280, height: 720, packetsPerFrame: 3, payloadBytes: 1_000 };
/** A size that would get less than this of its rate is not sent at all, as browsers do. */
const LEAST_SHARE = 0.25;

/**
 * A publisher for tests: packets like Opus every 20 ms, and pictures like VP8's in several sizes. Sends again what is
 * lost, and keyframes when it is asked; sends less where it is told to. Owns timers.
 */
export class SyntheticPublisher {
  readonly #options: SyntheticPublisherOptions;
  readonly #layers: readonly Layer[];
  readonly #stops: readonly (() => void)[];
  #remb: Extract<Rtcp, { readonly type: 'remb' }> | undefined;
  #audioAt: number | undefined;

  constructor(options: SyntheticPublisherOptions) {
    this.#options = options;
    this.#layers = options.tracks.flatMap((track) => this.#layersOf(track));
    const { timing } = options;
    this.#stops = [timing.every(TICK_MS, () => this.#tick()), timing.every(REPORT_MS, () => this.#report())];
  }

  /** Of each SSRC, in the order of tracks and layers. */
  get statistics(): readonly LayerStatistics[] {
    return this.#layers.map(({ kind, sender, video, counts }) => ({
      ...{ kind, ssrc: sender.ssrc, ...sender.statistics, ...counts },
      ...{ frames: video?.frames ?? sender.statistics.packets, keyframes: video?.keyframes ?? 0 },
    }));
  }

  /** The last word about how much to send: bits per second, and for which SSRCs. */
  get remb(): { readonly bitrate: number; readonly ssrcs: readonly number[] } | undefined {
    return this.#remb;
  }

  /** What the other end says. */
  receiveRtcp(bytes: Buffer): void {
    for (const part of parseRtcp(bytes)) this.#heard(part);
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  #layersOf(track: SyntheticTrack): readonly Layer[] {
    if (track.kind === 'audio')
      return [{ kind: 'audio', sender: this.#sender(track, 48_000), video: undefined, ...fresh() }];
    return track.layers.map((layer, index) => {
      const sender = this.#sender({ payloadType: track.payloadType, ...layer }, 90_000);
      return { kind: 'video', sender, video: this.#video(sender, shapeOf(layer, index)), ...fresh() };
    });
  }

  #sender(
    track: { readonly ssrc: number; readonly payloadType: number; readonly extensions?: readonly RtpExtension[] },
    clockRate: number,
  ): RtpSender {
    const { send, random } = this.#options;
    const { ssrc, payloadType, extensions = [] } = track;
    return new RtpSender({ ssrc, payloadType, clockRate, extensions, random, send: (packet) => send(packet) });
  }

  #video(sender: RtpSender, shape: VideoShape): SyntheticVideo {
    const { framesPerSecond = 30, keyframeEveryMs = 5_000, temporalLayers = 1, random } = this.#options;
    const pictureId = Math.floor(random() * 2 ** 15);
    return new SyntheticVideo({
      ...{ sender, shape, keyframeEveryMs, temporalLayers, pictureId },
      frameMs: 1_000 / framesPerSecond,
    });
  }

  #tick(): void {
    const now = this.#options.timing.now();
    let at = this.#audioAt ?? now;
    if (now - at > 1_000) at = now;
    for (; at <= now; at += AUDIO_MS) this.#sound(at);
    this.#audioAt = at;
    for (const { video } of this.#layers) video?.tick(now);
  }

  #sound(at: number): void {
    for (const { kind, sender } of this.#layers) {
      if (kind !== 'audio') continue;
      sender.send({ at, marker: sender.statistics.packets === 0, payload: Buffer.alloc(AUDIO_BYTES, 0xa5) });
    }
  }

  #report(): void {
    const { timing, cname, send } = this.#options;
    for (const { sender } of this.#layers) {
      if (sender.statistics.packets === 0) continue;
      send(writeRtcp([sender.report(timing.now()), { type: 'name', ssrc: sender.ssrc, cname }]));
    }
  }

  #heard(part: Rtcp): void {
    if (part.type === 'remb') {
      this.#remb = part;
      this.#share(part);
    }
    if (part.type === 'receiver-report' || part.type === 'sender-report') {
      for (const { ssrc } of part.reports) this.#reported(this.#layer(ssrc));
    }
    if (part.type === 'nack' || part.type === 'pli' || part.type === 'fir') {
      const layer = this.#layer(part.ssrc);
      if (layer) this.#asked(layer, part);
    }
  }

  #reported(layer: Layer | undefined): void {
    if (!layer) return;
    layer.counts.reports += 1;
    layer.sender.known();
  }

  #asked(layer: Layer, part: Extract<Rtcp, { readonly type: 'nack' | 'pli' | 'fir' }>): void {
    switch (part.type) {
      case 'nack':
        layer.counts.nacked += part.missing.length;
        layer.sender.resend(part.missing);
        break;
      case 'pli':
        layer.counts.plis += 1;
        layer.video?.askForKeyframe();
        break;
      case 'fir':
        this.#refreshed(layer, part.number);
        break;
      default:
        part satisfies never;
    }
  }

  /** A number that was there before is the same demand again (RFC 5104 4.3.1). */
  #refreshed(layer: Layer, number: number): void {
    layer.counts.firs += 1;
    if (layer.firNumber === number) return;
    layer.firNumber = number;
    layer.video?.askForKeyframe();
  }

  /** The smallest size gets its rate first, as browsers have it. */
  #share({ bitrate, ssrcs }: { readonly bitrate: number; readonly ssrcs: readonly number[] }): void {
    const videos = this.#layers.flatMap(({ video }) => (video && ssrcs.includes(video.sender.ssrc) ? [video] : []));
    let left = bitrate;
    for (const [index, video] of videos.reverse().entries()) {
      const share = Math.min(1, left / video.fullBitrate);
      // Somebody has to send: the smallest one does, however little it may.
      video.limit(index > 0 && share < LEAST_SHARE ? 0 : Math.max(share, 0.01));
      left = Math.max(0, left - video.fullBitrate * share);
    }
  }

  #layer(ssrc: number): Layer | undefined {
    return this.#layers.find(({ sender }) => sender.ssrc === ssrc);
  }
}

function fresh(): Pick<Layer, 'counts' | 'firNumber'> {
  return { counts: { nacked: 0, plis: 0, firs: 0, reports: 0 }, firNumber: undefined };
}

/** Each size is half of the one before it, unless it says otherwise. */
function shapeOf({ width, height, packetsPerFrame, payloadBytes }: SyntheticLayer, index: number): VideoShape {
  const half = 2 ** index;
  return {
    width: width ?? DEFAULT_SHAPE.width / half,
    height: height ?? DEFAULT_SHAPE.height / half,
    packetsPerFrame: packetsPerFrame ?? Math.max(1, DEFAULT_SHAPE.packetsPerFrame - index),
    payloadBytes: payloadBytes ?? DEFAULT_SHAPE.payloadBytes / half,
  };
}
