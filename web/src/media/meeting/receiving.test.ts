import { describe, expect, test, vi } from 'vitest';
import { FakeStream, FakeTrack } from './testing/fake-connection.ts';
import { fakeMeeting, offer } from './testing/fake-meeting.ts';

const room = { type: 'room' } as never;
const picture = () => new FakeStream(new FakeTrack('video'));

describe('receiving', () => {
  test('answers an offer, with the candidates that came before it', async () => {
    const { meeting, connections, said, receive, answered } = fakeMeeting();
    receive({ type: 'stream-candidate', stream: 's1', candidate: { candidate: 'early' } });
    receive(offer('s1'));
    await answered(1);
    expect(said('stream-answer')).toEqual([{ type: 'stream-answer', stream: 's1', sdp: 'answer 1 of 0' }]);
    expect(connections[0]?.candidates).toEqual(['early']);
    const stream = picture();
    connections[0]?.arrive(stream);
    expect(meeting.state.get().tiles).toMatchObject([
      { id: 's1', name: 'bob', label: 'camera', stream, hasVideo: true },
    ]);
  });

  test('another offer of the same stream is answered on the same connection', async () => {
    const { meeting, connections, receive, answered } = fakeMeeting();
    receive(offer('s1'));
    receive(offer('s1', { tracks: [{ mid: '0', kind: 'audio' }] }));
    await answered(2);
    expect(connections).toHaveLength(1);
    expect(meeting.state.get().tiles).toMatchObject([{ hasAudio: true, hasVideo: false }]);
  });

  test('what replaces another takes its tile, and its picture stays until the new one comes', async () => {
    const { meeting, connections, receive, answered, pass } = fakeMeeting();
    receive(offer('s1'));
    receive(offer('t1', { name: 'carol' }));
    await answered(2);
    const [before, after] = [picture(), picture()];
    connections[0]?.arrive(before);
    receive(offer('s2', { replaces: 's1' }));
    await answered(3);
    connections[2]?.arrive(after);
    expect(meeting.state.get().tiles).toMatchObject([{ key: 's1', id: 's2', stream: before }, { id: 't1' }]);
    expect(connections[0]?.closed).toBe(false);
    connections[2]?.become('connected');
    expect(meeting.state.get().tiles).toMatchObject([{ key: 's1', id: 's2', stream: after }, { id: 't1' }]);
    await pass(500);
    expect(connections[0]?.closed).toBe(true);
  });

  test.each<[string, 'bad' | 'weak' | 'good', (fake: ReturnType<typeof fakeMeeting>) => void]>([
    ['is bad', 'bad', ({ receive }) => receive(offer('s1'))],
    ['is less sure a sign of a screen', 'weak', ({ receive }) => receive(offer('s1', { label: 'screenshare' }))],
    [
      'is as it should be where the camera is off',
      'good',
      ({ world, receive }) => {
        world.dark.add('id-bob');
        receive(offer('s1'));
      },
    ],
    [
      'is as it should be where the picture was asked away',
      'good',
      ({ meeting, receive }) => {
        receive(offer('s1'));
        meeting.look({ id: 's1' }, 'none');
      },
    ],
  ])('a picture of which nothing comes any more %s', async (_, expected, begin) => {
    const fake = fakeMeeting();
    begin(fake);
    await fake.answered(1);
    const [connection] = fake.connections;
    const video = { type: 'inbound-rtp', kind: 'video', framesDecoded: 9, packetsReceived: 99 };
    if (connection) connection.counted = [video];
    connection?.become('connected');
    for (let looks = 0; looks < 4; looks++) {
      await fake.pass(2_000);
      await vi.waitFor(() => expect(fake.timers()).toBeGreaterThan(0));
    }
    expect(fake.meeting.measuring.state.get().get('s1')?.quality).toBe(expected);
  });

  test('a lost way is asked for anew; an ended stream is gone', async () => {
    const { meeting, connections, said, receive, answered } = fakeMeeting();
    receive(offer('s1'));
    await answered(1);
    connections[0]?.become('failed');
    expect(said('stream-restart')).toEqual([{ type: 'stream-restart', stream: 's1' }]);
    receive({ type: 'stream-closed', stream: 's1' });
    expect(meeting.state.get().tiles).toEqual([]);
    expect(connections[0]?.closed).toBe(true);
  });

  test('what cannot be understood is refused, and harms no other', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { meeting, said, receive, answered } = fakeMeeting();
    receive(offer('bad', { sdp: 'nonsense' }));
    receive(offer('good'));
    await answered(1);
    expect(said('refuse-stream')).toEqual([{ type: 'refuse-stream', stream: 'bad' }]);
    expect(meeting.state.get().tiles.map(({ id }) => id)).toEqual(['good']);
    warn.mockRestore();
  });

  test('candidates of streams that are never offered do not pile up', async () => {
    const { connections, receive, answered } = fakeMeeting();
    for (let index = 0; index < 500; index++) {
      receive({ type: 'stream-candidate', stream: `s${index}`, candidate: { candidate: 'x' } });
      receive({ type: 'stream-candidate', stream: 's0', candidate: { candidate: `${index}` } });
    }
    receive(offer('s0'));
    receive(offer('s499'));
    await answered(2);
    expect(connections[0]?.candidates).toHaveLength(64);
    expect(connections[1]?.candidates).toHaveLength(0);
  });
});

describe('wanting', () => {
  test('begins with the room, changes with the choice, ends with leaving, comes back with it', () => {
    const { meeting, said, receive } = fakeMeeting('screens');
    receive(room);
    meeting.setReceive('audio');
    meeting.leave();
    meeting.setReceive('everything');
    meeting.attend();
    const sound = { audio: true, video: 'none' };
    expect(said('want').map(({ byLabel, otherwise }) => [byLabel, otherwise])).toEqual([
      [{ screenshare: { audio: true, video: 'high' } }, sound],
      [{}, sound],
      [{}, { audio: false, video: 'none' }],
      [{}, { audio: true, video: 'high' }],
    ]);
  });

  test('of one stream, is said when it changes; the one in its place goes on with it', async () => {
    const { meeting, said, receive } = fakeMeeting();
    receive(offer('s1'));
    const look = (id: string, size: 'low' | 'high') => meeting.look({ id }, size);
    look('s1', 'high');
    look('s1', 'low');
    look('s1', 'low');
    receive(offer('s2', { replaces: 's1' }));
    look('s2', 'low');
    look('s2', 'high');
    look('gone', 'low');
    expect(said('want-stream').map(({ stream, wanted }) => [stream, wanted?.video])).toEqual([
      ['s1', 'low'],
      ['s2', 'high'],
    ]);
  });

  test('of one stream, is shown by its tile: one that nobody looks at has its sound alone', () => {
    const { meeting, said, receive } = fakeMeeting();
    receive(offer('s1'));
    const asked = () => meeting.state.get().tiles.map((tile) => tile.asked);
    expect(asked()).toEqual([undefined]);
    meeting.look({ id: 's1' }, 'none');
    expect(asked()).toEqual(['none']);
    expect(said('want-stream').map(({ wanted }) => wanted)).toEqual([{ audio: true, video: 'none' }]);
    receive(offer('s2', { replaces: 's1' }));
    expect(asked()).toEqual(['none']);
    meeting.setReceive('audio');
    expect(asked()).toEqual([undefined]);
  });

  test('of one stream, is withdrawn where its picture is not wanted any more, and with leaving', () => {
    const { meeting, said, receive } = fakeMeeting();
    receive(offer('s1'));
    receive(offer('slides', { label: 'screenshare' }));
    for (const id of ['s1', 'slides']) meeting.look({ id }, 'low');
    meeting.setReceive('screens');
    expect(said('want-stream').slice(2)).toEqual([{ type: 'want-stream', stream: 's1' }]);
    meeting.leave();
    expect(said('want-stream').slice(3)).toEqual([{ type: 'want-stream', stream: 'slides' }]);
  });

  test('after leaving, an offer that was under way is not taken', async () => {
    const { meeting, connections, receive } = fakeMeeting();
    meeting.leave();
    receive(offer('s1'));
    expect(connections).toEqual([]);
    expect(meeting.state.get().tiles).toEqual([]);
  });
});

test('who is heard shows, five times a second, while there is anybody to hear', async () => {
  const { meeting, connections, receive, answered, pass, timers } = fakeMeeting();
  expect(timers()).toBe(0);
  receive(offer('s1'));
  await answered(1);
  const connection = connections[0];
  if (!connection) throw new Error('There is no connection.');
  connection.level = 0.5;
  await pass(200);
  expect(meeting.listening.state.get()).toMatchObject({ speaking: ['s1'], speaker: 's1' });
  connection.level = 0;
  for (let looks = 0; looks < 5; looks++) await pass(200);
  expect(meeting.listening.state.get()).toMatchObject({ speaking: [], speaker: 's1' });
  receive({ type: 'stream-closed', stream: 's1' });
  expect(timers()).toBe(0);
});
