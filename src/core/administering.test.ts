import { describe, expect, test } from 'vitest';
import { Camera } from './camera.ts';
import type { WebsiteCommand } from './command.ts';
import type { Identity } from './identity.ts';
import { type Arrival, fromWebsite, identity, RANGES, START, TestRoom } from './testing.ts';

const HOUR = 3_600_000;

function stage(): TestRoom {
  const room = new TestRoom({ ranges: RANGES });
  room.enterAll('Alice', 'Bob', 'Carol');
  room.enter('Olga', { role: 'op' });
  return room;
}

function hide(room: TestRoom, name: string): void {
  room.do(name, { type: 'set-presence', status: 'hidden' });
}

const names = (room: TestRoom) => [...room.view.members()].map(({ name }) => name);
const countOf = (outcome: { readonly reply: unknown }) =>
  (outcome.reply as { readonly accepted?: { readonly count?: number } }).accepted?.count;

describe('the website', () => {
  test('kicks anybody, operators too, without being anybody', () => {
    const room = stage();
    const heard = room.administer({ type: 'kick', name: 'oLGA', reason: ' shift is over\n' });
    expect(heard.outcome.reply).toEqual({ accepted: { kind: 'about', name: 'Olga' } });
    expect(heard.event('member-left').how).toBe('kicked');
    expect(heard.outcome.disconnects).toMatchObject([{ disconnect: { code: 'kicked', reason: 'shift is over' } }]);
    expect(room.administer({ type: 'kick', name: 'Olga', reason: '' }).refusal).toBe('member-absent');
  });

  test('sends all away', () => {
    const room = stage();
    const heard = room.administer({ type: 'kick-all', reason: 'night' });
    expect(countOf(heard.outcome)).toBe(4);
    expect(heard.outcome.disconnects).toHaveLength(4);
    expect(room.view.size).toBe(0);
  });

  test('bans, lists, and lifts, by name and by addresses', () => {
    const room = stage();
    const terms = { hours: 2, reason: 'spam' };
    expect(room.administer({ type: 'ban', name: 'Bob', ...terms }).outcome.records).toMatchObject([
      { type: 'sanction-imposed', sanction: { name: 'Bob', by: 'the website', expiresAt: START + 2 * HOUR } },
    ]);
    room.administer({ type: 'ban-addresses', addresses: '192.0.2.7/24', ...terms });
    expect(room.administer({ type: 'ban-addresses', addresses: 'x', ...terms }).refusal).toBe('addresses-invalid');
    expect(room.administer({ type: 'list-bans' }).outcome.reply).toMatchObject({
      accepted: { kind: 'bans', bans: [{ name: 'Bob' }, { addresses: '192.0.2.0/24', by: 'the website' }] },
    });
    expect(names(room)).toEqual(['Alice', 'Carol', 'Olga']);
    expect(room.administer({ type: 'unban', name: 'BOB' }).records).toEqual(['sanction-lifted']);
    expect(room.administer({ type: 'unban', name: '192.0.2.0/24' }).records).toEqual(['sanction-lifted']);
    expect(room.administer({ type: 'unban', name: 'Bob' }).refusal).toBe('not-banned');
  });

  test('speaks to all', () => {
    const room = stage();
    hide(room, 'Olga');
    const heard = room.administer({ type: 'announce', text: 'We restart.' });
    expect(heard.who('notice')).toEqual(['Alice', 'Bob', 'Carol', 'Olga']);
    expect(heard.event('notice').text).toBe('We restart.');
  });
});

describe('those whom the website keeps apart', () => {
  const estrange = (...who: readonly string[]): WebsiteCommand => ({ type: 'estrange', names: who });

  test('mute and block each other, each pair of them, and hear so', () => {
    const room = stage();
    const heard = room.administer(estrange('alice', 'Bob', 'CAROL', 'Nobody', 'Alice'));
    expect(countOf(heard.outcome)).toBe(3);
    for (const [one, other] of [
      ['Alice', 'Bob'],
      ['Bob', 'Alice'],
      ['Bob', 'Carol'],
      ['Carol', 'Alice'],
    ] as const) {
      expect(room.view.relations.has(one, 'mute', other)).toBe(true);
      expect(room.view.relations.has(one, 'block', other)).toBe(true);
    }
    expect(heard.by('Alice').filter(({ type }) => type === 'estranged')).toEqual([
      { type: 'estranged', name: 'Bob' },
      { type: 'estranged', name: 'Carol' },
    ]);
    expect(heard.who('estranged')).toEqual(['Alice', 'Bob', 'Carol']);
    expect(Object.keys(room.roster('Alice')).sort()).toEqual(['Alice', 'Olga']);
  });

  test('may be operators, whom nobody can block by themselves', () => {
    const room = stage();
    expect(room.relate('Alice', 'block', 'Olga').refusal).toBe('cannot-block-operator');
    expect(countOf(room.administer(estrange('Alice', 'Olga')).outcome)).toBe(1);
    expect(Object.keys(room.roster('Alice'))).not.toContain('Olga');
    expect(Object.keys(room.roster('Olga'))).not.toContain('Alice');
  });

  test('are told once, and counted once', () => {
    const room = stage();
    room.administer(estrange('Alice', 'Bob'));
    const again = room.administer(estrange('Bob', 'Alice'));
    expect(countOf(again.outcome)).toBe(0);
    expect(again.outcome.deliveries).toEqual([]);
    expect(again.records).toEqual([]);
  });

  test('who were apart in part are apart altogether', () => {
    const room = stage();
    room.relate('Alice', 'block', 'Bob');
    const heard = room.administer(estrange('Alice', 'Bob'));
    expect(countOf(heard.outcome)).toBe(1);
    expect(heard.who('estranged')).toEqual(['Alice', 'Bob']);
    expect(heard.who('member-concealed')).toEqual([]);
  });

  test('stay apart when they come again', () => {
    const room = stage();
    room.enter('Dora', fromWebsite('Dora'));
    const records = room.administer(estrange('Dora', 'Bob')).outcome.records;
    expect(records).toMatchObject([
      { type: 'relation-changed', identityId: 't:dora', kind: 'mute', names: ['bob'], on: true },
      { type: 'relation-changed', identityId: 't:dora', kind: 'block', names: ['bob'], on: true },
    ]);
  });

  test.each([[[]], [['Alice']], [['Alice', 'Nobody']]])('%j are no pair', (who) => {
    const heard = stage().administer(estrange(...who));
    expect(countOf(heard.outcome)).toBe(0);
    expect(heard.outcome.deliveries).toEqual([]);
  });
});

describe('who is dismissed', () => {
  const dismiss = (how: 'left' | 'kicked', ...who: readonly string[]): WebsiteCommand => ({
    type: 'dismiss',
    names: who,
    reason: ' bye\u0000',
    how,
  });

  test('leaves as if by themselves', () => {
    const room = stage();
    room.relate('Carol', 'block', 'Alice');
    room.enter('Dora', fromWebsite('Dora'));
    const heard = room.administer(dismiss('left', 'alice', 'Alice', 'Dora', 'Nobody'));
    expect(countOf(heard.outcome)).toBe(2);
    expect(heard.outcome.disconnects.map(({ disconnect }) => disconnect)).toEqual([
      { code: 'dismissed', reason: 'bye' },
      { code: 'dismissed', reason: 'bye' },
    ]);
    expect(heard.by('Bob')).toMatchObject([
      { type: 'member-left', how: 'left', member: { name: 'Alice' } },
      { type: 'member-left', how: 'left', member: { name: 'Dora' } },
    ]);
    expect(heard.by('Carol')).toMatchObject([{ type: 'member-left', member: { name: 'Dora' } }]);
    expect(heard.who('roster-changed')).toContain('Carol');
    expect(heard.records).toEqual([]);
    expect(names(room)).toEqual(['Bob', 'Carol', 'Olga']);
  });

  test('is kicked, and loses the tokens of before', () => {
    const room = stage();
    room.enter('Dora', fromWebsite('Dora'));
    const heard = room.administer(dismiss('kicked', 'Dora', 'Bob'));
    expect(countOf(heard.outcome)).toBe(2);
    expect(heard.by('Alice')).toMatchObject([{ how: 'kicked' }, { how: 'kicked' }]);
    expect(heard.outcome.disconnects).toMatchObject([
      { disconnect: { code: 'kicked', reason: 'bye' } },
      { disconnect: { code: 'kicked', reason: 'bye' } },
    ]);
    expect(heard.outcome.records).toEqual([{ type: 'tokens-revoked', identityId: 't:dora', at: START }]);
  });

  test.each(['left', 'kicked'] as const)('while hidden has never been there: %s', (how) => {
    const room = stage();
    hide(room, 'Olga');
    const heard = room.administer(dismiss(how, 'Olga'));
    expect(countOf(heard.outcome)).toBe(1);
    expect(heard.who('member-left')).toEqual([]);
    expect(heard.outcome.disconnects).toHaveLength(1);
    expect(names(room)).toEqual(['Alice', 'Bob', 'Carol']);
  });

  test('of nobody is nothing', () => {
    const heard = stage().administer(dismiss('kicked', 'Nobody'));
    expect(countOf(heard.outcome)).toBe(0);
    expect(heard.outcome.deliveries).toEqual([]);
  });
});

describe('W28: who is amended', () => {
  function withDora(arrival: Arrival = {}): TestRoom {
    const room = stage();
    room.enter('Dora', fromWebsite('Dora', arrival));
    return room;
  }
  const amend = (to: string, arrival: Arrival = {}, more: Partial<Identity> = {}): WebsiteCommand => ({
    type: 'amend',
    name: 'dora',
    identity: { ...identity(to, fromWebsite(to, arrival)), ...more },
  });

  test('has another picture and other rights at once, and all see it', () => {
    const room = withDora();
    const heard = room.administer(amend('Dora', { role: 'op' }, { avatarUrl: '/d.png' }));
    expect(heard.who('self-changed')).toEqual(['Dora']);
    expect(heard.who('member-changed')).toEqual(['Alice', 'Bob', 'Carol', 'Olga']);
    expect(heard.who('member-renamed')).toEqual([]);
    expect(room.member('Dora').identity.avatarUrl).toBe('/d.png');
    expect(room.do('Dora', { type: 'kick', name: 'Bob', reason: '' }).refusal).toBeUndefined();
    room.administer(amend('Dora'));
    expect(room.do('Dora', { type: 'kick', name: 'Alice', reason: '' }).refusal).toBe('not-permitted');
  });

  test('has another name, with all that was decided by them and about them', () => {
    const room = withDora();
    const { id } = room.member('Dora');
    room.relate('Dora', 'mute', 'Alice');
    room.relate('Bob', 'boot', 'Dora');
    room.relate('Carol', 'block', 'Dora');
    const heard = room.administer(amend('Theodora'));
    expect(heard.outcome.reply).toEqual({ accepted: { kind: 'about', name: 'Theodora' } });
    expect(heard.event('member-renamed')).toEqual({
      type: 'member-renamed',
      memberId: id,
      from: 'Dora',
      name: 'Theodora',
    });
    expect(heard.who('member-renamed')).toEqual(['Alice', 'Bob', 'Olga']);
    expect(heard.who('member-changed')).toEqual(['Alice', 'Bob', 'Olga']);
    expect(room.member('theodora').id).toBe(id);
    expect(room.view.memberNamed('Dora')).toBeUndefined();
    const { relations } = room.view;
    expect(relations.has('Theodora', 'mute', 'Alice')).toBe(true);
    expect(relations.has('Bob', 'boot', 'Theodora')).toBe(true);
    expect(relations.has('Carol', 'block', 'Theodora')).toBe(true);
    expect(relations.touches('Dora')).toBe(false);
    expect(room.say('Theodora', 'hello').who('message-posted')).not.toContain('Carol');
    expect(room.room.memberWithIdentity('t:dora')).toBeUndefined();
    expect(room.room.memberWithIdentity('t:theodora')?.id).toBe(id);
  });

  test('is as blocked and as blocking when either of them comes again', () => {
    const room = withDora();
    room.enter('Carl', { identityId: 'g:carl' });
    room.relate('Dora', 'mute', 'Alice');
    room.relate('Carl', 'block', 'Dora');
    room.relate('Bob', 'block', 'Dora');
    const { records } = room.administer(amend('Theodora')).outcome;
    const stored = { type: 'relation-changed', room: 'lobby', on: true };
    expect(records).toEqual([
      { ...stored, identityId: 't:theodora', kind: 'mute', names: ['alice'] },
      { ...stored, identityId: 'g:carl', kind: 'block', names: ['theodora'] },
    ]);
    expect(room.administer({ ...amend('THEODORA'), name: 'Theodora' } as WebsiteCommand).records).toEqual([]);
  });

  test('sees the cameras that operators see, once they are one, and no longer than they are', () => {
    const room = withDora();
    room.camera('Bob', Camera.on);
    room.camera('Carol', Camera.on);
    room.relate('Bob', 'boot', 'Dora');
    const { id } = room.member('Bob');
    const about = { type: 'member-changed', memberId: id };
    for (const role of ['op', 'guest', 'guest'] as const) {
      const before = room.roster('Dora').Bob?.camera;
      const heard = room.administer(amend('Dora', { role }));
      const changes = heard.by('Dora').filter(({ type }) => type === 'member-changed');
      expect(changes).toEqual(room.roster('Dora').Bob?.camera === before ? [] : [about]);
    }
    expect(room.roster('Dora').Bob?.camera).toBe(0);
  });

  test('has their name in other letters', () => {
    const room = withDora();
    room.relate('Dora', 'mute', 'Alice');
    expect(room.administer(amend('DORA')).refusal).toBeUndefined();
    expect(room.member('Dora').name).toBe('DORA');
    expect(room.view.relations.has('DORA', 'mute', 'Alice')).toBe(true);
  });

  test('does not get a name that somebody has, nor none', () => {
    const room = withDora();
    const heard = room.administer(amend('aLICE'));
    expect(heard.refusal).toBe('name-taken');
    expect(heard.outcome.deliveries).toEqual([]);
    expect(room.administer(amend('<>')).refusal).toBe('name-taken');
    expect(room.administer(amend('Chat Server')).refusal).toBe('name-reserved');
    expect(names(room)).toContain('Dora');
  });

  test('is somebody who came with a token, and is there', () => {
    const room = stage();
    room.enter('Dora', { identityId: 'g:1' });
    expect(room.administer(amend('Dora')).refusal).toBe('not-permitted');
    room.depart('Dora');
    expect(room.administer(amend('Dora')).refusal).toBe('member-absent');
  });

  test.each([['no-video'], ['no-broadcast']] as const)('loses a camera that %s forbids', (rule) => {
    const room = withDora();
    room.camera('Dora', Camera.on);
    const heard = room.administer(amend('Dora', { rules: [rule] }));
    expect(heard.who('camera-cut')).toEqual(['Dora']);
    expect(room.roster('Alice').Dora?.camera).toBe(0);
    expect(room.camera('Dora', Camera.on).refusal).toMatch(/^rule-/);
  });

  test('has a camera marked that is explicit by rule from now on', () => {
    const room = withDora();
    room.camera('Dora', Camera.on);
    const heard = room.administer(amend('Dora', { rules: ['camera-explicit'] }));
    expect(heard.event('camera-marked')).toEqual({ type: 'camera-marked', rule: true });
    expect(room.roster('Alice').Dora?.camera).toBe(Camera.on | Camera.explicit);
    expect(room.administer(amend('Dora', { rules: ['camera-explicit'] })).who('camera-marked')).toEqual([]);
  });

  test('has the rules that the operator set for the new name', () => {
    const room = new TestRoom({ guards: { rules: new Map([['theodora', new Set(['no-image'] as const)]]) } });
    room.enter('Dora', fromWebsite('Dora'));
    room.administer(amend('Theodora'));
    expect([...room.member('Theodora').rules]).toEqual(['no-image']);
  });

  test('appears who was hidden as an operator and is none any more; who still is does not', () => {
    const room = withDora({ role: 'op' });
    hide(room, 'Dora');
    const still = room.administer(amend('Theodora', { role: 'op' }));
    expect(still.by('Bob')).toEqual([]);
    expect(still.who('self-changed')).toEqual(['Dora']);
    const heard = room.administer({ ...amend('Dora'), name: 'Theodora' } as WebsiteCommand);
    expect(heard.who('member-joined')).toEqual(['Alice', 'Bob', 'Carol', 'Olga']);
    expect(heard.event('member-joined').member.name).toBe('Dora');
    expect(heard.who('member-renamed')).toEqual([]);
    expect(Object.keys(room.roster('Bob'))).toContain('Dora');
  });
});
