import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import bareFixture from '../../src/dialects/barertc/fixtures/latest.json' with { type: 'json' };
import type { InboundFrame } from '../../src/dialects/dialect.ts';
import nativeFixture from '../../src/dialects/parlour/fixtures/client-frames.json' with { type: 'json' };
import type { MemoryConnection } from '../../src/transport/memory.ts';
import { World } from './support/world.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});

afterEach(() => {
  vi.useRealTimers();
});

const HELLO = {
  parlour: { type: 'hello', ref: 'hello', version: 1, room: 'lobby', name: 'mallory' },
  barertc: { action: 'login', username: 'mallory', jwt: '', dnd: false },
} as const;
type Wire = keyof typeof HELLO;

const asText = (text: string): InboundFrame => ({ kind: 'text', text });
const samples: readonly object[] = [...bareFixture.client, ...nativeFixture.client];
const names = [...new Set(samples.flatMap((sample) => Object.keys(sample))), '__proto__', 'constructor'];
const words = [
  'ann',
  'bob',
  'mallory',
  'lobby',
  '@ann',
  '',
  '/kick ann',
  '/ban ann 1',
  'constructor',
  '\u0000',
  '\ud800',
];
const value = fc.oneof(
  fc.constantFrom<unknown[]>(...words, -1, 0, 1e308, 2 ** 53, null, true, [], {}, ['ann'], [[[]]]),
  fc.jsonValue({ maxDepth: 2 }),
);

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

interface Bystanders {
  readonly native: MemoryConnection;
  readonly bare: MemoryConnection;
}

async function enterBystanders(world: World): Promise<Bystanders> {
  const native = world.connect();
  const bare = world.connect();
  native.receive({ ...HELLO.parlour, name: 'ann' });
  bare.receive({ ...HELLO.barertc, username: 'bob' });
  await world.settle();
  return { native, bare };
}

/** Whoever else is in the room goes on as if nothing had been. */
async function expectUnharmed(world: World, { native, bare }: Bystanders): Promise<void> {
  for (const other of [native, bare]) {
    expect(other.open).toBe(true);
    for (const received of other.take()) expect(received).toEqual(expect.any(Object));
  }
  native.receive({ type: 'post', ref: 'after', target: { channel: 'lobby' }, text: 'still here' });
  await world.settle();
  expect(native.take()).toContainEqual(expect.objectContaining({ type: 'ok', ref: 'after' }));
  expect(bare.take()).toContainEqual(expect.objectContaining({ action: 'message', username: 'ann' }));
  expect(world.faults).toEqual([]);
  expect([...world.room.members()].length).toBe(world.counts.members);
}

async function throwAt(first: Wire | undefined, frames: readonly InboundFrame[]): Promise<void> {
  const world = await World.open();
  try {
    const bystanders = await enterBystanders(world);
    const connection = world.connect();
    if (first) {
      connection.receive(HELLO[first]);
      await world.settle();
      expect(connection.take().length).toBeGreaterThan(1);
    }
    for (const each of frames) connection.receiveRaw(each);
    await world.settle();
    for (const answer of connection.take()) expect(answer).toEqual(expect.any(Object));
    await expectUnharmed(world, bystanders);
    connection.end({ code: 1006 });
    world.pass(60_000);
    await world.settle();
    expect([...world.room.members()].map((member) => member.name).sort()).toEqual(['ann', 'bob']);
  } finally {
    await world.close();
  }
}

const frames = fc.array(frame, { minLength: 1, maxLength: 40, size: 'max' });

describe.each([
  ['on a connection without a wire', undefined],
  ['after an entry on the native wire', 'parlour'],
  ['after an entry on BareRTC’s wire', 'barertc'],
] as const)('arbitrary frames %s', (_, wire) => {
  test('harm nobody', async () => {
    await fc.assert(
      fc.asyncProperty(frames, (thrown) => throwAt(wire, thrown)),
      { numRuns: 120, seed: 20_260_721 },
    );
  });
});

describe('a wire that was chosen and not yet entered by', () => {
  test.each([
    ['parlour', { type: 'hello' }],
    ['barertc', { action: 'ping' }],
  ] as const)('takes arbitrary frames, too: %s', async (wire, first) => {
    await fc.assert(
      fc.asyncProperty(frames, (thrown) => throwAt(undefined, [asText(JSON.stringify(first)), ...thrown])),
      { numRuns: 60, seed: wire.length },
    );
  });
});

test('a frame that fits no schema is refused with its ref, and the connection goes on', async () => {
  const world = await World.open();
  const connection = world.connect();
  connection.receive(HELLO.parlour);
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
  connection.receive(HELLO.barertc);
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
