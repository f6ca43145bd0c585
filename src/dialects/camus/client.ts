import { Peer, type PeerConnectionLike, type SessionDescription, type TrackLike } from './client-peer.ts';
import { type Message, ROOM, type RoomInfo, SERVER, Signaler, type SignalerOptions } from './client-signaler.ts';

export { Peer, type PeerConnectionLike, type SessionDescription, type TrackLike } from './client-peer.ts';
export { type Message, ROOM, type RoomInfo, SERVER, Signaler, type SocketLike } from './client-signaler.ts';

export interface IceServer {
  readonly urls: string | string[];
  readonly username?: string;
  readonly credential?: string;
}

export interface CamusClientOptions extends SignalerOptions {
  /** What people see; nobody's until it is said. */
  readonly username?: string;
  /** Makes a connection to another client; without it there are no calls, and signals are for listeners. */
  readonly peerConnection?: (configuration: { readonly iceServers: IceServer[] }) => PeerConnectionLike;
}

export interface ChatLine {
  readonly from: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
}

/** What is said while the connection is lost is kept, up to so many messages. */
const MAX_UNSENT = 1_000;

export type CamusEvent =
  | { readonly type: 'text'; readonly sender: string; readonly line: ChatLine }
  /** Who is in the room, oneself included. */
  | { readonly type: 'clients'; readonly clients: RoomInfo['clients'] }
  | { readonly type: 'track'; readonly peer: string; readonly track: TrackLike }
  | { readonly type: 'peer-state'; readonly peer: string; readonly state: string }
  | { readonly type: 'peer-gone'; readonly peer: string }
  | { readonly type: 'connection'; readonly state: 'open' | 'lost' | 'closed' };

/**
 * The other end of Camus' wire, for browsers, bots, tests and benchmarks (the seed's Manager): a signaler, and a peer
 * for each other client. Works with the original server too.
 */
export class CamusClient {
  readonly signaler: Signaler;
  readonly #options: CamusClientOptions;
  readonly #listeners = new Set<(event: CamusEvent) => void>();
  readonly #peers = new Map<string, Peer>();
  readonly #tracks: TrackLike[] = [];
  #id = '';
  #username: string;
  #clients: RoomInfo['clients'] = [];
  #iceServers: readonly IceServer[] = [];
  /** Whether the server knows who speaks: not before the start, nor while the connection is lost. */
  #isIn = false;
  #hasStarted = false;
  #unsent: Omit<Message, 'sender'>[] = [];

  /** Connects, and resolves when it knows itself and who is there (`spec/camus.md` 1.5). */
  static async enter(options: CamusClientOptions): Promise<CamusClient> {
    const client = new CamusClient(options);
    try {
      await client.signaler.open();
      await client.start();
      return client;
    } catch (error) {
      client.signaler.close();
      throw error;
    }
  }

  constructor(options: CamusClientOptions) {
    this.#options = options;
    this.#username = options.username ?? '';
    this.signaler = new Signaler(options);
    this.signaler.onState((state) => this.#connectionIs(state));
    this.signaler.on('room-info', ({ sender, data }) => {
      if (sender === SERVER && this.#id !== '') this.#reconcile(data as RoomInfo);
    });
    this.signaler.on('text', ({ sender, data }) => this.#emit({ type: 'text', sender, line: data as ChatLine }));
    for (const type of ['offer', 'answer', 'icecandidate'] as const) {
      this.signaler.on(type, (message) => this.#signalled(type, message));
    }
    this.signaler.on('bye', ({ sender }) => this.#hangUp(sender, { answer: true }));
  }

  /** One's own id; empty before {@link start}. */
  get id(): string {
    return this.#id;
  }

  get clients(): RoomInfo['clients'] {
    return this.#clients;
  }

  get iceServers(): readonly IceServer[] {
    return this.#iceServers;
  }

  /** The calls there are, by the other client's id. */
  get peers(): ReadonlyMap<string, Peer> {
    return this.#peers;
  }

  on(listener: (event: CamusEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Where the connection is lost meanwhile, it rejects; once it came to its end, it is repeated on each new one. */
  async start(): Promise<void> {
    this.#id = (await this.signaler.ask('ping', 'pong', Date.now())).receiver;
    this.#iceServers = (await this.signaler.ask('get-ice-servers', 'ice-servers')).data as readonly IceServer[];
    await this.signaler.ask('get-room-info', 'room-info');
    this.#isIn = true;
    this.#hasStarted = true;
    if (this.#username !== '' && this.#username !== this.#ownName()) this.rename(this.#username);
    for (const { receiver, type, data } of this.#unsent.splice(0)) this.signaler.send(receiver, type, data);
  }

  rename(username: string): void {
    this.#username = username;
    if (this.#isIn) this.signaler.send(SERVER, 'profile', { username });
  }

  say(text: string): void {
    this.#send(ROOM, 'text', { from: this.#username, time: Date.now(), text });
  }

  /** Sends a track to everybody, and to who comes. */
  addTrack(track: TrackLike): void {
    this.#tracks.push(track);
    for (const peer of this.#peers.values()) peer.addTrack(track);
  }

  /** Says goodbye to everybody, and ends. */
  leave(): void {
    for (const id of [...this.#peers.keys()]) {
      this.signaler.send(id, 'bye', Date.now());
      this.#hangUp(id, { answer: false });
    }
    this.signaler.send(SERVER, 'bye', Date.now());
    this.signaler.close();
  }

  #connectionIs(state: 'open' | 'lost' | 'closed'): void {
    if (state !== 'open') this.#isIn = false;
    // Where it is lost again, the next connection begins anew.
    else if (this.#hasStarted) this.start().catch(() => {});
    this.#emit({ type: 'connection', state });
  }

  #send(receiver: string, type: string, data: unknown): void {
    if (this.#isIn) this.signaler.send(receiver, type, data);
    else if (this.#unsent.length < MAX_UNSENT) this.#unsent.push({ receiver, type, data });
  }

  #ownName(): string | undefined {
    return this.#clients.find(({ id }) => id === this.#id)?.username;
  }

  /** Calls whom it lists and there is no call with, and hangs up on whom it does not. */
  #reconcile({ clients }: RoomInfo): void {
    const before = this.#ownName();
    this.#clients = clients;
    const name = this.#ownName();
    if (this.#hasStarted && !this.#isIn && name !== before && name !== this.#username) this.#beginAnew();
    const others = clients.filter(({ id }) => id !== this.#id);
    const listed = new Set(others.map(({ id }) => id));
    for (const id of [...this.#peers.keys()]) if (!listed.has(id)) this.#hangUp(id, { answer: true });
    for (const { id } of others) this.#peer(id);
    this.#emit({ type: 'clients', clients });
  }

  /** Who comes back without their name was away for too long: the others have hung up, and call somebody new. */
  #beginAnew(): void {
    this.#unsent = this.#unsent.filter(({ receiver }) => receiver === ROOM);
    for (const id of [...this.#peers.keys()]) this.#hangUp(id, { answer: false });
  }

  #peer(id: string): Peer | undefined {
    const { peerConnection } = this.#options;
    const existing = this.#peers.get(id);
    if (existing || !peerConnection || id === this.#id || id === SERVER) return existing;
    const peer = new Peer({
      id,
      isPolite: this.#id < id,
      connect: () => peerConnection({ iceServers: [...this.#iceServers] }),
      send: (type, data) => this.#send(id, type, data),
      trackAdded: (track) => this.#emit({ type: 'track', peer: id, track }),
      stateChanged: (state) => this.#emit({ type: 'peer-state', peer: id, state }),
    });
    this.#peers.set(id, peer);
    for (const track of this.#tracks) peer.addTrack(track);
    return peer;
  }

  #signalled(type: 'offer' | 'answer' | 'icecandidate', { sender, data }: Message): void {
    const peer = this.#peer(sender);
    if (!peer || typeof data !== 'object' || data === null) return;
    void (type === 'icecandidate' ? peer.candidate(data) : peer.described(data as SessionDescription));
  }

  #hangUp(id: string, { answer }: { readonly answer: boolean }): void {
    const peer = this.#peers.get(id);
    if (!peer) return;
    this.#peers.delete(id);
    peer.close();
    if (answer) this.#send(id, 'bye', Date.now());
    this.#emit({ type: 'peer-gone', peer: id });
  }

  #emit(event: CamusEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}
