import type { MemberId } from '../../core/ids.ts';
import type { Candidate, StreamId, Track } from '../../core/stream.ts';
import type { ForwardOffer, MediaListener, RecordingProblem } from '../port.ts';

export type MediaEvent =
  | { readonly type: 'answered'; readonly stream: StreamId; readonly sdp: string; readonly tracks: readonly Track[] }
  | { readonly type: 'rejected'; readonly stream: StreamId; readonly reason: string }
  | { readonly type: 'publisherGotCandidate'; readonly stream: StreamId; readonly candidate: Candidate }
  | { readonly type: 'flowing'; readonly stream: StreamId }
  | { readonly type: 'publisherLost'; readonly stream: StreamId }
  | { readonly type: 'offered'; readonly stream: StreamId; readonly to: MemberId; readonly offer: ForwardOffer }
  | {
      readonly type: 'receiverGotCandidate';
      readonly stream: StreamId;
      readonly to: MemberId;
      readonly candidate: Candidate;
    }
  | { readonly type: 'played'; readonly stream: StreamId; readonly to: MemberId; readonly sdp: string }
  | { readonly type: 'recordingFailed'; readonly stream: StreamId; readonly reason: string; readonly isOver: boolean }
  | { readonly type: 'undeliverable'; readonly stream: StreamId; readonly to: MemberId; readonly reason: string }
  | { readonly type: 'died' };

/** Keeps what a room's media said, and tells others of it. */
export class RecordingListener implements MediaListener {
  readonly events: MediaEvent[] = [];
  onEvent: (event: MediaEvent) => void = () => {};

  of<Type extends MediaEvent['type']>(type: Type): Extract<MediaEvent, { type: Type }>[] {
    return this.events.filter((event) => event.type === type) as never;
  }

  answered(stream: StreamId, { sdp, tracks }: { readonly sdp: string; readonly tracks: readonly Track[] }): void {
    this.#keep({ type: 'answered', stream, sdp, tracks });
  }

  rejected(stream: StreamId, reason: string): void {
    this.#keep({ type: 'rejected', stream, reason });
  }

  publisherGotCandidate(stream: StreamId, candidate: Candidate): void {
    this.#keep({ type: 'publisherGotCandidate', stream, candidate });
  }

  flowing(stream: StreamId): void {
    this.#keep({ type: 'flowing', stream });
  }

  publisherLost(stream: StreamId): void {
    this.#keep({ type: 'publisherLost', stream });
  }

  offered(stream: StreamId, to: MemberId, offer: ForwardOffer): void {
    this.#keep({ type: 'offered', stream, to, offer });
  }

  receiverGotCandidate(stream: StreamId, to: MemberId, candidate: Candidate): void {
    this.#keep({ type: 'receiverGotCandidate', stream, to, candidate });
  }

  played(stream: StreamId, to: MemberId, { sdp }: { readonly sdp: string }): void {
    this.#keep({ type: 'played', stream, to, sdp });
  }

  recordingFailed(stream: StreamId, problem: RecordingProblem): void {
    this.#keep({ type: 'recordingFailed', stream, ...problem });
  }

  undeliverable(stream: StreamId, to: MemberId, reason: string): void {
    this.#keep({ type: 'undeliverable', stream, to, reason });
  }

  died(): void {
    this.#keep({ type: 'died' });
  }

  #keep(event: MediaEvent): void {
    this.events.push(event);
    this.onEvent(event);
  }
}
