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
  setLocalDescription(): Promise<void>;
  setRemoteDescription(description: SessionDescription): Promise<void>;
  addIceCandidate(candidate: object): Promise<void>;
  addTrack(track: TrackLike): unknown;
  restartIce(): void;
  close(): void;
}

/** Browsers' events have more than is asked for here: a method's parameter may be narrower, a function's may not. */
type Handler<Event> = { handle(event: Event): void }['handle'] | null;

export interface SessionDescription {
  readonly type: 'offer' | 'answer' | 'pranswer' | 'rollback';
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
  /** Makes a connection; asked again where the first is given up. */
  connect(): PeerConnectionLike;
  send(type: 'offer' | 'answer' | 'icecandidate', data: object): void;
  trackAdded(track: TrackLike): void;
  stateChanged(state: string): void;
}

/** A call with one other client (the seed's VideoPeer), by perfect negotiation: either side may offer at any time. */
export class Peer {
  readonly id: string;
  readonly #options: PeerOptions;
  readonly #tracks: TrackLike[] = [];
  #connection: PeerConnectionLike;
  #isOffering = false;
  /** Whether anything of the other side's was ever applied to the connection. */
  #isBegun = false;
  /** One description after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: PeerOptions) {
    this.id = options.id;
    this.#options = options;
    this.#connection = this.#connect();
  }

  get state(): string {
    return this.#connection.connectionState;
  }

  /** Sends a track from now on, which begins a negotiation. */
  addTrack(track: TrackLike): void {
    this.#tracks.push(track);
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

  #connect(): PeerConnectionLike {
    const { send, trackAdded, stateChanged, connect } = this.#options;
    const connection = connect();
    connection.onnegotiationneeded = () => void this.#offer(connection);
    connection.onicecandidate = ({ candidate }) => {
      // The end of them is not said on this wire.
      if (candidate) send('icecandidate', candidate.toJSON());
    };
    connection.ontrack = ({ track }) => trackAdded(track);
    connection.onconnectionstatechange = () => stateChanged(connection.connectionState);
    connection.oniceconnectionstatechange = () => {
      if (connection.iceConnectionState === 'failed') connection.restartIce();
    };
    return connection;
  }

  /**
   * Gives way before anything was agreed. A first offer that is rolled back while Chromium still looks for networks
   * leaves a connection that gathers for ever and finds no candidate, which no restart mends; a new one has no past.
   */
  #startOver(): void {
    const old = this.#connection;
    old.onnegotiationneeded = old.onicecandidate = old.ontrack = null;
    old.onconnectionstatechange = old.oniceconnectionstatechange = null;
    old.close();
    // What was under way on a closed connection never ends.
    this.#isOffering = false;
    this.#connection = this.#connect();
    for (const track of this.#tracks) this.#connection.addTrack(track);
  }

  async #offer(connection: PeerConnectionLike): Promise<void> {
    try {
      this.#isOffering = true;
      await connection.setLocalDescription();
      const { localDescription } = connection;
      if (localDescription && connection === this.#connection) this.#options.send('offer', asJson(localDescription));
    } catch {
      // The connection was closed, or the other side was faster: it is needed again, and said so again.
    } finally {
      if (connection === this.#connection) this.#isOffering = false;
    }
  }

  async #apply(description: SessionDescription): Promise<void> {
    const isOffer = description.type === 'offer';
    if (isOffer && (this.#isOffering || this.#connection.signalingState !== 'stable')) {
      if (!this.#options.isPolite) return;
      if (!this.#isBegun) this.#startOver();
    }
    const connection = this.#connection;
    await connection.setRemoteDescription(description);
    this.#isBegun = true;
    if (!isOffer) return;
    await connection.setLocalDescription();
    const { localDescription } = connection;
    if (localDescription) this.#options.send('answer', asJson(localDescription));
  }
}

function asJson({ type, sdp }: SessionDescription): SessionDescription {
  return { type, sdp };
}
