import { describe, expect, test, vi } from 'vitest';
import { Camera } from './camera.ts';
import { goDuration } from './membership.ts';
import type { Sanction } from './moderation.ts';
import { RoomState } from './room-state.ts';
import { CHANNEL, fromWebsite, START, TestRoom, VIP_CHANNEL } from './testing.ts';

const HOUR = 3_600_000;

function banOf(name: string, changes: Partial<Sanction> = {}): Sanction {
  const at = START - 1_000;
  return {
    id: `ban ${name}`,
    room: 'lobby',
    name,
    reason: 'spam',
    by: 'Olga',
    at,
    expiresAt: START + HOUR,
    ...changes,
  };
}

describe('entering', () => {
  test('a newcomer learns where they are, the others that they came', () => {
    const room = new TestRoom();
    room.enter('Alice');
    const heard = room.enter('Bob');
    expect(heard.by('Bob').map(({ type }) => type)).toEqual(['room-entered']);
    expect(heard.who('member-joined')).toEqual(['Alice']);
    expect(heard.who('roster-changed')).toEqual(['Alice']);
    expect(heard.event('room-entered')).toMatchObject({ again: false, self: { name: 'Bob', joinedAt: START } });
  });

  test('the roster goes out before the word, as newer clients expect of others', () => {
    const room = new TestRoom();
    const types = room.enter('Alice').outcome.deliveries.map(({ event }) => event.type);
    expect(types).toEqual(['room-entered', 'roster-changed', 'member-joined']);
  });

  test('a name that is taken, in whatever case, is numbered', () => {
    const room = new TestRoom();
    room.enterAll('Alice', 'alice');
    expect(room.member('alice 2').name).toBe('alice 2');
    expect(room.view.size).toBe(2);
  });

  test.each([
    ['<>', 'name-invalid'],
    ['\u200b', 'name-invalid'],
    ['ChatServer', 'name-reserved'],
    ['Chat\u200bServer', 'name-reserved'],
  ])('as %j is refused: %s', (name, code) => {
    const room = new TestRoom();
    expect(room.tryEnter(name)).toMatchObject({ kind: 'refused', refusal: { code } });
    expect(room.view.size).toBe(0);
  });

  test('a full room refuses newcomers, but not who is in it already', () => {
    const room = new TestRoom({ policy: { maxMembers: 2 } });
    room.enter('Alice', { identityId: 'a' });
    room.enter('Bob');
    expect(room.tryEnter('Carol')).toMatchObject({ kind: 'refused', refusal: { code: 'room-full' } });
    expect(room.tryEnter('Alice', { identityId: 'a' }).kind).toBe('entered');
    room.depart('Bob');
    expect(room.tryEnter('Carol').kind).toBe('entered');
  });

  test('the status asked for is kept, within reason; nobody arrives hidden', () => {
    const room = new TestRoom();
    room.enter('Alice', { status: 'x'.repeat(1_000) });
    room.enter('Bob', { status: 'hidden' });
    room.enter('Olga', { role: 'op', status: 'hidden' });
    expect(room.member('Alice').status).toHaveLength(64);
    expect(room.member('Bob')).toMatchObject({ status: 'online', hidden: false });
    expect(room.member('Olga').hidden).toBe(false);
  });
});

describe('a ban', () => {
  test('refuses the name, says how long and why, and ends the session', () => {
    const room = new TestRoom({ sanctions: [banOf('Mallory')] });
    const entry = room.tryEnter('mALLORY');
    const detail = 'The ban ends in 1h0m0s. Reason: spam';
    expect(entry).toEqual({
      kind: 'refused',
      refusal: { code: 'banned', subject: 'mALLORY', detail },
      disconnect: { code: 'banned', reason: detail },
    });
  });

  test('refuses the identity under any name', () => {
    const room = new TestRoom({ sanctions: [banOf('Mallory', { identityId: 'm' })] });
    expect(room.tryEnter('Trudy', { identityId: 'm' }).kind).toBe('refused');
    expect(room.tryEnter('Trudy', { identityId: 't' }).kind).toBe('entered');
  });

  test('ends when it expires', () => {
    const room = new TestRoom({ sanctions: [banOf('Mallory')] });
    room.now = START + HOUR - 1;
    expect(room.tryEnter('Mallory').kind).toBe('refused');
    room.now = START + HOUR;
    expect(room.tryEnter('Mallory').kind).toBe('entered');
  });
});

describe('the same durable identity again', () => {
  test('takes over the member, name and all, with the camera off', () => {
    const room = new TestRoom();
    room.enter('Alice', { identityId: 'a', status: 'away' });
    room.enter('Bob');
    room.camera('Alice', Camera.on);
    const { id } = room.member('Alice');
    room.now += 5_000;
    const heard = room.enter('Somebody else', { identityId: 'a' });
    expect(room.view.size).toBe(2);
    expect(room.member('Alice')).toMatchObject({ id, joinedAt: START, camera: 0, status: 'away' });
    expect(heard.event('room-entered').again).toBe(true);
    expect(heard.who('member-changed')).toEqual(['Bob']);
    expect(heard.who('member-joined')).toEqual([]);
  });

  test('keeps what it decided about others', () => {
    const room = new TestRoom();
    room.enter('Alice', { identityId: 'a' });
    room.enter('Bob');
    room.relate('Alice', 'boot', 'Bob');
    room.enter('Alice', { identityId: 'a' });
    expect(room.view.relations.has('Alice', 'boot', 'Bob')).toBe(true);
  });

  test('stays hidden as an operator; who is none any more shows', () => {
    const room = new TestRoom();
    room.enter('Olga', { identityId: 'o', role: 'op' });
    room.do('Olga', { type: 'set-presence', status: 'hidden' });
    room.enter('Olga', { identityId: 'o', role: 'op' });
    expect(room.member('Olga').hidden).toBe(true);
    room.enter('Olga', { identityId: 'o' });
    expect(room.member('Olga').hidden).toBe(false);
  });

  test('an identity that ends with the visit is somebody else each time', () => {
    const room = new TestRoom();
    room.enter('Alice');
    room.enter('Alice');
    expect(room.view.size).toBe(2);
  });
});

describe('relations said with the login', () => {
  test('hold before anybody hears of the newcomer', () => {
    const room = new TestRoom();
    room.enterAll('Bob', 'Carol');
    const heard = room.enter('Alice', { relations: { block: ['BOB', '<i>'], mute: ['Carol'] } });
    expect(heard.who('member-joined')).toEqual(['Carol']);
    expect(Object.keys(room.roster('Bob'))).not.toContain('Alice');
    expect(room.view.relations.has('Alice', 'mute', 'Carol')).toBe(true);
    expect([...room.view.relations.of('Alice', 'block')]).toEqual(['bob', 'i']);
  });

  test('pass over operators, unless these may be blocked', () => {
    const relations = { block: ['Olga'] };
    const strict = new TestRoom();
    strict.enter('Olga', { role: 'op' });
    strict.enter('Alice', { relations });
    expect(Object.keys(strict.roster('Alice'))).toContain('Olga');

    const lenient = new TestRoom({ policy: { blockableOperators: true } });
    lenient.enter('Olga', { role: 'op' });
    lenient.enter('Alice', { relations });
    expect(Object.keys(lenient.roster('Alice'))).not.toContain('Olga');
    lenient.do('Olga', { type: 'unmute-all' });
    lenient.enter('Bob', { relations });
    expect(Object.keys(lenient.roster('Bob'))).toContain('Olga');
  });
});

describe('what a newcomer is shown', () => {
  const shown = (room: TestRoom, name: string, role: 'guest' | 'vip' = 'guest') =>
    room
      .enter(name, { role })
      .event('room-entered')
      .recent.map(({ body }) => (body.kind === 'text' ? body.text : ''));

  test('is the latest of each channel that they may read, oldest first', () => {
    const room = new TestRoom({ channels: [{ ...CHANNEL, newcomerMessages: 2 }, VIP_CHANNEL] });
    room.enter('Vera', { role: 'vip' });
    for (const text of ['one', 'two', 'three']) room.say('Vera', text);
    room.say('Vera', 'among us', { channel: VIP_CHANNEL.id });
    room.say('Vera', 'to myself', { member: 'Vera' });
    expect(shown(room, 'Bob')).toEqual(['two', 'three']);
    expect(shown(room, 'Vito', 'vip')).toEqual(['two', 'three', 'among us']);
  });

  test('is nothing of those who blocked them', () => {
    const room = new TestRoom();
    room.enterAll('Alice', 'Carol');
    room.relate('Alice', 'block', 'Bob');
    room.say('Alice', 'without Bob');
    room.say('Carol', 'for all');
    expect(shown(room, 'Bob')).toEqual(['for all']);
  });

  test('stays bounded however much is said', () => {
    const room = new TestRoom({
      channels: [
        { ...CHANNEL, newcomerMessages: 3 },
        { ...VIP_CHANNEL, vip: false, newcomerMessages: 0 },
      ],
    });
    room.enter('Alice');
    for (let index = 0; index < 100; index++) room.say('Alice', `${index}`);
    room.say('Alice', 'not shown', { channel: VIP_CHANNEL.id });
    expect(shown(room, 'Bob')).toEqual(['97', '98', '99']);
  });

  test('comes once more for who missed too much', () => {
    const room = new TestRoom();
    room.enter('Alice');
    room.say('Alice', 'hello');
    const event = room.room.recall(room.member('Alice').id);
    expect(event).toMatchObject({ type: 'room-entered', again: true, recent: [{ body: { text: 'hello' } }] });
    expect(room.room.recall('nobody')).toBeUndefined();
  });
});

describe('leaving', () => {
  test('is told to all who remain, and frees the name', () => {
    const room = new TestRoom();
    room.enterAll('Alice', 'Bob', 'Carol');
    const heard = room.depart('Bob', 'timed-out');
    expect(heard.who('member-left')).toEqual(['Alice', 'Carol']);
    expect(heard.event('member-left').how).toBe('timed-out');
    expect(heard.who('roster-changed')).toEqual(['Alice', 'Carol']);
    room.enter('Bob');
    expect(room.member('Bob').name).toBe('Bob');
  });

  test('is not told behind a block, nor of who was hidden', () => {
    const room = new TestRoom();
    room.enterAll('Alice', 'Bob', 'Carol');
    room.enter('Olga', { role: 'op' });
    room.relate('Alice', 'block', 'Bob');
    room.do('Olga', { type: 'set-presence', status: 'hidden' });
    expect(room.depart('Bob').who('member-left')).toEqual(['Carol', 'Olga']);
    expect(room.depart('Olga').outcome.deliveries).toEqual([]);
  });

  test('takes along what they decided, and leaves what was decided about them', () => {
    const room = new TestRoom();
    room.enterAll('Alice', 'Bob');
    room.relate('Alice', 'mute', 'Bob');
    room.relate('Bob', 'boot', 'Alice');
    room.depart('Alice');
    room.enter('Alice');
    expect(room.view.relations.has('Alice', 'mute', 'Bob')).toBe(false);
    expect(room.view.relations.has('Bob', 'boot', 'Alice')).toBe(true);
  });

  test('twice is nothing, and who is gone can do nothing', () => {
    const room = new TestRoom();
    room.enter('Alice');
    const { id } = room.member('Alice');
    room.depart('Alice');
    expect(room.room.depart(id, 'left').deliveries).toEqual([]);
    expect(room.room.apply(id, { type: 'list-bans' }).reply).toEqual({ refused: { code: 'not-joined' } });
  });
});

describe('W27: who owns their name', () => {
  test('gets it from the guest who has it, who goes, and is told why', () => {
    const room = new TestRoom();
    room.enterAll('Bob', 'ALICE', 'Carol');
    const squatter = room.member('Alice');
    const heard = room.enter('Alice', fromWebsite('Alice'));
    expect(heard.outcome.disconnects).toEqual([{ memberId: squatter.id, disconnect: { code: 'replaced' } }]);
    expect(heard.event('member-left')).toMatchObject({ how: 'replaced', member: { id: squatter.id } });
    expect(heard.who('member-left')).toEqual(expect.arrayContaining(['Bob', 'Carol']));
    expect(heard.who('member-joined')).toEqual(expect.arrayContaining(['Bob', 'Carol']));
    expect(room.member('Alice').name).toBe('Alice');
    expect(room.member('Alice').id).not.toBe(squatter.id);
    expect([...room.view.members()].map(({ name }) => name)).toEqual(['Bob', 'Carol', 'Alice']);
  });

  test('gets it in a full room, too: nobody is added', () => {
    const room = new TestRoom({ policy: { maxMembers: 2 } });
    room.enterAll('Alice', 'Bob');
    expect(room.tryEnter('Carol', fromWebsite('Carol'))).toMatchObject({ refusal: { code: 'room-full' } });
    expect(room.tryEnter('Alice', fromWebsite('Alice')).kind).toBe('entered');
    expect(room.view.size).toBe(2);
  });

  test('takes from the guest the name alone: what others decided stays, what the guest decided goes', () => {
    const room = new TestRoom();
    room.enterAll('Alice', 'Bob', 'Carol');
    room.relate('Alice', 'mute', 'Bob');
    room.relate('Bob', 'boot', 'Alice');
    room.relate('Bob', 'mute', 'Carol');
    room.say('Alice', 'hello');
    room.camera('Bob', Camera.on);
    room.enter('Alice', fromWebsite('Alice'));
    expect(room.view.relations.has('Alice', 'mute', 'Bob')).toBe(false);
    expect(room.view.relations.has('Bob', 'boot', 'Alice')).toBe(true);
    expect(room.view.relations.has('Bob', 'mute', 'Carol')).toBe(true);
    expect(room.member('Bob').camera).toBe(Camera.on);
    const shown = room.enter('Dave').event('room-entered').recent;
    expect(shown).toMatchObject([{ author: { identityId: 'visit:alice' }, body: { text: 'hello' } }]);
  });

  test('takes it from nobody while banned', () => {
    const room = new TestRoom({ sanctions: [banOf('Trudy', { identityId: 't:alice' })] });
    room.enter('Alice');
    const { id } = room.member('Alice');
    expect(room.tryEnter('Alice', fromWebsite('Alice'))).toMatchObject({ refusal: { code: 'banned' } });
    expect(room.member('Alice').id).toBe(id);
  });

  test('takes over their own older connection, whatever name they had there', () => {
    const room = new TestRoom();
    room.enter('Alice', fromWebsite('Alice'));
    const { id } = room.member('Alice');
    const heard = room.enter('Alice', fromWebsite('Alice'));
    expect(room.member('Alice').id).toBe(id);
    expect(heard.outcome.disconnects).toEqual([]);
    expect(heard.who('member-left')).toEqual([]);
  });

  test('whose name had to be cleaned owns nothing, and is numbered', () => {
    const room = new TestRoom();
    room.enter('Alice');
    room.enter('<Alice>', fromWebsite('<Alice>', { ownsName: false }));
    expect([...room.view.members()].map(({ name }) => name)).toEqual(['Alice', 'Alice 2']);
  });

  test('is not sent away hidden without a word that would show them', () => {
    const room = new TestRoom();
    room.enter('Bob');
    room.enter('Alice', { role: 'op' });
    room.do('Alice', { type: 'set-presence', status: 'hidden' });
    const heard = room.enter('Alice', fromWebsite('Alice'));
    expect(heard.outcome.disconnects).toHaveLength(1);
    expect(heard.who('member-left')).toEqual([]);
    expect(heard.who('member-joined')).toContain('Bob');
  });

  test('keeps it while absent: guests are numbered, past numbers that are owned', () => {
    const room = new TestRoom();
    room.enter('alice', { ownedNames: ['alice'] });
    room.enter('Alice', { identityId: 'g', ownedNames: ['alice', 'alice 2', 'alice 3'] });
    expect([...room.view.members()].map(({ name }) => name)).toEqual(['alice 2', 'Alice 4']);
    room.depart('alice 2');
    room.enter('alice', { identityId: 'h', ownedNames: ['alice', 'alice 2'] });
    expect(room.view.memberNamed('alice 2')).toBeUndefined();
  });

  test('a ban holds for the name that somebody gets, not for the one they asked for', () => {
    const room = new TestRoom({ sanctions: [banOf('alice 2')] });
    expect(room.tryEnter('alice', { ownedNames: ['alice'] })).toMatchObject({ refusal: { code: 'banned' } });
    expect(room.tryEnter('alice').kind).toBe('entered');
  });
});

describe('W28: a hidden operator who comes back', () => {
  const MINUTE = 60_000;

  function hiddenThenGone(how: 'left' | 'timed-out' = 'left') {
    const room = new TestRoom();
    room.enter('Bob');
    room.enter('Olga', { identityId: 'o', role: 'op' });
    room.do('Olga', { type: 'set-presence', status: 'hidden' });
    expect(room.depart('Olga', how).outcome.deliveries).toEqual([]);
    return room;
  }

  test.each(['left', 'timed-out'] as const)('within two minutes is announced to nobody, having %s', (how) => {
    const room = hiddenThenGone(how);
    room.now += 2 * MINUTE;
    const heard = room.enter('Olga', { identityId: 'o', role: 'op', status: 'online' });
    expect(room.member('Olga')).toMatchObject({ hidden: true, status: 'hidden', statusSaid: 'hidden' });
    expect(heard.by('Olga').map(({ type }) => type)).toEqual(['room-entered']);
    expect(heard.by('Bob')).toEqual([]);
    expect(heard.who('roster-changed')).toEqual([]);
    expect(Object.keys(room.roster('Bob'))).toEqual(['Bob']);
  });

  test('later shows, and so does who is no operator any more', () => {
    const late = hiddenThenGone();
    late.now += 2 * MINUTE + 1;
    expect(late.enter('Olga', { identityId: 'o', role: 'op' }).who('member-joined')).toEqual(['Bob']);
    const none = hiddenThenGone();
    expect(none.enter('Olga', { identityId: 'o' }).who('member-joined')).toEqual(['Bob']);
  });

  test('after they showed themselves is announced again', () => {
    const room = hiddenThenGone();
    room.enter('Olga', { identityId: 'o', role: 'op' });
    room.do('Olga', { type: 'set-presence', status: 'online' });
    room.depart('Olga');
    expect(room.enter('Olga', { identityId: 'o', role: 'op' }).who('member-joined')).toEqual(['Bob']);
  });

  test('is nobody else who takes their name', () => {
    const room = hiddenThenGone();
    expect(room.enter('Olga', { identityId: 'other', role: 'op' }).who('member-joined')).toEqual(['Bob']);
  });
});

describe('rules', () => {
  const guards = { rules: new Map([['alice', new Set(['no-image'] as const)]]) };

  test('that the operator set for a name hold for who bears it, in whatever case', () => {
    const room = new TestRoom({ guards });
    room.enter('aLICE', { rules: ['camera-explicit'] });
    room.enter('Bob');
    expect([...room.member('Alice').rules].sort()).toEqual(['camera-explicit', 'no-image']);
    expect([...room.member('Bob').rules]).toEqual([]);
  });

  test('W22: of a token do not stick to the name', () => {
    const room = new TestRoom({ guards });
    room.enter('Alice', fromWebsite('Alice', { rules: ['no-video'] }));
    expect([...room.member('Alice').rules].sort()).toEqual(['no-broadcast', 'no-image', 'no-video']);
    room.depart('Alice');
    room.enter('Alice');
    expect([...room.member('Alice').rules]).toEqual(['no-image']);
    expect([...(guards.rules.get('alice') ?? [])]).toEqual(['no-image']);
  });

  test('who may not watch may not share either, whoever says so', () => {
    const room = new TestRoom({ guards: { rules: new Map([['bob', new Set(['no-video'] as const)]]) } });
    room.enter('Alice', { rules: ['no-video'] });
    room.enter('Bob');
    room.enter('Carol', { rules: ['no-broadcast'] });
    for (const name of ['Alice', 'Bob']) expect([...room.member(name).rules]).toEqual(['no-video', 'no-broadcast']);
    expect([...room.member('Carol').rules]).toEqual(['no-broadcast']);
  });
});

describe('numbered names', () => {
  test('of a thousand who want the same one take no search of a thousand each', () => {
    const lookups = vi.spyOn(RoomState.prototype, 'memberNamed');
    try {
      const room = new TestRoom();
      for (let index = 0; index < 1_000; index++) room.enter('anonymous');
      expect(room.view.size).toBe(1_000);
      expect(room.view.memberNamed('anonymous 1000')).toBeDefined();
      expect(lookups.mock.calls.length).toBeLessThan(10_000);
    } finally {
      lookups.mockRestore();
    }
  });

  test('that became free are used again, the lowest of them first', () => {
    const room = new TestRoom();
    const names = () => [...room.view.members()].map(({ name }) => name);
    for (let index = 0; index < 6; index++) room.enter('Ann');
    room.depart('Ann 5');
    room.depart('Ann 3');
    room.enterAll('Ann', 'ann', 'Ann');
    expect(names()).toEqual(['Ann', 'Ann 2', 'Ann 4', 'Ann 6', 'Ann 3', 'ann 5', 'Ann 7']);
    room.depart('Ann');
    room.enter('Ann');
    expect(names().at(-1)).toBe('Ann');
  });

  test('do not confuse who is really called so', () => {
    const room = new TestRoom();
    room.enterAll('Ann', 'Ann', 'Ann 3', 'Ann');
    expect([...room.view.members()].map(({ name }) => name)).toEqual(['Ann', 'Ann 2', 'Ann 3', 'Ann 4']);
  });
});

test.each([
  [0, '0s'],
  [1, '1s'],
  [59_000, '59s'],
  [60_000, '1m0s'],
  [3_599_001, '1h0m0s'],
  [86_399_000, '23h59m59s'],
  [90_061_000, '25h1m1s'],
])('%d ms is %s', (milliseconds, text) => {
  expect(goDuration(milliseconds)).toBe(text);
});
