import type { TrackKind } from '../../core/stream.ts';
import type { Feed } from './feed.ts';
import { type Level, ladderOf } from './ladder.ts';
import type { Quality } from './quality.ts';
import type { IncomingPacket } from './rtp/rewriter.ts';
import type { ChosenCodec } from './sdp/codecs.ts';
import type { ExtensionIds } from './sdp/extensions.ts';
import type { ReceivedSection } from './sdp/publisher-plan.ts';

export type { Quality };

/** Somebody who gets a track. */
export interface TrackReceiver {
  /** Which feed they get now. */
  readonly source: Feed | undefined;
  /** What they want of it, whether or not that arrives now. */
  readonly quality: Quality;
  /** How long a packet may take to them and be asked for again, in milliseconds. */
  readonly waitMs: number;
  /** Each packet of the track, whichever feed it is of. */
  packet(feed: Feed, incoming: IncomingPacket, now: number): void;
  /** Goes over to the feed that fits best now. */
  settle(now: number): void;
  /** Asks again for the keyframe that they wait for. */
  remind(now: number): void;
  /** Tells them how the time of the packets lies to ours. */
  report(now: number): void;
  /** Bits per second that they can take. */
  allowed(now: number): number;
  /** What of it they would be sent, had the publisher more: bits per second. What is allowed, unless said. */
  wish?(now: number): number;
  /** There is no room for it on the way to them. */
  readonly isPaused?: boolean;
}

/** A track of a publisher: in one size, or several, and who gets it. */
export class PublishedTrack {
  readonly kind: TrackKind;
  readonly mid: string;
  readonly codec: ChosenCodec;
  /** The publisher's names of the sizes, the largest first; empty without simulcast. */
  readonly rids: readonly string[];
  /** What arrives of each, as far as it does. */
  readonly feeds: (Feed | undefined)[];
  readonly receivers: TrackReceiver[] = [];
  /** In which ways it can be sent, by what is wanted of it; as of the last look. */
  ladders: { readonly [quality in Quality]: readonly Level[] } = { high: [], low: [] };
  extensions: ExtensionIds;

  constructor({ media, section, codec, rids, extensions }: ReceivedSection) {
    this.kind = media;
    this.mid = section.mid;
    this.codec = codec;
    this.rids = bySize(rids);
    this.extensions = extensions;
    this.feeds = new Array(this.layers).fill(undefined);
  }

  get layers(): number {
    return Math.max(1, this.rids.length);
  }

  /** After a renegotiation: is it still the same to those who receive it? */
  continuesAs({ media, section, codec, rids }: ReceivedSection): boolean {
    const isSame = media === this.kind && section.mid === this.mid && codec.offered === this.codec.offered;
    return isSame && codec.payloadType === this.codec.payloadType && bySize(rids).join() === this.rids.join();
  }

  /** The size that is wanted; while the publisher does not send that one, the nearest that they do. */
  feedFor(quality: Quality, now: number): Feed | undefined {
    const wanted = quality === 'high' ? this.feeds : [...this.feeds].reverse();
    return wanted.find((feed) => feed?.isActive(now)) ?? wanted.find((feed) => feed !== undefined);
  }

  /** To be called a few times a second: measures what arrives of each size and layer. */
  measure(now: number): void {
    for (const feed of this.feeds) feed?.rates.measure(now);
    this.ladders = { high: ladderOf(this, 'high', now), low: ladderOf(this, 'low', now) };
  }

  add(receiver: TrackReceiver): void {
    if (!this.receivers.includes(receiver)) this.receivers.push(receiver);
  }

  remove(receiver: TrackReceiver): void {
    const at = this.receivers.indexOf(receiver);
    if (at >= 0) this.receivers.splice(at, 1);
  }
}

/** Names that clients give to sizes, from the largest on (`h` and `l`: `spec/galene.md` 2.2; `f`, `h`, `q`: others). */
const SIZES: readonly string[] = ['f', 'h', 'm', 'q', 'l'];

/** By their names where all are known, for some list the smallest first; else as they are listed. */
function bySize(rids: readonly string[]): readonly string[] {
  if (!rids.every((rid) => SIZES.includes(rid))) return rids;
  return [...rids].sort((a, b) => SIZES.indexOf(a) - SIZES.indexOf(b));
}
