import { describe, expect, test } from 'vitest';
import type { Command, CommandType } from '../core/command.ts';
import { MemoryConnection } from '../transport/memory.ts';
import { commandRates, Limits, type RateSettings } from './limits.ts';
import { Session } from './session.ts';
import { fakeDialect } from './testing/occupant.ts';

/** A command of which nothing but its kind matters. */
function asked(type: CommandType): Command {
  return { type, relations: {} } as unknown as Command;
}

const SETTINGS: RateSettings = {
  posts: { burst: 4, perSecond: 1 },
  images: { burst: 2, perSecond: 0.1 },
  peoplePerAddress: 3,
  loginsPerAddress: { burst: 5, perSecond: 0.5 },
};

const HOST = {
  outboxBytes: 100,
  now: () => 0,
  perform: () => {},
  lost: () => {},
  outboxChanged: () => {},
  disconnected: () => {},
  fault: () => {},
};

function from(household: string): Session {
  const connection = new MemoryConnection(household);
  return new Session({ dialect: fakeDialect(), state: undefined, connection, household, host: HOST });
}

/** How many of this kind are allowed at once. */
function allowed(limits: Limits, session: Session, type: CommandType, now = 0): number {
  let count = 0;
  while (count < 10_000 && limits.allows(session, asked(type), now)) count++;
  return count;
}

describe('W12: what a session may do', () => {
  test('is a burst, then a rate, per kind', () => {
    const limits = new Limits(SETTINGS);
    const session = from('a');
    expect(allowed(limits, session, 'post-message')).toBe(4);
    expect(allowed(limits, session, 'post-attachment')).toBe(0);
    expect(allowed(limits, session, 'post-image')).toBe(2);
    expect(allowed(limits, session, 'open-camera')).toBe(commandRates(SETTINGS).open.burst);
    expect(allowed(limits, session, 'post-message', 2_000)).toBe(2);
  });

  test('a note to all is like a post, one to somebody is not', () => {
    const limits = new Limits(SETTINGS);
    const session = from('a');
    expect(allowed(limits, session, 'pass-note')).toBe(4);
    expect(allowed(limits, session, 'post-message')).toBe(0);
    const toBob: Command = { type: 'pass-note', to: 'Bob', kind: 'x', payload: 'null', echo: false };
    expect(Array.from({ length: 100 }, () => limits.allows(session, toBob, 0))).not.toContain(false);
  });

  test.each(['signal', 'watch-camera', 'leave', 'kick', 'list-bans'] as const)('%s is without limit here', (type) => {
    expect(allowed(new Limits(SETTINGS), from('a'), type)).toBe(10_000);
  });

  test.each(['join', 'resume', 'report', 'create-invitation', 'fetch-history', 'nudge', 'block-all'] as const)(
    '%s is not',
    (type) => expect(allowed(new Limits(SETTINGS), from('a'), type)).toBeLessThan(600),
  );
});

describe('W12: what a household may do', () => {
  test('is what so many people may, whoever of them and however often they connect anew', () => {
    const limits = new Limits(SETTINGS);
    const counts = Array.from({ length: 10 }, () => allowed(limits, from('a'), 'post-message'));
    expect(counts).toEqual([4, 4, 4, 0, 0, 0, 0, 0, 0, 0]);
    expect(allowed(limits, from('b'), 'post-message')).toBe(4);
    expect(allowed(limits, from('a'), 'post-message', 1_000)).toBe(3);
  });

  test.each([
    ['post-image', 6],
    ['open-camera', 180],
    ['set-presence', 90],
  ] as const)('holds for %s, too', (type, total) => {
    const limits = new Limits(SETTINGS);
    const counts = Array.from({ length: 6 }, () => allowed(limits, from('a'), type));
    expect(counts.reduce((sum, count) => sum + count)).toBe(total);
  });

  test('has a rate of its own for logins', () => {
    const limits = new Limits(SETTINGS);
    const logins = Array.from({ length: 20 }, () => limits.allows(from('a'), asked('join'), 0));
    expect(logins.filter(Boolean)).toHaveLength(5);
    expect(limits.allows(from('a'), asked('resume'), 0)).toBe(false);
    expect(limits.allows(from('b'), asked('resume'), 0)).toBe(true);
    expect(limits.allows(from('a'), asked('join'), 2_000)).toBe(true);
  });

  test('one bucket is for images that come on a wire and beside it', () => {
    const limits = new Limits(SETTINGS);
    const session = from('a');
    expect(limits.takes(session, 'image', 0)).toBe(true);
    expect(limits.allows(session, asked('post-image'), 0)).toBe(true);
    expect(limits.takes(session, 'image', 0)).toBe(false);
  });

  test('is forgotten by a sweep when it is whole again, and not before', () => {
    const limits = new Limits(SETTINGS);
    for (let index = 0; index < 3; index++) allowed(limits, from('a'), 'post-message');
    limits.sweep(1_000);
    expect(allowed(limits, from('a'), 'post-message', 1_000)).toBe(3);
    limits.sweep(60_000);
    expect(allowed(limits, from('a'), 'post-message', 60_000)).toBe(4);
  });
});

test('a login with a long block list counts as several of its household', () => {
  const settings = { ...SETTINGS, loginsPerAddress: { burst: 10, perSecond: 0.001 } };
  const names = Array.from({ length: 2500 }, (_, index) => `name ${index}`);
  const join = { type: 'join', relations: { mute: names, block: names } } as unknown as Command;
  const limits = new Limits(settings);
  expect(limits.allows(from('a'), join, 0)).toBe(false);
  const few = { type: 'join', relations: { block: names.slice(0, 2000) } } as unknown as Command;
  expect([
    limits.allows(from('b'), few, 0),
    limits.allows(from('b'), few, 0),
    limits.allows(from('b'), few, 0),
  ]).toEqual([true, true, false]);
});
