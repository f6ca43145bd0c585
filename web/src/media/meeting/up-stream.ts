import type { WireCandidate } from '../../../../src/dialects/parlour/wire.ts';
import { encodingsOf, type Sizes } from './encodings.ts';
import { sampleOf } from './measuring/sample-of.ts';
import type { StatsSample } from './measuring/stats-sample.ts';
import { Negotiation } from './negotiation.ts';
import type { Sayings } from './sayings.ts';

export interface UpStreamOptions {
  readonly id: string;
  readonly label: string;
  readonly media: MediaStream;
  readonly sizes: Sizes;
  /** One of ours whose place it takes. */
  readonly replaces?: string;
  readonly pc: RTCPeerConnection;
  readonly sayings: Sayings;
  readonly connected: () => void;
  readonly lost: () => void;
  /** The server does not take it, or the browser cannot make it. */
  readonly refused: (error: unknown) => void;
}

/** One stream that we send to the server. Closing it does not unpublish it. */
export class UpStream {
  readonly id: string;
  readonly sizes: Sizes;
  readonly #options: UpStreamOptions;
  readonly #negotiation: Negotiation;

  /** Publishes at once. */
  constructor(options: UpStreamOptions) {
    const { id, pc, sayings, media } = options;
    this.id = id;
    this.sizes = options.sizes;
    this.#options = options;
    this.#negotiation = new Negotiation(pc, {
      candidate: (candidate) => sayings.say({ type: 'stream-candidate', stream: id, candidate }),
      connected: options.connected,
      lost: options.lost,
      broken: options.refused,
    });
    this.#negotiation.step(async () => {
      for (const track of media.getTracks()) this.#add(track);
      await this.#offer({});
    });
  }

  get isConnected(): boolean {
    return this.#negotiation.pc.connectionState === 'connected';
  }

  /** Another offer of the same stream, which looks for a way anew. */
  restart(): void {
    this.#negotiation.step(() => this.#offer({ iceRestart: true }));
  }

  answered(sdp: string): void {
    this.#negotiation.step(async () => {
      // An offer that was said twice is answered twice.
      if (this.#negotiation.pc.signalingState !== 'have-local-offer') return;
      await this.#negotiation.hear({ type: 'answer', sdp });
    });
  }

  candidate(candidate: WireCandidate): void {
    this.#negotiation.candidate(candidate);
  }

  /** Whether there was a place for it: else another stream is needed. */
  replaceTrack(kind: 'audio' | 'video', track: MediaStreamTrack | null): boolean {
    const place = this.#negotiation.pc.getTransceivers().find(({ receiver }) => receiver.track.kind === kind);
    if (!place) return false;
    this.#negotiation.step(() => place.sender.replaceTrack(track));
    return true;
  }

  /** How loud we are, from 0 to 1. */
  async level(): Promise<number> {
    let loudest = 0;
    const report = await this.#negotiation.pc.getStats();
    report.forEach((entry: { readonly type: string; readonly audioLevel?: number }) => {
      if (entry.type === 'media-source') loudest = Math.max(loudest, entry.audioLevel ?? 0);
    });
    return loudest;
  }

  sample(at: number): Promise<StatsSample> {
    return sampleOf(this.#negotiation.pc, { at, direction: 'out' });
  }

  close(): void {
    this.#negotiation.close();
  }

  #add(track: MediaStreamTrack): void {
    const { media, sizes, label } = this.#options;
    const sendEncodings = track.kind === 'video' ? encodingsOf({ sizes, label }) : [{}];
    this.#negotiation.pc.addTransceiver(track, { direction: 'sendonly', streams: [media], sendEncodings });
  }

  async #offer(options: RTCOfferOptions): Promise<void> {
    const { id, label, sayings, replaces, refused } = this.#options;
    const offer = await this.#negotiation.pc.createOffer(options);
    await this.#negotiation.describe(offer, (sdp) => {
      sayings.say(
        { type: 'publish', stream: id, label, sdp, ...(replaces === undefined ? {} : { replaces }) },
        refused,
      );
    });
  }
}
