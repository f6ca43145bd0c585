import type { ServerFrameOf, WireCandidate } from '../../../../src/dialects/parlour/wire.ts';
import { sampleOf } from './measuring/sample-of.ts';
import type { StatsSample } from './measuring/stats-sample.ts';
import { Negotiation } from './negotiation.ts';
import type { Sayings } from './sayings.ts';

export interface DownStreamOptions {
  readonly id: string;
  readonly pc: RTCPeerConnection;
  readonly sayings: Sayings;
  readonly connected: () => void;
  /** Tracks came or went. */
  readonly media: (stream: MediaStream) => void;
  readonly broken: () => void;
}

/** One stream that we receive. It answers every offer of the server on the same connection. */
export class DownStream {
  readonly id: string;
  readonly #sayings: Sayings;
  readonly #negotiation: Negotiation;

  constructor({ id, pc, sayings, connected, media, broken }: DownStreamOptions) {
    this.id = id;
    this.#sayings = sayings;
    this.#negotiation = new Negotiation(pc, {
      candidate: (candidate) => sayings.say({ type: 'stream-candidate', stream: id, candidate }),
      connected,
      lost: () => sayings.say({ type: 'stream-restart', stream: id }),
      broken,
    });
    pc.ontrack = ({ streams, track }) => media(streams[0] ?? new MediaStream([track]));
  }

  get isConnected(): boolean {
    return this.#negotiation.pc.connectionState === 'connected';
  }

  offered({ sdp }: Pick<ServerFrameOf<'stream-offer'>, 'sdp'>): void {
    const negotiation = this.#negotiation;
    negotiation.step(async () => {
      await negotiation.hear({ type: 'offer', sdp });
      await negotiation.describe(await negotiation.pc.createAnswer(), (answer) => {
        this.#sayings.say({ type: 'stream-answer', stream: this.id, sdp: answer });
      });
    });
  }

  candidate(candidate: WireCandidate): void {
    this.#negotiation.candidate(candidate);
  }

  /** How loud it is now, from 0 to 1. */
  async level(): Promise<number> {
    const receivers = this.#negotiation.pc.getReceivers().filter(({ track }) => track.kind === 'audio');
    const levels = await Promise.all(receivers.map(levelOf));
    return Math.max(0, ...levels);
  }

  sample(at: number): Promise<StatsSample> {
    return sampleOf(this.#negotiation.pc, { at, direction: 'in' });
  }

  close(): void {
    this.#negotiation.close();
  }
}

/** The publisher's own word travels with the packets, unless it is left out on the way; then what is heard counts. */
async function levelOf(receiver: RTCRtpReceiver): Promise<number> {
  const said = receiver.getSynchronizationSources().map(({ audioLevel }) => audioLevel);
  const known = said.filter((level) => level !== undefined);
  if (known.length > 0) return Math.max(...known);
  let heard = 0;
  const report = await receiver.getStats();
  report.forEach((entry: { readonly type: string; readonly audioLevel?: number }) => {
    if (entry.type === 'inbound-rtp') heard = Math.max(heard, entry.audioLevel ?? 0);
  });
  return heard;
}
