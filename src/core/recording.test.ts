import { describe, expect, test } from 'vitest';
import type { RoomCommand } from './command.ts';
import { START, TestRoom } from './testing.ts';

type Publish = Extract<RoomCommand, { type: 'publish' }>;

const RECORD: RoomCommand = { type: 'record', on: true };
const UNRECORD: RoomCommand = { type: 'record', on: false };

/** An operator, and two people. */
function stage(): TestRoom {
  const room = new TestRoom({ policy: { recordings: true } });
  room.enter('Olga', { role: 'op' });
  room.enterAll('Ann', 'Bob');
  return room;
}

function live(room: TestRoom, name: string, more: Partial<Publish> = {}) {
  const stream = more.stream ?? 's1';
  room.do(name, { type: 'publish', stream, label: 'camera', sdp: 'offer', ...more });
  return room.hear({ type: 'answered', stream, sdp: 'answer', tracks: [{ kind: 'video', layers: 1 }] });
}

describe('to record', () => {
  test('is for who has the right', () => {
    const room = stage();
    expect(room.do('Ann', RECORD).outcome.reply).toEqual({ refused: { code: 'not-permitted' } });
    expect(room.view.recording).toBeUndefined();
  });

  test('is told to everybody, by whom', () => {
    const room = stage();
    const heard = room.do('Olga', RECORD);
    for (const name of ['Olga', 'Ann', 'Bob']) {
      expect(heard.by(name)).toEqual([
        expect.objectContaining({ type: 'recording-changed', on: true, by: 'Olga', since: START }),
      ]);
    }
    expect(room.view.recording).toMatchObject({ since: START });
  });

  test('does not tell of somebody who is hidden, or whom one has blocked', () => {
    const room = stage();
    room.do('Olga', { type: 'set-presence', status: 'hidden' });
    expect(room.do('Olga', RECORD).by('Ann')).toMatchObject([{ by: 'An operator' }]);
  });

  test('writes what is live, and what comes', () => {
    const room = stage();
    live(room, 'Ann');
    expect(room.do('Olga', RECORD).outcome.media).toEqual([
      { call: 'record', stream: 's1', publisher: 'Ann', label: 'camera', since: START },
    ]);
    const { outcome } = live(room, 'Bob', { stream: 's2', label: 'screenshare' });
    expect(outcome.media).toEqual([
      { call: 'record', stream: 's2', publisher: 'Bob', label: 'screenshare', since: START },
    ]);
  });

  test('goes on where a stream is negotiated again', () => {
    const room = stage();
    live(room, 'Ann');
    room.do('Olga', RECORD);
    expect(live(room, 'Ann').outcome.media).toEqual([]);
  });

  test('begins anew with what is published after media died', () => {
    const room = stage();
    live(room, 'Ann');
    room.do('Olga', RECORD);
    room.hear({ type: 'died' });
    expect(live(room, 'Ann').outcome.media).toContainEqual(expect.objectContaining({ call: 'record', stream: 's1' }));
  });

  test('twice is refused', () => {
    const room = stage();
    room.do('Olga', RECORD);
    expect(room.do('Olga', RECORD).outcome.reply).toEqual({ refused: { code: 'recording-on' } });
  });

  test('is refused where there is nowhere to', () => {
    const room = new TestRoom();
    room.enter('Olga', { role: 'op' });
    expect(room.do('Olga', RECORD).outcome.reply).toEqual({ refused: { code: 'recording-off' } });
  });
});

describe('to end it', () => {
  test('stops every stream, and is told', () => {
    const room = stage();
    live(room, 'Ann');
    room.do('Olga', RECORD);
    const heard = room.do('Olga', UNRECORD);
    expect(heard.outcome.media).toEqual([{ call: 'stopRecording', stream: 's1' }]);
    expect(heard.by('Bob')).toMatchObject([{ type: 'recording-changed', on: false, by: 'Olga' }]);
    expect(live(room, 'Bob', { stream: 's2' }).outcome.media).toEqual([]);
  });

  test('where nothing is recorded is nothing', () => {
    const { outcome } = stage().do('Olga', UNRECORD);
    expect(outcome).toMatchObject({ deliveries: [], media: [], reply: { accepted: { kind: 'done' } } });
  });

  test('is for any operator', () => {
    const room = stage();
    room.enter('Otto', { role: 'bare-op' });
    expect(room.do('Otto', RECORD).outcome.reply).toEqual({ refused: { code: 'not-permitted' } });
    room.do('Olga', RECORD);
    expect(room.do('Ann', UNRECORD).outcome.reply).toEqual({ refused: { code: 'not-permitted' } });
    expect(room.do('Otto', UNRECORD).outcome.reply).toEqual({ accepted: { kind: 'done' } });
  });

  test('follows where the last one leaves', () => {
    const room = stage();
    room.do('Olga', RECORD);
    for (const name of ['Olga', 'Ann', 'Bob']) room.depart(name);
    expect(room.view.recording).toBeUndefined();
  });
});

describe('whoever comes later', () => {
  test('is told, after what they enter with, and not by whom', () => {
    const room = stage();
    room.do('Olga', RECORD);
    const heard = room.enter('Carl');
    const own = heard.by('Carl').filter(({ type }) => type === 'room-entered' || type === 'recording-changed');
    expect(own).toMatchObject([{ type: 'room-entered' }, { type: 'recording-changed', on: true }]);
    expect(own[1]).not.toHaveProperty('by');
    expect(heard.by('Ann').some(({ type }) => type === 'recording-changed')).toBe(false);
  });

  test('is not the recorder', () => {
    const room = stage();
    room.do('Olga', RECORD);
    const handle = room.view.recording?.handle ?? '';
    expect(handle).not.toBe('');
    expect(room.tryEnter('Carl', { handle })).toMatchObject({ kind: 'refused', refusal: { code: 'handle-taken' } });
  });
});

describe('what cannot be recorded', () => {
  test('is told to those who may record, and to nobody else', () => {
    const room = stage();
    live(room, 'Ann');
    room.do('Olga', RECORD);
    const heard = room.hear({ type: 'recording-failed', stream: 's1', reason: 'the disk is full', isOver: false });
    expect(heard.by('Olga')).toEqual([{ type: 'notice', text: 'Ann is not recorded: the disk is full.' }]);
    expect(heard.by('Bob')).toEqual([]);
  });

  test('goes on beside what can', () => {
    const room = stage();
    live(room, 'Ann');
    live(room, 'Bob', { stream: 's2' });
    room.do('Olga', RECORD);
    room.hear({ type: 'recording-failed', stream: 's1', reason: 'the disk is slow', isOver: true });
    expect(room.view.recording).toBeDefined();
    const { outcome } = room.hear({ type: 'recording-failed', stream: 's2', reason: 'the disk is full', isOver: true });
    expect(room.view.recording).toBeUndefined();
    expect(outcome.media).toContainEqual({ call: 'stopRecording', stream: 's1' });
  });

  test('of all that there is ends the recording, and everybody hears of it', () => {
    const room = stage();
    live(room, 'Ann');
    room.do('Olga', RECORD);
    const heard = room.hear({ type: 'recording-failed', stream: 's1', reason: 'the disk is full', isOver: true });
    expect(heard.by('Bob')).toMatchObject([{ type: 'recording-changed', on: false, by: 'The server' }]);
    expect(heard.who('notice')).toEqual(['Olga']);
  });

  test('is tried again where it is published anew', () => {
    const room = stage();
    live(room, 'Ann');
    live(room, 'Bob', { stream: 's2' });
    room.do('Olga', RECORD);
    room.hear({ type: 'recording-failed', stream: 's1', reason: 'the disk is slow', isOver: true });
    room.hear({ type: 'died' });
    live(room, 'Ann');
    room.hear({ type: 'recording-failed', stream: 's2', reason: 'the disk is slow', isOver: true });
    expect(room.view.recording).toBeDefined();
  });
});
