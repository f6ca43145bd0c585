/** The part of `RTCPeerConnection` that a peer uses. Injected: there is none in Node. */
export interface PeerConnectionLike {
  readonly signalingState: string;
  readonly connectionState: string;
  readonly localDescription: SessionDescription | null;
  onnegotiationneeded: Handler<object>;
  onicecandidate: Handler<{ readonly candidate: CandidateLike | null }>;
  oniceconnectionstatechange: Handler<object>;
  onconnectionstatechange: Handler<object>;
  ontrack: Handler<{ readonly track: TrackLike }>;
  readonly iceConnectionState: string;
  setLocalDescription(description?: SessionDescription): Promise<void>;
  setRemoteDescription(description: SessionDescription): Promise<void>;
  addIceCandidate(candidate: object): Promise<void>;
  addTrack(track: TrackLike): unknown;
  restartIce(): void;
  close(): void;
}

/** Browsers' events have more than is asked for here: a method's parameter may be narrower, a function's may not. */
type Handler<Event> = { handle(event: Event): void }['handle'] | null;

export interface SessionDescription {
  readonly type: string;
  readonly sdp: string;
}

export interface CandidateLike {
  toJSON(): object;
}

/** A `MediaStreamTrack`; its owner knows what to do with it. */
export type TrackLike = object & { readonly kind: string };

export interface PeerOptions {
  /** The other client. */
  readonly id: string;
  /** Whether this side gives way where both offer at once: that of the smaller id (`spec/camus.md` 1.7). */
  readonly isPolite: boolean;
  readonly connection: PeerConnectionLike;
  send(type: 'offer' | 'answer' | 'icecandidate', data: object): void;
  trackAdded(track: TrackLike): void;
  stateChanged(state: string): void;
}

/** A call with one other client (the seed's VideoPeer), by perfect negotiation: either side may offer at any time. */
export class Peer {
  readonly id: string;
  readonly #options: PeerOptions;
  readonly #connection: PeerConnectionLike;
  #isOffering = false;
  #ignoresOffer = false;
  /** One description after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: PeerOptions) {
    this.id = options.id;
    this.#options = options;
    const { connection } = options;
    this.#connection = connection;
    connection.onnegotiationneeded = () => void this.#offer();
    connection.onicecandidate = ({ candidate }) => {
      // The end of them is not said on this wire.
      if (candidate) options.send('icecandidate', candidate.toJSON());
    };
    connection.ontrack = ({ track }) => options.trackAdded(track);
    connection.onconnectionstatechange = () => options.stateChanged(connection.connectionState);
    connection.oniceconnectionstatechange = () => {
      if (connection.iceConnectionState === 'failed') connection.restartIce();
    };
  }

  get state(): string {
    return this.#connection.connectionState;
  }

  /** Sends a track from now on, which begins a negotiation. */
  addTrack(track: TrackLike): void {
    this.#connection.addTrack(track);
  }

  /** What the other side sent: an offer or an answer. */
  described(description: SessionDescription): Promise<void> {
    this.#turn = this.#turn.then(() => this.#apply(description)).catch(() => {});
    return this.#turn;
  }

  async candidate(candidate: object): Promise<void> {
    await this.#turn;
    // One of an offer that was passed over is of no use, and no fault.
    await this.#connection.addIceCandidate(candidate).catch(() => {});
  }

  close(): void {
    this.#connection.close();
  }

  async #offer(): Promise<void> {
    try {
      this.#isOffering = true;
      await this.#connection.setLocalDescription();
      const { localDescription } = this.#connection;
      if (localDescription) this.#options.send('offer', asJson(localDescription));
    } catch {
      // The connection was closed, or the other side was faster: it is needed again, and said so again.
    } finally {
      this.#isOffering = false;
    }
  }

  async #apply(description: SessionDescription): Promise<void> {
    const connection = this.#connection;
    const collides = description.type === 'offer' && (this.#isOffering || connection.signalingState !== 'stable');
    this.#ignoresOffer = collides && !this.#options.isPolite;
    if (this.#ignoresOffer) return;
    await connection.setRemoteDescription(description);
    if (description.type !== 'offer') return;
    await connection.setLocalDescription();
    const { localDescription } = connection;
    if (localDescription) this.#options.send('answer', asJson(localDescription));
  }
}

function asJson({ type, sdp }: SessionDescription): SessionDescription {
  return { type, sdp };
}
