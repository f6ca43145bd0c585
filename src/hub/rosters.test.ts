import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Member } from '../core/member.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { Rosters } from './rosters.ts';
import { FakeOccupant, fakeDialect } from './testing/occupant.ts';

const BYTES_PER_SECOND = 1_000;

class Present extends FakeOccupant {
  override get member(): Member {
    return {} as Member;
  }
}

/** A room whose roster is a text; those in `own` have a view of their own, which is the text in `lies`. */
class Room {
  text = 'r'.repeat(100);
  readonly lies = new Map<FakeOccupant, string>();
  readonly sessions = new Map<string, FakeOccupant>();
  encodings = 0;
  readonly dialect: Dialect = fakeDialect({
    roster: {
      key: (viewer) => (this.lies.has(viewer as FakeOccupant) ? null : ''),
      encode: (viewer) => {
        this.encodings++;
        return { text: this.lies.get(viewer as FakeOccupant) ?? this.text };
      },
    },
  });
  readonly rosters = new Rosters(this.sessions, { bytesPerSecond: BYTES_PER_SECOND, now: () => Date.now() });

  add(id: string, dialect = this.dialect): FakeOccupant {
    const occupant = new Present(dialect);
    this.sessions.set(id, occupant);
    return occupant;
  }

  changed(except: readonly string[] = []): void {
    this.rosters.changedForAll(new Set(except));
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'Date'] });
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a change', () => {
  test('is sent at once where none was before, encoded once for all alike', () => {
    const room = new Room();
    const readers = ['a', 'b', 'c'].map((id) => room.add(id));
    room.changed();
    expect(readers.map(({ sent }) => sent)).toEqual([[room.text], [room.text], [room.text]]);
    expect(room.encodings).toBe(1);
  });

  test('is not sent to those it is not for, nor to wires without rosters', () => {
    const room = new Room();
    const [reader, newcomer] = [room.add('a'), room.add('b')];
    const native = room.add('c', fakeDialect());
    room.changed(['b']);
    expect([reader, newcomer, native].map(({ sent }) => sent.length)).toEqual([1, 0, 0]);
  });

  test('soon after another comes later, together with all that changes until then', () => {
    const room = new Room();
    const readers = ['a', 'b'].map((id) => room.add(id));
    room.changed();
    for (const text of ['one', 'two', 'three']) {
      room.text = text;
      room.changed();
    }
    expect(readers.map(({ sent }) => sent.length)).toEqual([1, 1]);
    // 2 readers × 100 bytes at 1,000 bytes a second.
    vi.advanceTimersByTime(199);
    expect(readers.map(({ sent }) => sent.length)).toEqual([1, 1]);
    vi.advanceTimersByTime(1);
    expect(readers.map(({ sent }) => sent.slice(1))).toEqual([['three'], ['three']]);
  });

  test('is sent at once again when the bytes of the last were paid for', () => {
    const room = new Room();
    const reader = room.add('a');
    room.changed();
    vi.advanceTimersByTime(100);
    room.changed();
    expect(reader.sent).toHaveLength(2);
    vi.advanceTimersByTime(100);
  });

  test('for some goes to them alone, at once or later', () => {
    const room = new Room();
    const [one, other] = [room.add('a'), room.add('b')];
    room.rosters.changedFor(['a', 'gone']);
    expect([one.sent.length, other.sent.length]).toEqual([1, 0]);
    room.rosters.changedFor(['b']);
    expect(other.sent).toHaveLength(0);
    vi.advanceTimersByTime(100);
    expect([one.sent.length, other.sent.length]).toEqual([1, 1]);
  });

  test('that is due is not sent to who has gone', () => {
    const room = new Room();
    const reader = room.add('a');
    room.changed();
    room.changed();
    room.sessions.delete('a');
    vi.advanceTimersByTime(100);
    expect(reader.sent).toHaveLength(1);
  });
});

describe('who has a view of their own', () => {
  test('gets it, encoded for them, and not again while it is the same', () => {
    const room = new Room();
    const [liedTo, reader] = [room.add('a'), room.add('b')];
    room.lies.set(liedTo, 'lie');
    for (let index = 0; index < 3; index++) {
      room.changed();
      vi.advanceTimersByTime(1_000);
    }
    expect(liedTo.sent).toEqual(['lie']);
    expect(reader.sent).toHaveLength(3);
    room.lies.set(liedTo, 'another lie');
    room.changed();
    expect(liedTo.sent).toEqual(['lie', 'another lie']);
  });

  test('since just now is not sent what they had as everybody else: it would tell them of the lie', () => {
    const room = new Room();
    const liedTo = room.add('a');
    room.changed();
    room.lies.set(liedTo, room.text);
    vi.advanceTimersByTime(1_000);
    room.rosters.changedFor(['a']);
    expect(liedTo.sent).toHaveLength(1);
  });
});

describe('a large refresh', () => {
  test('is sent in slices, turn by turn; what changes meanwhile comes afterwards, to all', () => {
    const room = new Room();
    room.text = 'r'.repeat(900_000);
    const readers = Array.from({ length: 7 }, (_, index) => room.add(`${index}`));
    const reached = () => readers.filter(({ sent }) => sent.length > 0).length;
    room.changed();
    expect(reached()).toBe(3);
    room.changed();
    vi.runOnlyPendingTimers();
    expect(reached()).toBe(6);
    room.text = 'small';
    vi.runOnlyPendingTimers();
    expect(reached()).toBe(7);
    vi.runAllTimers();
    expect(readers.map(({ sent }) => sent.at(-1))).toEqual(readers.map(() => 'small'));
  });

  test('ends with the room', () => {
    const room = new Room();
    room.text = 'r'.repeat(3_000_000);
    const readers = ['a', 'b', 'c'].map((id) => room.add(id));
    room.changed();
    room.rosters.close();
    vi.runAllTimers();
    expect(readers.filter(({ sent }) => sent.length > 0)).toHaveLength(1);
  });
});

test('nothing is timed by a room that is closed', () => {
  const room = new Room();
  const reader = room.add('a');
  room.changed();
  room.changed();
  room.rosters.close();
  room.changed();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(10_000);
  expect(reader.sent).toHaveLength(1);
});

test('one reader may have it now, whatever the pace', () => {
  const room = new Room();
  const reader = room.add('a');
  room.changed();
  room.rosters.sendTo(reader);
  expect(reader.sent).toHaveLength(2);
  vi.advanceTimersByTime(1_000);
});
