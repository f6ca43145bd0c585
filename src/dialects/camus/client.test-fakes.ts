import { CamusClient, type CamusClientOptions, type CamusEvent, type SocketLike } from './client.ts';
import type { PeerConnectionLike, SessionDescription, TrackLike } from './client-peer.ts';

export const GC = 'ground control';
export const ME = 'b'.repeat(32);
export const RETRY_MS = 500;

export interface Sent {
  readonly receiver: string;
  readonly type: string;
  readonly data?: unknown;
}

/** A socket whose other end is the test. */
export class FakeSocket implements SocketLike {
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  onerror: SocketLike['onerror'] = null;
  readonly sent: Sent[] = [];
  closed: number | undefined;

  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }

  close(code = 1005): void {
    this.closed = code;
  }

  open(): void {
    this.onopen?.({});
  }

  drop(): void {
    this.onerror?.({});
    this.onclose?.({ code: 1006, reason: '' });
  }

  receive(sender: string, type: string, data: unknown = null): void {
    this.onmessage?.({ data: JSON.stringify({ sender, receiver: ME, type, data }) });
  }

  /** What was sent, as `type>receiver`. */
  get said(): string[] {
    return this.sent.map(({ type, receiver }) => `${type}>${receiver}`);
  }
}

let names = 0;

/** A connection that negotiates as a browser's does, and moves no pictures. */
export class FakeConnection implements PeerConnectionLike {
  onnegotiationneeded: PeerConnectionLike['onnegotiationneeded'] = null;
  onicecandidate: PeerConnectionLike['onicecandidate'] = null;
  oniceconnectionstatechange: PeerConnectionLike['oniceconnectionstatechange'] = null;
  onconnectionstatechange: PeerConnectionLike['onconnectionstatechange'] = null;
  ontrack: PeerConnectionLike['ontrack'] = null;
  readonly name = `connection-${++names}`;
  readonly tracks: TrackLike[] = [];
  readonly candidates: object[] = [];
  isRolledBack = false;
  isClosed = false;
  signalingState: 'stable' | 'have-local-offer' | 'have-remote-offer' = 'stable';
  connectionState = 'new';
  iceConnectionState = 'new';
  restarts = 0;
  localDescription: SessionDescription | null = null;
  remoteDescription: SessionDescription | null = null;
  #isBusy = false;

  async setLocalDescription(): Promise<void> {
    await this.#begin();
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer';
    this.localDescription = { type, sdp: this.name };
    this.signalingState = type === 'answer' ? 'stable' : 'have-local-offer';
  }

  async setRemoteDescription(description: SessionDescription): Promise<void> {
    await this.#begin();
    if (description.type === 'answer' && this.signalingState !== 'have-local-offer') throw new Error('Nothing asked.');
    if (description.type === 'offer' && this.signalingState === 'have-local-offer') this.isRolledBack = true;
    this.remoteDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
  }

  /** Candidates bear, for a user name, the name of the connection that they are of. */
  async addIceCandidate(candidate: object): Promise<void> {
    const { usernameFragment } = candidate as { readonly usernameFragment?: string };
    if (this.remoteDescription?.sdp !== usernameFragment) throw new Error('Of no description.');
    this.candidates.push(candidate);
  }

  addTrack(track: TrackLike): void {
    this.tracks.push(track);
    queueMicrotask(() => {
      if (!this.#isBusy && !this.localDescription) this.onnegotiationneeded?.({});
    });
  }

  async #begin(): Promise<void> {
    this.#isBusy = true;
    await undefined;
    this.#isBusy = false;
  }

  restartIce(): void {
    this.restarts += 1;
  }

  close(): void {
    this.isClosed = true;
  }

  /** Finds a way by which it may be reached. */
  find(): void {
    this.onicecandidate?.({ candidate: { toJSON: () => ({ candidate: 'a way', usernameFragment: this.name }) } });
  }
}

export interface Script {
  readonly client: CamusClient;
  readonly events: CamusEvent[];
  readonly sockets: readonly FakeSocket[];
  readonly connections: readonly FakeConnection[];
  /** The latest. */
  socket(): FakeSocket;
}

/** A client over scripted sockets and connections that is not started. */
export function script(options: Partial<CamusClientOptions> = {}): Script {
  const sockets: FakeSocket[] = [];
  const connections: FakeConnection[] = [];
  const events: CamusEvent[] = [];
  const client = new CamusClient({
    url: 'ws://chat.test/room/tea/ws',
    username: 'Ann',
    retryMs: RETRY_MS,
    connect: () => added(sockets, new FakeSocket()),
    peerConnection: () => added(connections, new FakeConnection()),
    ...options,
  });
  client.on((event) => events.push(event));
  return { client, events, sockets, connections, socket: () => sockets.at(-1) ?? added(sockets, new FakeSocket()) };
}

function added<T>(list: T[], item: T): T {
  list.push(item);
  return item;
}

/** Answers the questions of a start, on the present socket, and says who is there: pairs of id and name. */
export async function answerStart({ socket }: Script, ...clients: readonly [string, string][]): Promise<void> {
  const present = socket();
  present.receive(GC, 'pong', present.sent.findLast(({ type }) => type === 'ping')?.data);
  await settled();
  present.receive(GC, 'ice-servers', [{ urls: ['stun:stun.test'] }]);
  await settled();
  tellRoom(present, ...clients);
  await settled();
}

export function tellRoom(socket: FakeSocket, ...clients: readonly [string, string][]): void {
  const rows = clients.map(([id, username]) => ({ id, username }));
  socket.receive(GC, 'room-info', { room_id: 'tea', clients: rows });
}

/** A client that is in the room, with others. */
export async function started(options: Partial<CamusClientOptions> = {}, ...others: readonly [string, string][]) {
  const scripted = script(options);
  const opened = scripted.client.signaler.open();
  scripted.socket().open();
  await opened;
  const start = scripted.client.start();
  await answerStart(scripted, [ME, 'Major Tom'], ...others);
  await start;
  tellRoom(scripted.socket(), [ME, 'Ann'], ...others);
  scripted.socket().sent.length = 0;
  return scripted;
}

/** Until all that follows from what happened has happened: promises only, no time. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await undefined;
}
