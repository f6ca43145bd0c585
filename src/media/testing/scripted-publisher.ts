import type { Candidate } from '../../core/stream.ts';
import { senderReport } from '../sfu/rtp/build-rtcp.ts';
import { put16, put32 } from '../sfu/rtp/bytes.ts';
import { ntpOf } from '../sfu/rtp/ntp.ts';
import { parseDescription } from '../sfu/sdp/parse.ts';
import { randomSsrc, ScriptedPeer } from './scripted-peer.ts';

/** One thing that a scripted publisher sends: a track, or a size of one. */
export class ScriptedSource {
  readonly ssrc = randomSsrc();
  readonly mid: string;
  readonly kind: 'audio' | 'video';
  readonly rid: string | undefined;
  /** A mark in each payload, by which receivers know where it is from. */
  readonly mark: number;
  sequence = randomSsrc() & 0x7fff;
  timestamp = randomSsrc();
  frames = 0;

  constructor(options: {
    readonly mid: string;
    readonly kind: 'audio' | 'video';
    readonly rid?: string;
    readonly mark: number;
  }) {
    this.mid = options.mid;
    this.kind = options.kind;
    this.rid = options.rid;
    this.mark = options.mark;
  }
}

export interface PublisherScript {
  readonly sections: readonly {
    readonly mid: string;
    readonly kind: 'audio' | 'video';
    readonly rids?: readonly string[];
    readonly direction?: string;
  }[];
  /** Packets for which this is true never leave, but can be asked for again. */
  readonly loses?: (packet: Buffer, source: ScriptedSource) => boolean;
}

const PAYLOAD_TYPES = { audio: 111, video: 120 } as const;
/** As Chromium numbers them: what is negotiated must be read from the offer. */
const MID_ID = 4;
const RID_ID = 10;

/** A publisher that sends made-up VP8 and Opus, and does what it is asked for by RTCP. */
export class ScriptedPublisher {
  peer = new ScriptedPeer();
  script: PublisherScript;
  readonly sources: ScriptedSource[] = [];
  readonly #sent = new Map<string, Buffer>();
  readonly #answered = new Set<object>();
  #version = 1;
  isSayingRids = true;

  constructor(script: PublisherScript) {
    this.script = script;
    this.#addSources();
  }

  /** Adds what the script has more than before. */
  extend(script: PublisherScript): void {
    this.script = script;
    this.#addSources();
  }

  source(mid: string, rid?: string): ScriptedSource {
    const found = this.sources.find((source) => source.mid === mid && source.rid === rid);
    if (!found) throw new Error(`there is no ${mid} ${rid ?? ''}`);
    return found;
  }

  offer(): string {
    const { local } = this.peer.pipe;
    const lines = [
      'v=0',
      `o=- 1 ${this.#version++} IN IP4 127.0.0.1`,
      's=-',
      't=0 0',
      `a=group:BUNDLE ${this.script.sections.map(({ mid }) => mid).join(' ')}`,
    ];
    for (const section of this.script.sections) {
      lines.push(...this.#section(section));
      lines.push(
        `a=ice-ufrag:${local.ufrag}`,
        `a=ice-pwd:${local.pwd}`,
        `a=fingerprint:${local.fingerprint.algorithm} ${local.fingerprint.value}`,
        'a=setup:actpass',
        'a=rtcp-mux',
      );
    }
    return `${lines.join('\r\n')}\r\n`;
  }

  accept(sdp: string): void {
    this.peer.accept(parseDescription(sdp));
  }

  /** A new transport: what a browser's ICE restart is to the other end, as the library cannot restart. */
  restart(): void {
    this.peer.close();
    this.peer = new ScriptedPeer();
  }

  get candidates(): readonly Candidate[] {
    return this.peer.pipe.candidates.map((candidate) => ({ candidate, sdpMid: '0', sdpMLineIndex: 0 }));
  }

  /** The packets of one frame; a keyframe where it was asked for one, or where this says so. */
  sendFrame(source: ScriptedSource, options: { readonly keyframe?: boolean; readonly packets?: number } = {}): void {
    const count = source.kind === 'audio' ? 1 : (options.packets ?? 3);
    for (let i = 0; i < count; i += 1) {
      const packet = this.#packet(source, {
        isFirst: i === 0,
        isLast: i === count - 1,
        keyframe: options.keyframe ?? false,
      });
      this.#sent.set(`${source.ssrc}/${source.sequence}`, packet);
      source.sequence = (source.sequence + 1) & 0xffff;
      if (!this.script.loses?.(packet, source)) this.peer.send(packet);
    }
    source.frames += 1;
    source.timestamp = (source.timestamp + (source.kind === 'audio' ? 960 : 3000)) >>> 0;
  }

  sendReport(source: ScriptedSource): void {
    const now = Date.now();
    const fields = {
      ssrc: source.ssrc,
      ntp: ntpOf(now),
      rtpTimestamp: source.timestamp,
      packetCount: 1,
      octetCount: 1,
    };
    this.peer.send(senderReport(fields, 'camera'));
  }

  /** What a browser does all the time: frames of all that it sends, keyframes and packets that it was asked for. */
  step(): void {
    const wanted = this.#takeRequests();
    for (const source of this.sources) this.sendFrame(source, { keyframe: wanted.has(source.ssrc) });
  }

  close(): void {
    this.peer.close();
  }

  #takeRequests(): ReadonlySet<number> {
    const wanted = new Set<number>();
    for (const packet of this.peer.rtcp) {
      if (this.#answered.has(packet)) continue;
      this.#answered.add(packet);
      if (packet.kind === 'picture-loss') wanted.add(packet.media);
      if (packet.kind === 'nack') for (const sequence of packet.sequences) this.#again(packet.media, sequence);
    }
    return wanted;
  }

  #again(ssrc: number, sequence: number): void {
    const packet = this.#sent.get(`${ssrc}/${sequence}`);
    if (packet) this.peer.send(packet);
  }

  #addSources(): void {
    for (const { mid, kind, rids } of this.script.sections) {
      for (const rid of rids ?? [undefined]) {
        if (this.sources.some((source) => source.mid === mid && source.rid === rid)) continue;
        this.sources.push(new ScriptedSource({ mid, kind, mark: this.sources.length + 1, ...(rid ? { rid } : {}) }));
      }
    }
  }

  #section({ mid, kind, rids, direction = 'sendonly' }: PublisherScript['sections'][number]): string[] {
    const payloadType = PAYLOAD_TYPES[kind];
    const source = this.sources.find((each) => each.mid === mid);
    const codec = kind === 'audio' ? 'opus/48000/2' : 'VP8/90000';
    const simulcast = rids
      ? [...rids.map((rid) => `a=rid:${rid} send`), `a=simulcast:send ${rids.join(';')}`]
      : [`a=ssrc:${source?.ssrc} cname:camera`];
    return [
      `m=${kind} 9 UDP/TLS/RTP/SAVPF ${payloadType} 99`,
      'c=IN IP4 0.0.0.0',
      `a=mid:${mid}`,
      `a=${direction}`,
      `a=rtpmap:${payloadType} ${codec}`,
      'a=rtpmap:99 rtx/90000',
      `a=fmtp:99 apt=${payloadType}`,
      `a=extmap:${MID_ID} urn:ietf:params:rtp-hdrext:sdes:mid`,
      ...(kind === 'video' ? [`a=extmap:${RID_ID} urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id`] : []),
      ...simulcast,
    ];
  }

  #packet(
    source: ScriptedSource,
    { isFirst, isLast, keyframe }: { readonly isFirst: boolean; readonly isLast: boolean; readonly keyframe: boolean },
  ): Buffer {
    const extension =
      source.rid !== undefined && this.isSayingRids ? extensionOf(source.mid, source.rid) : Buffer.alloc(0);
    const header = Buffer.alloc(12);
    header[0] = extension.length > 0 ? 0x90 : 0x80;
    header[1] = PAYLOAD_TYPES[source.kind] | (isLast ? 0x80 : 0);
    put16(header, 2, source.sequence);
    put32(header, 4, source.timestamp);
    put32(header, 8, source.ssrc);
    const body = Buffer.alloc(200, source.mark);
    put32(body, 10, source.sequence);
    put32(body, 14, source.frames);
    const payload = source.kind === 'audio' ? body : Buffer.concat([vp8(isFirst, keyframe), body]);
    return Buffer.concat([header, extension, payload]);
  }
}

/** The descriptor without picture id, and the first byte of the picture: bit 0 is 0 in a keyframe (RFC 7741). */
function vp8(isFirst: boolean, keyframe: boolean): Buffer {
  return Buffer.of(isFirst ? 0x10 : 0, keyframe ? 0x00 : 0x01);
}

function extensionOf(mid: string, rid: string): Buffer {
  const elements = Buffer.concat([
    Buffer.of((MID_ID << 4) | (mid.length - 1)),
    Buffer.from(mid),
    Buffer.of((RID_ID << 4) | (rid.length - 1)),
    Buffer.from(rid),
  ]);
  const padded = Buffer.alloc(Math.ceil(elements.length / 4) * 4);
  elements.copy(padded);
  return Buffer.concat([Buffer.of(0xbe, 0xde, 0, padded.length / 4), padded]);
}
