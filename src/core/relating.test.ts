import { describe, expect, test } from 'vitest';
import { Camera } from './camera.ts';
import type { RelationKind } from './relation.ts';
import { TestRoom } from './testing.ts';

function stage(flags: number = Camera.on): TestRoom {
  const room = new TestRoom();
  room.enter('Alice', { identityId: 'a' });
  room.enterAll('Bob', 'Carol');
  room.enter('Olga', { role: 'op' });
  room.camera('Alice', flags);
  return room;
}

const types = (events: readonly { readonly type: string }[]) => events.map(({ type }) => type);

function undo(room: TestRoom, name: string, kind: RelationKind, target: string) {
  return room.do(name, { type: 'relate', kind, names: [target], on: false });
}

describe.each(['mute', 'boot'] as const)('a %s', (kind) => {
  test('tells the one who did it, and looks to the one meant as a camera that went off', () => {
    const room = stage();
    const heard = room.relate('Alice', kind, 'Bob');
    expect(heard.by('Alice')).toEqual([{ type: 'relation-changed', kind, names: ['Bob'], on: true }]);
    expect(types(heard.by('Bob'))).toEqual(['member-changed']);
    expect(heard.by('Carol')).toEqual([]);
    expect(heard.who('roster-changed')).toEqual(['Alice', 'Bob']);
  });

  test('sends nothing to the one meant while the camera is off: there is nothing to be seen', () => {
    expect(stage(0).relate('Alice', kind, 'Bob').by('Bob')).toEqual([]);
  });

  test('is told to operators, by name', () => {
    const room = stage(0);
    const notice = { type: 'relation-noticed', kind, by: 'Alice' };
    expect(room.relate('Alice', kind, 'Olga').by('Olga')).toEqual([{ ...notice, on: true }]);
    expect(undo(room, 'Alice', kind, 'Olga').by('Olga')).toEqual([{ ...notice, on: false }]);
  });

  test('twice is once', () => {
    const room = stage();
    room.relate('Alice', kind, 'Bob');
    expect(room.relate('Alice', kind, 'bOB').outcome).toMatchObject({ deliveries: [], records: [] });
  });

  test('of oneself is refused; of nobody is remembered for when they come', () => {
    const room = stage();
    expect(room.relate('Alice', kind, 'aLICE').refusal).toBe('not-yourself');
    expect(room.relate('Alice', kind, 'Nobody').refusal).toBeUndefined();
    expect(room.view.relations.has('Alice', kind, 'Nobody')).toBe(true);
  });

  test('is stored for who comes again as the same, and for nobody else', () => {
    const room = stage();
    expect(room.relate('Alice', kind, 'BOB').outcome.records).toEqual([
      { type: 'relation-changed', room: 'lobby', identityId: 'a', kind, names: ['bob'], on: true },
    ]);
    expect(room.relate('Carol', kind, 'Bob').records).toEqual([]);
  });
});

test('an undone mute leaves a block in place', () => {
  const room = stage();
  room.do('Alice', { type: 'block-all', names: ['Bob'] });
  undo(room, 'Alice', 'mute', 'Bob');
  expect(room.view.relations.has('Alice', 'mute', 'Bob')).toBe(false);
  expect(Object.keys(room.roster('Bob'))).not.toContain('Alice');
});

describe('a block', () => {
  test('makes each vanish for the other, and appear again', () => {
    const room = stage();
    const heard = room.relate('Alice', 'block', 'Bob');
    expect(types(heard.by('Bob'))).toEqual(['member-concealed']);
    expect(types(heard.by('Alice'))).toEqual(['member-concealed', 'relation-changed']);
    const back = undo(room, 'Alice', 'block', 'Bob');
    expect(types(back.by('Bob'))).toEqual(['member-shown']);
    expect(types(back.by('Alice'))).toEqual(['member-shown', 'relation-changed']);
  });

  test('in return shows nothing: they were out of sight already; one undone leaves the other', () => {
    const room = stage();
    room.relate('Alice', 'block', 'Bob');
    expect(room.relate('Bob', 'block', 'Alice').by('Alice')).toEqual([]);
    expect(undo(room, 'Alice', 'block', 'Bob').by('Bob')).toEqual([]);
    expect(Object.keys(room.roster('Alice'))).not.toContain('Bob');
  });

  test('of operators is refused, unless they may be blocked and did not forbid it', () => {
    expect(stage().relate('Alice', 'block', 'Olga').refusal).toBe('cannot-block-operator');
    const room = new TestRoom({ policy: { blockableOperators: true } });
    room.enter('Alice');
    room.enter('Olga', { role: 'op' });
    expect(room.relate('Alice', 'block', 'Olga').refusal).toBeUndefined();
    undo(room, 'Alice', 'block', 'Olga');
    room.do('Olga', { type: 'unmute-all' });
    expect(room.relate('Alice', 'block', 'Olga').refusal).toBe('cannot-block-operator');
  });

  test('of many at once mutes and blocks, and passes over operators without a word', () => {
    const room = stage();
    const heard = room.do('Alice', { type: 'block-all', names: ['Bob', 'Olga', 'Alice', '<>', 'Later', 'bob'] });
    expect(heard.refusal).toBeUndefined();
    expect([...room.view.relations.of('Alice', 'block')]).toEqual(['bob', 'later']);
    expect([...room.view.relations.of('Alice', 'mute')]).toEqual(['bob', 'olga', 'later']);
  });
});

test('an invitation is seen by the one invited, camera or not', () => {
  const room = stage(0);
  const heard = room.relate('Alice', 'invite', 'Bob');
  expect(types(heard.by('Bob'))).toEqual(['member-changed']);
  expect(room.relate('Alice', 'invite', 'Olga').who('relation-noticed')).toEqual([]);
});

describe('unmuting all', () => {
  test('is for operators, and takes back their mutes only', () => {
    const room = stage();
    room.relate('Olga', 'mute', 'Alice');
    room.relate('Olga', 'mute', 'Bob');
    room.relate('Olga', 'boot', 'Bob');
    room.relate('Bob', 'mute', 'Olga');
    expect(room.do('Alice', { type: 'unmute-all' }).refusal).toBe('not-permitted');
    expect(room.do('Olga', { type: 'unmute-all' }).outcome.reply).toEqual({ accepted: { kind: 'count', count: 2 } });
    expect([...room.view.relations.of('Olga', 'mute')]).toEqual([]);
    expect(room.view.relations.has('Olga', 'boot', 'Bob')).toBe(true);
    expect(room.view.relations.has('Bob', 'mute', 'Olga')).toBe(true);
  });
});

test('nothing can be told of a boot: two rooms that differ in it alone, Bob is told the same', () => {
  const boots = (booted: boolean) => {
    const room = stage(0);
    if (booted) room.relate('Alice', 'boot', 'Bob');
    const heard = [
      room.say('Alice', 'hello'),
      room.say('Bob', 'hello'),
      room.say('Bob', 'psst', { member: 'Alice' }),
      room.say('Alice', 'psst', { member: 'Bob' }),
      room.do('Bob', { type: 'open-camera', name: 'Alice' }),
      room.do('Alice', { type: 'set-presence', status: 'away' }),
      room.do('Carol', { type: 'set-presence', camera: Camera.on }),
    ];
    return JSON.stringify([heard.map((each) => [each.by('Bob'), each.refusal]), room.roster('Bob')]);
  };
  expect(boots(true)).toBe(boots(false));
});
