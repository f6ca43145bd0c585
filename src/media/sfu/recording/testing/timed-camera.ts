import { ScriptedPeer } from '../../../testing/scripted-peer.ts';
import { senderReport } from '../../rtp/build-rtcp.ts';
import { put16, put32 } from '../../rtp/bytes.ts';
import { ntpOf } from '../../rtp/ntp.ts';
import { parseDescription } from '../../sdp/parse.ts';
import { h264Units, vp8Picture, vp9Picture } from './made-pictures.ts';

export interface TimedCameraOptions {
  readonly video?: 'vp8' | 'vp9' | 'h264' | 'none';
  readonly audio?: 'opus' | 'pcmu' | 'none';
  readonly size?: { readonly width: number; readonly height: number };
  /** Of a simulcast, the largest first; each is half as large as the one before. */
  readonly rids?: readonly string[];
  /** How long a picture and a moment of sound take from when they happen until they are sent, in milliseconds. */
  readonly delays?: { readonly video: number; readonly audio: number };
  /** Packets for which this is true never leave, but can be asked for again. */
  readonly loses?: (packet: Buffer) => boolean;
  /** Unless said, the first report comes with the first packet. */
  readonly reportsAfterMs?: number;
}

interface Source {
  readonly kind: 'audio' | 'video';
  readonly rid: string | undefined;
  readonly ssrc: number;
  readonly scale: number;
  sequence: number;
  /** The timestamp of the camera's first moment. */
  base: number;
  count: number;
  wantsKeyframe: boolean;
  isSilent: boolean;
}

/** The first byte of a body where something was seen or heard at that moment, and elsewhere. */
export const MARKED = 0xee;
const UNMARKED = 0x22;
const MARK_EVERY = 1_000;
const STEP = { audio: 20, video: 40 } as const;
const RATE = { audio: 48_000, video: 90_000 } as const;
const PAYLOAD_TYPES = { audio: 111, video: 120 } as const;
const MAPS = { vp8: 'VP8/90000', vp9: 'VP9/90000', h264: 'H264/90000', opus: 'opus/48000/2', pcmu: 'PCMU/8000' };
const RID_ID = 10;
const BODY = 1_500;
const PIECE = 1_000;

/** Sends pictures and sound at the pace of time, as a browser would: what happens at once is marked in both. */
export class TimedCamera {
  readonly peer = new ScriptedPeer();
  readonly sources: readonly Source[];
  size: { readonly width: number; readonly height: number };
  readonly #options: TimedCameraOptions;
  readonly #sent = new Map<string, Buffer>();
  readonly #answered = new Set<object>();
  readonly #timer: NodeJS.Timeout;
  #beganAt: number | undefined;
  #reportedAt = Number.NEGATIVE_INFINITY;
  readonly #bodies = new Set<string>();
  pictureLosses = 0;

  constructor(options: TimedCameraOptions = {}) {
    this.#options = options;
    this.size = options.size ?? { width: 640, height: 480 };
    const { audio = 'opus', video = 'vp8', rids = [undefined] } = options;
    this.sources = [
      ...(audio === 'none' ? [] : [newSource('audio', undefined, 1)]),
      ...(video === 'none' ? [] : rids.map((rid, i) => newSource('video', rid, 2 ** i))),
    ];
    this.#timer = setInterval(() => this.#step(), 5);
  }

  source(kind: 'audio' | 'video', rid?: string): Source {
    const found = this.sources.find((source) => source.kind === kind && source.rid === rid);
    if (!found) throw new Error(`there is no ${kind} ${rid ?? ''}`);
    return found;
  }

  resize(width: number, height: number): void {
    this.size = { width, height };
    for (const source of this.sources) source.wantsKeyframe = true;
  }

  /** For how long it has sent, in milliseconds. */
  get elapsed(): number {
    return this.#beganAt === undefined ? 0 : performance.now() - this.#beganAt;
  }

  /** A picture of it, whole: all but its header. */
  hasSent(picture: Buffer): boolean {
    return this.#bodies.has(picture.subarray(-BODY).toString('hex'));
  }

  offer(): string {
    const { audio = 'opus', video = 'vp8', rids } = this.#options;
    const sections = [
      ...(audio === 'none' ? [] : [this.#section('audio', audio === 'pcmu' ? 0 : 111, MAPS[audio])]),
      ...(video === 'none' ? [] : [this.#section('video', 120, MAPS[video], rids)]),
    ];
    const mids = this.sources.map(({ kind }) => MIDS[kind]);
    const lines = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', `a=group:BUNDLE ${[...new Set(mids)].join(' ')}`];
    return `${[...lines, ...sections.flat()].join('\r\n')}\r\n`;
  }

  accept(sdp: string): void {
    this.peer.accept(parseDescription(sdp));
  }

  get candidates() {
    return this.peer.pipe.candidates.map((candidate) => ({ candidate, sdpMid: '0', sdpMLineIndex: 0 }));
  }

  close(): void {
    clearInterval(this.#timer);
    this.peer.close();
  }

  #section(kind: 'audio' | 'video', payloadType: number, map: string, rids?: readonly string[]): readonly string[] {
    const { local } = this.peer.pipe;
    const ssrc = this.sources.find((source) => source.kind === kind)?.ssrc;
    const fmtp = map.startsWith('H264') ? 'packetization-mode=1;profile-level-id=42e01f' : 'x=y';
    return [
      `m=${kind} 9 UDP/TLS/RTP/SAVPF ${payloadType}`,
      'c=IN IP4 0.0.0.0',
      `a=mid:${MIDS[kind]}`,
      'a=sendonly',
      `a=rtpmap:${payloadType} ${map}`,
      `a=fmtp:${payloadType} ${fmtp}`,
      `a=extmap:${RID_ID} urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id`,
      ...(rids
        ? [...rids.map((rid) => `a=rid:${rid} send`), `a=simulcast:send ${rids.join(';')}`]
        : [`a=ssrc:${ssrc} cname:camera`]),
      `a=ice-ufrag:${local.ufrag}`,
      `a=ice-pwd:${local.pwd}`,
      `a=fingerprint:${local.fingerprint.algorithm} ${local.fingerprint.value}`,
      'a=setup:actpass',
      'a=rtcp-mux',
    ];
  }

  #step(): void {
    if (!this.peer.pipe.isOpen) return;
    const now = performance.now();
    this.#beganAt ??= now;
    this.#doAsAsked();
    for (const source of this.sources) this.#catchUp(source, now - this.#beganAt);
    const { reportsAfterMs = 0 } = this.#options;
    if (now - this.#beganAt >= reportsAfterMs && now - this.#reportedAt >= 1_000) this.#report(now);
  }

  #catchUp(source: Source, elapsed: number): void {
    const delay = this.#options.delays?.[source.kind] ?? 0;
    while (source.count * STEP[source.kind] + delay <= elapsed) {
      const at = source.count * STEP[source.kind];
      source.count += 1;
      if (!source.isSilent) this.#send(source, at);
    }
  }

  #send(source: Source, at: number): void {
    const isMarked = at % MARK_EVERY < STEP[source.kind];
    const body = Buffer.alloc(source.kind === 'audio' ? 80 : BODY, isMarked ? MARKED : UNMARKED);
    put32(body, 4, source.count);
    const timestamp = source.base + (at * RATE[source.kind]) / 1000;
    const payloads = source.kind === 'audio' ? [Buffer.concat([Buffer.of(0xfc), body])] : this.#picture(source, body);
    for (const [i, payload] of payloads.entries()) {
      this.#sendPacket(source, { timestamp, payload, isLast: source.kind === 'video' && i === payloads.length - 1 });
    }
  }

  #picture(source: Source, body: Buffer): readonly Buffer[] {
    const isKeyframe = source.wantsKeyframe;
    source.wantsKeyframe = false;
    const made = { isKeyframe, width: this.size.width / source.scale, height: this.size.height / source.scale, body };
    this.#bodies.add(body.toString('hex'));
    if (this.#options.video === 'h264') return h264Units(made).flatMap(fragments);
    const isVp9 = this.#options.video === 'vp9';
    const frame = isVp9 ? vp9Picture(made) : vp8Picture(made);
    const describe = isVp9 ? vp9Descriptor(isKeyframe) : vp8Descriptor;
    return pieces(frame).map((piece, i, all) => Buffer.concat([describe(i === 0, i === all.length - 1), piece]));
  }

  #sendPacket(
    source: Source,
    { timestamp, payload, isLast }: { readonly timestamp: number; readonly payload: Buffer; readonly isLast: boolean },
  ): void {
    const extension = source.rid === undefined ? Buffer.alloc(0) : ridExtension(source.rid);
    const header = Buffer.alloc(12);
    header[0] = extension.length > 0 ? 0x90 : 0x80;
    header[1] = PAYLOAD_TYPES[source.kind] | (isLast ? 0x80 : 0);
    if (source.kind === 'audio' && this.#options.audio === 'pcmu') header[1] = 0;
    put16(header, 2, source.sequence);
    put32(header, 4, timestamp);
    put32(header, 8, source.ssrc);
    const packet = Buffer.concat([header, extension, payload]);
    this.#sent.set(`${source.ssrc}/${source.sequence}`, packet);
    source.sequence = (source.sequence + 1) & 0xffff;
    if (!this.#options.loses?.(packet)) this.peer.send(packet);
  }

  #report(now: number): void {
    this.#reportedAt = now;
    const elapsed = now - (this.#beganAt ?? now);
    for (const { ssrc, kind, base } of this.sources) {
      const rtpTimestamp = (base + Math.round((elapsed * RATE[kind]) / 1000)) >>> 0;
      const ntp = ntpOf(performance.timeOrigin + now);
      this.peer.send(senderReport({ ssrc, ntp, rtpTimestamp, packetCount: 1, octetCount: 1 }, 'camera'));
    }
  }

  #doAsAsked(): void {
    for (const packet of this.peer.rtcp) {
      if (this.#answered.has(packet)) continue;
      this.#answered.add(packet);
      if (packet.kind === 'picture-loss') this.#wantKeyframe(packet.media);
      if (packet.kind === 'nack') for (const sequence of packet.sequences) this.#again(packet.media, sequence);
    }
  }

  #wantKeyframe(ssrc: number): void {
    this.pictureLosses += 1;
    for (const source of this.sources) if (source.ssrc === ssrc) source.wantsKeyframe = true;
  }

  #again(ssrc: number, sequence: number): void {
    const packet = this.#sent.get(`${ssrc}/${sequence}`);
    if (packet) this.peer.send(packet);
  }
}

const MIDS = { audio: '0', video: '1' } as const;

function newSource(kind: 'audio' | 'video', rid: string | undefined, scale: number): Source {
  const number = () => Math.floor(Math.random() * 2 ** 32);
  const counts = { sequence: number() & 0x7fff, base: number(), count: 0 };
  return { kind, rid, scale, ssrc: number(), ...counts, wantsKeyframe: true, isSilent: false };
}

function pieces(bytes: Buffer): readonly Buffer[] {
  const count = Math.ceil(bytes.length / PIECE);
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * PIECE, (i + 1) * PIECE));
}

function vp8Descriptor(isFirst: boolean): Buffer {
  return Buffer.of(isFirst ? 0x10 : 0);
}

function vp9Descriptor(isKeyframe: boolean) {
  return (isFirst: boolean, isLast: boolean) =>
    Buffer.of((isKeyframe ? 0 : 0x40) | (isFirst ? 8 : 0) | (isLast ? 4 : 0));
}

/** A unit as it is, or where it is long as FU-A. */
function fragments(unit: Buffer): readonly Buffer[] {
  if (unit.length <= PIECE) return [unit];
  const first = unit[0] ?? 0;
  return pieces(unit.subarray(1)).map((piece, i, all) => {
    const ends = (i === 0 ? 0x80 : 0) | (i === all.length - 1 ? 0x40 : 0);
    return Buffer.concat([Buffer.of((first & 0xe0) | 28, ends | (first & 0x1f)), piece]);
  });
}

function ridExtension(rid: string): Buffer {
  const padded = Buffer.alloc(Math.ceil((rid.length + 1) / 4) * 4);
  padded[0] = (RID_ID << 4) | (rid.length - 1);
  padded.write(rid, 1);
  return Buffer.concat([Buffer.of(0xbe, 0xde, 0, padded.length / 4), padded]);
}
