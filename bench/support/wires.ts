import { WebSocket } from 'ws';
import { BareRtcClient } from '../../src/dialects/barertc/client.ts';
import { CamusClient } from '../../src/dialects/camus/client.ts';
import { ParlourClient } from '../../src/dialects/parlour/client.ts';
import { RwciClient } from '../../src/dialects/rwci/client.ts';

/** A member as a load has it: it entered as its client library does, and from then on only counts. */
export interface LoadMember {
  readonly socket: WebSocket;
  say(text: string): void;
}

export interface LoadWire {
  /** `tap` hears every frame, from the first on, before the library does. */
  enter(url: string, name: string, tap: (data: Buffer) => void): Promise<LoadMember>;
  /** Whether a frame is a message of the room. */
  isMessage(data: Buffer): boolean;
  /** What a message of the benchmark looks like on the wire: the floor sends the same bytes. */
  readonly sample: string;
  /** Whether each frame is its receiver's own, which no shared buffer can be compared to: then there is no goal. */
  readonly isPersonal?: true;
  /** Follows who is known to be there: each frame in, how many they are out. */
  roster(): (data: Buffer) => number;
}

const LINE = 'Hello everybody, this is a line of ordinary length. sent-at:1795234887722.4321';
const ID = '0123456789abcdef0123456789abcdef';
/** Those that entered go on listening for as long as the load runs. */
const HEAD_BYTES = 64;

function begins(data: Buffer, ...texts: readonly string[]): boolean {
  const head = data.subarray(0, HEAD_BYTES).toString('latin1');
  return texts.some((text) => head.includes(text));
}

/** How often a text is in a frame. */
function count(data: Buffer, text: string): number {
  let found = 0;
  for (let at = data.indexOf(text); at >= 0; at = data.indexOf(text, at + text.length)) found++;
  return found;
}

function connect(url: string, tap: (data: Buffer) => void, headers: Readonly<Record<string, string>> = {}): WebSocket {
  const socket = new WebSocket(url, { perMessageDeflate: false, headers });
  socket.on('close', (code) => process.stderr.write(`closed with ${code}\n`));
  socket.on('message', tap);
  return socket;
}

/** `ws` hands its listeners more than the libraries declare to take. */
function as<T>(socket: WebSocket): T {
  return socket as unknown as T;
}

const barertc: LoadWire = {
  async enter(url, username, tap) {
    const socket = connect(`${url.replace('http', 'ws')}/ws`, tap);
    const options = { url, username, keepFrames: 1, connect: () => as<never>(socket) };
    const client = await BareRtcClient.enter(options);
    socket.onmessage = null;
    return { socket, say: (text) => client.say('lobby', text) };
  },
  isMessage: (data) => begins(data, '"action":"message"'),
  sample: JSON.stringify({
    action: 'message',
    channel: 'lobby',
    username: 'member-123',
    message: `<p>${LINE}</p>`,
    msgID: 1795234887722,
  }),
  roster() {
    let known = 0;
    return (data) => {
      if (data.subarray(0, 15).toString('latin1') === '{"action":"who"') known = count(data, '"loginAt"');
      return known;
    };
  },
};

const parlour: LoadWire = {
  async enter(url, name, tap) {
    const address = `${url.replace('http', 'ws')}/ws`;
    const socket = connect(address, tap);
    const client = new ParlourClient({ url: address, room: 'lobby', name, connect: () => as<never>(socket) });
    const { promise, resolve } = Promise.withResolvers<void>();
    client.on((event) => event.type === 'frame' && event.frame.type === 'room' && resolve());
    client.start();
    await promise;
    socket.onmessage = null;
    const target = { channel: 'lobby' };
    return { socket, say: (text) => socket.send(JSON.stringify({ type: 'post', target, text })) };
  },
  isMessage: (data) => begins(data, '"type":"message"'),
  sample: JSON.stringify({
    type: 'message',
    seq: 123_456,
    message: { id: 1795234887722, channel: 'lobby', from: 'member-123', at: 1795234887722, text: LINE, reactions: [] },
  }),
  roster() {
    let known = 0;
    return (data) => {
      if (begins(data, '"type":"room"')) known = count(data, '"joinedAt"') - 1;
      else if (begins(data, '"type":"member"') && data.includes('"joined":true')) known++;
      else if (begins(data, '"type":"gone"')) known--;
      return known;
    };
  },
};

const camus: LoadWire = {
  async enter(url, username, tap) {
    const page = await fetch(`${url}/room/lobby`);
    await page.arrayBuffer();
    const cookie = page.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const address = `${url.replace('http', 'ws')}/room/lobby/ws`;
    const socket = connect(address, tap, { cookie });
    const client = await CamusClient.enter({ url: address, username, connect: () => as<never>(socket) });
    socket.onmessage = null;
    return { socket, say: (text) => client.say(text) };
  },
  isMessage: (data) => data.includes('"type":"text"', 80) && !begins(data, '"ground control"'),
  sample: JSON.stringify({
    sender: ID,
    receiver: ID,
    type: 'text',
    data: { from: 'member-123', time: 1795234887722, text: LINE },
  }),
  isPersonal: true,
  roster() {
    let known = 0;
    return (data) => {
      if (data.subarray(0, 120).includes('"type":"room-info"')) known = count(data, '"username"');
      return known;
    };
  },
};

const rwci: LoadWire = {
  async enter(url, username, tap) {
    const socket = connect(url.replace('http', 'ws'), tap);
    const client = await RwciClient.enter({ url, username, password: 'benchmark', connect: () => as<never>(socket) });
    socket.onmessage = null;
    return { socket, say: (text) => client.say(text) };
  },
  isMessage: (data) => begins(data, '"type":"message"'),
  sample: JSON.stringify({ type: 'message', author: 'member-123', message: LINE, channel: 'lobby' }),
  roster() {
    let known = 0;
    return (data) => {
      if (begins(data, '"type":"user_list"')) known = (JSON.parse(data.toString()) as { users: string[] }).users.length;
      // One's own comes last, and is in the list already.
      else if (begins(data, '"type":"join"')) known++;
      else if (begins(data, '"type":"quit"')) known--;
      return known;
    };
  },
};

export const LOAD_WIRES = { barertc, camus, parlour, rwci } as const;
export type LoadWireName = keyof typeof LOAD_WIRES;

export function loadWire(name: string | undefined): LoadWire {
  if (name !== undefined && Object.hasOwn(LOAD_WIRES, name)) return LOAD_WIRES[name as LoadWireName];
  throw new Error(`There is no wire ${name}.`);
}
