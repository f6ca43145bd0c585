import { WebSocket } from 'ws';
import {
  BareRtcClient,
  type BareRtcClientOptions,
  type Closed,
  type Generation,
  type SocketLike,
} from '../../src/dialects/barertc/client.ts';
import { ParlourClient } from '../../src/dialects/parlour/client.ts';
import { startTestServer, type TestServer, type TestSettings } from './server.ts';

export const GENERATIONS = ['latest', 'seed-2023-09', 'seed-2023-03'] as const satisfies readonly Generation[];

/** A frame exactly as it came: also what a client would not understand. */
export type RawFrame = Readonly<Record<string, unknown>>;

export interface WhoLine extends RawFrame {
  readonly username: string;
}

const TIMEOUT_MS = 10_000;
/** An action that nobody knows is answered to its sender alone: a fence that leaves no trace with others. */
const FENCE = 'fence';
const FENCE_REPLY = 'Unsupported message type.';

type GuestOptions = Partial<Omit<BareRtcClientOptions, 'url' | 'username' | 'connect'>>;

/** A connection on the BareRTC wire: what its client does, and exactly what it received. */
export class Guest {
  readonly client: BareRtcClient;
  readonly socket: WebSocket;
  /** All frames in the order of their arrival, without the replies to fences. */
  readonly frames: RawFrame[];
  readonly #listeners: Set<(frame: RawFrame) => void>;

  private constructor(client: BareRtcClient, socket: WebSocket, inbox: Inbox) {
    this.client = client;
    this.socket = socket;
    this.frames = inbox.frames;
    this.#listeners = inbox.listeners;
  }

  /**
   * Opens a connection and says nothing. Unless said, the client is of the second generation, which (unlike the
   * latest) says nothing by itself but its login.
   */
  static async connect(url: string, username: string, options: GuestOptions = {}): Promise<Guest> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    const inbox: Inbox = { frames: [], listeners: new Set() };
    // Before the client's own listener, which may answer at once.
    socket.on('message', (data, isBinary) => {
      if (!isBinary) take(inbox, String(data));
    });
    const client = await BareRtcClient.connect({
      generation: 'seed-2023-09',
      ...options,
      url,
      username,
      connect: () => socket as unknown as SocketLike,
    });
    return new Guest(client, socket, inbox);
  }

  get name(): string {
    return this.client.name;
  }

  send(frame: object): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** All frames of these actions. */
  of(...actions: readonly string[]): RawFrame[] {
    return this.frames.filter((frame) => actions.includes(String(frame.action)));
  }

  /** The latest who list. */
  get who(): readonly WhoLine[] {
    return (this.of('who').at(-1)?.whoList ?? []) as readonly WhoLine[];
  }

  get whoNames(): readonly string[] {
    return this.who.map(({ username }) => username);
  }

  row(username: string): WhoLine | undefined {
    return this.who.find((row) => row.username === username);
  }

  /** The first frame that arrives from now on and has these fields. */
  next(wanted: RawFrame | ((frame: RawFrame) => boolean)): Promise<RawFrame> {
    const fits = typeof wanted === 'function' ? wanted : (frame: RawFrame) => hasFields(frame, wanted);
    return this.#await(fits, typeof wanted === 'function' ? 'a frame' : JSON.stringify(wanted));
  }

  /** Waits until this connection's last who list is as wanted. */
  async whoIs(fits: (who: readonly WhoLine[]) => boolean): Promise<void> {
    if (fits(this.who)) return;
    await this.next((frame) => frame.action === 'who' && fits((frame.whoList ?? []) as WhoLine[]));
  }

  /** Records what arrives from now on. */
  tape(): Tape {
    const from = this.frames.length;
    const { frames } = this;
    return {
      get frames() {
        return frames.slice(from);
      },
      of: (...actions) => frames.slice(from).filter((frame) => actions.includes(String(frame.action))),
    };
  }

  /** Resolves when all that this connection sent was carried out, and all that it was sent until then arrived. */
  async fence(): Promise<void> {
    const passed = this.#await((frame) => isFence(frame), 'the reply to a fence');
    this.send({ action: FENCE });
    await passed;
  }

  closed(): Promise<Closed> {
    return this.client.waitForClose();
  }

  async login(): Promise<this> {
    const me = this.next({ action: 'me' });
    this.client.login();
    await me;
    return this;
  }

  #await(fits: (frame: RawFrame) => boolean, what: string): Promise<RawFrame> {
    const { promise, resolve, reject } = Promise.withResolvers<RawFrame>();
    const listener = (frame: RawFrame): void => {
      if (fits(frame)) settle(() => resolve(frame));
    };
    const stopWatching = this.client.onClose(({ code }) =>
      settle(() => reject(new Error(`${this.name} was closed with ${code} while waiting for ${what}.`))),
    );
    const timer = setTimeout(() => settle(() => reject(new Error(this.#missing(what)))), TIMEOUT_MS);
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      stopWatching();
      this.#listeners.delete(listener);
      finish();
    };
    this.#listeners.add(listener);
    return promise;
  }

  #missing(what: string): string {
    const latest = this.frames.slice(-10).map((frame) => JSON.stringify(frame).slice(0, 200));
    return `${this.name} did not receive ${what}. Last:\n${latest.join('\n')}`;
  }
}

export interface Tape {
  readonly frames: readonly RawFrame[];
  of(...actions: readonly string[]): RawFrame[];
}

interface Inbox {
  readonly frames: RawFrame[];
  readonly listeners: Set<(frame: RawFrame) => void>;
}

function take(inbox: Inbox, text: string): void {
  const frame = JSON.parse(text) as RawFrame;
  if (!isFence(frame)) inbox.frames.push(frame);
  for (const listener of [...inbox.listeners]) listener(frame);
}

function isFence(frame: RawFrame): boolean {
  return frame.action === 'error' && frame.message === FENCE_REPLY;
}

function hasFields(frame: RawFrame, wanted: RawFrame): boolean {
  return Object.entries(wanted).every(([key, value]) => frame[key] === value);
}

/**
 * Waits until whatever these connections sent was carried out, and all that came of it has arrived at each of them:
 * what is not there now does not come.
 */
export async function settled(...guests: readonly Guest[]): Promise<void> {
  await Promise.all(guests.map((guest) => guest.fence()));
  await Promise.all(guests.map((guest) => guest.fence()));
}

/** A server with people on the BareRTC wire. */
export class TestRoom implements AsyncDisposable {
  readonly server: TestServer;
  readonly #guests: Guest[] = [];
  #keeperToken: string | undefined;

  private constructor(server: TestServer) {
    this.server = server;
  }

  static async open(settings: TestSettings = {}): Promise<TestRoom> {
    return new TestRoom(await startTestServer({ settings }));
  }

  async connect(username: string, options?: GuestOptions): Promise<Guest> {
    const guest = await Guest.connect(this.server.wsUrl, username, options);
    this.#guests.push(guest);
    return guest;
  }

  /** Connects, logs in, and waits until all that belongs to that has arrived, at those who were there as well. */
  async enter(username: string, options?: GuestOptions): Promise<Guest> {
    const guest = await this.connect(username, options);
    await guest.login();
    await settled(...this.#guests.filter(({ client }) => client.loggedIn));
    return guest;
  }

  /** A guest whom an operator on the native wire, who then left again, made an operator. */
  async enterAsOperator(username: string, options?: GuestOptions): Promise<Guest> {
    const guest = await this.enter(username, options);
    const gone = guest.next({ action: 'presence', username: KEEPER, message: 'has exited the room!' });
    const keeper = await this.#keeper();
    await keeper.ask({ type: 'operator', name: guest.name, on: true });
    keeper.close();
    await gone;
    await guest.whoIs((who) => who.some((row) => row.username === guest.name && row.op === true));
    await settled(...this.#guests.filter(({ client }) => client.loggedIn));
    return guest;
  }

  async #keeper(): Promise<ParlourClient> {
    const { wsUrl: url, invitationToken } = this.server;
    const keeper = new ParlourClient({
      url,
      room: 'lobby',
      name: KEEPER,
      ...(this.#keeperToken === undefined ? { invitation: invitationToken } : { token: this.#keeperToken }),
    });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    keeper.on((event) => {
      if (event.type === 'welcome') resolve();
      if (event.type === 'state' && event.state.kind === 'closed') reject(new Error('The keeper could not enter.'));
    });
    keeper.start();
    await promise;
    this.#keeperToken = keeper.token;
    return keeper;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#guests.map(({ client }) => client.drop()));
    await this.server.close();
  }
}

const KEEPER = 'keeper';
