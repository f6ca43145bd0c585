import type { CodecName } from '../../port.ts';
import { DownTrack } from '../down-track.ts';
import { Feed } from '../feed.ts';
import { PublishedTrack } from '../published-track.ts';
import { newHeader, type RtpHeader, readHeader } from '../rtp/header.ts';
import { parseRtcp } from '../rtp/parse-rtcp.ts';
import { PublisherClock } from '../rtp/publisher-clock.ts';
import type { IncomingPacket } from '../rtp/rewriter.ts';
import { Scratch } from '../rtp/scratch.ts';
import { rtp, vp8 } from '../rtp/testing/packets.ts';
import { parseDescription } from '../sdp/parse.ts';
import { planPublisher } from '../sdp/publisher-plan.ts';
import { SideDoor } from '../side-door/side-door.ts';
import type { Site } from '../site.ts';

const NAMES = { vp8: 'VP8/90000', vp9: 'VP9/90000', opus: 'opus/48000/2' } as const;
const RID = 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id';

export interface MadeUpSize {
  /** Of each picture; a packet has at most 1,000. */
  readonly bytes: number;
  /** Of which temporal layer the pictures are, in turn. */
  readonly temporal?: readonly number[];
}

export interface SentPacket {
  readonly header: RtpHeader;
  readonly payload: Buffer;
}

/** A track that is published without anything on the way, in a time that the test makes. */
export class MadeUpTrack {
  readonly track: PublishedTrack;
  readonly #codec: keyof typeof NAMES;
  readonly #sizes: readonly MadeUpSize[];
  readonly #sequences: number[];
  readonly #wanted = new Set<number>();
  #pictures = 0;
  keyframes = 0;

  /** `sizes` from the largest; of sound there is one. */
  constructor(sizes: readonly MadeUpSize[], codec: keyof typeof NAMES = 'vp8') {
    this.#codec = codec;
    this.#sizes = sizes;
    this.#sequences = sizes.map((_, size) => 1_000 * size);
    this.track = publishedTrack(codec, sizes.length > 1 ? ['h', 'm', 'l'].slice(-sizes.length) : []);
  }

  /** A picture of each size; a keyframe where one was asked for. */
  picture(now: number, sizes: readonly number[] = [...this.#sizes.keys()]): void {
    for (const size of sizes) this.#send(size, now);
    this.#pictures += 1;
  }

  #send(size: number, now: number): void {
    const { bytes = 0, temporal = [0] } = this.#sizes[size] ?? {};
    const feed = this.track.feeds[size] ?? this.#begin(size, now);
    const key = this.#wanted.delete(size) || this.#pictures === 0;
    if (key) this.keyframes += 1;
    const temporalLayer = key ? 0 : (temporal[this.#pictures % temporal.length] ?? 0);
    for (let left = bytes; left > 0; left -= 1_000) {
      const start = left === bytes;
      const fields = { start, key, pictureId: this.#pictures & 0x7fff, tl0: 0, temporalLayer, sync: temporalLayer > 0 };
      const body = Math.min(1_000, left);
      const payload = this.#codec === 'opus' ? Buffer.alloc(body) : vp8({ ...fields, body });
      this.#arrive(feed, { size, now, payload, marker: left <= 1_000 });
    }
  }

  #arrive(
    feed: Feed,
    options: { readonly size: number; readonly now: number; readonly payload: Buffer; readonly marker: boolean },
  ): void {
    const { size, now, payload, marker } = options;
    const sequence = this.#sequences[size] ?? 0;
    this.#sequences[size] = sequence + 1;
    const timestamp = this.#pictures * 3_000;
    const packet = rtp({ ssrc: 10 + size, sequence, timestamp, marker, payload });
    const incoming: IncomingPacket = { packet, header: newHeader(), info: 0 };
    readHeader(packet, incoming.header);
    if (!feed.receive(incoming, now)) return;
    for (const receiver of this.track.receivers) receiver.packet(feed, incoming, now);
  }

  #begin(size: number, now: number): Feed {
    const feed = new Feed({
      ...{ ssrc: 10 + size, layer: size, rid: this.track.rids[size], codec: this.#codec },
      clock: new PublisherClock().track(this.track.codec.clockRate),
      send: (packet) => {
        if (parseRtcp(packet).some(({ kind }) => kind === 'picture-loss')) this.#wanted.add(size);
      },
    });
    this.track.feeds[size] = feed;
    feed.begin(now);
    for (const receiver of this.track.receivers) receiver.settle(now);
    return feed;
  }
}

/** Somebody who gets a track: `onSent` sees each packet. */
export function madeUpReceiver(
  track: PublishedTrack,
  { now, onSent }: { now(): number; onSent(packet: SentPacket): void },
): DownTrack {
  const send = (packet: Buffer): boolean => {
    const header = newHeader();
    readHeader(packet, header);
    onSent({ header, payload: Buffer.from(packet.subarray(header.payloadStart, header.payloadEnd)) });
    return true;
  };
  const down = new DownTrack({ ssrc: 5, payloadType: 98, mid: '0', cname: 'c', track, site: siteOf(now), send });
  down.start({ extensions: {} });
  return down;
}

function siteOf(now: () => number): Site {
  const failed = (error: unknown): never => {
    throw error;
  };
  const network = { announced: [], relayOnly: false };
  const sideDoor = new SideDoor({ now });
  return { network, iceServers: () => [], sideDoor, now, random: () => 77, scratch: new Scratch(), failed };
}

function publishedTrack(codec: keyof typeof NAMES & CodecName, rids: readonly string[]): PublishedTrack {
  const kind = codec === 'opus' ? 'audio' : 'video';
  const offer = [
    'v=0',
    'a=group:BUNDLE 0',
    `m=${kind} 9 UDP/TLS/RTP/SAVPF 98`,
    'a=mid:0',
    'a=sendonly',
    `a=rtpmap:98 ${NAMES[codec]}`,
    `a=extmap:10 ${RID}`,
    ...rids.map((rid) => `a=rid:${rid} send`),
    ...(rids.length > 0 ? [`a=simulcast:send ${rids.join(';')}`] : []),
    'a=ice-ufrag:user',
    'a=ice-pwd:a-password-that-is-long-enough',
    `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`,
  ].join('\r\n');
  const [section] = planPublisher(parseDescription(offer), { codecs: [codec] }).sections;
  if (section?.state !== 'received') throw new Error('the section is not received');
  return new PublishedTrack(section);
}
