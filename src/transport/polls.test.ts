import { afterEach, describe, expect, test } from 'vitest';
import type { Poll } from '../dialects/desk.ts';
import type { HubSettings } from '../hub/services.ts';
import { openStage, type Stage, settled } from '../hub/testing/stage.ts';
import { addressRanges } from './address-ranges.ts';
import type { Connection, ConnectionListener } from './connection.ts';
import { type PollPeer, PollTransport } from './polls.ts';

const START = 1_700_000_000_000;
const ANSWER_BYTES = 4 * 1024 * 1024;

/** What stands at the other end of the connections: nothing happens but what a test says. */
class FakeListener implements ConnectionListener {
  readonly events: string[] = [];
  onReceived: (text: string) => void = () => {};
  onDrained: () => void = () => {};

  received(frame: { readonly kind: string; readonly text?: string }): void {
    this.events.push(`received ${frame.text}`);
    this.onReceived(frame.text ?? '');
  }

  drained(): void {
    this.onDrained();
  }

  closed(end: { readonly code: number; readonly silent: boolean }): void {
    this.events.push(`closed ${end.code}${end.silent ? ' silent' : ''}`);
  }
}

interface Setup {
  readonly polls: PollTransport;
  readonly clock: { now: number };
  readonly listeners: FakeListener[];
  readonly connections: Connection[];
  peer: PollPeer | undefined;
}

const opened: PollTransport[] = [];
afterEach(() => {
  for (const polls of opened.splice(0)) polls.close();
});

function setup(limits: { readonly connections?: number; readonly connectionsPerAddress?: number } = {}): Setup {
  const clock = { now: START };
  let ids = 0;
  const parts: Setup = { polls: undefined as never, clock, listeners: [], connections: [], peer: undefined };
  const polls = new PollTransport({
    accept: (connection, path) => {
      const listener = new FakeListener();
      listener.events.push(`at ${path}`);
      connection.listener = listener;
      parts.listeners.push(listener);
      parts.connections.push(connection);
    },
    peerOf: () => parts.peer,
    id: () => `id-${++ids}`,
    household: (address) => addressRanges.household(address),
    now: () => clock.now,
    connections: 100,
    connectionsPerAddress: 0,
    ...limits,
  });
  opened.push(polls);
  return Object.assign(parts, { polls });
}

function open(parts: Setup, address = '192.0.2.1') {
  const poll = parts.polls.open(address);
  const connection = parts.connections.at(-1);
  const listener = parts.listeners.at(-1);
  if (!poll || !connection || !listener) throw new Error('too many');
  return { poll, connection, listener };
}

describe('an exchange', () => {
  test('hands the frame over, and takes what was said since the last one, in order, once', async () => {
    const parts = setup();
    const { poll, connection, listener } = open(parts);
    connection.send({ text: 'before' });
    listener.onReceived = (text) => {
      connection.send({ text: `${text}: one` });
      connection.send({ text: `${text}: two` });
    };
    expect(await poll.exchange('a')).toEqual(['before', 'a: one', 'a: two']);
    expect(await poll.exchange(undefined)).toEqual([]);
    expect(await poll.exchange('b')).toEqual(['b: one', 'b: two']);
    expect(listener.events).toEqual(['at /ws', 'received a', 'received b']);
  });

  test('waits until all that arrived was handled', async () => {
    const parts = setup();
    const { poll, connection } = open(parts);
    let finish = () => {};
    parts.peer = {
      member: undefined,
      whenIdle: () =>
        new Promise((done) => {
          finish = () => {
            connection.send({ text: 'late' });
            done();
          };
        }),
    };
    const answer = poll.exchange('a');
    await settled();
    finish();
    expect(await answer).toEqual(['late']);
  });

  test('says when no more may follow at once, and lets what waited follow in the same answer', async () => {
    const parts = setup();
    const { poll, connection, listener } = open(parts);
    const large = 'x'.repeat(300_000);
    const waiting = ['second', 'third'];
    listener.onDrained = () => {
      for (const text of waiting.splice(0)) connection.send({ text });
    };
    expect(connection.send({ text: 'small' })).toBe(true);
    expect(connection.send({ text: large })).toBe(false);
    expect(connection.bufferedBytes).toBe(300_005);
    expect(await poll.exchange(undefined)).toEqual(['small', large, 'second', 'third']);
    expect(connection.bufferedBytes).toBe(0);
    expect(connection.send({ text: 'x' })).toBe(true);
  });

  test('is bounded: the rest comes with the next one', async () => {
    const parts = setup();
    const { poll, connection, listener } = open(parts);
    let left = 40;
    listener.onDrained = () => {
      while (left > 0 && connection.send({ text: `${left--} ${'x'.repeat(300_000)}` }));
    };
    listener.drained();
    const answers = [await poll.exchange(undefined), await poll.exchange(undefined), await poll.exchange(undefined)];
    for (const answer of answers) {
      expect(answer.reduce((sum, text) => sum + text.length, 0)).toBeLessThan(ANSWER_BYTES + 350_000);
    }
    const numbers = answers.flat().map((text) => Number.parseInt(text, 10));
    expect(numbers).toEqual(Array.from({ length: 40 }, (_, index) => 40 - index));
    expect(answers[2]).not.toEqual([]);
  });
});

describe('the end', () => {
  test('comes with the last frames, and the next request; then nobody is known by that id', async () => {
    const parts = setup();
    const { poll, connection, listener } = open(parts);
    connection.send({ text: 'you are kicked' });
    connection.close(4003, 'kicked');
    connection.send({ text: 'too late' });
    expect(poll.isOpen).toBe(false);
    expect(parts.polls.find(poll.id)).toBe(poll);
    expect(await poll.exchange('hello?')).toEqual(['you are kicked']);
    expect(listener.events).toEqual(['at /ws', 'closed 4003']);
    expect(parts.polls.find(poll.id)).toBeUndefined();
    expect(await poll.exchange(undefined)).toEqual([]);
  });

  test('of which nobody asks any more is forgotten all the same', () => {
    const parts = setup({ connections: 1 });
    const { poll, connection } = open(parts);
    connection.close(4003, 'kicked');
    parts.clock.now += 60_001;
    parts.polls.sweep();
    expect(parts.polls.find(poll.id)).toBeUndefined();
    expect(parts.polls.open('192.0.2.1')).toBeDefined();
  });

  test('comes after a minute of silence, and not before', async () => {
    const parts = setup();
    const { poll, listener } = open(parts);
    parts.clock.now += 60_000;
    parts.polls.sweep();
    await poll.exchange(undefined);
    parts.clock.now += 60_000;
    parts.polls.sweep();
    expect(listener.events).toEqual(['at /ws']);
    parts.clock.now += 1;
    parts.polls.sweep();
    expect(listener.events).toEqual(['at /ws', 'closed 1006 silent']);
    expect(parts.polls.find(poll.id)).toBeUndefined();
  });

  test('is once: whoever leaves, is closed and swept goes once', () => {
    const parts = setup({ connections: 1, connectionsPerAddress: 1 });
    const { poll, connection, listener } = open(parts);
    poll.end();
    connection.terminate();
    connection.close(1000, '');
    parts.clock.now += 100_000;
    parts.polls.sweep();
    expect(listener.events).toEqual(['at /ws', 'closed 1006']);
    open(parts);
    expect(parts.polls.open('192.0.2.1')).toBeUndefined();
  });

  test('of all ends each, and lets nobody in', () => {
    const parts = setup();
    const { poll, listener } = open(parts);
    parts.polls.close();
    expect(listener.events).toEqual(['at /ws', 'closed 1006']);
    expect(parts.polls.find(poll.id)).toBeUndefined();
    expect(parts.polls.open('192.0.2.1')).toBeUndefined();
  });
});

describe('W12: there are so many', () => {
  test('in all, and room again when one goes', () => {
    const parts = setup({ connections: 2 });
    const { poll } = open(parts, '192.0.2.1');
    open(parts, '192.0.2.2');
    expect(parts.polls.open('192.0.2.3')).toBeUndefined();
    poll.end();
    expect(parts.polls.open('192.0.2.3')).toBeDefined();
  });

  test('from one household, and room again when one goes', () => {
    const parts = setup({ connectionsPerAddress: 2 });
    const { poll } = open(parts, '2001:db8::1');
    open(parts, '2001:db8::2');
    expect(parts.polls.open('2001:db8::3')).toBeUndefined();
    expect(parts.polls.open('2001:db8:0:1::3')).toBeDefined();
    poll.end();
    expect(parts.polls.open('2001:db8::3')).toBeDefined();
    expect(parts.polls.open('2001:db8::4')).toBeUndefined();
  });

  test('a session that the house refuses at once is over at once', async () => {
    const parts = setup({ connections: 1 });
    const polls = new PollTransport({
      accept: (connection) => connection.close(1012, 'restarting'),
      peerOf: () => undefined,
      id: () => 'id',
      household: (address) => address,
      now: () => parts.clock.now,
      connections: 1,
      connectionsPerAddress: 0,
    });
    opened.push(polls);
    const poll = polls.open('x');
    expect(await poll?.exchange('{}')).toEqual([]);
    expect(polls.find('id')).toBeUndefined();
    expect(polls.open('x')).toBeDefined();
  });
});

// --- with the hub and the wire that they are for ------------------------------------------------------------------------

async function onStage(
  play: (stage: Stage, polls: PollTransport) => Promise<void>,
  settings: Partial<HubSettings> = {},
): Promise<void> {
  const stage = await openStage({ settings });
  let ids = 0;
  const polls = new PollTransport({
    accept: (connection, path) => stage.hub.accept(connection, path),
    peerOf: (connection) => stage.hub.peerOf(connection),
    id: () => `poll-${++ids}`,
    household: (address) => address,
    now: () => stage.clock.now,
    connections: 100,
    connectionsPerAddress: 0,
  });
  try {
    await play(stage, polls);
    expect(stage.faults).toEqual([]);
  } finally {
    await stage.hub.close();
    polls.close();
  }
}

type Frame = Readonly<Record<string, unknown>>;

async function ask(poll: Poll, frame?: object): Promise<Frame[]> {
  const answer = await poll.exchange(frame && JSON.stringify(frame));
  return answer.map((text) => JSON.parse(text) as Frame);
}

const actions = (frames: readonly Frame[]) => frames.map(({ action }) => action);

async function login(polls: PollTransport, username: string) {
  const poll = polls.open('192.0.2.1');
  if (!poll) throw new Error('too many');
  return { poll, frames: await ask(poll, { action: 'login', username }) };
}

async function lobby(stage: Stage) {
  const room = await stage.hub.openRoom('lobby');
  if (!room) throw new Error('no lobby');
  return room;
}

describe('a session over requests', () => {
  test('is in the room with all others, and hears what is said', () =>
    onStage(async (stage, polls) => {
      const socket = await stage.login('Bob');
      const { poll, frames } = await login(polls, 'Alice');
      expect(actions(frames)).toEqual(expect.arrayContaining(['me', 'who', 'presence']));
      expect(poll.member?.name).toBe('Alice');
      expect(await stage.present()).toEqual(['Alice', 'Bob']);
      socket.receive({ action: 'message', channel: 'lobby', message: 'hello Alice' });
      await settled();
      const heard = await ask(poll);
      expect(actions(heard)).toContain('message');
      const said = await ask(poll, { action: 'message', channel: 'lobby', message: 'hello Bob' });
      expect(said.filter(({ action }) => action === 'message')).toHaveLength(1);
      expect(await ask(poll)).toEqual([]);
    }));

  test('that does not log in is nobody', () =>
    onStage(async (stage, polls) => {
      const poll = polls.open('192.0.2.1');
      expect(poll && actions(await ask(poll, { action: 'login', username: 'ChatServer' }))).toEqual(['error']);
      expect(poll?.member).toBeUndefined();
      expect(await stage.present()).toEqual([]);
    }));

  test('that is not asked for any more has timed out', () =>
    onStage(async (stage, polls) => {
      const socket = await stage.login('Bob');
      await login(polls, 'Alice');
      await settled();
      socket.take();
      stage.pass(60_001);
      polls.sweep();
      await settled();
      expect(await stage.present()).toEqual(['Bob']);
      const presence = socket.take().filter(({ action }) => action === 'presence');
      expect(presence).toMatchObject([{ username: 'Alice', message: expect.stringContaining('has timed out!') }]);
    }));

  test('W14: that was kicked gets its goodbye with the next request, then is over', () =>
    onStage(async (stage, polls) => {
      const { poll } = await login(polls, 'Alice');
      await (await lobby(stage)).administer({ type: 'kick', name: 'Alice', reason: '' });
      expect(poll.member).toBeUndefined();
      const frames = await ask(poll, { action: 'message', channel: 'lobby', message: 'still here' });
      expect(actions(frames).slice(-2)).toEqual(['error', 'disconnect']);
      expect(polls.find(poll.id)).toBeUndefined();
      expect(await ask(poll, { action: 'login', username: 'Alice' })).toEqual([]);
      expect(await stage.present()).toEqual([]);
    }));

  test('W3: is nobody’s who does not know its id', () =>
    onStage(async (stage, polls) => {
      await stage.login('Bob');
      const { poll } = await login(polls, 'Alice');
      for (const id of ['', 'made-up', 'Alice', 'Bob', `${poll.id} `, '__proto__']) {
        expect(polls.find(id)).toBeUndefined();
      }
      expect(await stage.present()).toEqual(['Alice', 'Bob']);
    }));

  test('leaves when it is ended', () =>
    onStage(async (stage, polls) => {
      const { poll } = await login(polls, 'Alice');
      poll.end();
      await settled();
      expect(await stage.present()).toEqual([]);
      expect(stage.tally.of('sessions barertc')).toBe(0);
    }));

  test('W11: of a busy room that is not asked for is sent the latest roster once there is room, and is not too slow', () =>
    onStage(
      async (stage, polls) => {
        const { poll } = await login(polls, 'Alice');
        const room = await lobby(stage);
        for (let index = 0; index < 300; index++) await stage.login(`A member with quite a long name, number ${index}`);
        await settled();
        for (let round = 0; round < 100; round++) {
          room.apply(poll.member?.id ?? '', { type: 'set-presence', status: `round ${round}` });
          await settled();
        }
        expect(poll.member?.name).toBe('Alice');
        const frames = await poll.exchange(undefined);
        const rosters = frames.filter((text) => text.startsWith('{"action":"who"'));
        expect(rosters.reduce((sum, text) => sum + text.length, 0)).toBeLessThan(450_000);
        expect(rosters.length).toBeLessThan(100);
        expect(rosters.at(-1)).toContain('round 99');
        expect(JSON.parse(rosters.at(-1) ?? '{}')).toHaveProperty('whoList.length', 301);
      },
      { outboxBytes: 2_000_000 },
    ));

  test('W11: that takes nothing of too much is too slow, and goes', () =>
    onStage(
      async (stage, polls) => {
        const { poll } = await login(polls, 'Alice');
        const socket = await stage.login('Bob');
        for (let index = 0; index < 60; index++) {
          socket.receive({ action: 'message', channel: 'lobby', message: 'x'.repeat(8_000) });
          await settled();
        }
        expect(poll.member).toBeUndefined();
        expect(stage.tally.of('disconnected slow')).toBe(1);
        expect(stage.tally.of('outbox')).toBe(0);
        expect(await stage.present()).toEqual(['Bob']);
      },
      { outboxBytes: 300_000 },
    ));

  test('is told when the server stops, with the next request', () =>
    onStage(async (stage, polls) => {
      const { poll } = await login(polls, 'Alice');
      await stage.hub.close();
      expect(poll.isOpen).toBe(false);
      expect(actions(await ask(poll))).toContain('error');
    }));
});
