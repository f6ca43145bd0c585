import { describe, expect, test } from 'vitest';
import { fromWebsite, type Heard, RANGES, TestRoom } from './testing.ts';

function stage(): TestRoom {
  const room = new TestRoom({ ranges: RANGES });
  room.enter('Alice', { identityId: 'g:alice', address: '192.0.2.7' });
  room.enterAll('Bob', 'Carol');
  room.enter('Olga', { role: 'op' });
  return room;
}

function rename(room: TestRoom, name: string, wanted: string, owned: readonly string[] = []): Heard {
  return room.do(name, { type: 'rename', name: wanted, ownedNames: new Set(owned) });
}

const nameIn = ({ outcome }: Heard) => ('accepted' in outcome.reply ? outcome.reply.accepted : outcome.reply);

describe('a new name', () => {
  test('is told to all: to the others as a change of name, to its bearer as what they are', () => {
    const room = stage();
    const { id } = room.member('Alice');
    const heard = rename(room, 'Alice', ' Alice  the <Elder> ');
    expect(heard.who('member-renamed')).toEqual(['Bob', 'Carol', 'Olga']);
    expect(heard.event('member-renamed')).toEqual({
      type: 'member-renamed',
      memberId: id,
      from: 'Alice',
      name: 'Alice the Elder',
    });
    expect(heard.who('self-changed')).toEqual(['Alice']);
    expect(heard.event('self-changed').self).toMatchObject({ id, name: 'Alice the Elder' });
    expect(nameIn(heard)).toEqual({ kind: 'about', name: 'Alice the Elder', detail: 'Alice the Elder' });
    expect(room.view.memberNamed('Alice')).toBeUndefined();
    expect(Object.keys(room.roster('Bob'))).toContain('Alice the Elder');
  });

  test('is free for others afterwards, and what was said stays with who said it', () => {
    const room = stage();
    const { message } = room.say('Alice', 'mine');
    rename(room, 'Alice', 'Dora');
    expect(rename(room, 'Bob', 'Alice').event('member-renamed').name).toBe('Alice');
    expect(room.do('Alice', { type: 'retract-message', messageId: message.id }).refusal).toBe('not-yours');
    expect(room.do('Dora', { type: 'retract-message', messageId: message.id }).refusal).toBeUndefined();
  });

  test.each([
    ['somebody is there who has it', 'BOB', [], 'BOB 2'],
    ['somebody owns it who is away', 'Dora', ['dora'], 'Dora 2'],
    ['the numbered one is owned, too', 'Dora', ['dora', 'dora 2'], 'Dora 3'],
    ['there are others of it, with numbers', 'Carol', ['carol 2'], 'Carol 3'],
  ])('is numbered where %s', (_, wanted, owned, given) => {
    const heard = rename(stage(), 'Alice', wanted, owned);
    expect(heard.event('member-renamed').name).toBe(given);
    expect(nameIn(heard)).toEqual({ kind: 'about', name: given, detail: given });
  });

  test('in other letters is the same name, and stays without a number', () => {
    const room = stage();
    room.relate('Alice', 'mute', 'Bob');
    const heard = rename(room, 'Alice', 'ALICE');
    expect(heard.event('member-renamed')).toMatchObject({ from: 'Alice', name: 'ALICE' });
    expect(heard.records).toEqual([]);
    expect(room.view.relations.has('alice', 'mute', 'bob')).toBe(true);
  });

  test('that is the old one changes nothing, but whole rosters go out again', () => {
    const heard = rename(stage(), 'Alice', 'Alice');
    expect(heard.who('member-renamed')).toEqual([]);
    expect(heard.who('roster-changed')).toHaveLength(4);
    expect(heard.refusal).toBeUndefined();
  });

  test.each([
    ['<>', 'name-invalid'],
    ['\u200b', 'name-invalid'],
    ['System', 'name-reserved'],
    ['chat Server', 'name-reserved'],
  ])('such as %j is refused: %s', (wanted, refusal) => {
    const room = stage();
    const heard = rename(room, 'Alice', wanted);
    expect(heard.refusal).toBe(refusal);
    expect(heard.outcome.deliveries).toEqual([]);
    expect(room.member('Alice').name).toBe('Alice');
  });

  test('is not for the holders of accounts, nor the users of the website, but in the letters they have', () => {
    const room = stage();
    room.enter('Dora', fromWebsite('Dora'));
    room.enter('Emil', { kind: 'account', identityId: 'g:emil', ownsName: true });
    for (const name of ['Dora', 'Emil']) {
      expect(rename(room, name, 'Zoe').refusal).toBe('not-permitted');
      expect(rename(room, name, name).refusal).toBeUndefined();
    }
  });
});

describe('what was decided', () => {
  test.each(['mute', 'block', 'boot', 'invite'] as const)('about somebody goes with them: %s', (kind) => {
    const room = stage();
    room.relate('Bob', kind, 'Alice');
    rename(room, 'Alice', 'Dora');
    expect(room.view.relations.has('Bob', kind, 'Dora')).toBe(true);
    expect(room.view.relations.has('Bob', kind, 'Alice')).toBe(false);
  });

  test('by somebody goes with them, and is stored again', () => {
    const room = stage();
    room.relate('Alice', 'mute', 'Bob');
    const heard = rename(room, 'Alice', 'Dora');
    expect(room.view.relations.has('Dora', 'mute', 'Bob')).toBe(true);
    expect(room.say('Bob', 'hello').who('message-posted')).not.toContain('Dora');
    expect(heard.records).toEqual(['relation-changed']);
  });

  test('hides the new name from those who do not see its bearer', () => {
    const room = stage();
    room.relate('Bob', 'block', 'Alice');
    const heard = rename(room, 'Alice', 'Dora');
    expect(heard.who('member-renamed')).toEqual(['Carol', 'Olga']);
    expect(heard.who('member-changed')).not.toContain('Bob');
    expect(Object.keys(room.roster('Bob'))).not.toContain('Dora');
  });

  test('about the new name, by who is there, holds for its bearer: to those who blocked it they have left', () => {
    const room = stage();
    room.relate('Bob', 'block', 'Dora');
    const heard = rename(room, 'Alice', 'Dora');
    expect(heard.who('member-renamed')).toEqual(['Carol', 'Olga']);
    expect(heard.who('member-left')).toEqual(['Bob']);
    expect(heard.event('member-left')).toMatchObject({ member: { name: 'Alice' }, how: 'left' });
    expect(heard.who('member-concealed')).toEqual(['Alice']);
    expect(heard.event('member-concealed').memberId).toBe(room.member('Bob').id);
    expect(Object.keys(room.roster('Bob'))).not.toContain('Dora');
  });

  test.each(['mute', 'boot'] as const)('about the new name turns cameras off to its bearer: %s', (kind) => {
    const room = stage();
    room.do('Bob', { type: 'set-presence', camera: 1 });
    room.do('Alice', { type: 'open-camera', name: 'Bob' });
    room.relate('Bob', kind, 'Dora');
    const bob = room.member('Bob').id;
    const heard = rename(room, 'Alice', 'Dora');
    expect(heard.event('member-changed').memberId).toBe(bob);
    expect(room.roster('Dora').Bob?.camera).toBe(0);
  });

  test('about a hidden operator stays hidden: only they learn of their new name', () => {
    const room = stage();
    room.do('Olga', { type: 'set-presence', status: 'hidden' });
    const heard = rename(room, 'Olga', 'Olympia');
    expect(heard.who('member-renamed')).toEqual([]);
    expect(heard.who('self-changed')).toEqual(['Olga']);
  });
});

describe('a ban', () => {
  const hours = 1;

  test('of the name keeps others from taking it', () => {
    const room = stage();
    room.do('Olga', { type: 'ban', name: 'Mallory', hours, reason: '' });
    expect(rename(room, 'Alice', 'mallory').refusal).toBe('name-reserved');
    room.now += hours * 3_600_000 + 1;
    expect(rename(room, 'Alice', 'mallory').refusal).toBeUndefined();
  });

  test('of somebody by the name they bear now finds them, whatever they were called', () => {
    const room = stage();
    rename(room, 'Alice', 'Dora');
    room.do('Olga', { type: 'ban', name: 'Dora', hours, reason: '' });
    expect(room.view.memberNamed('Dora')).toBeUndefined();
    expect(room.tryEnter('Alice', { identityId: 'g:alice' }).kind).toBe('refused');
  });
});
