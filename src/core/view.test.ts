import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Camera } from './camera.ts';
import { isVip } from './member.ts';
import { RELATION_KINDS } from './relation.ts';
import { CHANNEL, type Role, TestRoom, VIP_CHANNEL } from './testing.ts';
import { commonRow, hasOwnView, mayRead, mayReadMessage, rowFor, view } from './view.ts';

/** Alice is on camera and about to lie; Bob is lied to; Carol has nothing to do with it; Olga is an operator. */
function stage(flags: number = Camera.on): TestRoom {
  const room = new TestRoom();
  room.enterAll('Alice', 'Bob', 'Carol');
  room.enter('Olga', { role: 'op' });
  room.camera('Alice', flags);
  return room;
}

const rowsOf = (room: TestRoom, viewer: string) => Object.keys(room.roster(viewer)).sort();

describe.each(['mute', 'boot'] as const)('who is under a %s', (kind) => {
  test('sees a camera that is off, as if it were', () => {
    const room = stage(Camera.on | Camera.explicit | Camera.mutualOpen);
    room.relate('Alice', kind, 'Bob');
    const lie = room.roster('Bob').Alice;
    room.camera('Alice', 0);
    expect(lie?.camera).toBe(0);
    expect({ ...lie, member: undefined }).toEqual({ ...room.roster('Bob').Alice, member: undefined });
  });

  test('is the only one who does, and sees all others as they are', () => {
    const room = stage();
    room.camera('Carol', Camera.on);
    room.relate('Alice', kind, 'Bob');
    expect(room.roster('Carol').Alice?.camera).toBe(Camera.on);
    expect(room.roster('Alice').Alice?.camera).toBe(Camera.on);
    expect(room.roster('Bob').Carol?.camera).toBe(Camera.on);
  });

  test('is shown to the one who did it as before: it works one way', () => {
    const room = stage();
    room.camera('Bob', Camera.on);
    room.relate('Alice', kind, 'Bob');
    expect(room.roster('Alice').Bob?.camera).toBe(Camera.on);
  });

  test('does not see an invitation any more', () => {
    const room = stage();
    room.relate('Alice', 'invite', 'Bob');
    room.relate('Alice', kind, 'Bob');
    expect(room.roster('Bob').Alice?.camera).toBe(0);
  });

  test('sees the truth as an operator, but that it opens theirs in return', () => {
    const room = stage(Camera.on | Camera.mutualOpen | Camera.mutualRequired);
    room.relate('Alice', kind, 'Olga');
    expect(room.roster('Olga').Alice?.camera).toBe(Camera.on | Camera.mutualRequired);
  });
});

describe('a block', () => {
  test('hides each from the other, and nobody else', () => {
    const room = stage();
    room.relate('Alice', 'block', 'Bob');
    expect(rowsOf(room, 'Alice')).toEqual(['Alice', 'Carol', 'Olga']);
    expect(rowsOf(room, 'Bob')).toEqual(['Bob', 'Carol', 'Olga']);
    expect(rowsOf(room, 'Carol')).toEqual(['Alice', 'Bob', 'Carol', 'Olga']);
  });

  test('holds for the name, when its bearer comes again', () => {
    const room = stage();
    room.relate('Alice', 'block', 'Bob');
    room.depart('Bob');
    room.enter('bOB');
    expect(rowsOf(room, 'bOB')).toEqual(['Carol', 'Olga', 'bOB']);
  });
});

describe('an invitation', () => {
  test('is shown to the one invited, even while the camera is off', () => {
    const room = stage();
    room.relate('Alice', 'invite', 'Bob');
    expect(room.roster('Bob').Alice?.camera).toBe(Camera.on | Camera.invited);
    expect(room.roster('Carol').Alice?.camera).toBe(Camera.on);
    room.camera('Alice', 0);
    expect(room.roster('Bob').Alice?.camera).toBe(Camera.invited);
  });

  test('opens a camera that is for VIPs', () => {
    const room = stage(Camera.on | Camera.vipOnly);
    room.relate('Alice', 'invite', 'Bob');
    expect(room.roster('Bob').Alice?.camera).toBe(Camera.on | Camera.vipOnly | Camera.invited);
  });
});

test('a camera for VIPs is off for others, and on for its owner, VIPs and operators', () => {
  const flags = Camera.on | Camera.vipOnly;
  const room = stage(flags);
  room.enter('Vera', { role: 'vip' });
  room.enter('Otto', { role: 'bare-op' });
  const seen = (viewer: string) => room.roster(viewer).Alice?.camera;
  expect(['Alice', 'Bob', 'Vera', 'Otto'].map(seen)).toEqual([flags, 0, flags, flags]);
});

test('a hidden operator is in nobody’s roster, not even their own', () => {
  const room = stage();
  room.do('Olga', { type: 'set-presence', status: 'hidden' });
  for (const viewer of ['Alice', 'Olga']) expect(rowsOf(room, viewer)).toEqual(['Alice', 'Bob', 'Carol']);
  room.do('Olga', { type: 'set-presence', status: 'online' });
  expect(rowsOf(room, 'Alice')).toContain('Olga');
});

test('the own row has the status as it was said; the others see what it means', () => {
  const room = stage();
  room.do('Bob', { type: 'set-presence', status: 'hidden' });
  expect(room.roster('Bob').Bob?.status).toBe('hidden');
  expect(room.roster('Alice').Bob?.status).toBe('away');
});

describe('who is VIP', () => {
  const vips = (secret: boolean) => {
    const room = new TestRoom({ policy: { vipMutuallySecret: secret } });
    room.enter('Vera', { role: 'vip' });
    room.enter('Vito', { role: 'vip' });
    room.enter('Gail');
    room.enter('Otto', { role: 'bare-op' });
    return (viewer: string) => room.roster(viewer).Vera?.vip;
  };

  test('is seen by all', () => {
    expect(['Vera', 'Vito', 'Gail', 'Otto'].map(vips(false))).toEqual([true, true, true, true]);
  });

  test('is seen by VIPs alone where it is their secret', () => {
    expect(['Vera', 'Vito', 'Gail', 'Otto'].map(vips(true))).toEqual([true, true, false, false]);
  });
});

test('a camera is seen where its row is on', () => {
  const room = stage();
  room.relate('Alice', 'boot', 'Bob');
  const sees = (viewer: string) =>
    ((rowFor(room.view, room.member(viewer), room.member('Alice'))?.camera ?? 0) & Camera.on) !== 0;
  expect(['Bob', 'Carol'].map(sees)).toEqual([false, true]);
});

describe('a message may be read', () => {
  const may = (room: TestRoom, message: Parameters<typeof mayReadMessage>[1], reader: string) =>
    mayReadMessage(room.view, message, room.member(reader));

  test('in a VIP channel by VIPs and operators', () => {
    const room = stage();
    room.enter('Vera', { role: 'vip' });
    expect(['Bob', 'Vera', 'Olga'].map((name) => mayRead(VIP_CHANNEL, room.member(name)))).toEqual([false, true, true]);
    const { message } = room.say('Vera', 'among us', { channel: VIP_CHANNEL.id });
    expect(['Bob', 'Vera', 'Olga'].map((name) => may(room, message, name))).toEqual([false, true, true]);
  });

  test('by those who did not mute its author, and by nobody behind a block', () => {
    const room = stage();
    const { message } = room.say('Alice', 'hello');
    room.relate('Bob', 'mute', 'Alice');
    room.relate('Alice', 'block', 'Carol');
    expect(['Alice', 'Bob', 'Carol', 'Olga'].map((name) => may(room, message, name))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  test('directly by its two sides, and by its author alone where it is a shadow', () => {
    const room = stage();
    const { message } = room.say('Alice', 'psst', { member: 'Bob' });
    const names = ['Alice', 'Bob', 'Carol', 'Olga'];
    expect(names.map((name) => may(room, message, name))).toEqual([true, true, false, false]);
    const shadow = { ...message, shadow: true };
    expect(names.map((name) => may(room, shadow, name))).toEqual([true, false, false, false]);
  });

  test('not in a channel that there is not', () => {
    const room = stage();
    const { message } = room.say('Alice', 'hello');
    const elsewhere = { ...message, target: { kind: 'channel', channel: 'gone' } } as const;
    expect(may(room, elsewhere, 'Bob')).toBe(false);
  });
});

const NAMES = ['A', 'B', 'C', 'D', 'E'] as const;
const name = fc.constantFrom(...NAMES);
const role = fc.constantFrom<Role>('guest', 'vip', 'op', 'bare-op');
const step = fc.oneof(
  fc.record({
    name,
    command: fc.record({
      type: fc.constant('relate' as const),
      kind: fc.constantFrom(...RELATION_KINDS),
      names: fc.tuple(name).map((names): readonly string[] => names),
      on: fc.boolean(),
    }),
  }),
  fc.record({
    name,
    command: fc.record({
      type: fc.constant('set-presence' as const),
      status: fc.constantFrom('online', 'away', 'hidden', ''),
      camera: fc.integer({ min: 0, max: 511 }),
    }),
  }),
);

test('whoever has no view of their own sees the common one, line for line, in any room', () => {
  const policy = fc.record({ vipMutuallySecret: fc.boolean(), blockableOperators: fc.boolean() });
  let common = 0;
  let own = 0;
  fc.assert(
    fc.property(
      policy,
      fc.tuple(role, role, role, role, role),
      fc.array(step, { maxLength: 14 }),
      (rules, roles, steps) => {
        const room = new TestRoom({ policy: rules, channels: [CHANNEL] });
        for (const [index, each] of NAMES.entries()) room.enter(each, { role: roles[index] ?? 'guest' });
        for (const each of steps) room.do(each.name, each.command);
        for (const viewer of room.view.members()) {
          if (hasOwnView(room.view, viewer)) {
            own++;
            continue;
          }
          common++;
          for (const member of room.view.members()) {
            const row = rowFor(room.view, viewer, member);
            expect(commonRow(room.view, member, { vip: isVip(viewer) })).toEqual(row);
          }
          expect(view(room.view, viewer)).toHaveLength([...room.view.members()].filter(({ hidden }) => !hidden).length);
        }
      },
    ),
    { numRuns: 400 },
  );
  // Both kinds of viewers came to be looked at.
  expect(common).toBeGreaterThan(100);
  expect(own).toBeGreaterThan(100);
});
