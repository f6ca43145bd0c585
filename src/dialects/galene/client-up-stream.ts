import { Candidates } from './client-candidates.ts';
import type { CandidateInit, GaleneFrame, Generation } from './client-frames.ts';
import {
  candidateInit,
  type Encoding,
  type PeerConnectionLike,
  type TrackLike,
  type TransceiverLike,
} from './client-peer.ts';

export interface PublishedTrack {
  readonly track: TrackLike;
  /** The sizes of simulcast, each with its `rid`; one without a name unless said. */
  readonly encodings?: readonly Encoding[];
}

export type UpStreamEnd = 'closed' | 'aborted' | 'replaced' | 'failed';

export interface UpStreamOptions {
  readonly id: string;
  readonly label: string;
  /** The stream whose place it takes. */
  readonly replaces?: string;
  readonly tracks: readonly PublishedTrack[];
  readonly connection: PeerConnectionLike;
  readonly generation: Generation;
  /** Who publishes. */
  readonly self: { readonly source: string; readonly username: string };
  send(frame: GaleneFrame): void;
  stateChanged(stream: UpStream): void;
  ended(stream: UpStream, why: UpStreamEnd): void;
}

interface SentTrack extends PublishedTrack {
  readonly transceiver: TransceiverLike;
}

/** A stream that one publishes: one connection, of which one is the offerer (`spec/galene.md` 1.8). */
export class UpStream {
  readonly id: string;
  readonly label: string;
  /** Resolves when the server has answered for the first time; rejects where the stream ends before. */
  readonly answered: Promise<void>;
  readonly connection: PeerConnectionLike;
  readonly #options: UpStreamOptions;
  readonly #tracks: SentTrack[] = [];
  readonly #answered = Promise.withResolvers<void>();
  readonly #local = new Candidates((candidate) => this.#send({ type: 'ice', candidate }));
  readonly #remote: Candidates;
  #isOffering = false;
  /** Whether something changed while an offer was unanswered. */
  #isOutdated = false;
  #offers = 0;
  #isEnded = false;

  constructor(options: UpStreamOptions) {
    this.#options = options;
    this.id = options.id;
    this.label = options.label;
    this.connection = options.connection;
    this.answered = this.#answered.promise;
    // Who does not ask for it need not hear of it.
    this.answered.catch(() => {});
    // A candidate that is of no use is no fault.
    this.#remote = new Candidates((candidate) => void this.connection.addIceCandidate(candidate).catch(() => {}));
    this.#listen();
    for (const track of options.tracks) this.#add(track);
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  get tracks(): readonly SentTrack[] {
    return this.#tracks;
  }

  /** Sends the first offer, or a further one once the present one is answered. */
  async offer(): Promise<void> {
    if (this.#isEnded) return;
    if (this.#isOffering) {
      this.#isOutdated = true;
      return;
    }
    this.#isOffering = true;
    this.#local.hold();
    try {
      await this.connection.setLocalDescription();
      this.#sendOffer();
    } catch {
      this.#end('failed');
    }
  }

  /** Sends a track more from now on. */
  addTrack(track: PublishedTrack): Promise<void> {
    this.#add(track);
    return this.offer();
  }

  /** Looks for a way anew, as the server may ask for by `renegotiate`. */
  restart(): Promise<void> {
    if (this.#isEnded) return Promise.resolve();
    this.connection.restartIce();
    return this.offer();
  }

  /** What the server answered; a bad answer ends the stream. */
  async accept(sdp: string): Promise<void> {
    if (this.#isEnded || !this.#isOffering) return;
    try {
      await this.connection.setRemoteDescription({ type: 'answer', sdp });
    } catch {
      this.#end('failed');
      return;
    }
    this.#isOffering = false;
    this.#remote.release();
    this.#answered.resolve();
    if (!this.#isOutdated) return;
    this.#isOutdated = false;
    await this.offer();
  }

  candidate(candidate: CandidateInit): void {
    this.#remote.add(candidate);
  }

  /** Ends it, and tells the server. */
  close(): void {
    this.#end('closed');
  }

  /** The server wants no more of it: it waits for a `close`, which it gets. */
  abort(): void {
    this.#end('aborted');
  }

  /** Another one takes its place, or the membership is over: the server knows, and is told nothing. */
  drop(why: 'replaced' | 'closed'): void {
    this.#finish(why);
  }

  #listen(): void {
    const { connection } = this;
    connection.onicecandidate = ({ candidate }) => {
      // The end of them is not said on this wire (`spec/galene.md` 2.2).
      if (candidate?.candidate) this.#local.add(candidateInit(candidate));
    };
    connection.onconnectionstatechange = () => this.#options.stateChanged(this);
    connection.oniceconnectionstatechange = () => {
      if (connection.iceConnectionState === 'failed') void this.restart();
    };
  }

  #add(published: PublishedTrack): void {
    const { track, encodings } = published;
    // The seed's client adds its tracks for both directions (`spec/galene.md` 0.2).
    const direction = this.#options.generation === 'seed' ? 'sendrecv' : 'sendonly';
    const sizes = encodings ? { sendEncodings: encodings.map((each) => ({ ...each })) } : {};
    const transceiver = this.connection.addTransceiver(track, { direction, ...sizes });
    this.#tracks.push({ ...published, transceiver });
  }

  #sendOffer(): void {
    const { localDescription } = this.connection;
    if (this.#isEnded || !localDescription) return;
    const { self, replaces } = this.#options;
    const isFirst = this.#offers === 0;
    this.#offers += 1;
    this.#send({
      type: 'offer',
      ...self,
      kind: isFirst ? '' : 'renegotiate',
      replace: isFirst ? (replaces ?? null) : null,
      ...this.#labelling(),
      sdp: localDescription.sdp,
    });
    this.#local.release();
  }

  #labelling(): Pick<GaleneFrame, 'label' | 'labels'> {
    if (this.#options.generation !== 'seed') return { label: this.label };
    const video = this.label === 'screenshare' ? 'screenshare' : 'video';
    const labels = this.#tracks.map(({ track, transceiver }) => [
      transceiver.mid ?? '',
      track.kind === 'audio' ? 'audio' : video,
    ]);
    return { labels: Object.fromEntries(labels) };
  }

  #send(frame: GaleneFrame): void {
    if (!this.#isEnded) this.#options.send({ ...frame, id: this.id });
  }

  #end(why: UpStreamEnd): void {
    this.#send({ type: 'close' });
    this.#finish(why);
  }

  #finish(why: UpStreamEnd): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const { connection } = this;
    connection.onicecandidate = connection.onconnectionstatechange = connection.oniceconnectionstatechange = null;
    connection.close();
    this.#answered.reject(new Error(`The stream was ${why}.`));
    this.#options.ended(this, why);
  }
}
