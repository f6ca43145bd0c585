import { WebSocket } from 'ws';
import { BareRtcClient, type SocketLike } from '../../../src/dialects/barertc/client.ts';
import { GaleneClient } from '../../../src/dialects/galene/client.ts';
import { Camus, GC } from '../../support/camus.ts';
import { enterNative, type NativeOptions } from '../../support/native.ts';
import { Rwci } from '../../support/rwci.ts';
import type { TestServer } from '../../support/server.ts';

export const WIRES = ['barertc', 'camus', 'galene', 'parlour', 'rwci'] as const;
export type WireName = (typeof WIRES)[number];

/** What somebody on any wire noticed, in words that are the same for all. */
export type Noticed =
  | { readonly what: 'said'; readonly from: string; readonly text: string; readonly channel?: string }
  | { readonly what: 'whispered'; readonly from: string; readonly text: string }
  /** Of what was said before they came. */
  | { readonly what: 'shown'; readonly from: string; readonly text: string }
  | { readonly what: 'came' | 'went' | 'typed'; readonly from: string }
  | { readonly what: 'renamed'; readonly from: string; readonly to: string }
  | { readonly what: 'retracted' }
  /** From the server, to this one or to all. */
  | { readonly what: 'told'; readonly text: string }
  | { readonly what: 'ended'; readonly code: number };

/** Somebody on one of the wires, of whom a test asks what people do. */
export interface Person {
  readonly wire: WireName;
  readonly name: string;
  readonly noticed: readonly Noticed[];
  /** Who is in their roster. */
  readonly roster: readonly string[];
  say(text: string, channel?: string): void;
  whisper(to: string, text: string): void;
  /** Nothing where the wire cannot. */
  readonly sendImage?: (bytes: Uint8Array) => Promise<void>;
  readonly takeBack?: () => Promise<void>;
  readonly type?: () => void;
  readonly rename?: (name: string) => void;
  readonly mute?: (name: string) => Promise<void>;
  readonly block?: (name: string) => Promise<void>;
  leave(): Promise<void>;
  /** Resolves when they noticed such a thing, before or from now on. */
  until(fits: (noticed: Noticed) => boolean): Promise<Noticed>;
  /** Resolves when all that they sent was carried out, and all that they were sent until then arrived. */
  fence(): Promise<void>;
}

const TIMEOUT_MS = 10_000;

/** Collects what somebody notices. */
class Notes {
  readonly list: Noticed[] = [];
  readonly #looks = new Set<() => void>();

  add(noticed: Noticed): void {
    this.list.push(noticed);
    this.look();
  }

  look(): void {
    for (const look of [...this.#looks]) look();
  }

  async until(fits: (noticed: Noticed) => boolean, who: string): Promise<Noticed> {
    await this.when(() => this.list.some(fits), `${who} to notice it (${fits})`);
    return this.list.find(fits) as Noticed;
  }

  when(condition: () => boolean, what: string): Promise<void> {
    if (condition()) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => condition() && resolve();
    this.#looks.add(look);
    const last = () => JSON.stringify(this.list.slice(-5));
    const timer = setTimeout(() => reject(new Error(`Waited in vain for ${what}; last: ${last()}`)), TIMEOUT_MS);
    return promise.finally(() => {
      this.#looks.delete(look);
      clearTimeout(timer);
    });
  }
}

export const enterBy: Readonly<Record<WireName, (server: TestServer, name: string) => Promise<Person>>> = {
  barertc: enterBareRtc,
  camus: enterCamus,
  galene: enterGalene,
  parlour: (server, name) => enterParlour(server, name),
  rwci: enterRwci,
};

async function enterBareRtc(server: TestServer, name: string): Promise<Person> {
  const notes = new Notes();
  const socket = new WebSocket(server.wsUrl, { perMessageDeflate: false });
  const client = await BareRtcClient.connect({
    url: server.wsUrl,
    username: name,
    generation: 'seed-2023-09',
    connect: () => socket as unknown as SocketLike,
  });
  const own: number[] = [];
  client.onAny((frame) => {
    const { action, username = '', message = '', channel = '', msgID } = frame;
    if (action === 'message') {
      if (username === name && msgID !== undefined) own.push(msgID);
      if (channel.startsWith('@')) notes.add({ what: 'whispered', from: username, text: message });
      else notes.add({ what: 'said', from: username, text: message, channel });
    } else if (action === 'takeback') notes.add({ what: 'retracted' });
    else if (action === 'error') notes.add({ what: 'told', text: message });
    else if (action === 'presence') {
      const renamed = /^is now called (.*)\.$/.exec(message)?.[1];
      if (renamed !== undefined) notes.add({ what: 'renamed', from: username, to: renamed });
      else notes.add({ what: message.startsWith('has joined') ? 'came' : 'went', from: username });
    } else notes.look();
  });
  client.onClose(({ code }) => notes.add({ what: 'ended', code }));
  client.login();
  await client.waitFor((frame) => frame.action === 'echo');
  return {
    wire: 'barertc',
    name,
    noticed: notes.list,
    get roster() {
      return client.who.map(({ username }) => username);
    },
    say: (text, channel = 'lobby') => client.say(channel, text),
    whisper: (to, text) => client.direct(to, text),
    sendImage: async (bytes) => client.file('lobby', 'dot.png', bytes),
    takeBack: async () => {
      await notes.when(() => own.length > 0, 'a message of their own');
      client.takeback(own.at(-1) ?? 0);
    },
    mute: async (who) => client.mute(who),
    block: async (who) => client.block(who),
    leave: async () => void (await client.close()),
    until: (fits) => notes.until(fits, name),
    fence: async () => {
      const before = client.frames.length;
      client.send({ action: 'fence' });
      await notes.when(
        () => client.frames.slice(before).some(({ message }) => message === 'Unsupported message type.'),
        'a fence',
      );
    },
  };
}

async function enterCamus(server: TestServer, name: string): Promise<Person> {
  const notes = new Notes();
  const camus = await Camus.enter(server, 'lobby', { name });
  const title = 'Server';
  const passage = /^(.*) (joined the room|left the room|timed out|was kicked from the room|was banned)\.$/;
  let listed: readonly string[] = camus.names;
  camus.socket.on('message', (data) => {
    const { type, data: content } = JSON.parse(String(data)) as { type: string; data: unknown };
    if (type === 'text') {
      const { from, text } = content as { from: string; text: string };
      const [, who, how] = passage.exec(text) ?? [];
      const [, was, is] = /^(.*) is now called (.*)\.$/.exec(text) ?? [];
      if (from !== title) notes.add({ what: 'said', from, text });
      else if (who !== undefined) notes.add({ what: how?.startsWith('joined') ? 'came' : 'went', from: who });
      else if (was !== undefined && is !== undefined) notes.add({ what: 'renamed', from: was, to: is });
      else notes.add({ what: 'told', text });
    } else if (type === 'room-info') {
      const { names } = camus;
      for (const one of names.filter((other) => !listed.includes(other))) notes.add({ what: 'came', from: one });
      for (const one of listed.filter((other) => !names.includes(other))) notes.add({ what: 'went', from: one });
      listed = names;
    }
  });
  void camus.closed.then((code) => notes.add({ what: 'ended', code }));
  return {
    wire: 'camus',
    name,
    noticed: notes.list,
    get roster() {
      return camus.names;
    },
    say: (text) => camus.send('room', 'text', { from: name, time: Date.now(), text }),
    // There is no such thing in its clients; this is what a program could send.
    whisper: (to, text) =>
      camus.send(camus.clients.find(({ username }) => username === to)?.id ?? 'f'.repeat(32), 'text', { text }),
    rename: (next) => camus.send(GC, 'profile', { username: next }),
    leave: () => camus.bye(),
    until: (fits) => notes.until(fits, name),
    fence: () => camus.fence(),
  };
}

async function enterGalene(server: TestServer, name: string): Promise<Person> {
  const notes = new Notes();
  const client = await GaleneClient.connect({ url: server.wsUrl });
  const roster = new Map<string, string>();
  client.on('chat', ({ username, value, kind, dest, isHistory }) => {
    if (username === 'Server') return;
    const text = `${kind === 'me' ? '/me ' : ''}${String(value)}`;
    if (isHistory) notes.add({ what: 'shown', from: username, text });
    else notes.add({ what: dest === '' ? 'said' : 'whispered', from: username, text });
  });
  client.on('user', ({ kind, user: { id, username } }) => {
    const before = roster.get(id);
    if (kind === 'delete') roster.delete(id);
    else roster.set(id, username);
    if (kind === 'delete') notes.add({ what: 'went', from: username });
    else if (before === undefined) notes.add({ what: 'came', from: username });
    else if (before !== username) notes.add({ what: 'renamed', from: before, to: username });
  });
  client.on('usermessage', ({ kind, privileged, value }) => {
    // As the web client, which does not believe everybody.
    if (privileged !== true) return;
    if (kind === 'clearchat') notes.add({ what: 'retracted' });
    else if (typeof value === 'string') notes.add({ what: 'told', text: value });
  });
  client.on('closed', ({ code }) => notes.add({ what: 'ended', code }));
  const outcome = await client.join('lobby', { username: name });
  if (outcome.kind !== 'joined') throw new Error(`${name} was not let in: ${JSON.stringify(outcome)}`);
  let fences = 0;
  const fence = async (): Promise<void> => {
    const id = `fence ${++fences}`;
    client.send({ type: 'abort', id });
    await client.next({ type: 'close', id });
  };
  await fence();
  // Whoever was there before did not come now.
  notes.list.splice(0, notes.list.length, ...notes.list.filter(({ what }) => what !== 'came'));
  const idOf = (who: string) => [...roster].find(([, username]) => username === who)?.[0] ?? 'nobody';
  return {
    wire: 'galene',
    name,
    noticed: notes.list,
    get roster() {
      return [...roster.values()];
    },
    say: (text) => {
      const action = /^\/me (.*)$/s.exec(text)?.[1];
      client.chat(action ?? text, action === undefined ? {} : { kind: 'me' });
    },
    whisper: (to, text) => client.chat(text, { dest: idOf(to) }),
    leave: async () => void (await client.close()),
    until: (fits) => notes.until(fits, name),
    fence,
  };
}

export async function enterParlour(
  server: TestServer,
  name: string,
  options: Partial<NativeOptions> = {},
): Promise<Person & { readonly guest: Awaited<ReturnType<typeof enterNative>> }> {
  const notes = new Notes();
  const guest = await enterNative(server.wsUrl, { ...options, name });
  const roster = new Map<string, string>();
  for (const frame of guest.frames) {
    if (frame.type === 'room') for (const member of frame.members) roster.set(member.id, member.name);
  }
  const own: number[] = [];
  guest.client.on((event) => {
    if (event.type === 'state' && event.state.kind === 'closed') {
      const { reason } = event.state;
      if (reason.kind === 'bye') {
        notes.add({ what: 'told', text: `${reason.bye.message} ${reason.bye.reason ?? ''}`.trim() });
        notes.add({ what: 'ended', code: 0 });
      }
    }
    if (event.type !== 'frame') return;
    const { frame } = event;
    if (frame.type === 'message') {
      const { from, text, image, channel, id } = frame.message;
      if (frame.message.own) own.push(id);
      const shown = text ?? `${image?.fileName}: ${server.url}${image?.url}`;
      if (channel === undefined) notes.add({ what: 'whispered', from, text: shown });
      else notes.add({ what: 'said', from, text: shown, channel });
    } else if (frame.type === 'retracted') notes.add({ what: 'retracted' });
    else if (frame.type === 'notice') notes.add({ what: 'told', text: frame.text });
    else if (frame.type === 'typing' && frame.on) notes.add({ what: 'typed', from: frame.name });
    else if (frame.type === 'renamed') {
      roster.set(frame.id, frame.name);
      notes.add({ what: 'renamed', from: frame.from, to: frame.name });
    } else if (frame.type === 'member') {
      const isNew = !roster.has(frame.member.id);
      roster.set(frame.member.id, frame.member.name);
      if (isNew) notes.add({ what: 'came', from: frame.member.name });
    } else if (frame.type === 'gone') {
      const gone = roster.get(frame.id) ?? '';
      roster.delete(frame.id);
      notes.add({ what: 'went', from: gone });
    }
  });
  const ask = async (...asked: Parameters<typeof guest.client.ask>) => {
    try {
      await guest.client.ask(...asked);
    } catch (error) {
      notes.add({ what: 'told', text: error instanceof Error ? error.message : String(error) });
    }
  };
  return {
    wire: 'parlour',
    name,
    guest,
    noticed: notes.list,
    get roster() {
      return [...roster.values()];
    },
    say: (text, channel = 'lobby') => void ask({ type: 'post', target: { channel }, text }),
    whisper: (to, text) => void ask({ type: 'post', target: { to }, text }),
    sendImage: async (bytes) => {
      const { session } = guest.client.resumePoint ?? { session: '' };
      const response = await fetch(`${server.url}/api/attachments`, {
        method: 'POST',
        headers: { authorization: `Bearer ${session}`, 'content-type': 'image/png' },
        body: bytes as Uint8Array<ArrayBuffer>,
      });
      const { attachment } = (await response.json()) as { attachment: { id: string } };
      await ask({ type: 'post', target: { channel: 'lobby' }, attachment: attachment.id, fileName: 'dot.png' });
    },
    takeBack: async () => {
      await notes.when(() => own.length > 0, 'a message of their own');
      await ask({ type: 'retract', messageId: own.at(-1) ?? 0 });
    },
    type: () => void ask({ type: 'typing', target: { channel: 'lobby' }, on: true }),
    rename: (next) => void ask({ type: 'rename', name: next }),
    mute: (who) => ask({ type: 'relate', kind: 'mute', names: [who], on: true }),
    block: (who) => ask({ type: 'relate', kind: 'block', names: [who], on: true }),
    leave: async () => guest.close(),
    until: (fits) => notes.until(fits, name),
    fence: async () => void (await guest.client.ask({ type: 'threads' })),
  };
}

async function enterRwci(server: TestServer, name: string): Promise<Person> {
  const notes = new Notes();
  const rwci = await Rwci.enter(server, name);
  rwci.client.onAny((packet) => {
    if (packet.type === 'message') {
      notes.add({ what: 'said', from: packet.author, text: packet.message, channel: packet.channel });
    } else if (packet.type === 'direct_message') {
      notes.add({ what: 'whispered', from: packet.author, text: packet.message });
    } else if (packet.type === 'broadcast') notes.add({ what: 'told', text: packet.message });
    else if (packet.type === 'join') notes.add({ what: 'came', from: packet.username });
    else if (packet.type === 'quit') notes.add({ what: 'went', from: packet.username });
    else if (packet.type === 'typing') notes.add({ what: 'typed', from: packet.username });
  });
  rwci.client.onClose(({ code }) => notes.add({ what: 'ended', code }));
  return {
    wire: 'rwci',
    name,
    noticed: notes.list,
    get roster() {
      return [...rwci.client.users];
    },
    say: (text, channel = 'lobby') => rwci.client.say(text, channel),
    whisper: (to, text) => rwci.client.direct(to, text),
    type: () => rwci.client.typing(),
    leave: async () => void (await rwci.client.close()),
    until: (fits) => notes.until(fits, name),
    fence: () => rwci.fence(),
  };
}
