import { readFileSync } from 'node:fs';
import { GaleneClient, type GaleneClientOptions } from './client.ts';
import type { GaleneFrame } from './client-frames.ts';
import type { SocketLike, Timing } from './client-options.ts';
import type { Description, PeerConnectionLike, TrackLike } from './client-peer.ts';

export const ME = 'f'.repeat(32);

/** The server's end of a connection that is in memory; what is sent arrives in a turn of its own. */
export class FakeServer implements SocketLike {
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  onerror: SocketLike['onerror'] = null;
  /** What the client said. */
  readonly received: GaleneFrame[] = [];
  /** Says what is answered to a frame; more may be said at any time. */
  answers: (frame: GaleneFrame) => readonly GaleneFrame[] = () => [];
  closed: { readonly code: number; readonly reason: string } | undefined;

  constructor() {
    queueMicrotask(() => this.onopen?.({}));
  }

  send(data: string): void {
    const frame = JSON.parse(data) as GaleneFrame;
    this.received.push(frame);
    const answers = this.answers(frame);
    queueMicrotask(() => this.say(...answers));
  }

  close(code = 1005, reason = ''): void {
    this.closed = { code, reason };
    queueMicrotask(() => this.onclose?.({ code, reason }));
  }

  say(...frames: readonly GaleneFrame[]): void {
    for (const frame of frames) this.sayText(JSON.stringify(frame));
  }

  sayText(data: unknown): void {
    this.onmessage?.({ data });
  }

  drop(): void {
    this.onclose?.({ code: 1006, reason: '' });
  }

  /** The types, and what belongs to them, of what the client said. */
  get said(): readonly string[] {
    return this.received.map(({ type, kind }) => (kind ? `${type}/${kind}` : type));
  }

  last(type: string): GaleneFrame | undefined {
    return this.received.findLast((frame) => frame.type === type);
  }
}

const PERMISSIONS = ['op', 'present', 'message'];

/** Greets, and lets in, as Galène does (`spec/galene.md` 1.5). */
export function latestServer(frame: GaleneFrame): readonly GaleneFrame[] {
  if (frame.type === 'handshake') return [{ type: 'handshake', version: ['2'] }];
  if (frame.type === 'ping') return [{ type: 'pong' }];
  if (frame.type !== 'join') return [];
  const { group = '', username = 'named' } = frame;
  if (frame.kind === 'leave') return [{ type: 'joined', kind: 'leave', group, username }];
  const joined = { type: 'joined', kind: 'join', group, username, permissions: PERMISSIONS, status: { name: group } };
  return [
    { ...joined, rtcConfiguration: { iceServers: [{ urls: 'stun:stun.test' }] } },
    { type: 'chathistory', id: 'x1', source: 'o1', username: 'Ann', time: '2026-11-21T02:22:03Z', value: 'old' },
    { type: 'user', kind: 'add', id: ME, username, permissions: PERMISSIONS },
    { type: 'user', kind: 'add', id: 'o1', username: 'Ann', permissions: ['message'], data: { raisehand: true } },
  ];
}

/** A client in the room, and its server. */
export async function inGroup(options: Partial<GaleneClientOptions> = {}) {
  const { client, server } = await connected(options);
  await client.join('tea', { username: 'Bill', password: 'pw' });
  await settled();
  server.received.length = 0;
  return { client, server };
}

export async function connected(options: Partial<GaleneClientOptions> = {}) {
  const server = new FakeServer();
  server.answers = latestServer;
  const client = await GaleneClient.connect({ url: 'ws://tea.test/ws', id: ME, connect: () => server, ...options });
  return { client, server };
}

/** Until all that follows from what happened has happened: promises only, no time. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await undefined;
}

/** Time that passes when the test says so. */
export class FakeTiming implements Timing {
  #now = 0;
  #tasks: { at: number; readonly every: number | undefined; readonly task: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  every(ms: number, task: () => void): () => void {
    return this.#add({ at: this.#now + ms, every: ms, task });
  }

  after(ms: number, task: () => void): () => void {
    return this.#add({ at: this.#now + ms, every: undefined, task });
  }

  /** How many tasks there are still. */
  get waiting(): number {
    return this.#tasks.length;
  }

  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = this.#tasks.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#now = next.at;
      if (next.every === undefined) this.#tasks = this.#tasks.filter((each) => each !== next);
      else next.at += next.every;
      next.task();
    }
    this.#now = end;
  }

  #add(task: { at: number; readonly every: number | undefined; readonly task: () => void }): () => void {
    this.#tasks.push(task);
    return () => {
      this.#tasks = this.#tasks.filter((each) => each !== task);
    };
  }
}

/** A connection that negotiates as a browser's does, and moves no pictures. */
export class FakeConnection implements PeerConnectionLike {
  onicecandidate: PeerConnectionLike['onicecandidate'] = null;
  oniceconnectionstatechange: PeerConnectionLike['oniceconnectionstatechange'] = null;
  onconnectionstatechange: PeerConnectionLike['onconnectionstatechange'] = null;
  ontrack: PeerConnectionLike['ontrack'] = null;
  signalingState = 'stable';
  connectionState = 'new';
  iceConnectionState = 'new';
  localDescription: Description | null = null;
  remoteDescription: Description | null = null;
  restarts = 0;
  isClosed = false;
  readonly candidates: string[] = [];
  readonly transceivers: { readonly track: TrackLike; readonly init: object; mid: string | null }[] = [];
  #offers = 0;

  addTransceiver(trackOrKind: TrackLike | string, init: object) {
    const track = typeof trackOrKind === 'string' ? { kind: trackOrKind, id: trackOrKind } : trackOrKind;
    const transceiver = { track, init, mid: null };
    this.transceivers.push(transceiver);
    return transceiver;
  }

  async setLocalDescription(): Promise<void> {
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer';
    this.#offers += 1;
    for (const [index, transceiver] of this.transceivers.entries()) transceiver.mid = String(index);
    // A browser finds ways while it still describes itself.
    this.find(`early ${this.#offers}`);
    await undefined;
    this.localDescription = { type, sdp: `${type} ${this.#offers}` };
    this.signalingState = type === 'offer' ? 'have-local-offer' : 'stable';
  }

  async setRemoteDescription(description: Description): Promise<void> {
    if (description.sdp === 'nonsense') throw new Error('Nonsense.');
    this.remoteDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
  }

  async addIceCandidate({ candidate }: { readonly candidate: string }): Promise<void> {
    if (!this.remoteDescription) throw new Error('Too early.');
    this.candidates.push(candidate);
  }

  restartIce(): void {
    this.restarts += 1;
  }

  close(): void {
    this.isClosed = true;
  }

  find(candidate: string): void {
    this.onicecandidate?.({ candidate: { candidate, toJSON: () => ({ candidate, sdpMid: '0' }) } });
  }

  fail(): void {
    this.iceConnectionState = 'failed';
    this.oniceconnectionstatechange?.({});
  }
}

/** Frames that a real client and a stub said to each other, without what is not of this wire. */
export function captured(name: string): readonly { readonly isServers: boolean; readonly frame: GaleneFrame }[] {
  const path = new URL(`./client-captures/${name}.json`, import.meta.url);
  const entries = JSON.parse(readFileSync(path, 'utf8')) as readonly {
    readonly dir: string;
    readonly m: GaleneFrame;
  }[];
  return entries.map(({ dir, m }) => ({ isServers: dir === 's->c', frame: m }));
}
