import { CandidateQueue } from './candidate-queue.ts';
import { fingerprintOf, ufragsOf } from './session-description.ts';

export interface PeerLinkEvents {
  signal(kind: 'description' | 'candidate', payload: string): void;
  track?(stream: MediaStream): void;
  /** The way to the other side is gone for good; the link is closed already. */
  failed(): void;
}

/**
 * One RTCPeerConnection and its half of the signalling. Its steps run one after the other: signals arrive faster than
 * descriptions are set. Whoever makes it closes it.
 */
export class PeerLink {
  readonly #pc: RTCPeerConnection;
  readonly #events: PeerLinkEvents;
  readonly #candidates = new CandidateQueue();
  #steps: Promise<void> = Promise.resolve();
  #closed = false;
  #remote: RTCSessionDescriptionInit | undefined;

  constructor(pc: RTCPeerConnection, events: PeerLinkEvents) {
    this.#pc = pc;
    this.#events = events;
    pc.onicecandidate = ({ candidate }) => {
      if (candidate && candidate.candidate !== '') events.signal('candidate', JSON.stringify(candidate));
    };
    pc.ontrack = ({ streams, track }) => events.track?.(streams[0] ?? new MediaStream([track]));
    pc.onconnectionstatechange = () => {
      if (pc.connectionState === 'failed') this.#fail();
    };
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** To watch: receives sound and picture, and sends `own` where there is any. */
  offer(own: MediaStream | undefined): void {
    this.#step(async () => {
      const tracks = own?.getTracks() ?? [];
      for (const track of tracks) this.#pc.addTrack(track, own ?? new MediaStream());
      for (const kind of ['video', 'audio'] as const) {
        if (!tracks.some((track) => track.kind === kind)) this.#pc.addTransceiver(kind, { direction: 'recvonly' });
      }
      await this.#pc.setLocalDescription(await this.#pc.createOffer());
      this.#sendDescription();
    });
  }

  /** To be watched: answers an offer with `own`; also a later one on the same connection. */
  answer(offer: RTCSessionDescriptionInit, own: MediaStream | undefined): void {
    this.#remote = offer;
    this.#step(async () => {
      await this.#pc.setRemoteDescription(offer);
      await this.#flushCandidates();
      const sent = new Set(this.#pc.getSenders().map((sender) => sender.track));
      for (const track of own?.getTracks() ?? []) {
        if (!sent.has(track)) this.#pc.addTrack(track, own ?? new MediaStream());
      }
      await this.#pc.setLocalDescription(await this.#pc.createAnswer());
      this.#sendDescription();
    });
  }

  /** The other side answered our offer; a second answer is left aside. */
  accept(answer: RTCSessionDescriptionInit): void {
    this.#step(async () => {
      if (this.#pc.signalingState !== 'have-local-offer') return;
      this.#remote = answer;
      await this.#pc.setRemoteDescription(answer);
      await this.#flushCandidates();
    });
  }

  candidate(candidate: RTCIceCandidateInit): void {
    this.#candidates.put(candidate);
    this.#step(() => this.#flushCandidates());
  }

  /** Whether the candidate names a transport of the other side: unknown where it names none, or we know none yet. */
  owns(candidate: RTCIceCandidateInit): boolean | undefined {
    const { usernameFragment } = candidate;
    if (!usernameFragment || !this.#remote) return undefined;
    return ufragsOf(this.#remote).includes(usernameFragment);
  }

  /** Whether the description comes from the same connection as the one before. */
  continues(description: RTCSessionDescriptionInit): boolean {
    return this.#remote !== undefined && fingerprintOf(this.#remote) === fingerprintOf(description);
  }

  /** Sends these tracks in place of those of the same kind; nothing where there is none. */
  async replaceTracks(stream: MediaStream | undefined): Promise<void> {
    const swaps = this.#pc.getTransceivers().map(({ sender, receiver }) => {
      if (!sender.track) return undefined;
      const kind = receiver.track.kind;
      return sender.replaceTrack(stream?.getTracks().find((track) => track.kind === kind) ?? null);
    });
    await Promise.all(swaps).catch(() => undefined);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#pc.onicecandidate = null;
    this.#pc.ontrack = null;
    this.#pc.onconnectionstatechange = null;
    this.#pc.close();
  }

  #sendDescription(): void {
    const { localDescription } = this.#pc;
    if (localDescription) this.#events.signal('description', JSON.stringify(localDescription));
  }

  async #flushCandidates(): Promise<void> {
    if (!this.#pc.remoteDescription) return;
    for (const candidate of this.#candidates.take()) {
      // Kept when nobody could tell yet whose it is: it may be of the other connection of the same pair.
      if (this.owns(candidate) === false) continue;
      // One that the browser does not know what to do with is no loss: others follow.
      await this.#pc.addIceCandidate(candidate).catch(() => undefined);
    }
  }

  #step(run: () => Promise<void>): void {
    this.#steps = this.#steps.then(async () => {
      if (this.#closed) return;
      try {
        await run();
      } catch (error) {
        if (!this.#closed) {
          console.warn('Camera connection:', error);
          this.#fail();
        }
      }
    });
  }

  #fail(): void {
    if (this.#closed) return;
    this.close();
    this.#events.failed();
  }
}
