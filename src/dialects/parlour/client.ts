import { Asks } from './client-asks.ts';
import { backoffMs } from './client-backoff.ts';
import { ClientConnection } from './client-connection.ts';
import { ConnectionLostError } from './client-errors.ts';
import { isRoomFrame } from './client-frames.ts';
import { whenOnline } from './client-online.ts';
import { Outbox } from './client-outbox.ts';
import { RoomPosition } from './client-position.ts';
import type {
  Ask,
  ClientEvent,
  ClosedReason,
  ConnectionState,
  NewPost,
  ParlourClientOptions,
  Posted,
  ResumePoint,
  SocketLike,
} from './client-types.ts';
import type { ClientFrame, RoomFrame, ServerFrame, ServerFrameOf } from './wire.ts';

export * from './client-errors.ts';
export { type HistoryPage, type HistorySource, historyAfter, historyBefore } from './client-history.ts';
export type * from './client-types.ts';

/** Typed, not imported: the schemas of `wire.ts` would come along into the browser. */
const WIRE_VERSION: typeof import('./wire.ts').WIRE_VERSION = 1;
/** A connection that lasted this long held: the next one that is lost is retried quickly again. */
const HELD_MS = 5_000;

/**
 * The client end of the native wire (`docs/parlour-wire.md`), for browsers and Node. Keeps a session over lost
 * connections: the room's frames arrive once each and in order, messages are posted once each and in order.
 */
export class ParlourClient {
  readonly #options: ParlourClientOptions;
  readonly #listeners = new Set<(event: ClientEvent) => void>();
  readonly #asks = new Asks();
  readonly #outbox = new Outbox();
  readonly #position: RoomPosition;
  #state: ConnectionState = { kind: 'connecting', attempt: 0 };
  #started = false;
  #connection: ClientConnection | undefined;
  #wait: { readonly cancel: () => void; readonly finish: () => void } | undefined;
  #attempt = 0;
  #openSince: number | undefined;
  #token: string | undefined;
  #invitation: string | undefined;
  #jwt: string | undefined;
  #status: string | undefined;
  #password: string | undefined;
  #name: string;

  /** Throws a `TypeError` where `url` is none. */
  constructor(options: ParlourClientOptions) {
    new URL(options.url);
    this.#options = options;
    this.#position = new RoomPosition(options.resume);
    this.#token = options.token;
    this.#invitation = options.invitation;
    this.#jwt = options.jwt;
    this.#status = options.status;
    this.#password = options.password;
    this.#name = options.name;
  }

  /** Returns what ends it. What a listener throws is an uncaught error of its own and harms nobody else. */
  on(listener: (event: ClientEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Where another client can go on, as of the last frame; nothing before the first welcome and after the end. */
  get resumePoint(): ResumePoint | undefined {
    return this.#position.point;
  }

  /** Proves in a later `hello` that it is the same person. A secret. */
  get token(): string | undefined {
    return this.#token;
  }

  /** The website's latest token, for who came with one. A secret. */
  get jwt(): string | undefined {
    return this.#jwt;
  }

  start(): void {
    if (this.#started || this.#state.kind === 'closed') return;
    this.#started = true;
    this.#connect();
  }

  /** Makes the next attempt at once, where it waits for one. */
  retryNow(): void {
    this.#wait?.finish();
  }

  /** Leaves the room, at once where it can, and ends for good. */
  close(): void {
    this.#connection?.send({ type: 'leave' });
    this.#end({ kind: 'own' });
  }

  /**
   * Asks the server; waits for a connection where there is none. Rejects with `RefusedError`, with
   * `ConnectionLostError` where the answer is lost (except for posts, which are sent again), with `QueueFullError`.
   */
  ask(ask: Ask): Promise<ServerFrameOf<'ok'>> {
    if (this.#state.kind === 'closed') return Promise.reject(new ConnectionLostError('The client is closed.'));
    if (ask.type === 'post') return this.#outbox.put(ask);
    if (ask.type === 'presence') this.#status = ask.status ?? this.#status;
    const answer = this.#asks.put(ask);
    if (ask.type === 'rename') return answer.then((ok) => this.#renamed(ok, ask.name));
    return ask.type === 'password' ? answer.then((ok) => this.#renewed(ok)) : answer;
  }

  /** Should the server forget the session, it is entered anew under this name. */
  #renamed(ok: ServerFrameOf<'ok'>, name: string): ServerFrameOf<'ok'> {
    this.#name = name;
    return ok;
  }

  /** Tokens of before do not hold after a password was changed. */
  #renewed(ok: ServerFrameOf<'ok'>): ServerFrameOf<'ok'> {
    if (ok.detail !== undefined && ok.detail !== '') this.#token = ok.detail;
    return ok;
  }

  /** Posts once, however often the connection is lost. Rejects with `RefusedError`, `QueueFullError`, or when closed. */
  async post(post: NewPost): Promise<Posted> {
    const { messageId, at } = await this.ask({ type: 'post', ...post });
    if (messageId === undefined || at === undefined) throw new Error('The answer to a post says no message id.');
    return { messageId, at };
  }

  #connect(): void {
    this.#wait = undefined;
    const connection = new ClientConnection({
      opened: () => connection.send(this.#hello()),
      frame: (frame) => this.#received(frame),
      lost: () => this.#lost(),
    });
    this.#connection = connection;
    this.#setState({ kind: 'connecting', attempt: this.#attempt });
    // A listener may have closed the client.
    if (this.#connection !== connection) return;
    connection.open(() => (this.#options.connect ?? openWebSocket)(this.#options.url));
  }

  #hello(): ClientFrame {
    return {
      type: 'hello',
      ref: 'hello',
      version: WIRE_VERSION,
      room: this.#options.room,
      name: this.#name,
      ...(this.#token === undefined ? {} : { token: this.#token }),
      ...(this.#invitation === undefined ? {} : { invitation: this.#invitation }),
      ...(this.#jwt === undefined ? {} : { jwt: this.#jwt }),
      ...(this.#password === undefined ? {} : { password: this.#password }),
      ...(this.#options.roomPassword === undefined ? {} : { roomPassword: this.#options.roomPassword }),
      ...(this.#options.roomToken === undefined ? {} : { roomToken: this.#options.roomToken }),
      ...(this.#status === undefined ? {} : { status: this.#status }),
      ...(this.resumePoint === undefined ? {} : { resume: this.resumePoint }),
    };
  }

  #received(frame: ServerFrame): void {
    if (isRoomFrame(frame)) {
      this.#roomFrame(frame);
      return;
    }
    switch (frame.type) {
      case 'welcome':
        this.#welcomed(frame);
        break;
      case 'ok':
        this.#answered(frame);
        break;
      case 'refused':
        if (this.#state.kind === 'open') this.#answered(frame);
        else this.#helloRefused(frame);
        break;
      case 'bye':
        if (frame.comeBack) this.#dropConnection();
        else this.#end({ kind: 'bye', bye: frame });
        break;
      case 'token':
        this.#jwt = frame.jwt;
        break;
      case 'pong':
        break;
      default:
        frame satisfies never;
    }
  }

  #roomFrame(frame: RoomFrame): void {
    if (this.#state.kind === 'open' && this.#position.advance(frame)) this.#emit({ type: 'frame', frame });
  }

  #welcomed(welcome: ServerFrameOf<'welcome'>): void {
    const connection = this.#connection;
    if (!connection || this.#state.kind === 'open') return;
    this.#position.welcomed(welcome);
    // Who came with a token of the website's is known by that alone.
    if (welcome.token !== '') this.#token = welcome.token;
    // Used up; the token says from now on what they brought.
    this.#invitation = undefined;
    this.#password = undefined;
    this.#openSince = Date.now();
    this.#state = { kind: 'open' };
    connection.keepAlive(welcome.keepAliveMs);
    // Before anybody hears of it, so that what they post comes after what has waited.
    const transmit = (frame: ClientFrame): void => connection.send(frame);
    this.#outbox.connected(transmit);
    this.#asks.connected(transmit);
    this.#emit({ type: 'welcome', welcome });
    if (this.#connection === connection) this.#setState({ kind: 'open' });
  }

  #answered(answer: ServerFrameOf<'ok'> | ServerFrameOf<'refused'>): void {
    if (!this.#outbox.answered(answer)) this.#asks.answered(answer);
  }

  #helloRefused(refusal: ServerFrameOf<'refused'>): void {
    if (refusal.code === 'too-fast') this.#dropConnection();
    else this.#end({ kind: 'refused', refusal });
  }

  #dropConnection(): void {
    this.#connection?.close();
    this.#lost();
  }

  #lost(): void {
    this.#connection = undefined;
    const held = this.#openSince !== undefined && Date.now() - this.#openSince >= HELD_MS;
    this.#openSince = undefined;
    this.#attempt = held ? 1 : this.#attempt + 1;
    this.#asks.connectionLost();
    this.#outbox.connectionLost();
    const delay = (this.#options.backoffMs ?? backoffMs)(this.#attempt);
    this.#waitFor(delay);
    this.#setState({ kind: 'waiting', attempt: this.#attempt, retryAt: Date.now() + delay });
  }

  /** For so many milliseconds, or until the browser is online again. */
  #waitFor(delay: number): void {
    const finish = (): void => {
      cancel();
      this.#connect();
    };
    const timer = setTimeout(finish, delay);
    const stopListening = whenOnline(finish);
    const cancel = (): void => {
      clearTimeout(timer);
      stopListening();
    };
    this.#wait = { cancel, finish };
  }

  #end(reason: ClosedReason): void {
    if (this.#state.kind === 'closed') return;
    this.#connection?.close();
    this.#connection = undefined;
    this.#wait?.cancel();
    this.#wait = undefined;
    this.#position.clear();
    this.#asks.close();
    this.#outbox.close();
    this.#setState({ kind: 'closed', reason });
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.#emit({ type: 'state', state });
  }

  #emit(event: ClientEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

function openWebSocket(url: string): SocketLike {
  // Its events say more than we ask for, in the browser as in Node.
  return new WebSocket(url) as unknown as SocketLike;
}
