import type { WireCandidate } from '../../../../src/dialects/parlour/wire.ts';
import { CandidateQueue } from '../candidate-queue.ts';

export interface NegotiationEvents {
  /** One of our candidates, never before the description that it belongs to. */
  readonly candidate: (candidate: WireCandidate) => void;
  readonly connected: () => void;
  /** The way was lost. An ICE restart may find another. */
  readonly lost: () => void;
  /** A description could not be made or understood. */
  readonly broken: (error: unknown) => void;
}

/**
 * One connection to the server and its descriptions, whichever side offers. Its steps run one after the other, as
 * frames arrive faster than descriptions are set. Whoever makes it closes it.
 */
export class Negotiation {
  readonly pc: RTCPeerConnection;
  readonly #events: NegotiationEvents;
  readonly #theirs = new CandidateQueue();
  /** Ours, while nothing was told that they belong to. */
  #held: WireCandidate[] | undefined = [];
  #steps: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(pc: RTCPeerConnection, events: NegotiationEvents) {
    this.pc = pc;
    this.#events = events;
    pc.onicecandidate = ({ candidate }) => this.#found(candidate);
    pc.onconnectionstatechange = () => {
      if (pc.connectionState === 'connected') events.connected();
      else if (pc.connectionState === 'failed') events.lost();
    };
  }

  step(run: () => Promise<void>): void {
    this.#steps = this.#steps.then(async () => {
      if (this.#closed) return;
      try {
        await run();
      } catch (error) {
        if (this.#closed) return;
        console.warn('Meeting connection:', error);
        this.#events.broken(error);
      }
    });
  }

  /** Sets our description, tells it, and then the candidates that were found meanwhile. Within a step. */
  async describe(description: RTCSessionDescriptionInit, tell: (sdp: string) => void): Promise<void> {
    this.#held ??= [];
    await this.pc.setLocalDescription(description);
    if (this.#closed) return;
    tell(this.pc.localDescription?.sdp ?? description.sdp ?? '');
    const held = this.#held;
    this.#held = undefined;
    for (const candidate of held ?? []) this.#events.candidate(candidate);
  }

  /** Sets the server's description, and the candidates that came before it. Within a step. */
  async hear(description: RTCSessionDescriptionInit): Promise<void> {
    await this.pc.setRemoteDescription(description);
    await this.#flush();
  }

  candidate(candidate: RTCIceCandidateInit): void {
    this.#theirs.put(candidate);
    this.step(() => this.#flush());
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.pc.onicecandidate = null;
    this.pc.onconnectionstatechange = null;
    this.pc.ontrack = null;
    this.pc.close();
  }

  async #flush(): Promise<void> {
    if (!this.pc.remoteDescription) return;
    for (const candidate of this.#theirs.take()) {
      // One that the browser does not know what to do with is no loss: others follow.
      await this.pc.addIceCandidate(candidate).catch(() => undefined);
    }
  }

  #found(candidate: RTCIceCandidate | null): void {
    if (!candidate || candidate.candidate === '') return;
    const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
    const told = {
      candidate: candidate.candidate,
      ...(sdpMid == null ? {} : { sdpMid }),
      ...(sdpMLineIndex == null ? {} : { sdpMLineIndex }),
      ...(usernameFragment == null ? {} : { usernameFragment }),
    };
    if (this.#held) this.#held.push(told);
    else this.#events.candidate(told);
  }
}
