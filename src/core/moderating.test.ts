import { describe, expect, test } from 'vitest';
import { Camera } from './camera.ts';
import type { RoomCommand } from './command.ts';
import { DEFAULT_BAN_HOURS, MAX_BAN_HOURS } from './moderation.ts';
import { START, TestRoom } from './testing.ts';

const HOUR = 3_600_000;

function stage(): TestRoom {
  const room = new TestRoom();
  room.enterAll('Alice', 'Bob');
  room.enter('Olga', { role: 'op' });
  return room;
}

const kick = (name: string, reason = ''): RoomCommand => ({ type: 'kick', name, reason });
const ban = (name: string, hours = 2, reason = 'spam'): RoomCommand => ({ type: 'ban', name, hours, reason });

const COMMANDS: readonly RoomCommand[] = [
  kick('Alice'),
  { type: 'kick-all', reason: '' },
  ban('Alice'),
  { type: 'unban', name: 'Alice' },
  { type: 'list-bans' },
  { type: 'set-operator', name: 'Bob', on: true },
  { type: 'mark-explicit', name: 'Alice' },
  { type: 'cut-camera', name: 'Alice' },
];

test.each(COMMANDS)('$type is for operators', (command) => {
  const room = stage();
  room.camera('Alice', Camera.on);
  const heard = room.do('Bob', command);
  expect(heard.refusal).toBe('not-permitted');
  expect(heard.outcome).toMatchObject({ deliveries: [], records: [], disconnects: [] });
  expect(room.view.size).toBe(3);
});

test.each(COMMANDS.filter((command) => 'name' in command && command.type !== 'ban' && command.type !== 'unban'))(
  '$type of nobody is refused, after the permission was asked for',
  (command) => {
    const room = stage();
    room.depart('Alice');
    room.depart('Bob');
    const heard = room.do('Olga', command);
    expect(heard.refusal).toBe('member-absent');
    room.enter('Eve');
    expect(room.do('Eve', command).refusal).toBe('not-permitted');
  },
);

describe('a kick', () => {
  test('is told to all, the one who goes among them, before they go', () => {
    const room = stage();
    const heard = room.do('Olga', kick('aLICE', ' be\u0000have\n'));
    expect(heard.who('member-left')).toEqual(['Alice', 'Bob', 'Olga']);
    expect(heard.event('member-left').how).toBe('kicked');
    expect(heard.outcome.disconnects).toMatchObject([{ disconnect: { code: 'kicked', reason: 'be have' } }]);
    expect(heard.outcome.deliveries.map(({ event }) => event.type)).toEqual(['member-left', 'roster-changed']);
    expect(room.view.memberNamed('Alice')).toBeUndefined();
    expect(heard.records).toEqual([]);
  });

  test('lets them come again', () => {
    const room = stage();
    room.do('Olga', kick('Alice'));
    expect(room.tryEnter('Alice').kind).toBe('entered');
  });

  test('is not told behind a block; of oneself it is refused; the reason is cut', () => {
    const room = stage();
    room.relate('Bob', 'block', 'Alice');
    const heard = room.do('Olga', kick('Alice', 'x'.repeat(5_000)));
    expect(heard.who('member-left')).toEqual(['Alice', 'Olga']);
    expect(heard.outcome.disconnects[0]?.disconnect.reason).toHaveLength(500);
    expect(room.do('Olga', kick('Olga')).refusal).toBe('not-yourself');
  });

  test('of all takes all, the operator too', () => {
    const room = stage();
    const heard = room.do('Olga', { type: 'kick-all', reason: 'night' });
    expect(heard.outcome.disconnects).toHaveLength(3);
    expect(room.view.size).toBe(0);
  });
});

describe('a ban', () => {
  test('is stored, throws out, and keeps out until it ends', () => {
    const room = stage();
    const heard = room.do('Olga', ban('alice'));
    expect(heard.outcome.records).toMatchObject([
      {
        type: 'sanction-imposed',
        sanction: { name: 'Alice', by: 'Olga', reason: 'spam', at: START, expiresAt: START + 2 * HOUR },
      },
    ]);
    expect(heard.event('member-left').how).toBe('banned');
    expect(heard.outcome.disconnects[0]?.disconnect.code).toBe('banned');
    expect(room.tryEnter('ALICE').kind).toBe('refused');
    room.now += 2 * HOUR;
    expect(room.tryEnter('ALICE').kind).toBe('entered');
    expect(room.do('Olga', { type: 'list-bans' }).outcome.reply).toEqual({ accepted: { kind: 'bans', bans: [] } });
  });

  test('of who is not there holds for the name', () => {
    const room = stage();
    const heard = room.do('Olga', ban('<Mallory>'));
    expect(heard.outcome.reply).toMatchObject({ accepted: { name: 'Mallory' } });
    expect(heard.outcome.disconnects).toEqual([]);
    expect(room.tryEnter('Mallory').kind).toBe('refused');
  });

  test('holds for a durable identity under any name, and not for one that ends anyway', () => {
    const room = stage();
    room.enter('Mallory', { identityId: 'm' });
    room.do('Olga', ban('Mallory'));
    expect(room.tryEnter('Trudy', { identityId: 'm' }).kind).toBe('refused');
    expect(room.do('Olga', ban('Alice')).outcome.records).not.toMatchObject([
      { sanction: { identityId: 'visit:alice' } },
    ]);
  });

  test.each([
    [0, DEFAULT_BAN_HOURS],
    [-1, DEFAULT_BAN_HOURS],
    [Number.NaN, DEFAULT_BAN_HOURS],
    [Number.POSITIVE_INFINITY, DEFAULT_BAN_HOURS],
    [0.5, 0.5],
    [1e9, MAX_BAN_HOURS],
  ])('for %d hours lasts %d', (asked, hours) => {
    const room = stage();
    const [record] = room.do('Olga', ban('Alice', asked)).outcome.records;
    expect(record).toMatchObject({ sanction: { expiresAt: START + hours * HOUR } });
  });

  test('again takes the place of the one before', () => {
    const room = stage();
    room.do('Olga', ban('Mallory', 1));
    expect(room.do('Olga', ban('mallory', 5)).records).toEqual(['sanction-lifted', 'sanction-imposed']);
    const { reply } = room.do('Olga', { type: 'list-bans' }).outcome;
    expect(reply).toMatchObject({ accepted: { bans: [{ name: 'mallory', expiresAt: START + 5 * HOUR }] } });
  });

  test('of oneself, or of no name, is refused', () => {
    const room = stage();
    expect(room.do('Olga', ban('olga')).refusal).toBe('not-yourself');
    expect(room.do('Olga', ban('<>')).refusal).toBe('name-invalid');
  });

  test('is lifted by name, whoever imposed it; where there is none, that is said', () => {
    const room = stage();
    room.do('Olga', ban('Mallory'));
    const heard = room.do('Olga', { type: 'unban', name: 'mALLORY' });
    expect(heard.records).toEqual(['sanction-lifted']);
    expect(room.tryEnter('Mallory').kind).toBe('entered');
    expect(room.do('Olga', { type: 'unban', name: 'Mallory' }).refusal).toBe('not-banned');
  });
});

describe('an operator', () => {
  test('is made and unmade; both are told to all, and stored of who comes again', () => {
    const room = stage();
    room.enter('Dora', { identityId: 'd' });
    const heard = room.do('Olga', { type: 'set-operator', name: 'Dora', on: true });
    expect(heard.who('self-changed')).toEqual(['Dora']);
    expect(heard.who('member-changed')).toEqual(['Alice', 'Bob', 'Olga']);
    expect(heard.outcome.records).toEqual([{ type: 'operator-changed', identityId: 'd', on: true }]);
    expect(room.do('Dora', kick('Bob')).refusal).toBeUndefined();
    room.do('Olga', { type: 'set-operator', name: 'Dora', on: false });
    expect(room.do('Dora', kick('Alice')).refusal).toBe('not-permitted');
    expect(room.do('Olga', { type: 'set-operator', name: 'Alice', on: true }).records).toEqual([]);
  });

  test('who is none any more cannot stay hidden', () => {
    const room = stage();
    room.enter('Otto', { role: 'bare-op' });
    room.do('Otto', { type: 'set-presence', status: 'hidden' });
    const heard = room.do('Olga', { type: 'set-operator', name: 'Otto', on: false });
    expect(heard.who('member-joined')).toEqual(['Alice', 'Bob', 'Olga']);
    expect(Object.keys(room.roster('Alice'))).toContain('Otto');
  });
});

describe('marking a camera', () => {
  const mark: RoomCommand = { type: 'mark-explicit', name: 'Alice' };

  test('tells its owner, by whom, and all the others', () => {
    const room = stage();
    room.camera('Alice', Camera.on);
    const heard = room.do('Olga', mark);
    expect(heard.by('Alice')[0]).toEqual({ type: 'camera-marked', by: 'Olga' });
    expect(heard.who('self-changed')).toEqual(['Alice']);
    expect(room.member('Alice').camera).toBe(Camera.on | Camera.explicit);
    expect(room.do('Olga', mark).refusal).toBe('already-explicit');
  });

  test('does not name the operator to who had booted them', () => {
    const room = stage();
    room.camera('Alice', Camera.on);
    room.relate('Alice', 'boot', 'Olga');
    expect(room.do('Olga', mark).event('camera-marked').by).toBeUndefined();
  });

  test('that is off is refused', () => {
    expect(stage().do('Olga', mark).refusal).toBe('camera-off');
  });
});

describe('cutting a camera', () => {
  const cut: RoomCommand = { type: 'cut-camera', name: 'Alice' };

  test('puts it off for everybody at once', () => {
    const room = stage();
    room.camera('Alice', Camera.on);
    const heard = room.do('Olga', cut);
    expect(heard.who('camera-cut')).toEqual(['Alice']);
    expect(heard.who('member-changed')).toEqual(['Alice', 'Bob', 'Olga']);
    expect(room.roster('Bob').Alice?.camera).toBe(0);
    expect(room.do('Olga', cut).refusal).toBe('camera-off');
  });
});

test.each(['mark-explicit', 'cut-camera'] as const)('%s shows nothing to whom the camera is off anyway', (type) => {
  const room = stage();
  room.camera('Alice', Camera.on);
  room.relate('Alice', 'boot', 'Bob');
  expect(room.do('Olga', { type, name: 'Alice' }).by('Bob')).toEqual([]);
});
