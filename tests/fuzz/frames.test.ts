import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import bareFixture from '../../src/dialects/barertc/fixtures/latest.json' with { type: 'json' };
import camusFixture from '../../src/dialects/camus/fixtures/latest.json' with { type: 'json' };
import type { InboundFrame } from '../../src/dialects/dialect.ts';
import galeneFixture from '../../src/dialects/galene/fixtures/latest.json' with { type: 'json' };
import nativeFixture from '../../src/dialects/parlour/fixtures/client-frames.json' with { type: 'json' };
import rwciFixture from '../../src/dialects/rwci/fixtures/clients.json' with { type: 'json' };
import type { MemoryConnection } from '../../src/transport/memory.ts';
import { strictClient } from './support/strict-clients.ts';
import { TIMERS } from './support/timers.ts';
import { World } from './support/world.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: [...TIMERS] });
});

afterEach(() => {
  vi.useRealTimers();
});

const SERVER = 'ground control';
const HELLO = {
  parlour: [{ type: 'hello', ref: 'hello', version: 1, room: 'lobby', name: 'mallory' }],
  barertc: [{ action: 'login', username: 'mallory', jwt: '', dnd: false }],
  camus: [
    { receiver: SERVER, type: 'ping', data: 1 },
    { receiver: SERVER, type: 'get-room-info' },
    { receiver: SERVER, type: 'profile', data: { username: 'mallory' } },
  ],
  rwci: [{ type: 'auth', username: 'mallory', password: 'secret' }],
  galene: [
    { type: 'handshake', version: ['2'], id: 'id of mallory' },
    { type: 'join', kind: 'join', group: 'lobby', username: 'mallory' },
    { type: 'request', request: { '': ['audio', 'video'] } },
  ],
} as const;
type Wire = keyof typeof HELLO;

const asText = (text: string): InboundFrame => ({ kind: 'text', text });
const samples: readonly object[] = [
  ...bareFixture.client,
  ...nativeFixture.client,
  ...camusFixture.client,
  ...rwciFixture.client,
  ...galeneFixture.client,
];
const names = [...new Set(samples.flatMap((sample) => Object.keys(sample))), '__proto__', 'constructor'];
const words = [
  'ann',
  'bob',
  'mallory',
  'lobby',
  'velvet',
  'room',
  SERVER,
  '1'.padStart(32, '0'),
  'room-info',
  'ping',
  '@ann',
  '',
  '/kick ann',
  '/ban ann 1',
  'constructor',
  '\u0000',
  '\ud800',
  'id of ann',
  'id of mallory',
  's1',
  'x'.repeat(70_000),
];
const value = fc.oneof(
  fc.constantFrom<unknown[]>(...words, -1, 0, 65_536, 1e308, 2 ** 53, null, true, [], {}, ['ann'], [[[]]]),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Deeper than the stack of whoever goes down into it. */
const deep = fc
  .tuple(
    fc.constantFrom<object[]>(...camusFixture.client, ...galeneFixture.client),
    fc.constantFrom('data', 'value', 'request', 'candidate'),
    fc.constantFrom(['[', ']'], ['{"0":', '}']),
  )
  .map(([sample, field, [open = '', close = '']]) => {
    const bottomless = `${open.repeat(10_000)}0${close.repeat(10_000)}`;
    return asText(JSON.stringify({ ...sample, [field]: '?' }).replace('"?"', bottomless));
  });

/** What a client might say, but for a few fields. */
const spoiled = fc
  .tuple(fc.constantFrom(...samples), fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 3 }))
  .map(([sample, changes]) => asText(JSON.stringify({ ...sample, ...Object.fromEntries(changes) })));

/** A frame of known fields with anything in them. */
const invented = fc
  .array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 6 })
  .map((fields) => asText(JSON.stringify(Object.fromEntries(fields))));

const frame: fc.Arbitrary<InboundFrame> = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes): InboundFrame => ({ kind: 'binary', bytes })),
  fc.string({ unit: 'binary' }).map(asText),
  fc.json().map(asText),
  invented,
  { weight: 4, arbitrary: spoiled },
);
/** Some of them cost too much to be among all. */
const deepFrames = fc.array(fc.oneof(deep, spoiled), { minLength: 1, maxLength: 4 });

/** Somebody on a wire, as the strictest of its clients. */
class Bystander {
  readonly connection: MemoryConnection;
  readonly #client: ReturnType<typeof strictClient>;

  constructor(world: World, { wire, name }: { readonly wire: Wire; readonly name: string }) {
    const page = world.newPage();
    this.connection = wire === 'camus' ? world.connectFrom(page) : world.connect();
    this.#client = strictClient(wire, wire === 'galene' ? `id of ${name}` : page.id);
    for (const frame of HELLO[wire]) {
      const text = JSON.stringify(frame).replaceAll('mallory', name);
      this.#client.said(text);
      this.connection.receive(text);
    }
  }

  take(): Record<string, unknown>[] {
    const frames = this.connection.take();
    for (const frame of frames) {
      expect(frame).toEqual(expect.any(Object));
      this.#client.take(frame);
    }
    return frames;
  }
}

async function enterBystanders(world: World) {
  const native = new Bystander(world, { wire: 'parlour', name: 'ann' });
  const bare = new Bystander(world, { wire: 'barertc', name: 'bob' });
  const camus = new Bystander(world, { wire: 'camus', name: 'cat' });
  const rwci = new Bystander(world, { wire: 'rwci', name: 'dee' });
  const galene = new Bystander(world, { wire: 'galene', name: 'eve' });
  await world.settle();
  return { native, bare, camus, rwci, galene };
}

/** Whoever else is in the room goes on as if nothing had been. */
async function expectUnharmed(
  world: World,
  { native, bare, camus, rwci, galene }: Awaited<ReturnType<typeof enterBystanders>>,
): Promise<void> {
  for (const other of [native, bare, camus, rwci, galene]) {
    expect(other.connection.open).toBe(true);
    other.take();
  }
  native.connection.receive({ type: 'post', ref: 'after', target: { channel: 'lobby' }, text: 'still here' });
  await world.settle();
  expect(native.take()).toContainEqual(expect.objectContaining({ type: 'ok', ref: 'after' }));
  expect(bare.take()).toContainEqual(expect.objectContaining({ action: 'message', username: 'ann' }));
  const data = expect.objectContaining({ from: 'ann', text: 'still here' });
  expect(camus.take()).toContainEqual(expect.objectContaining({ type: 'text', data }));
  expect(rwci.take()).toContainEqual({ type: 'message', author: 'ann', message: 'still here', channel: 'lobby' });
  expect(galene.take()).toContainEqual(expect.objectContaining({ type: 'chat', username: 'ann', value: 'still here' }));
  expect([...world.faults, ...world.media.faults]).toEqual([]);
  expect([...world.room.members()].length).toBe(world.counts.members);
}

interface Thrown {
  /** The wire whose connection it is, and whether it has entered. */
  readonly wire?: Wire;
  readonly entered?: boolean;
  readonly frames: readonly InboundFrame[];
}

async function throwAt({ wire, entered = false, frames }: Thrown): Promise<void> {
  const world = await World.open();
  try {
    const bystanders = await enterBystanders(world);
    const page = world.newPage();
    const connection = wire === 'camus' ? world.connectFrom(page) : world.connect();
    const client = strictClient(wire ?? 'parlour', wire === 'galene' ? 'id of mallory' : page.id);
    if (wire && entered) {
      for (const frame of HELLO[wire]) {
        client.said(JSON.stringify(frame));
        connection.receive(frame);
      }
      await world.settle();
      const answers = connection.take();
      expect(answers.length).toBeGreaterThan(1);
      for (const answer of answers) client.take(answer);
    }
    for (const each of frames) {
      if (each.kind === 'text') client.said(each.text);
      connection.receiveRaw(each);
    }
    await world.settle();
    for (const answer of connection.take()) {
      expect(answer).toEqual(expect.any(Object));
      client.take(answer);
    }
    await expectUnharmed(world, bystanders);
    connection.end({ code: 1006 });
    world.pass(40_000);
    await world.settle();
    expect([...world.room.members()].map((member) => member.name).sort()).toEqual(['ann', 'bob', 'cat', 'dee', 'eve']);
    expect(world.media.streams).toEqual([]);
  } finally {
    await world.close();
  }
}

const frames = fc.array(frame, { minLength: 1, maxLength: 40, size: 'max' });

describe.each([
  ['on a connection without a wire', {}],
  ['after an entry on the native wire', { wire: 'parlour', entered: true }],
  ['after an entry on BareRTC’s wire', { wire: 'barertc', entered: true }],
  ['before an entry on Camus’ wire', { wire: 'camus' }],
  ['after an entry on Camus’ wire', { wire: 'camus', entered: true }],
  ['after an entry on RWCI’s wire', { wire: 'rwci', entered: true }],
  ['after an entry on Galène’s wire', { wire: 'galene', entered: true }],
] as const)('arbitrary frames %s', (_, on) => {
  test('harm nobody', async () => {
    await fc.assert(
      fc.asyncProperty(frames, (thrown) => throwAt({ ...on, frames: thrown })),
      { numRuns: 120, seed: 20_260_721 },
    );
  });

  test('harm nobody, however deep they are', async () => {
    await fc.assert(
      fc.asyncProperty(deepFrames, (thrown) => throwAt({ ...on, frames: thrown })),
      { numRuns: 10, seed: 20_261_121 },
    );
  });
});

describe('a wire that was chosen and not yet entered by', () => {
  test.each([
    ['parlour', { type: 'hello' }],
    ['barertc', { action: 'ping' }],
    ['rwci', { type: 'auth' }],
    ['galene', { type: 'handshake', version: ['2'], id: 'id of mallory' }],
    ['galene before versions', { type: 'handshake', id: 'id of mallory' }],
  ] as const)('takes arbitrary frames, too: %s', async (wire, first) => {
    await fc.assert(
      fc.asyncProperty(frames, (thrown) => throwAt({ frames: [asText(JSON.stringify(first)), ...thrown] })),
      { numRuns: 60, seed: wire.length },
    );
  });
});

test('a frame that fits no schema is refused with its ref, and the connection goes on', async () => {
  const world = await World.open();
  const connection = world.connect();
  connection.receive(HELLO.parlour[0]);
  await world.settle();
  connection.take();
  connection.receive({ type: 'post', ref: 'r1', target: { channel: 'lobby', to: 'ann' }, text: 'x' });
  connection.receiveRaw({ kind: 'binary', bytes: Uint8Array.of(1) });
  connection.receive('{');
  await world.settle();
  expect(connection.take()).toEqual([
    expect.objectContaining({ type: 'refused', ref: 'r1', code: 'bad-frame' }),
    expect.objectContaining({ type: 'refused', code: 'bad-frame' }),
    expect.objectContaining({ type: 'refused', code: 'bad-frame' }),
  ]);
  expect(connection.open).toBe(true);
  await world.close();
});

test('BareRTC’s wire drops in silence what it cannot read, and goes on', async () => {
  const world = await World.open();
  const connection = world.connect();
  connection.receive(HELLO.barertc[0]);
  await world.settle();
  connection.take();
  connection.receiveRaw({ kind: 'binary', bytes: Uint8Array.of(1) });
  for (const text of ['{', '[]', '{"action":7}', '{"action":"takeback","msgID":"7"}']) connection.receive(text);
  await world.settle();
  expect(connection.take()).toEqual([]);
  connection.receive({ action: 'message', channel: 'lobby', message: 'hello' });
  await world.settle();
  expect(connection.take()).toEqual([expect.objectContaining({ action: 'message' })]);
  await world.close();
});

test('Galène’s wire answers what it cannot read with an error, and goes on', async () => {
  const world = await World.open();
  const connection = world.connect();
  for (const frame of HELLO.galene) connection.receive(frame);
  await world.settle();
  connection.take();
  connection.receiveRaw({ kind: 'binary', bytes: Uint8Array.of(1) });
  const odd = [
    ...['{', '[]', '{"type":7}', '{"type":"chat","value":7}', '{"type":"offer","id":["s1"],"sdp":""}'],
    ...['{"type":"request","request":{"":[1]}}', '{"type":"ice","id":"s1","candidate":{"candidate":1}}'],
  ];
  for (const text of odd) connection.receive(text);
  await world.settle();
  const error = expect.objectContaining({ type: 'usermessage', kind: 'error', privileged: true });
  expect(connection.take()).toEqual(Array.from({ length: odd.length + 1 }, () => error));
  for (const type of ['answer', 'ice', 'renegotiate', 'close', 'requestStream', 'abort']) {
    connection.receive({ type, id: 'nothing of this kind', sdp: '', candidate: { candidate: '' }, request: null });
  }
  await world.settle();
  expect(connection.take().map(({ type }) => type)).toEqual(['close', 'close']);
  expect(connection.open).toBe(true);
  await world.close();
});

const MANY_LABELS = [['audio'], ['video']].map((kinds) =>
  Object.fromEntries(Array.from({ length: 1000 }, (_, label) => [`label ${label}`, kinds])),
);

const FLOODS = {
  offers: (nth: number) => ({ type: 'offer', id: `s${nth}`, label: 'camera', sdp: 'audio video' }),
  'offers for one stream': () => ({ type: 'offer', id: 's1', label: 'camera', sdp: 'audio video' }),
  'streams in the place of others': (nth: number) => ({
    ...{ type: 'offer', id: `s${nth}`, label: 'camera', sdp: 'audio video' },
    replace: `s${nth - 1}`,
  }),
  candidates: () => ({ type: 'ice', id: 's1', candidate: { candidate: 'x'.repeat(1000), sdpMid: '0' } }),
  requests: (nth: number) => ({ type: 'request', request: { '': nth % 2 === 0 ? ['audio', 'video'] : [] } }),
  'requests of one stream': (nth: number) => ({ type: 'requestStream', id: 's1', request: nth % 2 === 0 ? [] : null }),
  'labels in a request': (nth: number) => ({ type: 'request', request: MANY_LABELS[nth % 2] }),
  notes: () => ({ type: 'usermessage', kind: 'x', dest: 'id of eve', value: 'y'.repeat(1000) }),
  'refusals of streams': (nth: number) => ({ type: 'abort', id: `unknown ${nth}` }),
} as const;

/** What one of them may bring about at once, for each who hears of it. */
const MOST_AT_ONCE = 250;

test.each(Object.entries(FLOODS))('a flood of %s leaves the others served', async (_, frameOf) => {
  const world = await World.open();
  const bystanders = await enterBystanders(world);
  const connection = world.connect();
  const pause = vi.spyOn(connection, 'pause');
  for (const frame of HELLO.galene) connection.receive(frame);
  await world.settle();
  for (const bystander of Object.values(bystanders)) bystander.take();
  for (let nth = 1; nth <= 2000; nth++) connection.receive(frameOf(nth));
  expect(pause).toHaveBeenCalled();
  await world.settle();
  expect(bystanders.galene.connection.sent.length).toBeLessThan(MOST_AT_ONCE);
  expect(world.media.streams.length).toBeLessThanOrEqual(16);
  await expectUnharmed(world, bystanders);
  connection.end({ code: 1006 });
  await world.settle();
  expect([...world.media.streams, ...world.media.forwards]).toEqual([]);
  expect(world.counts.outboxBytes).toBe(0);
  await world.close();
});
