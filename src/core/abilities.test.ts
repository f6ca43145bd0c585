import { describe, expect, test } from 'vitest';
import { type Abilities, ALL_ABILITIES } from './member.ts';
import { type Heard, TestRoom } from './testing.ts';

const MESH: Abilities = { video: 'mesh', direct: true };
const SILENT: Abilities = { video: 'none', direct: false };

/** Three in the mesh, and two who are not. */
function stage(): TestRoom {
  const room = new TestRoom();
  for (const name of ['Alice', 'Bob', 'Carol']) {
    room.enter(name, { abilities: MESH, identityId: `c:${name.toLowerCase()}` });
  }
  room.enter('Nat', { abilities: ALL_ABILITIES, identityId: 'c:nat' });
  room.enter('Sam', { abilities: SILENT, identityId: 'c:sam' });
  return room;
}

function relay(room: TestRoom, from: string, to: string, payload = '{"sdp": 1 }'): Heard {
  return room.do(from, {
    type: 'relay',
    to: to === 'all' ? 'all' : { identityId: `c:${to.toLowerCase()}` },
    kind: 'offer',
    payload,
  });
}

describe('within the mesh', () => {
  test('one is reached by identity, word for word, and nobody else hears of it', () => {
    const heard = relay(stage(), 'Alice', 'Bob');
    expect(heard.who('relayed')).toEqual(['Bob']);
    expect(heard.event('relayed')).toEqual({
      type: 'relayed',
      from: 'c:alice',
      kind: 'offer',
      payload: '{"sdp": 1 }',
    });
  });

  test('all are reached, oneself too', () => {
    expect(relay(stage(), 'Alice', 'all').who('relayed')).toEqual(['Alice', 'Bob', 'Carol']);
    expect(relay(stage(), 'Alice', 'Alice').who('relayed')).toEqual(['Alice']);
  });

  test('somebody is found under a new name', () => {
    const room = stage();
    room.do('Bob', { type: 'rename', name: 'Robert' });
    expect(relay(room, 'Alice', 'Bob').who('relayed')).toEqual(['Robert']);
  });

  test('nobody is reached who is not of it', () => {
    for (const name of ['Nat', 'Sam', 'nobody']) expect(relay(stage(), 'Alice', name).outcome.deliveries).toEqual([]);
  });

  test('nobody reaches it from outside, and none of this is refused', () => {
    for (const from of ['Nat', 'Sam']) {
      for (const to of ['all', 'Alice', from]) {
        const heard = relay(stage(), from, to);
        expect(heard.who('relayed')).toEqual([]);
        expect(heard.refusal).toBeUndefined();
      }
    }
  });

  test('those who do not see each other do not reach each other, either way', () => {
    const room = stage();
    room.relate('Bob', 'block', 'Alice');
    expect(relay(room, 'Alice', 'all').who('relayed')).toEqual(['Alice', 'Carol']);
    expect(relay(room, 'Alice', 'Bob').who('relayed')).toEqual([]);
    expect(relay(room, 'Bob', 'Alice').who('relayed')).toEqual([]);
    expect(relay(room, 'Bob', 'Carol').who('relayed')).toEqual(['Carol']);
  });

  test('what is too long is lost without a word', () => {
    const room = stage();
    const long = `"${'x'.repeat(1_000_000)}"`;
    const heard = relay(room, 'Alice', 'all', long);
    expect(heard.outcome.deliveries).toEqual([]);
    expect(heard.refusal).toBeUndefined();
    expect(relay(room, 'Alice', 'Bob', '""').who('relayed')).toEqual(['Bob']);
  });
});

describe('somebody whose client cannot show direct messages', () => {
  const write = (room: TestRoom, from: string, to = 'Sam') => room.say(from, 'hello', { member: to });

  test('is not written to, and the author is told so', () => {
    const room = stage();
    const heard = write(room, 'Alice');
    expect(heard.refusal).toBe('direct-unsupported');
    expect(heard.outcome.reply).toEqual({ refused: { code: 'direct-unsupported', subject: 'Sam' } });
    expect(heard.who('message-undelivered')).toEqual(['Alice']);
    expect(heard.who('message-posted')).toEqual([]);
    expect(heard.records).toEqual([]);
  });

  test('is not written to by operators either', () => {
    const room = stage();
    room.enter('Olga', { role: 'op' });
    expect(write(room, 'Olga').refusal).toBe('direct-unsupported');
  });

  test('is written to by another of the mesh, whose client says it to theirs, and by nobody else', () => {
    const room = stage();
    const abilities = { video: 'mesh', direct: false } as const;
    for (const name of ['Mia', 'Max']) room.enter(name, { abilities, identityId: `c:${name.toLowerCase()}` });
    expect(write(room, 'Mia', 'Max').who('message-posted')).toEqual(['Max', 'Mia']);
    expect(write(room, 'Alice', 'Max').who('message-posted')).toEqual(['Alice', 'Max']);
    for (const from of ['Nat', 'Sam']) expect(write(room, from, 'Max').refusal).toBe('direct-unsupported');
  });

  test('may write, to others and to themselves', () => {
    const room = stage();
    expect(write(room, 'Sam', 'Alice').who('message-posted')).toEqual(['Alice', 'Sam']);
    expect(write(room, 'Sam', 'Sam').refusal).toBeUndefined();
  });

  test('and who shuns the author gives nothing away: it seems to arrive, as with everybody', () => {
    for (const kind of ['mute', 'block'] as const) {
      const room = stage();
      room.relate('Sam', kind, 'Alice');
      const heard = write(room, 'Alice');
      expect(heard.refusal).toBeUndefined();
      expect(heard.who('message-posted')).toEqual(['Alice']);
      expect(heard.message.shadow).toBe(true);
    }
  });

  test('can be written to once they come with another client', () => {
    const room = stage();
    room.enter('Sam', { identityId: 'c:sam', abilities: MESH });
    expect(write(room, 'Alice').who('message-posted')).toEqual(['Alice', 'Sam']);
  });
});

describe('who may be here only once', () => {
  test('is refused where they are here already, and the first stays', () => {
    const room = stage();
    const { id } = room.member('Alice');
    const entry = room.tryEnter('Alice', { identityId: 'c:alice', onlyOnce: true });
    expect(entry).toEqual({ kind: 'refused', refusal: { code: 'already-here', subject: 'Alice' } });
    expect(room.member('Alice').id).toBe(id);
    expect(room.member('Alice').abilities).toEqual(MESH);
  });

  test('is refused under any name, and told the one that they have', () => {
    const entry = stage().tryEnter('Zoe', { identityId: 'c:alice', onlyOnce: true });
    expect(entry).toMatchObject({ refusal: { code: 'already-here', subject: 'Alice' } });
  });

  test('comes in where they are not, next to somebody of the same name', () => {
    const room = stage();
    expect(room.tryEnter('Alice', { identityId: 'c:other', onlyOnce: true })).toMatchObject({
      kind: 'entered',
      member: { name: 'Alice 2' },
    });
    room.depart('Bob');
    expect(room.tryEnter('Bob', { identityId: 'c:bob', onlyOnce: true }).kind).toBe('entered');
  });

  test('cannot be told apart without a lasting identity', () => {
    const room = new TestRoom();
    room.enter('Alice');
    expect(room.tryEnter('Alice', { onlyOnce: true })).toMatchObject({ kind: 'entered', member: { name: 'Alice 2' } });
  });
});
