import type { DatachannelPeer } from '../../../../src/dialects/galene/client-datachannel-peer.ts';
import type { DownStream } from '../../../../src/dialects/galene/client-down-stream.ts';
import { parseRtp, type RtpPacket } from '../../../../src/dialects/galene/client-rtp.ts';
import { receiveSynthetic } from '../../../../src/dialects/galene/client-synthetic-media.ts';
import type {
  SyntheticReceiver,
  SyntheticReceiverOptions,
} from '../../../../src/dialects/galene/client-synthetic-receiver.ts';
import { peerOf } from './published.ts';
import { Reports } from './reports.ts';

export type ReceiveOptions = Partial<Omit<SyntheticReceiverOptions, 'send'>>;

/** A stream of somebody else's, as it arrives: what a browser would show of it, and when. */
export class Received {
  readonly stream: DownStream;
  readonly peer: DatachannelPeer;
  readonly media: SyntheticReceiver;
  readonly reports: Reports;
  readonly packets: (Omit<RtpPacket, 'payload'> & { readonly at: number })[] = [];
  /** When each picture could be shown. */
  readonly shownAt: number[] = [];

  constructor(stream: DownStream, options: ReceiveOptions) {
    this.stream = stream;
    this.peer = peerOf(stream);
    this.reports = new Reports(this.peer);
    this.media = receiveSynthetic(this.peer, options);
    this.peer.onRtp((bytes) => this.#arrived(bytes));
  }

  /** Pictures that could be shown so far. */
  get shown(): number {
    return this.media.statistics.reduce((sum, { kind, decodable }) => sum + (kind === 'video' ? decodable : 0), 0);
  }

  /** Packets of sound that came so far. */
  get heard(): number {
    return this.media.statistics.reduce((sum, { kind, packets }) => sum + (kind === 'audio' ? packets : 0), 0);
  }

  /** Packets of pictures that came so far. */
  get seen(): number {
    return this.media.statistics.reduce((sum, { kind, packets }) => sum + (kind === 'video' ? packets : 0), 0);
  }

  /** The longest time without a new picture, from then until now, in milliseconds. */
  longestFreeze(since: number): number {
    const times = [since, ...this.shownAt.filter((at) => at > since), performance.now()];
    return Math.max(...times.map((at, index) => at - (times[index - 1] ?? at)));
  }

  #arrived(bytes: Buffer): void {
    const at = performance.now();
    const packet = parseRtp(bytes);
    if (!packet) return;
    const { payload: _, ...head } = packet;
    this.packets.push({ ...head, at });
    while (this.shownAt.length < this.shown) this.shownAt.push(at);
  }
}
