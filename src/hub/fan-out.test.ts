import { expect, test } from 'vitest';
import type { Event } from '../core/event.ts';
import type { Viewer } from '../dialects/dialect.ts';
import { FanOut, sessionsOf } from './fan-out.ts';
import { FakeOccupant, fakeDialect } from './testing/occupant.ts';

const EVENT: Event = { type: 'camera-cut' };

function counting(name: string, keyOf: (viewer: Viewer) => string | null) {
  const encoded: (string | null)[] = [];
  const dialect = fakeDialect({
    name,
    encodeKey: (_event, viewer) => keyOf(viewer),
    encode: (_event, viewer, { seq }) => {
      encoded.push(keyOf(viewer));
      return [{ text: `${name} ${keyOf(viewer)} ${seq}` }];
    },
  });
  return { dialect, encoded };
}

test('an event is encoded once for each wire and variant, and for each who is special', () => {
  const variants = ['a', 'a', 'b', null, 'a', null, 'b', 'a'];
  const keys = new Map<Viewer, string | null>();
  const keyOf = (viewer: Viewer) => keys.get(viewer) ?? null;
  const one = counting('one', keyOf);
  const two = counting('two', keyOf);
  const fanOut = new FanOut(EVENT, { seq: 7 });
  for (const key of variants) {
    for (const { dialect } of [one, two]) {
      const occupant = new FakeOccupant(dialect);
      keys.set(occupant, key);
      fanOut.send(occupant);
      expect(occupant.sent).toEqual([`${dialect.name} ${key} 7`]);
    }
  }
  for (const { encoded } of [one, two]) expect(encoded).toEqual(['a', 'b', null, null]);
  expect([...fanOut.sent.values()]).toEqual([8, 8]);
});

test('several frames go in order; none is none', () => {
  const many = new FakeOccupant(fakeDialect({ encode: () => [{ text: '1' }, { text: '2' }] }));
  const none = new FakeOccupant(fakeDialect({ encode: () => [] }));
  const fanOut = new FanOut(EVENT, { seq: 1 });
  fanOut.send(many);
  fanOut.send(none);
  expect(many.sent).toEqual(['1', '2']);
  expect(none.sent).toEqual([]);
});

test('one whose frames cannot be made does not keep the others from theirs', () => {
  const broken = fakeDialect({
    encode: () => {
      throw new Error('a fault of ours');
    },
  });
  const [first, victim, last] = [
    new FakeOccupant(fakeDialect()),
    new FakeOccupant(broken),
    new FakeOccupant(fakeDialect()),
  ];
  const fanOut = new FanOut(EVENT, { seq: 1 });
  for (const occupant of [first, victim, last]) fanOut.send(occupant);
  expect([first, victim, last].map(({ sent }) => sent.length)).toEqual([1, 0, 1]);
  expect(victim.failures).toHaveLength(1);
});

test('an audience is found among the sessions that are here', () => {
  const sessions = new Map(['a', 'b', 'c'].map((id) => [id, new FakeOccupant(fakeDialect({ name: id }))]));
  const ids = (found: Iterable<{ readonly dialect: { readonly name: string } }>) =>
    [...found].map(({ dialect }) => dialect.name);
  expect(ids(sessionsOf({ kind: 'room', except: new Set(['b']) }, sessions))).toEqual(['a', 'c']);
  expect(ids(sessionsOf({ kind: 'members', members: ['c', 'gone', 'a'] }, sessions))).toEqual(['c', 'a']);
});
