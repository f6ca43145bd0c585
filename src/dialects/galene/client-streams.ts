import { DownStream, type DownStreamEnd } from './client-down-stream.ts';
import type { GaleneFrame, Generation } from './client-frames.ts';
import type { PeerConnectionLike, TrackEventLike } from './client-peer.ts';
import { type PublishedTrack, UpStream, type UpStreamEnd } from './client-up-stream.ts';

/** What streams have to say. */
export interface StreamEvents {
  'up-state': UpStream;
  'up-ended': { readonly stream: UpStream; readonly why: UpStreamEnd };
  /** A new stream; `replaces` is the one whose place it takes, which ends. */
  down: { readonly stream: DownStream; readonly replaces: DownStream | undefined };
  'down-track': TrackEventLike & { readonly stream: DownStream };
  /** An offer was answered, the first one or a further one. */
  'down-negotiated': DownStream;
  'down-state': DownStream;
  'down-ended': { readonly stream: DownStream; readonly why: DownStreamEnd };
  /** A frame for a stream there is not. */
  stray: GaleneFrame;
}

export interface StreamsOptions {
  readonly generation: Generation;
  /** Makes a connection, with what the group says of ways; undefined where there are to be none. */
  connect(): PeerConnectionLike | undefined;
  newId(): string;
  self(): { readonly source: string; readonly username: string };
  send(frame: GaleneFrame): void;
  emit<Type extends keyof StreamEvents>(type: Type, event: StreamEvents[Type]): void;
}

export interface PublishOptions {
  /** `camera`, `screenshare`, `video`; the first unless said. */
  readonly label?: string;
  readonly tracks: readonly PublishedTrack[];
  /** The stream whose place this one takes: it ends, and the receivers swap in place. */
  readonly replaces?: UpStream;
  readonly id?: string;
}

/** More streams than this at a time are a server that has gone mad. */
const MAX_DOWN = 1_000;

/** The streams of a client, in both directions. Frames in, frames and events out. */
export class Streams {
  readonly #options: StreamsOptions;
  readonly #up = new Map<string, UpStream>();
  readonly #down = new Map<string, DownStream>();

  constructor(options: StreamsOptions) {
    this.#options = options;
  }

  get up(): ReadonlyMap<string, UpStream> {
    return this.#up;
  }

  get down(): ReadonlyMap<string, DownStream> {
    return this.#down;
  }

  /** Throws where the client was given nothing to make connections with. */
  publish(options: PublishOptions): UpStream {
    const connection = this.#options.connect();
    if (!connection) throw new Error('This client has no peerConnection.');
    const { replaces, tracks, label = 'camera', id = this.#options.newId() } = options;
    const { generation, send, emit } = this.#options;
    const stream = new UpStream({
      ...(replaces ? { replaces: replaces.id } : {}),
      ...{ id, label, tracks, connection, generation, self: this.#options.self() },
      send: (frame) => send(frame),
      stateChanged: (changed) => emit('up-state', changed),
      ended: (ended, why) => this.#upEnded(ended, why),
    });
    this.#up.set(id, stream);
    // A replaced stream is never closed by a frame of its own (`spec/galene.md` 1.8).
    replaces?.drop('replaced');
    void stream.offer();
    return stream;
  }

  /** What the server says of a stream; frames of other types are without effect. */
  receive(frame: GaleneFrame): void {
    const { id = '' } = frame;
    switch (frame.type) {
      case 'offer':
        this.#offered(frame);
        return;
      case 'answer':
        this.#withUp(frame, (stream) => void stream.accept(frame.sdp ?? ''));
        return;
      case 'renegotiate':
        this.#withUp(frame, (stream) => void stream.restart());
        return;
      case 'abort':
        this.#withUp(frame, (stream) => stream.abort());
        return;
      case 'close':
        this.#withDown(frame, (stream) => stream.end('closed'));
        return;
      case 'ice': {
        const stream = this.#up.get(id) ?? this.#down.get(id);
        if (!stream) this.#options.emit('stray', frame);
        else if (frame.candidate) stream.candidate(frame.candidate);
        return;
      }
    }
  }

  /** The membership is over, or the connection: the server has ended them all, and says so of none. */
  endAll(): void {
    for (const stream of [...this.#up.values()]) stream.drop('closed');
    for (const stream of [...this.#down.values()]) stream.end('closed');
  }

  #offered(frame: GaleneFrame): void {
    const { id = '', sdp = '' } = frame;
    const known = this.#down.get(id);
    if (known) {
      void known.accept(sdp);
      return;
    }
    const connection = id !== '' && !this.#up.has(id) && this.#down.size < MAX_DOWN && this.#options.connect();
    if (!connection) {
      this.#options.emit('stray', frame);
      return;
    }
    const stream = this.#newDown(frame, connection);
    const replaces = this.#down.get(frame.replace ?? '');
    this.#down.set(id, stream);
    this.#options.emit('down', { stream, replaces });
    replaces?.end('replaced');
    void stream.accept(sdp);
  }

  #newDown(frame: GaleneFrame, connection: PeerConnectionLike): DownStream {
    const { send, emit } = this.#options;
    return new DownStream({
      id: frame.id ?? '',
      label: frame.label ?? labelOf(frame.labels),
      source: frame.source ?? '',
      username: frame.username ?? '',
      connection,
      send: (sent) => send(sent),
      trackAdded: (stream, event) => emit('down-track', { ...event, stream }),
      negotiated: (stream) => emit('down-negotiated', stream),
      stateChanged: (stream) => emit('down-state', stream),
      ended: (stream, why) => this.#downEnded(stream, why),
    });
  }

  #upEnded(stream: UpStream, why: UpStreamEnd): void {
    this.#up.delete(stream.id);
    this.#options.emit('up-ended', { stream, why });
  }

  #downEnded(stream: DownStream, why: DownStreamEnd): void {
    this.#down.delete(stream.id);
    this.#options.emit('down-ended', { stream, why });
  }

  #withUp(frame: GaleneFrame, use: (stream: UpStream) => void): void {
    const stream = this.#up.get(frame.id ?? '');
    if (stream) use(stream);
    else this.#options.emit('stray', frame);
  }

  #withDown(frame: GaleneFrame, use: (stream: DownStream) => void): void {
    const stream = this.#down.get(frame.id ?? '');
    if (stream) use(stream);
    else this.#options.emit('stray', frame);
  }
}

/** The seed's servers name tracks instead of streams (`spec/galene.md` 1.15). */
function labelOf(labels: GaleneFrame['labels']): string {
  if (!labels) return '';
  return Object.values(labels).includes('screenshare') ? 'screenshare' : 'camera';
}
