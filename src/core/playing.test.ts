import { describe, expect, test } from 'vitest';
import type { RoomCommand } from './command.ts';
import { NO_RULES } from './permission.ts';
import { EVERYTHING_WANTED, type StreamChoice, type Track } from './stream.ts';
import { type Heard, TestRoom } from './testing.ts';

const VIDEO: Track = { kind: 'video', layers: 1 };
const AUDIO: Track = { kind: 'audio', layers: 1 };

type Publish = Extract<RoomCommand, { type: 'publish' }>;

function stage(): TestRoom {
  const room = new TestRoom();
  room.enter('Olga', { role: 'op' });
  room.enterAll('Ann', 'Bob', 'Vera');
  return room;
}

/** Published, and answered. */
function live(room: TestRoom, name: string, more: Partial<Publish> = {}): Heard {
  const stream = more.stream ?? 's1';
  room.do(name, { type: 'publish', stream, label: 'camera', sdp: 'offer', ...more });
  return room.hear({ type: 'answered', stream, sdp: 'answer', tracks: [AUDIO, VIDEO] });
}

function play(room: TestRoom, name: string, choice: StreamChoice = {}, sdp = 'offer'): Heard {
  return room.do(name, { type: 'play-stream', choice, sdp, wanted: EVERYTHING_WANTED });
}

/** Asked for, and answered. */
function playing(room: TestRoom, name: string, choice: StreamChoice = {}): void {
  const { outcome } = play(room, name, choice);
  for (const action of outcome.media) {
    if (action.call === 'play') room.hear({ type: 'played', stream: action.stream, to: action.to, sdp: 'answer' });
  }
}

function deeds(room: TestRoom, { outcome }: Heard): string[] {
  return outcome.media.map((action) => {
    const to = 'to' in action ? ` to ${room.view.member(action.to)?.name ?? 'nobody'}` : '';
    return `${action.call} ${action.stream}${to}`;
  });
}

const CLOSED = { type: 'stream-closed', stream: 's1' };

describe('a player', () => {
  test('offers, and is answered', () => {
    const room = stage();
    live(room, 'Ann');
    const asked = play(room, 'Vera');
    expect(asked.outcome.media).toEqual([
      { call: 'play', stream: 's1', to: room.member('Vera').id, sdp: 'offer', wanted: EVERYTHING_WANTED },
    ]);
    const heard = room.hear({ type: 'played', stream: 's1', to: room.member('Vera').id, sdp: 'answer' });
    expect(heard.by('Vera')).toEqual([{ type: 'stream-played', stream: 's1', sdp: 'answer' }]);
    expect(heard.by('Bob')).toEqual([]);
  });

  test.each([
    [{}, 's3'],
    [{ label: 'camera' }, 's2'],
    [{ publisher: 'ANN' }, 's3'],
    [{ publisher: 'bob' }, 's2'],
    [{ publisher: 'Ann', label: 'camera' }, 's1'],
    [{ stream: 's1' }, 's1'],
  ] as const)('who asks for %j gets the newest of them', (choice, expected) => {
    const room = stage();
    live(room, 'Ann', { stream: 's1' });
    live(room, 'Bob', { stream: 's2' });
    live(room, 'Ann', { stream: 's3', label: 'screenshare' });
    expect(deeds(room, play(room, 'Vera', choice))).toEqual([`play ${expected} to Vera`]);
  });

  test.each([[{ stream: 's9' }], [{ publisher: 'Bob' }], [{ label: 'screenshare' }]] as const)(
    'who asks for %j, which is not there, is told so',
    (choice) => {
      const room = stage();
      live(room, 'Ann');
      expect(play(room, 'Vera', choice).outcome).toMatchObject({
        media: [],
        reply: { refused: { code: 'stream-unknown' } },
      });
    },
  );

  test('is not sent what is still being set up, or their own', () => {
    const room = stage();
    room.do('Ann', { type: 'publish', stream: 's1', label: 'camera', sdp: 'offer' });
    expect(play(room, 'Vera').refusal).toBe('stream-unknown');
    live(room, 'Vera', { stream: 's2' });
    expect(play(room, 'Vera').refusal).toBe('stream-unknown');
  });

  test('is told nothing of streams that are off to them', () => {
    const room = stage();
    live(room, 'Ann');
    room.do('Ann', { type: 'relate', kind: 'boot', names: ['Vera'], on: true });
    expect(play(room, 'Vera').refusal).toBe('stream-unknown');
    room.do('Ann', { type: 'relate', kind: 'block', names: ['Bob'], on: true });
    expect(play(room, 'Bob').refusal).toBe('stream-unknown');
  });

  test('whom a rule keeps from cameras is refused', () => {
    const room = stage();
    live(room, 'Ann');
    room.enter('Nat', { rules: ['no-video'] });
    expect(play(room, 'Nat').refusal).toBe('rule-no-video');
  });

  test('may offer again for what they have', () => {
    const room = stage();
    live(room, 'Ann');
    playing(room, 'Vera');
    expect(deeds(room, play(room, 'Vera', { stream: 's1' }, 'another'))).toEqual(['play s1 to Vera']);
  });

  test('gets no second connection for what they are sent already', () => {
    const room = stage();
    room.do('Vera', { type: 'request-streams', byLabel: [], otherwise: EVERYTHING_WANTED });
    live(room, 'Ann');
    expect(play(room, 'Vera').refusal).toBe('stream-taken');
  });

  test('counts among those to whom streams are sent', () => {
    const room = new TestRoom({ policy: { maxForwards: 1 } });
    room.enterAll('Ann', 'Bob', 'Vera');
    live(room, 'Ann');
    playing(room, 'Bob');
    expect(play(room, 'Vera').refusal).toBe('streams-too-many');
    expect(deeds(room, play(room, 'Bob'))).toEqual(['play s1 to Bob']);
  });
});

describe('playing ends', () => {
  test('with the stream', () => {
    const room = stage();
    live(room, 'Ann');
    playing(room, 'Vera');
    expect(room.do('Ann', { type: 'unpublish', stream: 's1' }).by('Vera')).toEqual([CLOSED]);
  });

  test('before it was answered, too', () => {
    const room = stage();
    live(room, 'Ann');
    play(room, 'Vera');
    expect(room.depart('Ann').by('Vera')).toContainEqual(CLOSED);
  });

  test('with the player', () => {
    const room = stage();
    live(room, 'Ann');
    playing(room, 'Vera');
    expect(deeds(room, room.depart('Vera'))).toEqual(['stop s1 to nobody']);
  });

  test('where somebody may not see it any more, and is not taken up when they may again', () => {
    const room = stage();
    live(room, 'Ann');
    playing(room, 'Vera');
    const booted = room.do('Ann', { type: 'relate', kind: 'boot', names: ['Vera'], on: true });
    expect(deeds(room, booted)).toEqual(['stop s1 to Vera']);
    expect(booted.by('Vera')).toContainEqual(CLOSED);
    const again = room.do('Ann', { type: 'relate', kind: 'boot', names: ['Vera'], on: false });
    expect(deeds(room, again)).toEqual([]);
    expect(deeds(room, play(room, 'Vera'))).toEqual(['play s1 to Vera']);
  });

  test('with what its publisher replaces: they are not offered the next one', () => {
    const room = stage();
    live(room, 'Ann');
    playing(room, 'Vera');
    const heard = live(room, 'Ann', { stream: 's2', replaces: 's1' });
    expect(heard.by('Vera')).toEqual([CLOSED]);
    expect(deeds(room, heard)).toEqual([]);
  });

  test('where media cannot go on', () => {
    const room = stage();
    live(room, 'Ann');
    playing(room, 'Vera');
    const heard = room.hear({ type: 'undeliverable', stream: 's1', to: room.member('Vera').id, reason: 'it was lost' });
    expect(heard.by('Vera')).toEqual([{ ...CLOSED, refusal: { code: 'stream-unfit', detail: 'it was lost' } }]);
    expect(deeds(room, live(room, 'Ann'))).toEqual([]);
  });

  test('where media died: they are not offered what is published anew', () => {
    const room = stage();
    live(room, 'Ann');
    playing(room, 'Vera');
    expect(room.hear({ type: 'died' }).by('Vera')).toEqual([CLOSED]);
    expect(deeds(room, live(room, 'Ann'))).toEqual([]);
  });
});

test('a publisher is told that they are heard', () => {
  const room = stage();
  live(room, 'Ann');
  const heard = room.hear({ type: 'flowing', stream: 's1' });
  expect(heard.by('Ann')).toEqual([{ type: 'stream-flowing', stream: 's1' }]);
  expect(heard.by('Bob')).toEqual([]);
});

describe('somebody who comes for one thing alone', () => {
  const visitor = (permissions: readonly ('present' | 'message')[]) => ({
    id: 'x',
    kind: 'guest' as const,
    durable: false,
    name: 'whip',
    permissions: new Set(permissions),
    rules: NO_RULES,
  });

  test('stays outside where they may not present', () => {
    const room = stage();
    expect(room.room.refusalFor({ kind: 'publish' }, visitor(['message']))).toEqual({ code: 'rule-no-broadcast' });
    expect(room.room.refusalFor({ kind: 'publish' }, visitor(['present']))).toBeUndefined();
  });

  test('stays outside where there is nothing to play', () => {
    const room = stage();
    const purpose = { kind: 'play', choice: { label: 'camera' } } as const;
    expect(room.room.refusalFor(purpose, visitor([]))).toEqual({ code: 'stream-unknown' });
    live(room, 'Ann');
    expect(room.room.refusalFor(purpose, visitor([]))).toBeUndefined();
  });
});
