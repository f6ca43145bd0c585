import { WebSocket } from 'ws';
import {
  answersToMe,
  type BytesForm,
  changedSelf,
  fileText,
  type Generation,
  type LoginState,
  loginFrames,
  meFrame,
  NSFW,
  type OwnState,
  type Self,
} from './client-frames.ts';
import type { BareRtcClientOptions, SocketLike } from './client-options.ts';
import { type Closed, FrameLog } from './frame-log.ts';
import { type Action, type BareFrame, parseServerFrame, type WhoRow } from './wire.ts';

type Listener = (frame: BareFrame) => void;

const DEFAULT_KEEP = 1000;
const DEFAULT_WAIT_MS = 10_000;
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/**
 * The other end of BareRTC's wire, for bots, tests and benchmarks: behaves as a web client of its generation does. Works
 * with any server of this wire. It does not connect again by itself.
 */
export class BareRtcClient {
  readonly generation: Generation;
  readonly #socket: SocketLike;
  readonly #login: LoginState;
  readonly #log: FrameLog;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #anyListeners = new Set<Listener>();
  readonly #closeListeners = new Set<(closed: Closed) => void>();
  #self: Self;
  #who: readonly WhoRow[] = [];
  #name: string;
  #loggedIn = false;
  #dismissed = false;
  #closed: Closed | undefined;

  /** Resolves when the connection is open; rejects where there is none. Nothing is sent before {@link login}. */
  static connect(options: BareRtcClientOptions): Promise<BareRtcClient> {
    const { promise, resolve, reject } = Promise.withResolvers<BareRtcClient>();
    const socket = (options.connect ?? connectWs)(options.url);
    const client = new BareRtcClient(socket, options);
    socket.onopen = () => resolve(client);
    // An error says nothing that the close, which follows it, does not say.
    socket.onerror = () => {};
    client.onClose(({ code }) => reject(new Error(`No connection to ${options.url} (${code}).`)));
    return promise;
  }

  /** Connects, logs in, and resolves when the server has said `me`. */
  static async enter(options: BareRtcClientOptions): Promise<BareRtcClient> {
    const client = await BareRtcClient.connect(options);
    client.login();
    try {
      await client.waitFor((frame) => frame.action === 'me');
    } catch (error) {
      await client.drop();
      throw error;
    }
    return client;
  }

  private constructor(socket: SocketLike, options: BareRtcClientOptions) {
    this.#socket = socket;
    this.generation = options.generation ?? 'latest';
    this.#log = new FrameLog(options.keepFrames ?? DEFAULT_KEEP);
    this.#name = options.username;
    this.#self = { video: 0, status: options.status ?? 'online', dnd: options.dnd ?? false };
    this.#login = {
      username: options.username,
      jwt: options.jwt ?? '',
      dnd: this.#self.dnd,
      blocklist: options.blocklist ?? [],
      remembered: options.remembered ?? {},
    };
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code, reason }) => this.#end({ code, reason });
  }

  /** The latest who list. */
  get who(): readonly WhoRow[] {
    return this.#who;
  }

  /** The name asked for; after `me` the one that the server gave. */
  get name(): string {
    return this.#name;
  }

  get loggedIn(): boolean {
    return this.#loggedIn;
  }

  /** Whether the server said `disconnect`: go, and do not come back. */
  get dismissed(): boolean {
    return this.#dismissed;
  }

  get closed(): Closed | undefined {
    return this.#closed;
  }

  /** The latest frames received, oldest first. */
  get frames(): readonly BareFrame[] {
    return this.#log.frames;
  }

  /** Returns what takes the listener off again. */
  on(action: Action | (string & {}), listener: Listener): () => void {
    const listeners = this.#listeners.get(action) ?? new Set();
    this.#listeners.set(action, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  onAny(listener: Listener): () => void {
    this.#anyListeners.add(listener);
    return () => this.#anyListeners.delete(listener);
  }

  onClose(listener: (closed: Closed) => void): () => void {
    this.#closeListeners.add(listener);
    return () => this.#closeListeners.delete(listener);
  }

  /**
   * The first frame since the last {@link mark}, past or to come, that the predicate likes. Rejects after `timeoutMs`,
   * and when the connection ends.
   */
  waitFor(predicate: (frame: BareFrame) => boolean, timeoutMs = DEFAULT_WAIT_MS): Promise<BareFrame> {
    return this.#log.waitFor(predicate, timeoutMs);
  }

  /** From here on {@link waitFor} looks at later frames only. */
  mark(): void {
    this.#log.mark();
  }

  /** Resolves with the close code and reason once the connection has ended. */
  waitForClose(): Promise<Closed> {
    if (this.#closed) return Promise.resolve(this.#closed);
    return new Promise((resolve) => this.onClose(resolve));
  }

  /** Sends what this generation sends, in its order. What comes of it is `me`, `error` or `disconnect`. */
  login(): void {
    this.#sendAll(loginFrames(this.generation, this.#login));
  }

  say(channel: string, text: string): void {
    this.send({ action: 'message', channel, message: text });
  }

  direct(name: string, text: string): void {
    this.say(`@${name}`, text);
  }

  /** `channel` is a channel's id or `@NAME`. Throws a RangeError above 8 MiB. */
  file(channel: string, fileName: string, bytes: Uint8Array, options: { readonly as?: BytesForm } = {}): void {
    this.sendText(fileText({ channel, fileName, bytes, as: options.as ?? 'array' }));
  }

  takeback(msgID: number): void {
    this.send({ action: 'takeback', msgID });
  }

  react(msgID: number, emoji: string): void {
    this.send({ action: 'react', msgID, message: emoji });
  }

  /** Says own state, in the generation's words; what is left out stays as it was. */
  me(change: OwnState): void {
    this.#self = changedSelf(this.#self, change);
    this.send(meFrame(this.generation, this.#self));
  }

  open(username: string): void {
    this.send({ action: 'open', username });
  }

  watch(username: string): void {
    this.send({ action: 'watch', username });
  }

  unwatch(username: string): void {
    this.send({ action: 'unwatch', username });
  }

  boot(username: string): void {
    this.send({ action: 'boot', username });
  }

  unboot(username: string): void {
    this.send({ action: 'unboot', username });
  }

  mute(username: string): void {
    this.send({ action: 'mute', username });
  }

  unmute(username: string): void {
    this.send({ action: 'unmute', username });
  }

  block(username: string): void {
    this.send({ action: 'block', username });
  }

  blocklist(usernames: readonly string[]): void {
    this.send({ action: 'blocklist', usernames });
  }

  videoInvite(usernames: readonly string[]): void {
    this.send({ action: 'video-invite', usernames });
  }

  /** `candidate` is the JSON of an RTCIceCandidate. */
  candidate(username: string, candidate: string): void {
    this.send({ action: 'candidate', username, candidate });
  }

  /** `description` is the JSON of an RTCSessionDescription. */
  sdp(username: string, description: string): void {
    this.send({ action: 'sdp', username, description });
  }

  report(report: Pick<BareFrame, 'channel' | 'username' | 'timestamp' | 'reason' | 'message' | 'comment'>): void {
    this.send({ action: 'report', ...report });
  }

  ping(): void {
    this.send({ action: 'ping' });
  }

  send(frame: BareFrame): void {
    this.sendText(JSON.stringify(frame));
  }

  /** Sends anything, as it is. */
  sendText(text: string): void {
    if (!this.#closed) this.#socket.send(text);
  }

  /** Ends the connection; 1000 is what a page sends that is left. */
  close(code = 1000): Promise<Closed> {
    const closed = this.waitForClose();
    this.#socket.close(code);
    return closed;
  }

  /** Ends the connection without a goodbye, as a lost network does. */
  drop(): Promise<Closed> {
    const closed = this.waitForClose();
    if (this.#socket.terminate) this.#socket.terminate();
    else this.#socket.close();
    return closed;
  }

  #sendAll(frames: readonly BareFrame[]): void {
    for (const frame of frames) this.send(frame);
  }

  #receive(data: unknown): void {
    const frame = typeof data === 'string' ? parseServerFrame(data) : undefined;
    if (!frame) return;
    this.#follow(frame);
    this.#log.add(frame);
    for (const listener of [...(this.#listeners.get(frame.action) ?? [])]) listener(frame);
    for (const listener of [...this.#anyListeners]) listener(frame);
  }

  #follow(frame: BareFrame): void {
    if (frame.action === 'who') this.#who = frame.whoList ?? [];
    if (frame.action === 'me') this.#becomeMe(frame);
    if (frame.action === 'disconnect') this.#leaveForGood();
  }

  #becomeMe(frame: BareFrame): void {
    const occasion = this.#loggedIn ? 'later' : 'first';
    this.#loggedIn = true;
    this.#name = frame.username ?? this.#name;
    // The server may have marked the camera as explicit, or taken the mark back.
    const nsfw = frame.video === undefined ? (frame.nsfw ?? false) : (frame.video & NSFW) !== 0;
    if (this.#self.video !== 0) this.#self = changedSelf(this.#self, { nsfw });
    this.#sendAll(answersToMe(this.generation, { ...this.#login, self: this.#self, occasion }));
  }

  /** Only the latest clients close by themselves (`spec/barertc.md` 1.9.16). */
  #leaveForGood(): void {
    this.#dismissed = true;
    this.#loggedIn = false;
    if (this.generation === 'latest') this.#socket.close(1000);
  }

  #end(closed: Closed): void {
    if (this.#closed) return;
    this.#closed = closed;
    this.#loggedIn = false;
    this.#log.close(closed);
    for (const listener of [...this.#closeListeners]) listener(closed);
  }
}

export type { BareRtcClientOptions, BytesForm, Closed, Generation, OwnState, SocketLike };

/** BareRTC's servers know no compression. The cast: `ws` hands its listeners more than they are declared to take. */
function connectWs(url: string): SocketLike {
  return new WebSocket(url, { perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES }) as unknown as SocketLike;
}
