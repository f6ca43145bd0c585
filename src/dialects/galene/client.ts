import { WebSocket } from 'ws';
import type { ChatOptions, GroupAction, UserAction, UserMessageOptions } from './client-actions.ts';
import type { ChatLine } from './client-chat.ts';
import { type Closed, closedError, FrameLog, type FrameMatch } from './client-frame-log.ts';
import {
  type GaleneFrame,
  type Generation,
  parseFrame,
  type Requested,
  type RequestMap,
  requestFrame,
  type Values,
  versionsOf,
} from './client-frames.ts';
import { Group, type GroupEvents } from './client-group.ts';
import { Listeners } from './client-listeners.ts';
import { Liveness } from './client-liveness.ts';
import { type GroupUser, type Membership, membershipAfter } from './client-membership.ts';
import { type GaleneClientOptions, type SocketLike, systemTiming } from './client-options.ts';
import { type PublishOptions, type StreamEvents, Streams } from './client-streams.ts';
import type { UpStream } from './client-up-stream.ts';

export type { ChatLine, Closed, FrameMatch, GaleneClientOptions, GaleneFrame, Generation, GroupUser, Membership };

export interface JoinOptions {
  /** Left out only where a token says who one is. */
  readonly username?: string;
  readonly password?: string;
  readonly token?: string;
  readonly data?: Values;
}

/** What came of a `join`. */
export type JoinOutcome =
  | { readonly kind: 'joined'; readonly membership: Membership }
  /** `error` is for programs (`need-username`), `value` for people. */
  | { readonly kind: 'failed'; readonly error: string | undefined; readonly value: string }
  | { readonly kind: 'redirected'; readonly location: string };

export interface GaleneEvents extends StreamEvents, GroupEvents {
  /** Every frame that is one, before anything else is done about it. */
  frame: GaleneFrame;
  /** Text that is no frame of this wire. */
  unreadable: unknown;
  usermessage: GaleneFrame;
  closed: Closed;
}

const DEFAULT_KEEP = 1_000;
const DEFAULT_WAIT_MS = 10_000;
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/**
 * The other end of Galène's wire, for bots, tests and benchmarks: behaves as a web client of its generation does. Works
 * with any server of this wire. It does not connect again by itself. Owns its socket and its streams.
 */
export class GaleneClient {
  readonly generation: Generation;
  readonly id: string;
  readonly streams: Streams;
  readonly #options: GaleneClientOptions;
  readonly #socket: SocketLike;
  readonly #log: FrameLog;
  readonly #listeners = new Listeners<GaleneEvents>();
  readonly #liveness: Liveness | undefined;
  readonly #waitMs: number;
  readonly #group: Group;
  readonly #handshaken = Promise.withResolvers<void>();
  #isHandshaken = false;
  #closed: Closed | undefined;

  /**
   * Resolves when the server has answered the handshake, and for the seed's client, which does not wait for it, when the
   * connection is open; rejects where there is none. Without a handshake at once, nothing is sent.
   */
  static async connect(options: GaleneClientOptions): Promise<GaleneClient> {
    const socket = (options.connect ?? connectWs)(options.url);
    const client = new GaleneClient(socket, options);
    const opened = Promise.withResolvers<void>();
    socket.onopen = () => opened.resolve();
    client.on('closed', ({ code }) => opened.reject(new Error(`No connection to ${options.url} (${code}).`)));
    await opened.promise;
    if (options.handshake === 'by-hand') return client;
    const answered = client.handshake();
    if (client.generation !== 'seed') await answered;
    return client;
  }

  /** Connects, joins, and resolves when the server says so; rejects where it says otherwise. */
  static async enter(options: GaleneClientOptions & JoinOptions & { readonly group: string }): Promise<GaleneClient> {
    const client = await GaleneClient.connect(options);
    const { username, password, token, data, group } = options;
    const outcome = await client.join(group, given({ username, password, token, data }));
    if (outcome.kind === 'joined') return client;
    client.drop();
    throw new Error(`Not let in: ${outcome.kind === 'failed' ? outcome.value : outcome.location}`);
  }

  private constructor(socket: SocketLike, options: GaleneClientOptions) {
    const { timing = systemTiming, newId = randomId, generation = 'latest', liveness = 'generation' } = options;
    this.#options = options;
    this.#socket = socket;
    this.#waitMs = options.waitMs ?? DEFAULT_WAIT_MS;
    this.generation = generation;
    this.id = options.id ?? newId();
    this.#log = new FrameLog({ keep: options.keepFrames ?? DEFAULT_KEEP, timing });
    // The event of a group is the client's own of that name, which the compiler does not see.
    this.#group = new Group({ generation, emit: (type, event) => this.#listeners.emit(type, event as never) });
    // Who does not ask for it need not hear of it.
    this.#handshaken.promise.catch(() => {});
    this.streams = this.#newStreams(newId);
    // The seed's client neither pings nor gives up (`spec/galene.md` 1.4).
    if (liveness === 'generation' && generation !== 'seed') this.#liveness = this.#newLiveness();
    // An error says nothing that the close, which follows it, does not say.
    socket.onerror = () => {};
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code, reason }) => this.#end({ code, reason });
  }

  /** Undefined where one is in no group. */
  get membership(): Membership | undefined {
    return this.#group.membership;
  }

  /** Everybody in the group, oneself included, by the ids of their clients. */
  get users(): ReadonlyMap<string, GroupUser> {
    return this.#group.users;
  }

  /** What was said before one came. */
  get history(): readonly ChatLine[] {
    return this.#group.history;
  }

  get closed(): Closed | undefined {
    return this.#closed;
  }

  /** The latest frames received, oldest first. */
  get frames(): readonly GaleneFrame[] {
    return this.#log.frames;
  }

  /** Those of them that {@link next} has not had yet. */
  get untaken(): readonly GaleneFrame[] {
    return this.#log.untaken;
  }

  /** Returns what takes the listener off again. */
  on<Type extends keyof GaleneEvents>(type: Type, listener: (event: GaleneEvents[Type]) => void): () => void {
    return this.#listeners.on(type, listener);
  }

  /**
   * The oldest frame that matches, past or to come, and that nobody had by this; the others stay for later calls.
   * Rejects when the time is up, and when the connection ends.
   */
  next(match: FrameMatch, waitMs = this.#waitMs): Promise<GaleneFrame> {
    return this.#log.take(match, waitMs);
  }

  /** From here on {@link next} looks at later frames only. */
  forget(): void {
    this.#log.forget();
  }

  /** Resolves with the close code and reason once the connection has ended. */
  waitForClose(): Promise<Closed> {
    if (this.#closed) return Promise.resolve(this.#closed);
    return new Promise((resolve) => this.on('closed', resolve));
  }

  /** Resolves when the server has said its own. */
  handshake(): Promise<void> {
    this.send({ type: 'handshake', ...versionsOf(this.generation), id: this.id });
    return this.#handshaken.promise;
  }

  /** Asks whether the server is there. What it said of everything before is known when this resolves. */
  async ping(): Promise<void> {
    this.send({ type: 'ping' });
    await this.next({ type: 'pong' });
  }

  /** Rejects where the server does not say in time, or the connection ends. */
  async join(group: string, { username, password, token, data }: JoinOptions = {}): Promise<JoinOutcome> {
    const answer = this.next(({ type, kind }) => type === 'joined' && kind !== 'change' && kind !== 'leave');
    // A web client always says a password where it has no token (`spec/galene.md` 1.5).
    const secret = token === undefined ? { password: password ?? '' } : { token };
    this.send({ type: 'join', kind: 'join', group, ...given({ username }), ...secret, ...given({ data }) });
    return this.#outcome(await answer);
  }

  /** Resolves when the server says so. */
  async leave(): Promise<void> {
    const left = this.next({ type: 'joined', kind: 'leave' });
    this.send({ type: 'join', kind: 'leave', group: this.#group.membership?.group ?? '' });
    await left;
  }

  chat(value: string, { kind = '', dest = '', noecho, id }: ChatOptions = {}): void {
    this.send({ type: 'chat', ...this.#self(), dest, kind, value, ...given({ noecho, id }) });
  }

  userMessage(kind: string, { dest = '', value, noecho }: UserMessageOptions = {}): void {
    this.send({ type: 'usermessage', ...this.#self(), dest, kind, value: value ?? null, ...given({ noecho }) });
  }

  userAction(dest: string, action: UserAction): void {
    this.send({ type: 'useraction', ...this.#self(), dest, value: '', ...action });
  }

  groupAction(action: GroupAction): void {
    this.send({ type: 'groupaction', ...this.#self(), ...action });
  }

  /** Changes what others know of one; a null takes the key away. */
  setData(value: Values): void {
    this.userAction(this.id, { kind: this.generation === 'seed' ? 'setstatus' : 'setdata', value });
  }

  /** Says what to receive; nothing is sent before that. */
  request(request: RequestMap): void {
    this.send(requestFrame(this.generation, request));
  }

  /** Says what to receive of one stream; `null` takes that back. */
  requestStream(id: string, request: readonly Requested[] | null): void {
    this.send({ type: 'requestStream', id, request });
  }

  /** Begins a stream of one's own. Throws without `peerConnection`. */
  publish(options: PublishOptions): UpStream {
    return this.streams.publish(options);
  }

  send(frame: GaleneFrame): void {
    this.sendText(JSON.stringify(frame));
  }

  /** Sends anything, as it is. */
  sendText(text: string): void {
    if (!this.#closed) this.#socket.send(text);
  }

  /** Ends the connection; 1000 is what a page sends that is left. */
  close(code = 1000, reason = 'Close requested by client'): Promise<Closed> {
    const closed = this.waitForClose();
    this.streams.endAll();
    this.#socket.close(code, reason);
    return closed;
  }

  /** Ends the connection without a goodbye, as a lost network does. */
  drop(): Promise<Closed> {
    const closed = this.waitForClose();
    if (this.#socket.terminate) this.#socket.terminate();
    else this.#socket.close();
    return closed;
  }

  #newStreams(newId: () => string): Streams {
    return new Streams({
      generation: this.generation,
      newId,
      connect: () => this.#options.peerConnection?.(this.#group.membership?.rtcConfiguration ?? {}),
      self: () => this.#self(),
      send: (frame) => this.send(frame),
      emit: (type, event) => this.#listeners.emit(type, event as never),
    });
  }

  #newLiveness(): Liveness {
    return new Liveness({
      timing: this.#options.timing ?? systemTiming,
      isHandshaken: () => this.#isHandshaken,
      ping: () => this.send({ type: 'ping' }),
      gone: () => void this.close(1000, 'Timeout'),
    });
  }

  #self(): { readonly source: string; readonly username: string } {
    return { source: this.id, username: this.#group.membership?.username ?? '' };
  }

  #receive(data: unknown): void {
    if (this.#closed) return;
    this.#liveness?.heard();
    const frame = parseFrame(data);
    if (!frame) {
      this.#listeners.emit('unreadable', data);
      return;
    }
    this.#listeners.emit('frame', frame);
    this.#follow(frame);
    this.#log.add(frame);
  }

  #follow(frame: GaleneFrame): void {
    switch (frame.type) {
      case 'handshake':
        this.#greeted(frame);
        return;
      case 'ping':
        if (this.#options.liveness !== 'none') this.send({ type: 'pong' });
        return;
      case 'joined':
        this.#group.joined(frame);
        if (frame.kind === 'leave') this.streams.endAll();
        return;
      case 'user':
        this.#group.user(frame);
        return;
      case 'chat':
      case 'chathistory':
        this.#group.chat(frame);
        return;
      case 'usermessage':
        this.#listeners.emit('usermessage', frame);
        return;
      default:
        this.streams.receive(frame);
        return;
    }
  }

  /** The latest client goes where the server does not know its version (`spec/galene.md` 1.3). */
  #greeted({ version }: GaleneFrame): void {
    if (this.generation === 'latest' && !(Array.isArray(version) && version.includes('2'))) {
      this.#handshaken.reject(new Error('Unknown protocol version.'));
      void this.close(1000, 'Unknown protocol version');
      return;
    }
    this.#isHandshaken = true;
    this.#handshaken.resolve();
  }

  #outcome(frame: GaleneFrame): JoinOutcome {
    const value = typeof frame.value === 'string' ? frame.value : '';
    if (frame.kind === 'redirect') return { kind: 'redirected', location: value };
    if (frame.kind !== 'join') return { kind: 'failed', error: frame.error, value };
    return { kind: 'joined', membership: this.#group.membership ?? membershipAfter(undefined, frame) };
  }

  #end(closed: Closed): void {
    if (this.#closed) return;
    this.#closed = closed;
    this.#liveness?.close();
    this.#handshaken.reject(closedError(closed));
    this.streams.endAll();
    this.#log.close(closed);
    this.#listeners.emit('closed', closed);
  }
}

/** What is there of it, in the order in which it is written. */
function given<Fields extends object>(fields: Fields): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };
}

function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Galène's servers know no compression. The cast: `ws` hands its listeners more than they are declared to take. */
function connectWs(url: string): SocketLike {
  return new WebSocket(url, { perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES }) as unknown as SocketLike;
}
