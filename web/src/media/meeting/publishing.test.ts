import { describe, expect, test, vi } from 'vitest';
import { ConnectionLostError } from '../../../../src/dialects/parlour/client.ts';
import { fakeMeeting } from './testing/fake-meeting.ts';

const member = { type: 'member', member: {} } as never;
const room = { type: 'room' } as never;

async function joined(people = 2) {
  const fake = fakeMeeting();
  fake.world.people = people;
  const stream = fake.join();
  await fake.published(1);
  return { ...fake, stream };
}

describe('publishing', () => {
  test('says the offer before its candidates, and takes the answer and early candidates', async () => {
    const { asked, connections, receive } = await joined();
    const ways = asked.filter(({ type }) => type === 'publish' || type === 'stream-candidate');
    expect(ways).toEqual([
      { type: 'publish', stream: 'own-1', label: 'camera', sdp: 'offer 1 of 0' },
      {
        type: 'stream-candidate',
        stream: 'own-1',
        candidate: { candidate: 'own offer 1 of 0', sdpMid: '0', sdpMLineIndex: 0 },
      },
    ]);
    receive({ type: 'stream-candidate', stream: 'own-1', candidate: { candidate: 'theirs' } });
    receive({ type: 'stream-answer', stream: 'own-1', sdp: 'answer' });
    await vi.waitFor(() => expect(connections[0]?.candidates).toEqual(['theirs']));
    expect(connections[0]?.remoteDescription).toEqual({ type: 'answer', sdp: 'answer' });
  });

  test('a second answer of an offer that was said twice is left aside', async () => {
    const { connections, receive } = await joined();
    receive({ type: 'stream-answer', stream: 'own-1', sdp: 'first' });
    receive({ type: 'stream-answer', stream: 'own-1', sdp: 'second' });
    receive({ type: 'stream-candidate', stream: 'own-1', candidate: { candidate: 'last' } });
    await vi.waitFor(() => expect(connections[0]?.candidates).toEqual(['last']));
    expect(connections[0]?.remoteDescription?.sdp).toBe('first');
  });

  test('a third person makes two sizes at once; when they are gone for a while it is one again', async () => {
    const { world, connections, said, receive, published, pass } = await joined(2);
    const encodings = (index: number) => connections[index]?.sending('video')?.encodings;
    expect(encodings(0)).toEqual([{}]);
    world.people = 3;
    receive(member);
    await published(2);
    expect(said('publish')[1]).toMatchObject({ stream: 'own-2', replaces: 'own-1' });
    expect(encodings(1)).toEqual([{ rid: 'h' }, { rid: 'l', scaleResolutionDownBy: 2, maxBitrate: 100_000 }]);
    // The first one goes on until the second is there; that it is lost then is no news.
    expect(connections[0]?.closed).toBe(false);
    receive({ type: 'stream-restart', stream: 'own-1' });
    receive({ type: 'stream-answer', stream: 'own-2', sdp: 'answer' });
    expect(connections[0]?.closed).toBe(true);
    expect(connections[0]?.restarts).toBe(0);

    world.people = 2;
    receive(member);
    await pass(14_000);
    expect(said('publish')).toHaveLength(2);
    world.people = 3;
    receive(member);
    await pass(2_000);
    expect(said('publish')).toHaveLength(2);
    world.people = 2;
    receive(member);
    await pass(15_000);
    await published(3);
    expect(encodings(2)).toEqual([{}]);
    expect(said('unpublish')).toEqual([]);
  });

  test('a recorder is one more receiver: two people send two sizes while it records', async () => {
    const { world, connections, receive, published } = await joined(2);
    world.people = 3;
    receive({ type: 'meeting' } as never);
    await published(2);
    expect(connections[1]?.sending('video')?.encodings).toHaveLength(2);
  });

  test.each([
    ['the server says so', (fake: Awaited<ReturnType<typeof joined>>) => restart(fake)],
    ['its connection fails', (fake: Awaited<ReturnType<typeof joined>>) => fake.connections[0]?.become('failed')],
  ])('when %s, looks for a way anew; after 8 s without one, publishes another stream in its place', async (_, lose) => {
    const fake = await joined();
    lose(fake);
    await fake.published(2);
    expect(fake.connections[0]?.restarts).toBe(1);
    expect(fake.said('publish')[1]).toMatchObject({ stream: 'own-1' });
    await fake.pass(7_999);
    expect(fake.said('publish')).toHaveLength(2);
    await fake.pass(1);
    await fake.published(3);
    expect(fake.said('publish')[2]).toMatchObject({ stream: 'own-2', replaces: 'own-1' });
  });

  test('a way that was found within that time is kept', async () => {
    const fake = await joined();
    restart(fake);
    await fake.published(2);
    fake.connections[0]?.become('connected');
    await fake.pass(60_000);
    expect(fake.said('publish')).toHaveLength(2);
  });

  test('what the server ends is over, and it says why', async () => {
    const { meeting, stream, notices, receive } = await joined();
    receive({ type: 'stream-ended', stream: 'own-1', code: 'not-permitted', message: 'You may not.' });
    expect(notices).toEqual([{ kind: 'ended', message: 'You may not.' }]);
    expect(meeting.state.get().own).toBeUndefined();
    expect(stream.tracks.map(({ stopped }) => stopped)).toEqual([true, true]);
  });

  test('what the server refuses is over; what was lost with the connection is said again', async () => {
    const fake = fakeMeeting();
    fake.world.fail = (ask) => (ask.type === 'publish' ? new ConnectionLostError() : undefined);
    fake.join();
    await fake.published(1);
    fake.world.fail = undefined;
    await fake.pass(0);
    fake.meeting.recovered();
    await fake.published(2);
    expect(fake.said('publish')[1]).toEqual(fake.said('publish')[0]);
    expect(fake.meeting.state.get().own).toBeDefined();

    const refused = fakeMeeting();
    refused.world.fail = (ask) => (ask.type === 'publish' ? new Error('No.') : undefined);
    refused.join();
    await vi.waitFor(() => expect(refused.notices).toMatchObject([{ kind: 'refused', error: { message: 'No.' } }]));
    expect(refused.meeting.state.get().own).toBeUndefined();
  });

  test('in a session that was not recovered everything is wanted and published anew', async () => {
    const { meeting, connections, said, receive, published } = await joined();
    await meeting.shareScreen();
    await published(2);
    receive(room);
    await published(4);
    const fresh = said('publish').slice(2);
    expect(fresh.map(({ label, replaces }) => [label, replaces])).toEqual([
      ['camera', undefined],
      ['screenshare', undefined],
    ]);
    expect(connections.map(({ closed }) => closed)).toEqual([true, true, false, false]);
    expect(said('want')).toHaveLength(1);
  });
});

describe('while in the meeting', () => {
  test('the microphone is muted and heard again without another stream, and others are told', async () => {
    const { meeting, stream, said } = await joined();
    const [audio] = stream.getAudioTracks();
    await meeting.setMicrophone({ on: false });
    expect(audio?.enabled).toBe(false);
    expect(meeting.state.get().own?.microphone).toBe('off');
    expect(said('own-data').at(-1)?.changes).toEqual({ microphone: 'off', camera: null });
    await meeting.setMicrophone({ on: true });
    expect(audio?.enabled).toBe(true);
    expect(said('publish')).toHaveLength(1);
  });

  test('the camera goes dark, then is given back to the machine; another one takes its place', async () => {
    const { meeting, stream, connections, captured, pass } = await joined();
    const [video] = stream.getVideoTracks();
    await meeting.setCamera({ on: false });
    expect([video?.enabled, video?.stopped]).toEqual([false, false]);
    await pass(400);
    await vi.waitFor(() => expect(connections[0]?.sending('video')?.sender.track).toBeNull());
    expect(video?.stopped).toBe(true);
    await meeting.setCamera({ on: true });
    await vi.waitFor(() => expect(connections[0]?.sending('video')?.sender.track).toBe(captured[0]));
    expect(connections).toHaveLength(1);
    expect(meeting.state.get().own?.camera).toBe('on');
  });

  test('who came with sound alone shows their camera by another stream in its place', async () => {
    const fake = fakeMeeting();
    const stream = fake.join({ camera: false });
    await fake.published(1);
    expect(stream.getVideoTracks()[0]?.stopped).toBe(true);
    expect(fake.connections[0]?.transceivers).toHaveLength(1);
    await fake.meeting.setCamera({ on: true });
    await fake.published(2);
    expect(fake.said('publish')[1]).toMatchObject({ replaces: 'own-1' });
    expect(fake.connections[1]?.transceivers).toHaveLength(2);
  });

  test('another microphone is as silent as the one before', async () => {
    const { meeting, captured, stream } = await joined();
    await meeting.setMicrophone({ on: false });
    await meeting.switchDevice('audio');
    expect(captured[0]?.enabled).toBe(false);
    expect(stream.getAudioTracks()[0]?.stopped).toBe(true);
  });

  test('a privileged note mutes, once, and says who did it; others do not', async () => {
    const { meeting, notices, receive } = await joined();
    const note = { type: 'note', name: 'ann', direct: false, kind: 'mute', value: null, at: 0 } as const;
    receive({ ...note, privileged: false });
    expect(meeting.state.get().own?.microphone).toBe('on');
    receive({ ...note, privileged: true });
    receive({ ...note, privileged: true });
    expect(meeting.state.get().own?.microphone).toBe('off');
    expect(notices).toEqual([{ kind: 'muted-by', name: 'ann' }]);
  });

  test('a screen ends by the browser’s own bar', async () => {
    const { meeting, screen, said, published } = await joined(3);
    await meeting.shareScreen();
    await published(2);
    expect(said('publish')[1]).toMatchObject({ label: 'screenshare' });
    screen.getVideoTracks()[0]?.onended?.();
    expect(said('unpublish')).toEqual([{ type: 'unpublish', stream: 'own-2' }]);
    expect(meeting.state.get().screen).toBeUndefined();
    expect(screen.tracks.every(({ stopped }) => stopped)).toBe(true);
  });

  test('leaving ends all of it, and wants nothing more; the timers are gone', async () => {
    const fake = await joined();
    await fake.meeting.shareScreen();
    await fake.published(2);
    fake.meeting.leave();
    expect(fake.said('unpublish').map(({ stream }) => stream)).toEqual(['own-2', 'own-1']);
    expect(fake.said('want').at(-1)?.otherwise).toEqual({ audio: false, video: 'none' });
    expect(fake.connections.every(({ closed }) => closed)).toBe(true);
    expect(fake.timers()).toBe(0);
  });
});

function restart({ receive }: Awaited<ReturnType<typeof joined>>): void {
  receive({ type: 'stream-restart', stream: 'own-1' });
}
