import type { ClientEvent, ParlourClientOptions, SocketLike } from './client.ts';
import { ParlourClient } from './client.ts';
import type { ClientFrame, ServerFrame } from './wire.ts';

/** A socket whose other end is the test. */
export class ScriptedSocket implements SocketLike {
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  onerror: SocketLike['onerror'] = null;
  readonly sent: ClientFrame[] = [];
  closedByClient = false;

  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }

  close(): void {
    this.closedByClient = true;
  }

  open(): void {
    this.onopen?.({});
  }

  drop(): void {
    this.onclose?.({ code: 1006, reason: '' });
  }

  receive(...frames: readonly ServerFrame[]): void {
    for (const frame of frames) this.receiveText(JSON.stringify(frame));
  }

  receiveText(data: unknown): void {
    this.onmessage?.({ data });
  }

  sentOf<T extends ClientFrame['type']>(type: T): Extract<ClientFrame, { type: T }>[] {
    return this.sent.filter((frame): frame is Extract<ClientFrame, { type: T }> => frame.type === type);
  }
}

export interface Script {
  readonly client: ParlourClient;
  readonly events: ClientEvent[];
  /** All sockets the client opened so far; the present one is the last. */
  readonly sockets: readonly ScriptedSocket[];
  socket(): ScriptedSocket;
  /** Opens the present socket and answers its `hello`. */
  welcome(fields?: Partial<Extract<ServerFrame, { type: 'welcome' }>>): ScriptedSocket;
  /** The room's frames that listeners got, by number. */
  seqs(): number[];
}

export const BACKOFF_MS = 500;

/** A client over scripted sockets, started; the test moves the time. */
export function script(options: Partial<ParlourClientOptions> = {}): Script {
  const sockets: ScriptedSocket[] = [];
  const events: ClientEvent[] = [];
  const client = new ParlourClient({
    url: 'ws://chat.test/ws',
    room: 'lobby',
    name: 'ann',
    connect: () => {
      sockets.push(new ScriptedSocket());
      return last(sockets);
    },
    backoffMs: () => BACKOFF_MS,
    ...options,
  });
  client.on((event) => events.push(event));
  client.start();
  return {
    client,
    events,
    sockets,
    socket: () => last(sockets),
    welcome: (fields) => {
      const socket = last(sockets);
      socket.open();
      socket.receive({ ...WELCOME, ...fields });
      return socket;
    },
    seqs: () => events.flatMap((event) => (event.type === 'frame' ? [event.frame.seq] : [])),
  };
}

const WELCOME: Extract<ServerFrame, { type: 'welcome' }> = {
  type: 'welcome',
  session: 's1',
  token: 't1',
  epoch: 'e1',
  seq: 10,
  recovered: false,
  keepAliveMs: 20_000,
};

export function roomFrame(seq: number): Extract<ServerFrame, { type: 'room' }> {
  return {
    type: 'room',
    seq,
    name: 'lobby',
    title: 'Lobby',
    channels: [],
    self: {
      id: 'm1',
      name: 'ann',
      status: 'online',
      dnd: false,
      camera: 0,
      operator: false,
      vip: false,
      joinedAt: 1,
      permissions: [],
      rules: [],
      relations: { mute: [], block: [], boot: [], invite: [] },
    },
    members: [],
    messages: [],
    permitExplicit: false,
    meeting: { description: '', locked: false, data: {} },
  };
}

export function notice(seq: number): Extract<ServerFrame, { type: 'notice' }> {
  return { type: 'notice', seq, text: `notice ${seq}` };
}

function last(sockets: readonly ScriptedSocket[]): ScriptedSocket {
  const socket = sockets.at(-1);
  if (!socket) throw new Error('The client opened no socket.');
  return socket;
}
