import { describe, expect, test } from 'vitest';
import type { RoomCommand } from './command.ts';
import { EVERYTHING_WANTED, NOTHING_WANTED, type Track, type Wanted } from './stream.ts';
import { type Heard, RANGES, TestRoom } from './testing.ts';

const VIDEO: Track = { kind: 'video', layers: 1 };
const AUDIO: Track = { kind: 'audio', layers: 1 };
const LOW: Wanted = { audio: true, video: 'low' };
const SOUND: Wanted = { audio: true, video: 'none' };

type Publish = Extract<RoomCommand, { type: 'publish' }>;

function stage(): TestRoom {
  const room = new TestRoom();
  room.enter('Olga', { role: 'op' });
  room.enterAll('Ann', 'Bob', 'Carl');
  for (const name of ['Olga', 'Bob', 'Carl']) want(room, name);
  return room;
}

function want(
  room: TestRoom,
  name: string,
  otherwise: Wanted = EVERYTHING_WANTED,
  byLabel: [string, Wanted][] = [],
): Heard {
  return room.do(name, { type: 'request-streams', byLabel, otherwise });
}

function publish(room: TestRoom, name: string, more: Partial<Publish> = {}): Heard {
  return room.do(name, { type: 'publish', stream: 's1', label: 'camera', sdp: 'offer', ...more });
}

/** Published, answered, and offered to whom it goes. */
function shown(room: TestRoom, name: string, more: Partial<Publish> = {}, tracks = [AUDIO, VIDEO]): void {
  const { outcome } = live(room, name, more, tracks);
  const stream = more.stream ?? 's1';
  for (const action of outcome.media) if (action.call === 'forward') offered(room, nameOf(room, action.to), stream);
}

function nameOf(room: TestRoom, id: string): string {
  return room.view.member(id)?.name ?? '';
}

/** Published, and answered. */
function live(room: TestRoom, name: string, more: Partial<Publish> = {}, tracks = [AUDIO, VIDEO]): Heard {
  publish(room, name, more);
  return room.hear({ type: 'answered', stream: more.stream ?? 's1', sdp: 'answer', tracks });
}

function offered(room: TestRoom, to: string, stream = 's1'): Heard {
  return room.hear({
    type: 'offered',
    stream,
    to: room.member(to).id,
    sdp: 'offer',
    tracks: [{ mid: '0', kind: 'video' }],
  });
}

/** What media is told to do, as short words: who is called by their name. */
function deeds(room: TestRoom, { outcome }: Heard): string[] {
  const names = new Map([...room.view.members()].map(({ id, name }) => [id, name]));
  return outcome.media.map((action) => {
    const to = 'to' in action ? ` to ${names.get(action.to) ?? 'nobody'}` : '';
    const wanted = 'wanted' in action ? ` ${action.wanted.audio ? 'audio ' : ''}${action.wanted.video}` : '';
    return `${action.call} ${action.stream}${to}${wanted}`;
  });
}

describe('a stream', () => {
  test('is answered, and goes to whoever wants it', () => {
    const room = stage();
    expect(deeds(room, publish(room, 'Ann', { mids: ['0'] }))).toEqual(['publish s1']);
    const heard = room.hear({ type: 'answered', stream: 's1', sdp: 'answer', tracks: [AUDIO, VIDEO] });
    expect(heard.by('Ann')).toEqual([{ type: 'stream-answered', stream: 's1', sdp: 'answer' }]);
    expect(deeds(room, heard)).toEqual([
      'forward s1 to Olga audio high',
      'forward s1 to Bob audio high',
      'forward s1 to Carl audio high',
    ]);
    expect(offered(room, 'Bob').by('Bob')).toEqual([
      {
        type: 'stream-offered',
        stream: 's1',
        label: 'camera',
        publisher: { id: room.member('Ann').id, handle: room.member('Ann').id, name: 'Ann' },
        sdp: 'offer',
        tracks: [{ mid: '0', kind: 'video' }],
      },
    ]);
  });

  test('goes to nobody before it is answered, nor to those who asked for nothing', () => {
    const room = new TestRoom();
    room.enterAll('Ann', 'Bob');
    publish(room, 'Ann');
    expect(deeds(room, want(room, 'Bob'))).toEqual([]);
    expect(deeds(room, want(room, 'Bob', NOTHING_WANTED))).toEqual([]);
    expect(deeds(room, room.hear({ type: 'answered', stream: 's1', sdp: 'answer', tracks: [VIDEO] }))).toEqual([]);
  });

  test('goes to a newcomer who asks, and changes with what they ask for', () => {
    const room = stage();
    live(room, 'Ann');
    room.enter('Dora');
    expect(deeds(room, want(room, 'Dora', SOUND, [['camera', LOW]]))).toEqual(['forward s1 to Dora audio low']);
    offered(room, 'Dora');
    expect(deeds(room, want(room, 'Dora', SOUND))).toEqual(['forward s1 to Dora audio none']);
    expect(deeds(room, want(room, 'Dora', SOUND))).toEqual([]);
    const nothing = want(room, 'Dora', NOTHING_WANTED);
    expect(deeds(room, nothing)).toEqual(['stop s1 to Dora']);
    expect(nothing.by('Dora')).toEqual([{ type: 'stream-closed', stream: 's1' }]);
  });

  test('is wanted in another way than the others, until that is taken back', () => {
    const room = stage();
    live(room, 'Ann');
    const request = (wanted: Wanted | undefined) => room.do('Bob', { type: 'request-stream', stream: 's1', wanted });
    expect(deeds(room, request(LOW))).toEqual(['forward s1 to Bob audio low']);
    expect(deeds(room, want(room, 'Bob', SOUND))).toEqual([]);
    expect(deeds(room, request(undefined))).toEqual(['forward s1 to Bob audio none']);
    expect(room.do('Bob', { type: 'request-stream', stream: 'gone', wanted: LOW }).refusal).toBeUndefined();
  });

  test('of sound alone is nobody’s picture', () => {
    const room = stage();
    live(room, 'Ann', {}, [AUDIO]);
    expect(deeds(room, want(room, 'Bob', { audio: false, video: 'high' }))).toEqual(['stop s1 to Bob']);
  });

  test('ends when its publisher says so, or goes', () => {
    const room = stage();
    shown(room, 'Ann');
    const heard = room.do('Ann', { type: 'unpublish', stream: 's1' });
    expect(heard.who('stream-closed')).toEqual(['Bob', 'Carl', 'Olga']);
    expect(deeds(room, heard)).toEqual(['unpublish s1']);
    shown(room, 'Ann', { stream: 's2' });
    const left = room.depart('Ann');
    expect(left.who('stream-closed')).toEqual(['Bob', 'Carl', 'Olga']);
    expect(deeds(room, left)).toEqual(['unpublish s2']);
    live(room, 'Carl', { stream: 's3' });
    expect(deeds(room, room.do('Olga', { type: 'kick', name: 'Carl', reason: '' }))).toEqual(['unpublish s3']);
  });

  test('that was not offered yet ends without a word', () => {
    const room = stage();
    live(room, 'Ann');
    offered(room, 'Bob');
    expect(room.do('Ann', { type: 'unpublish', stream: 's1' }).who('stream-closed')).toEqual(['Bob']);
    live(room, 'Ann');
    expect(want(room, 'Carl', NOTHING_WANTED).outcome.deliveries).toEqual([]);
    expect(room.hear({ type: 'died' }).who('stream-closed')).toEqual([]);
  });

  test('is not sent any more to who has gone', () => {
    const room = stage();
    live(room, 'Ann');
    const { id } = room.member('Bob');
    expect(room.depart('Bob').outcome.media).toEqual([{ call: 'stop', stream: 's1', to: id }]);
  });

  test('that cannot be answered ends, and its publisher reads why', () => {
    const room = stage();
    shown(room, 'Ann');
    publish(room, 'Ann', { sdp: 'nonsense' });
    const heard = room.hear({ type: 'rejected', stream: 's1', reason: 'no codec' });
    expect(heard.by('Ann')).toEqual([
      { type: 'stream-ended', stream: 's1', refusal: { code: 'stream-unfit', detail: 'no codec' } },
    ]);
    expect(heard.who('stream-closed')).toEqual(['Bob', 'Carl', 'Olga']);
    expect(deeds(room, heard)).toEqual(['unpublish s1']);
  });

  test('that somebody cannot take stays away from them until they ask anew', () => {
    const room = stage();
    live(room, 'Ann');
    const heard = room.hear({ type: 'undeliverable', stream: 's1', to: room.member('Bob').id, reason: 'no codec' });
    expect(heard.by('Bob')).toEqual([
      { type: 'stream-closed', stream: 's1', refusal: { code: 'stream-unfit', detail: 'no codec' } },
    ]);
    expect(deeds(room, want(room, 'Bob', LOW))).toEqual([]);
    expect(deeds(room, room.do('Bob', { type: 'request-stream', stream: 's1', wanted: LOW }))).toEqual([
      'forward s1 to Bob audio low',
    ]);
  });

  test('that somebody refuses is closed for them, also where there is none', () => {
    const room = stage();
    live(room, 'Ann');
    for (const [stream, done] of [
      ['s1', ['stop s1 to Bob']],
      ['gone', []],
    ] as const) {
      const heard = room.do('Bob', { type: 'refuse-stream', stream });
      expect(heard.by('Bob')).toEqual([{ type: 'stream-closed', stream }]);
      expect(deeds(room, heard)).toEqual(done);
    }
  });
});

describe('who may publish', () => {
  test('is who may be seen at all', () => {
    const room = new TestRoom();
    room.enter('Ann', { permissions: ['message'] });
    room.enter('Bob', { rules: ['no-broadcast'] });
    expect(publish(room, 'Ann').refusal).toBe('rule-no-broadcast');
    expect(publish(room, 'Bob').refusal).toBe('rule-no-broadcast');
  });

  test.each([
    ['', 'stream-invalid'],
    ['x'.repeat(129), 'stream-invalid'],
    ['s1', 'stream-taken'],
  ])('not under the id "%s"', (stream, refusal) => {
    const room = stage();
    live(room, 'Ann');
    expect(publish(room, 'Bob', { stream }).refusal).toBe(refusal);
  });

  test('at most sixteen', () => {
    const room = stage();
    for (let count = 0; count < 16; count++)
      expect(publish(room, 'Ann', { stream: `s${count}` }).refusal).toBeUndefined();
    expect(publish(room, 'Ann', { stream: 'more' }).refusal).toBe('streams-too-many');
    expect(publish(room, 'Ann', { stream: 's3' }).refusal).toBeUndefined();
  });

  test('nor more than a room has places for, sent and received', () => {
    const room = new TestRoom({ policy: { maxStreams: 2, maxForwards: 2 } });
    room.enterAll('Ann', 'Bob', 'Carl');
    for (const name of ['Bob', 'Carl']) want(room, name);
    live(room, 'Ann');
    expect(deeds(room, live(room, 'Ann', { stream: 's2' }))).toEqual([]);
    expect(publish(room, 'Bob', { stream: 's3' }).refusal).toBe('streams-too-many');
    const freed = want(room, 'Bob', NOTHING_WANTED);
    expect(deeds(room, freed)).toEqual(['stop s1 to Bob', 'forward s2 to Carl audio high']);
    room.depart('Carl');
    expect(deeds(room, want(room, 'Bob'))).toEqual(['forward s1 to Bob audio high', 'forward s2 to Bob audio high']);
  });

  test('nor one address more than its share, where addresses say anything', () => {
    const room = new TestRoom({ policy: { maxStreamsPerAddress: 2, maxForwardsPerAddress: 2 }, ranges: RANGES });
    for (const name of ['Ann', 'Bob', 'Carl']) room.enter(name, { address: '192.0.2.7' });
    room.enter('Dora', { address: '192.0.2.8' });
    for (const name of ['Eve', 'Fay']) room.enter(name, { address: '10.0.0.1' });
    live(room, 'Ann');
    live(room, 'Bob', { stream: 's2' });
    expect(publish(room, 'Carl', { stream: 's3' }).refusal).toBe('streams-too-many-here');
    live(room, 'Dora', { stream: 's4' });
    expect(deeds(room, want(room, 'Carl'))).toEqual(['forward s1 to Carl audio high', 'forward s2 to Carl audio high']);
    expect(deeds(room, want(room, 'Ann'))).toEqual([]);
    for (const name of ['Dora', 'Eve', 'Fay']) expect(deeds(room, want(room, name)).length).toBeGreaterThan(1);
    for (const stream of ['s5', 's6', 's7']) expect(publish(room, 'Eve', { stream }).refusal).toBeUndefined();
    room.do('Bob', { type: 'unpublish', stream: 's2' });
    expect(publish(room, 'Carl', { stream: 's3' }).refusal).toBeUndefined();
    expect(deeds(room, room.depart('Carl'))).toContain('forward s4 to Ann audio high');
  });

  test('loses what is published with the right', () => {
    const room = stage();
    shown(room, 'Ann');
    const heard = room.do('Olga', { type: 'grant', name: 'Ann', permission: 'present', on: false });
    expect(heard.by('Ann').map(({ type }) => type)).toEqual(['self-changed', 'stream-ended']);
    expect(heard.who('stream-closed')).toEqual(['Bob', 'Carl', 'Olga']);
    expect(publish(room, 'Ann').refusal).toBe('rule-no-broadcast');
  });
});

describe('who must not see somebody', () => {
  test.each(['mute', 'boot', 'block'] as const)('has no stream of theirs: %s', (kind) => {
    const room = stage();
    shown(room, 'Ann');
    const heard = room.relate('Ann', kind, 'Bob');
    expect(heard.by('Bob')).toContainEqual({ type: 'stream-closed', stream: 's1' });
    expect(deeds(room, heard)).toEqual(['stop s1 to Bob']);
    const again = room.do('Ann', { type: 'relate', kind, names: ['Bob'], on: false });
    expect(deeds(room, again)).toEqual(['forward s1 to Bob audio high']);
  });

  test('does not get it by asking, answering or signalling', () => {
    const room = stage();
    room.relate('Ann', 'boot', 'Bob');
    live(room, 'Ann');
    expect(deeds(room, room.do('Bob', { type: 'request-stream', stream: 's1', wanted: LOW }))).toEqual([]);
    expect(deeds(room, room.do('Bob', { type: 'answer-stream', stream: 's1', sdp: 'answer' }))).toEqual([]);
    expect(deeds(room, room.do('Bob', { type: 'restart-stream', stream: 's1' }))).toEqual([]);
    expect(deeds(room, room.do('Bob', { type: 'trickle', stream: 's1', candidate: { candidate: 'c' } }))).toEqual([]);
    expect(offered(room, 'Bob').by('Bob')).toEqual([]);
  });

  test('sees through it as an operator', () => {
    const room = stage();
    room.relate('Ann', 'boot', 'Olga');
    expect(deeds(room, live(room, 'Ann'))).toContain('forward s1 to Olga audio high');
  });
});

describe('signals', () => {
  test('go to the side that somebody is on', () => {
    const room = stage();
    live(room, 'Ann');
    const candidate = { candidate: 'candidate:1' };
    const trickle = { type: 'trickle', stream: 's1', candidate } as const;
    expect(deeds(room, room.do('Ann', trickle))).toEqual(['publisherCandidate s1']);
    expect(deeds(room, room.do('Bob', trickle))).toEqual(['receiverCandidate s1 to Bob']);
    expect(deeds(room, room.do('Bob', { type: 'answer-stream', stream: 's1', sdp: 'a' }))).toEqual([
      'answer s1 to Bob',
    ]);
    expect(deeds(room, room.do('Bob', { type: 'restart-stream', stream: 's1' }))).toEqual(['restart s1 to Bob']);
    expect(deeds(room, room.do('Bob', { ...trickle, candidate: { candidate: 'x'.repeat(3000) } }))).toEqual([]);
    expect(room.hear({ type: 'publisher-candidate', stream: 's1', candidate }).who('stream-candidate')).toEqual([
      'Ann',
    ]);
    const to = room.member('Bob').id;
    expect(room.hear({ type: 'receiver-candidate', stream: 's1', to, candidate }).who('stream-candidate')).toEqual([
      'Bob',
    ]);
    expect(room.hear({ type: 'publisher-lost', stream: 's1' }).who('stream-restart')).toEqual(['Ann']);
  });

  test('an answer to what is gone is told that it is', () => {
    const room = stage();
    expect(room.do('Bob', { type: 'answer-stream', stream: 'gone', sdp: 'a' }).by('Bob')).toEqual([
      { type: 'stream-closed', stream: 'gone' },
    ]);
  });
});

describe('a stream in the place of another', () => {
  function replaced(): TestRoom {
    const room = stage();
    live(room, 'Ann');
    for (const name of ['Olga', 'Bob', 'Carl']) offered(room, name);
    return room;
  }

  test('is offered as such, and the end of the other is not told', () => {
    const room = replaced();
    const heard = publish(room, 'Ann', { stream: 's2', replaces: 's1' });
    expect(heard.outcome.media).toEqual([
      { call: 'publish', stream: 's2', offer: { sdp: 'offer', replaces: 's1' } },
      { call: 'unpublish', stream: 's1' },
    ]);
    expect(heard.who('stream-closed')).toEqual([]);
    const answered = room.hear({ type: 'answered', stream: 's2', sdp: 'answer', tracks: [VIDEO] });
    expect(answered.who('stream-closed')).toEqual([]);
    expect(offered(room, 'Bob', 's2').event('stream-offered').replaces).toBe('s1');
    expect(offered(room, 'Bob', 's2').event('stream-offered').replaces).toBeUndefined();
  });

  test('keeps what was asked for of the other', () => {
    const room = replaced();
    room.do('Bob', { type: 'request-stream', stream: 's1', wanted: LOW });
    expect(deeds(room, live(room, 'Ann', { stream: 's2', replaces: 's1' }))).toContain('forward s2 to Bob audio low');
  });

  test('that nobody wants any more ends the other for them', () => {
    const room = replaced();
    want(room, 'Bob', NOTHING_WANTED, [['camera', EVERYTHING_WANTED]]);
    const heard = live(room, 'Ann', { stream: 's2', replaces: 's1', label: 'screenshare' });
    expect(heard.by('Bob')).toEqual([{ type: 'stream-closed', stream: 's1' }]);
  });

  test.each(['rejected', 'gone', 'unwanted'] as const)('that comes to nothing ends the other: %s', (how) => {
    const room = replaced();
    publish(room, 'Ann', { stream: 's2', replaces: 's1' });
    if (how !== 'rejected') room.hear({ type: 'answered', stream: 's2', sdp: 'answer', tracks: [VIDEO] });
    const heard =
      how === 'rejected'
        ? room.hear({ type: 'rejected', stream: 's2', reason: 'no' })
        : how === 'gone'
          ? room.depart('Ann')
          : want(room, 'Bob', NOTHING_WANTED);
    expect(heard.by('Bob')).toContainEqual({ type: 'stream-closed', stream: 's1' });
  });

  test('that is itself replaced before it is there stands for the first', () => {
    const room = replaced();
    publish(room, 'Ann', { stream: 's2', replaces: 's1' });
    const again = live(room, 'Ann', { stream: 's3', replaces: 's2' });
    expect(again.who('stream-closed')).toEqual([]);
    expect(offered(room, 'Carl', 's3').event('stream-offered').replaces).toBe('s1');
  });

  test('of somebody else is none', () => {
    const room = replaced();
    const heard = publish(room, 'Bob', { stream: 's2', replaces: 's1' });
    expect(heard.outcome.media).toEqual([{ call: 'publish', stream: 's2', offer: { sdp: 'offer' } }]);
    expect(deeds(room, room.do('Ann', { type: 'unpublish', stream: 's1' }))).toEqual(['unpublish s1']);
  });

  test('by somebody who may not publish ends the other', () => {
    const room = replaced();
    const { id } = room.member('Ann');
    expect(publish(room, 'Ann', { stream: 'x'.repeat(200), replaces: 's1' }).refusal).toBe('stream-invalid');
    expect(room.view.member(id)).toBeDefined();
    expect(deeds(room, room.do('Ann', { type: 'unpublish', stream: 's1' }))).toEqual([]);
  });
});

test('where the forwarding process died, streams are published anew and go to the same people', () => {
  const room = stage();
  shown(room, 'Ann');
  const heard = room.hear({ type: 'died' });
  expect(heard.who('stream-restart')).toEqual(['Ann']);
  expect(heard.who('stream-closed')).toEqual(['Bob', 'Carl', 'Olga']);
  expect(deeds(room, want(room, 'Carl', LOW))).toEqual([]);
  expect(deeds(room, live(room, 'Ann'))).toEqual([
    'forward s1 to Olga audio high',
    'forward s1 to Bob audio high',
    'forward s1 to Carl audio low',
  ]);
});
