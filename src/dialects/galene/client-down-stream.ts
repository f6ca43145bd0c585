import { Candidates } from './client-candidates.ts';
import type { CandidateInit, GaleneFrame, Requested } from './client-frames.ts';
import { candidateInit, type PeerConnectionLike, type TrackEventLike } from './client-peer.ts';

export type DownStreamEnd = 'closed' | 'replaced' | 'failed';

export interface DownStreamOptions {
  readonly id: string;
  readonly label: string;
  /** Who publishes it: their client's id, and their name. */
  readonly source: string;
  readonly username: string;
  readonly connection: PeerConnectionLike;
  send(frame: GaleneFrame): void;
  trackAdded(stream: DownStream, event: TrackEventLike): void;
  negotiated(stream: DownStream): void;
  stateChanged(stream: DownStream): void;
  ended(stream: DownStream, why: DownStreamEnd): void;
}

/** A stream of somebody else's: one connection, of which the server is the offerer (`spec/galene.md` 1.8). */
export class DownStream {
  readonly id: string;
  readonly label: string;
  readonly source: string;
  readonly username: string;
  readonly connection: PeerConnectionLike;
  readonly #options: DownStreamOptions;
  readonly #tracks: TrackEventLike[] = [];
  readonly #local = new Candidates((candidate) => this.#send({ type: 'ice', candidate }));
  readonly #remote: Candidates;
  /** One offer after the other. */
  #turn: Promise<void> = Promise.resolve();
  #isEnded = false;

  constructor(options: DownStreamOptions) {
    this.#options = options;
    this.id = options.id;
    this.label = options.label;
    this.source = options.source;
    this.username = options.username;
    this.connection = options.connection;
    // A candidate that is of no use is no fault.
    this.#remote = new Candidates((candidate) => void this.connection.addIceCandidate(candidate).catch(() => {}));
    this.#listen();
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Those that came so far, in the order in which they came. */
  get tracks(): readonly TrackEventLike[] {
    return this.#tracks;
  }

  /** Answers an offer of the server's, the first one or a further one. What cannot be answered is aborted. */
  accept(sdp: string): Promise<void> {
    // Candidates that follow the offer are of what it says, not of what was before.
    this.#remote.hold();
    this.#turn = this.#turn.then(() => this.#answer(sdp));
    return this.#turn;
  }

  candidate(candidate: CandidateInit): void {
    this.#remote.add(candidate);
  }

  /** Says what of it to send, instead of what is asked of its label; `null` takes that back. */
  request(requested: readonly Requested[] | null): void {
    this.#send({ type: 'requestStream', request: requested });
  }

  /** Has the server look for a way anew: an offer follows. */
  restart(): void {
    this.#send({ type: 'renegotiate' });
  }

  /** Has the server end it: a `close` follows. */
  abort(): void {
    this.#send({ type: 'abort' });
  }

  /** The server ended it, or the membership is over. */
  end(why: DownStreamEnd): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const { connection } = this;
    connection.onicecandidate = connection.onconnectionstatechange = connection.oniceconnectionstatechange = null;
    connection.ontrack = null;
    connection.close();
    this.#options.ended(this, why);
  }

  #listen(): void {
    const { connection } = this;
    connection.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) this.#local.add(candidateInit(candidate));
    };
    connection.ontrack = ({ track, transceiver }) => {
      this.#tracks.push({ track, transceiver });
      this.#options.trackAdded(this, { track, transceiver });
    };
    connection.onconnectionstatechange = () => this.#options.stateChanged(this);
    connection.oniceconnectionstatechange = () => {
      if (connection.iceConnectionState === 'failed') this.restart();
    };
  }

  async #answer(sdp: string): Promise<void> {
    if (this.#isEnded) return;
    const { connection } = this;
    this.#local.hold();
    try {
      await connection.setRemoteDescription({ type: 'offer', sdp });
      this.#remote.release();
      await connection.setLocalDescription();
    } catch {
      this.abort();
      this.end('failed');
      return;
    }
    const { localDescription } = connection;
    if (this.#isEnded || !localDescription) return;
    this.#send({ type: 'answer', sdp: localDescription.sdp });
    this.#local.release();
    this.#options.negotiated(this);
  }

  #send(frame: GaleneFrame): void {
    if (!this.#isEnded) this.#options.send({ ...frame, id: this.id });
  }
}
