import { describe, expect, test } from 'vitest';
import type { RoomCommand } from '../core/command.ts';
import { HostedRoom } from './hosted-room.ts';
import { FakeOccupant, fakeDialect } from './testing/occupant.ts';
import { CHANNEL, GatedStorage, identity, roomSetup, START, settled, Tally } from './testing/stage.ts';

/** Says the ids of the messages that a newcomer is shown. */
const DIALECT = fakeDialect({
  encode: (event) => {
    if (event.type === 'room-entered') return [{ text: `room ${event.recent.map(textOf).join(',')}` }];
    return [{ text: event.type === 'message-posted' ? textOf(event.message) : event.type }];
  },
});

function textOf(message: { readonly body: { readonly kind: string; readonly text?: string } }): string {
  return message.body.text ?? 'image';
}

function say(text: string, clientId?: string): RoomCommand {
  const target = { kind: 'channel', channel: CHANNEL.id } as const;
  const body = { kind: 'text', text } as const;
  return { type: 'post-message', target, body, ...(clientId === undefined ? {} : { clientId }) };
}

class Stage {
  readonly gate = new GatedStorage();
  readonly tally = new Tally();
  readonly failures: unknown[] = [];
  readonly room = new HostedRoom({
    setup: roomSetup(),
    door: { guestLimit: 0, isPublic: true },
    channelDeleted: () => {},
    storage: this.gate.storage,
    meters: this.tally,
    log: { entries: 100, weight: 1_000_000, ageMs: 60_000 },
    rosterBytesPerSecond: 1_000_000,
    epoch: 'epoch',
    now: () => START,
    storageFailed: (error) => void this.failures.push(error),
    failed: (error) => void this.failures.push(error),
    reported: () => {},
    posted: () => {},
  });

  /** Begins to enter; the occupant has its id when it came to pass. */
  entering(name: string, options: { readonly operator?: boolean; readonly id?: string } = {}) {
    const occupant = new FakeOccupant(DIALECT);
    occupant.view = this.room.view;
    const reply = this.room.enter(
      { identity: identity(name, options), relations: [] },
      {
        session: occupant,
        bind: ({ memberId }) => {
          occupant.memberId = memberId;
        },
      },
    );
    return { occupant, reply };
  }

  enter(name: string, options: { readonly operator?: boolean; readonly id?: string } = {}): FakeOccupant {
    return this.entering(name, options).occupant;
  }

  do(occupant: FakeOccupant, command: RoomCommand) {
    if (occupant.memberId === undefined) throw new Error('not in the room');
    return this.room.apply(occupant.memberId, command);
  }
}

describe('what has to be stored', () => {
  test('is stored before anybody is told, and before it is acknowledged', async () => {
    const stage = new Stage();
    const [alice, bob] = [stage.enter('Alice'), stage.enter('Bob')];
    alice.take();
    bob.take();
    stage.gate.shut();
    let reply: unknown;
    void Promise.resolve(stage.do(alice, say('hello'))).then((each) => {
      reply = each;
    });
    await settled();
    expect([alice.sent, bob.sent, reply]).toEqual([[], [], undefined]);
    stage.gate.open();
    await settled();
    expect([alice.sent, bob.sent]).toEqual([['hello'], ['hello']]);
    expect(reply).toMatchObject({ accepted: { kind: 'message' } });
  });

  test('holds back what happened after it: the order is that in which it happened', async () => {
    const stage = new Stage();
    const [alice, bob] = [stage.enter('Alice'), stage.enter('Bob')];
    bob.take();
    stage.gate.shut();
    void stage.do(alice, say('one'));
    void stage.do(alice, { type: 'watch-camera', name: 'Bob', on: true });
    void stage.do(bob, say('two'));
    void stage.do(alice, { type: 'set-typing', target: { kind: 'channel', channel: CHANNEL.id }, on: true });
    await settled();
    expect(bob.sent).toEqual([]);
    stage.gate.open();
    await settled();
    expect(bob.sent).toEqual(['one', 'camera-watched', 'two', 'typing-changed']);
  });

  test('does not hold back a room in which nothing has to be', () => {
    const stage = new Stage();
    const [alice, bob] = [stage.enter('Alice'), stage.enter('Bob')];
    bob.take();
    const reply = stage.do(alice, { type: 'watch-camera', name: 'Bob', on: true });
    expect(reply).toEqual({ accepted: { kind: 'done' } });
    expect(bob.sent).toEqual(['camera-watched']);
  });
});

describe('what cannot be stored', () => {
  test('is refused, told to nobody, and forgotten; what follows goes on', async () => {
    const stage = new Stage();
    const [alice, bob] = [stage.enter('Alice'), stage.enter('Bob')];
    bob.take();
    stage.gate.fail(1);
    expect(await stage.do(alice, say('lost'))).toEqual({ refused: { code: 'storage-failed' } });
    expect(stage.failures).toHaveLength(1);
    expect(bob.sent).toEqual([]);
    await stage.do(alice, say('kept'));
    expect(bob.sent).toEqual(['kept']);
    expect(stage.enter('Carol').sent).toEqual(['room kept']);
    expect(stage.tally.of('messages fake')).toBe(1);
  });

  test('is refused to who sent it again meanwhile, too; a third time it is posted', async () => {
    const stage = new Stage();
    const alice = stage.enter('Alice');
    stage.gate.shut();
    stage.gate.fail(1);
    const replies = [stage.do(alice, say('again', 'c1')), stage.do(alice, say('again', 'c1'))];
    stage.gate.open();
    const refusal = { refused: { code: 'storage-failed' } };
    expect(await Promise.all(replies)).toEqual([refusal, refusal]);
    expect(await stage.do(alice, say('again', 'c1'))).toMatchObject({ accepted: { kind: 'message' } });
    expect(alice.take().filter((text) => text === 'again')).toHaveLength(1);
  });

  test('of a ban does not keep the one in the room who was thrown out', async () => {
    const stage = new Stage();
    const [olga, bob] = [stage.enter('Olga', { operator: true }), stage.enter('Bob')];
    stage.gate.fail(1);
    const reply = await stage.do(olga, { type: 'ban', name: 'Bob', hours: 1, reason: '' });
    expect(reply).toEqual({ refused: { code: 'storage-failed' } });
    expect(bob.disconnects).toEqual([{ code: 'banned', reason: '' }]);
    expect(bob.ended).toBe(true);
  });
});

describe('a newcomer while something is being stored', () => {
  test('sees the message exactly once', async () => {
    const stage = new Stage();
    const alice = stage.enter('Alice');
    stage.gate.shut();
    void stage.do(alice, say('pending'));
    const { occupant: bob, reply } = stage.entering('Bob');
    void stage.do(alice, say('after'));
    await settled();
    expect(bob.sent).toEqual([]);
    stage.gate.open();
    await reply;
    await settled();
    expect(bob.sent).toEqual(['room pending', 'after']);
    expect(alice.take().filter((text) => text === 'pending')).toHaveLength(1);
  });

  test('who lost too much sees it once, too', async () => {
    const stage = new Stage();
    const alice = stage.enter('Alice');
    await stage.do(alice, say('stored'));
    stage.gate.shut();
    void stage.do(alice, say('pending'));
    const everything = stage.room.recall(alice.memberId ?? '');
    expect(everything).toMatchObject({ recent: [{ body: { text: 'stored' } }] });
    alice.take();
    stage.gate.open();
    await settled();
    expect(alice.sent).toEqual(['pending']);
    expect(stage.room.recall(alice.memberId ?? '')).toMatchObject({ recent: [{}, { body: { text: 'pending' } }] });
  });

  test('and thrown out before they came, is told to go, and is nowhere', async () => {
    const stage = new Stage();
    const olga = stage.enter('Olga', { operator: true });
    stage.gate.shut();
    void stage.do(olga, say('pending'));
    const { occupant: bob } = stage.entering('Bob');
    void stage.do(olga, { type: 'kick', name: 'Bob', reason: '' });
    stage.gate.open();
    await settled();
    expect(bob.disconnects).toMatchObject([{ code: 'kicked', reason: '' }]);
    expect(bob.ended).toBe(true);
    expect(stage.tally.of('members fake')).toBe(1);
  });
});

describe('who goes', () => {
  test('by a kick hears of it, is told to go, and gets nothing more', () => {
    const stage = new Stage();
    const [olga, bob] = [stage.enter('Olga', { operator: true }), stage.enter('Bob')];
    bob.take();
    void stage.do(olga, { type: 'kick', name: 'Bob', reason: 'rude' });
    expect(bob.sent).toEqual(['member-left']);
    expect(bob.disconnects).toMatchObject([{ code: 'kicked', reason: 'rude', by: { name: 'Olga' } }]);
    void stage.do(olga, { type: 'set-typing', target: { kind: 'channel', channel: CHANNEL.id }, on: true });
    expect(bob.sent).toEqual(['member-left']);
  });

  test('while others are being told does not overtake what they are told', () => {
    const stage = new Stage();
    const [alice, bob, carol] = [stage.enter('Alice'), stage.enter('Bob'), stage.enter('Carol')];
    carol.take();
    bob.send = () => stage.room.depart(bob.memberId ?? '', { session: bob, how: 'left' });
    void stage.do(alice, { type: 'set-typing', target: { kind: 'channel', channel: CHANNEL.id }, on: true });
    expect(carol.sent).toEqual(['typing-changed', 'member-left']);
  });

  test('leaves nothing behind, and a newer session of the same member stays', () => {
    const stage = new Stage();
    const first = stage.enter('Alice', { id: 'a' });
    const second = stage.enter('Alice', { id: 'a' });
    expect(first.disconnects).toEqual([{ code: 'replaced' }]);
    expect(second.memberId).toBe(first.memberId);
    expect(stage.tally.of('members fake')).toBe(1);
    stage.room.depart(first.memberId ?? '', { session: first, how: 'left' });
    expect(stage.room.view.size).toBe(1);
    stage.room.depart(second.memberId ?? '', { session: second, how: 'left' });
    expect(stage.room.view.size).toBe(0);
    expect(stage.tally.of('members fake')).toBe(0);
  });
});

test('one whose frames cannot be made keeps nothing from the others', () => {
  const stage = new Stage();
  const [alice, bob, carol] = [stage.enter('Alice'), stage.enter('Bob'), stage.enter('Carol')];
  carol.take();
  Object.assign(bob, {
    dialect: fakeDialect({
      encode: () => {
        throw new Error('a fault of ours');
      },
    }),
  });
  void stage.do(alice, { type: 'set-typing', target: { kind: 'channel', channel: CHANNEL.id }, on: true });
  expect(bob.failures).toHaveLength(1);
  expect(carol.sent).toEqual(['typing-changed']);
});

test('what was missed is what was for them', async () => {
  const stage = new Stage();
  const [alice, bob] = [stage.enter('Alice'), stage.enter('Bob')];
  const { seq } = stage.room;
  await stage.do(alice, say('one'));
  await stage.do(alice, {
    type: 'post-message',
    target: { kind: 'member', name: 'Alice' },
    body: { kind: 'text', text: 'note' },
  });
  await stage.do(alice, say('two'));
  const missed = stage.room.missed(bob.memberId ?? '', seq)?.map(({ seq: each }) => each - seq);
  expect(missed).toEqual([1, 3]);
  expect(stage.room.missed(bob.memberId ?? '', stage.room.seq + 1)).toBeUndefined();
});
