import { describe, expect, test } from 'vitest';
import type { RoomCommand } from './command.ts';
import { type Comer, holdsAgainst, isCalled, type Sanction } from './moderation.ts';
import { type Arrival, fromWebsite, identity, RANGES, START, TestRoom } from './testing.ts';

const HOUR = 3_600_000;

function banOf(changes: Partial<Sanction>): Sanction {
  return { id: 'b', room: 'lobby', reason: '', by: 'Olga', at: START, expiresAt: START + HOUR, ...changes };
}

function comer(name: string, arrival: Arrival = {}): Comer {
  const { address } = arrival;
  return { name, identity: identity(name, arrival), ...(address === undefined ? {} : { address }) };
}

const ACCOUNT: Arrival = { kind: 'account', identityId: 'a:1' };
const OPERATOR: Arrival = { kind: 'account', identityId: 'a:2', role: 'op' };

describe('whom a ban keeps out', () => {
  const held = (changes: Partial<Sanction>, name: string, arrival: Arrival = {}) =>
    holdsAgainst(banOf(changes), comer(name, arrival), RANGES);

  test('by name: whoever bears it, in whatever case', () => {
    expect(held({ name: 'Mallory' }, 'mALLORY')).toBe(true);
    expect(held({ name: 'Mallory' }, 'Mallory', fromWebsite('Mallory'))).toBe(true);
    expect(held({ name: 'Mallory' }, 'Mallory', ACCOUNT)).toBe(true);
    expect(held({ name: 'Mallory' }, 'Mallory 2')).toBe(false);
  });

  test('by identity: under any name, whatever the kind', () => {
    const ban = { name: 'Mallory', identityId: 't:mallory' };
    expect(held(ban, 'Trudy', fromWebsite('Trudy', { identityId: 't:mallory' }))).toBe(true);
    expect(held(ban, 'Trudy', fromWebsite('Trudy'))).toBe(false);
    expect(held({ name: 'Mallory', identityId: 'g:1' }, 'Trudy', { identityId: 'g:1' })).toBe(true);
  });

  test('an identity that ended with its visit proves nothing', () => {
    expect(held({ name: 'Mallory', identityId: 'visit:trudy' }, 'Trudy')).toBe(false);
  });

  test('of a guest: not the one who owns the name that the guest bore', () => {
    const ban = { name: 'Alice', identityId: 'g:1' };
    expect(held(ban, 'Alice', fromWebsite('Alice'))).toBe(false);
    expect(held(ban, 'Alice', ACCOUNT)).toBe(false);
    expect(held(ban, 'Alice')).toBe(true);
    expect(held({ name: 'Alice', addresses: '192.0.2.1/32' }, 'Alice', fromWebsite('Alice'))).toBe(false);
  });

  test('at the address of somebody: guests, not those who have proved who they are', () => {
    const ban = { name: 'Mallory', addresses: '192.0.2.1/32' };
    const address = '192.0.2.1';
    expect(held(ban, 'Trudy', { address })).toBe(true);
    expect(held(ban, 'Trudy', { identityId: 'g:2', address })).toBe(true);
    expect(held(ban, 'Trudy', fromWebsite('Trudy', { address }))).toBe(false);
    expect(held(ban, 'Trudy', { ...ACCOUNT, address })).toBe(false);
    expect(held(ban, 'Trudy', { address: '192.0.2.2' })).toBe(false);
    expect(held(ban, 'Trudy')).toBe(false);
  });

  test('from a range: everybody but operators', () => {
    const ban = { addresses: '192.0.2.0/24' };
    const address = '192.0.2.200';
    expect(held(ban, 'Trudy', { address })).toBe(true);
    expect(held(ban, 'Trudy', fromWebsite('Trudy', { address }))).toBe(true);
    expect(held(ban, 'Trudy', { ...ACCOUNT, address })).toBe(true);
    expect(held(ban, 'Olga', { ...OPERATOR, address })).toBe(false);
    expect(held(ban, 'Trudy', { address: '192.0.3.1' })).toBe(false);
  });
});

test('a ban is called by its name, or, where it has none, by its addresses in any spelling', () => {
  const person = banOf({ name: 'Mallory', addresses: '192.0.2.1/32' });
  expect(isCalled(person, 'mallory', RANGES)).toBe(true);
  expect(isCalled(person, '192.0.2.1', RANGES)).toBe(false);
  const range = banOf({ addresses: '192.0.2.0/24' });
  expect(isCalled(range, ' 192.0.2.77/24 ', RANGES)).toBe(true);
  expect(isCalled(range, '192.0.2.0', RANGES)).toBe(false);
  expect(isCalled(range, 'nonsense', RANGES)).toBe(false);
});

const ban = (name: string, hours = 2): RoomCommand => ({ type: 'ban', name, hours, reason: 'spam' });
const banAddresses = (addresses: string, hours = 2): RoomCommand => ({
  type: 'ban-addresses',
  addresses,
  hours,
  reason: 'flood',
});
const unban = (name: string): RoomCommand => ({ type: 'unban', name });

function stage(): TestRoom {
  const room = new TestRoom({ ranges: RANGES });
  room.enter('Olga', { ...OPERATOR, address: '192.0.2.9' });
  return room;
}

function bans(room: TestRoom): readonly Sanction[] {
  const { reply } = room.do('Olga', { type: 'list-bans' }).outcome;
  if (!('accepted' in reply) || reply.accepted.kind !== 'bans') throw new Error('no bans');
  return reply.accepted.bans;
}

const codeOf = (room: TestRoom, name: string, arrival: Arrival = {}) => {
  const entry = room.tryEnter(name, arrival);
  return entry.kind === 'refused' ? entry.refusal.code : undefined;
};

describe('W14: a ban that sticks', () => {
  test('keeps a guest out who comes under another name from the same address', () => {
    const room = stage();
    room.enter('Mallory', { address: '198.51.100.7' });
    const { records } = room.do('Olga', ban('Mallory')).outcome;
    expect(records).toMatchObject([
      { type: 'sanction-imposed', sanction: { name: 'Mallory', addresses: '198.51.100.7/32', by: 'Olga' } },
    ]);
    expect(codeOf(room, 'Trudy', { address: '198.51.100.7' })).toBe('banned');
    expect(codeOf(room, 'Trudy', { address: '198.51.100.8' })).toBeUndefined();
    expect(codeOf(room, 'Alice', fromWebsite('Alice', { address: '198.51.100.7' }))).toBeUndefined();
  });

  test('says nothing of an address that is many people’s, nor of one who proved who they are', () => {
    const room = stage();
    room.enter('Mallory', { address: '10.0.0.1' });
    room.enter('Trudy', fromWebsite('Trudy', { address: '198.51.100.7' }));
    for (const name of ['Mallory', 'Trudy']) {
      expect(room.do('Olga', ban(name)).outcome.records).not.toMatchObject([{ sanction: { addresses: /./ } }]);
    }
    expect(bans(room).map(({ addresses }) => addresses)).toEqual([undefined, undefined]);
    expect(codeOf(room, 'Guest', { address: '10.0.0.1' })).toBeUndefined();
    expect(codeOf(room, 'Guest 2', { address: '198.51.100.7' })).toBeUndefined();
  });

  test('of a guest does not hit the owner of the name, though the guest’s identity ended', () => {
    const room = stage();
    room.enter('Alice', { address: '198.51.100.7' });
    room.do('Olga', ban('Alice'));
    expect(codeOf(room, 'Alice', fromWebsite('Alice'))).toBeUndefined();
  });

  test('of an absent name hits its owner, too', () => {
    const room = stage();
    room.do('Olga', ban('Alice'));
    expect(codeOf(room, 'Alice', fromWebsite('Alice'))).toBe('banned');
  });

  test('takes the place of an older one, addresses and all', () => {
    const room = stage();
    room.enter('Mallory', { address: '198.51.100.7' });
    room.do('Olga', ban('Mallory', 1));
    expect(room.do('Olga', ban('MALLORY', 5)).records).toEqual(['sanction-lifted', 'sanction-imposed']);
    expect(bans(room)).toMatchObject([{ name: 'MALLORY', expiresAt: START + 5 * HOUR }]);
    expect(codeOf(room, 'Trudy', { address: '198.51.100.7' })).toBeUndefined();
  });

  test('lifted by name frees the address, too', () => {
    const room = stage();
    room.enter('Mallory', { address: '198.51.100.7' });
    room.do('Olga', ban('Mallory'));
    expect(room.do('Olga', unban('mallory')).records).toEqual(['sanction-lifted']);
    expect(codeOf(room, 'Mallory', { address: '198.51.100.7' })).toBeUndefined();
  });

  test('ends for the address when it expires', () => {
    const room = stage();
    room.enter('Mallory', { address: '198.51.100.7' });
    room.do('Olga', ban('Mallory', 1));
    room.now += HOUR - 1;
    expect(codeOf(room, 'Trudy', { address: '198.51.100.7' })).toBe('banned');
    room.now += 1;
    expect(codeOf(room, 'Trudy', { address: '198.51.100.7' })).toBeUndefined();
  });
});

describe('a ban of addresses', () => {
  test('is stored as a range, sends out who is there from it, and keeps others out; operators pass', () => {
    const room = stage();
    room.enter('Mallory', { address: '192.0.2.1' });
    room.enter('Trudy', fromWebsite('Trudy', { address: '192.0.2.2' }));
    room.enter('Bob', { address: '203.0.113.1' });
    room.enter('Nowhere');
    const heard = room.do('Olga', banAddresses('192.0.2.200/24'));
    expect(heard.outcome.reply).toMatchObject({ accepted: { kind: 'about', name: '192.0.2.0/24' } });
    expect(heard.outcome.records).toMatchObject([
      {
        type: 'sanction-imposed',
        sanction: { addresses: '192.0.2.0/24', reason: 'flood', by: 'Olga', at: START, expiresAt: START + 2 * HOUR },
      },
    ]);
    expect(bans(room)[0]?.name).toBeUndefined();
    expect(heard.outcome.disconnects.map(({ disconnect }) => disconnect)).toEqual([
      { code: 'banned', reason: 'flood' },
      { code: 'banned', reason: 'flood' },
    ]);
    expect([...room.view.members()].map(({ name }) => name)).toEqual(['Olga', 'Bob', 'Nowhere']);
    expect(codeOf(room, 'Eve', { address: '192.0.2.77' })).toBe('banned');
    expect(codeOf(room, 'Otto', { ...OPERATOR, identityId: 'a:3', address: '192.0.2.77' })).toBeUndefined();
  });

  test.each(['', 'nonsense', 'Mallory', '192.0.2.0/33', '999'])('of %j is refused', (addresses) => {
    const room = stage();
    const heard = room.do('Olga', banAddresses(addresses));
    expect(heard.refusal).toBe('addresses-invalid');
    expect(heard.records).toEqual([]);
    expect(bans(room)).toEqual([]);
  });

  test('is lifted under another spelling, and replaced by one of the same addresses', () => {
    const room = stage();
    room.do('Olga', banAddresses('192.0.2.0/24', 1));
    expect(room.do('Olga', banAddresses('192.0.2.1/24', 3)).records).toEqual(['sanction-lifted', 'sanction-imposed']);
    expect(bans(room)).toMatchObject([{ addresses: '192.0.2.0/24', expiresAt: START + 3 * HOUR }]);
    expect(room.do('Olga', unban(' 192.0.2.99/24 ')).records).toEqual(['sanction-lifted']);
    expect(codeOf(room, 'Eve', { address: '192.0.2.77' })).toBeUndefined();
    expect(room.do('Olga', unban('192.0.2.0/24')).refusal).toBe('not-banned');
  });

  test('is not replaced by that of a person who is called like it, nor the other way round', () => {
    const room = stage();
    room.do('Olga', banAddresses('192.0.2.0/24'));
    expect(room.do('Olga', ban('192.0.2.0/24')).records).toEqual(['sanction-imposed']);
    expect(room.do('Olga', banAddresses('192.0.2.0/24')).records).toEqual(['sanction-lifted', 'sanction-imposed']);
    expect(bans(room)).toHaveLength(2);
  });

  test('passes over the operator who forgot that they are there themselves', () => {
    const room = stage();
    expect(room.do('Olga', banAddresses('192.0.2.9')).outcome.disconnects).toEqual([]);
    expect(room.view.size).toBe(1);
  });
});

describe('W23: tokens of the website do not outlive', () => {
  const revoked = (name: string) => ({ type: 'tokens-revoked', identityId: `t:${name}`, at: START });

  test.each([
    ['a kick', { type: 'kick', name: 'Alice', reason: '' }],
    ['the end of an operator', { type: 'set-operator', name: 'Alice', on: false }],
  ] as const)('%s', (_what, command) => {
    const room = stage();
    room.enter('Alice', fromWebsite('Alice', { role: 'op' }));
    expect(room.do('Olga', command).outcome.records).toContainEqual(revoked('alice'));
    const others = stage();
    others.enter('Alice', { identityId: 'g:1' });
    expect(others.do('Olga', command).records).not.toContain('tokens-revoked');
  });

  test('but do outlive a ban, which refuses by itself, in its own words', () => {
    const room = stage();
    room.enter('Alice', fromWebsite('Alice'));
    expect(room.do('Olga', ban('Alice')).records).toEqual(['sanction-imposed']);
    expect(codeOf(room, 'Alice', fromWebsite('Alice'))).toBe('banned');
  });

  test('and becoming an operator', () => {
    const room = stage();
    room.enter('Alice', fromWebsite('Alice'));
    expect(room.do('Olga', { type: 'set-operator', name: 'Alice', on: true }).records).toEqual(['operator-changed']);
  });
});
