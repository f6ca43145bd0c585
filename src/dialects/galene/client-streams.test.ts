import { describe, expect, test } from 'vitest';
import type { GaleneClientOptions } from './client.ts';
import { captured, FakeConnection, inGroup, ME, settled } from './client-server.fixture.ts';

const AUDIO = { track: { kind: 'audio', id: 'a' } };
const VIDEO = { track: { kind: 'video', id: 'v' } };

async function streaming(options: Partial<GaleneClientOptions> = {}) {
  const connections: FakeConnection[] = [];
  const configurations: unknown[] = [];
  let ids = 0;
  const { client, server } = await inGroup({
    newId: () => `s${++ids}`,
    peerConnection: (configuration) => {
      configurations.push(configuration);
      const connection = new FakeConnection();
      connections.push(connection);
      return connection;
    },
    ...options,
  });
  const events: string[] = [];
  client.on('up-ended', ({ stream, why }) => events.push(`up ${stream.id} ${why}`));
  client.on('down', ({ stream, replaces }) => events.push(`down ${stream.id} for ${replaces?.id ?? 'nothing'}`));
  client.on('down-ended', ({ stream, why }) => events.push(`down ${stream.id} ${why}`));
  client.on('stray', ({ type, id }) => events.push(`stray ${type} ${id}`));
  const connection = (index: number) => connections[index] ?? new FakeConnection();
  return { client, server, connections, configurations, events, connection };
}

/** An up stream whose first offer is answered. */
async function published(options: Partial<GaleneClientOptions> = {}) {
  const all = await streaming(options);
  const stream = all.client.publish({ tracks: [AUDIO, VIDEO] });
  await settled();
  all.server.say({ type: 'answer', id: stream.id, sdp: 'theirs' });
  await stream.answered;
  all.server.received.length = 0;
  return { ...all, stream };
}

const offer = { type: 'offer', id: 'd1', label: 'camera', source: 'o1', username: 'Ann', sdp: 'theirs' };

describe('an up stream', () => {
  test('offers, and never says a candidate before its offer', async () => {
    const { client, server, configurations, connection } = await streaming();
    client.publish({ label: 'screenshare', tracks: [AUDIO, VIDEO] });
    await settled();
    connection(0).find('late');
    connection(0).onicecandidate?.({ candidate: null });
    expect(server.received).toEqual([
      {
        ...{ type: 'offer', source: ME, username: 'Bill', kind: '', id: 's1', replace: null, label: 'screenshare' },
        sdp: 'offer 1',
      },
      { type: 'ice', id: 's1', candidate: { candidate: 'early 1', sdpMid: '0' } },
      { type: 'ice', id: 's1', candidate: { candidate: 'late', sdpMid: '0' } },
    ]);
    expect(configurations).toEqual([{ iceServers: [{ urls: 'stun:stun.test' }] }]);
    const [captive] = captured('latest').filter(({ frame }) => frame.type === 'offer');
    expect(Object.keys(server.received[0] ?? {}).sort()).toEqual(Object.keys(captive?.frame ?? {}).sort());
  });

  test('sizes are given through, and directions are those of the generation', async () => {
    const encodings = [
      { rid: 'h', maxBitrate: 700_000 },
      { rid: 'l', maxBitrate: 100_000, scaleResolutionDownBy: 2 },
    ];
    const latest = await streaming();
    latest.client.publish({ tracks: [AUDIO, { ...VIDEO, encodings }] });
    expect(latest.connection(0).transceivers.map(({ init }) => init)).toEqual([
      { direction: 'sendonly' },
      { direction: 'sendonly', sendEncodings: encodings },
    ]);
    const seed = await streaming({ generation: 'seed' });
    seed.client.publish({ tracks: [AUDIO] });
    expect(seed.connection(0).transceivers.map(({ init }) => init)).toEqual([{ direction: 'sendrecv' }]);
  });

  test.each([
    ['camera', { 0: 'audio', 1: 'video' }],
    ['screenshare', { 0: 'audio', 1: 'screenshare' }],
  ])('the seed names the tracks of a %s', async (label, labels) => {
    const { client, server } = await streaming({ generation: 'seed' });
    client.publish({ label, tracks: [AUDIO, VIDEO] });
    await settled();
    const said = server.last('offer');
    expect([said?.labels, said?.label]).toEqual([labels, undefined]);
  });

  test("candidates wait for the answer, and the server's answer is applied", async () => {
    const { client, server, connection } = await streaming();
    const stream = client.publish({ tracks: [AUDIO] });
    await settled();
    server.say({ type: 'ice', id: 's1', candidate: { candidate: 'theirs 1' } });
    expect(connection(0).candidates).toEqual([]);
    server.say(
      { type: 'answer', id: 's1', sdp: 'answer' },
      { type: 'ice', id: 's1', candidate: { candidate: 'theirs 2' } },
    );
    await stream.answered;
    await settled();
    expect(connection(0).candidates).toEqual(['theirs 1', 'theirs 2']);
    expect(connection(0).remoteDescription).toEqual({ type: 'answer', sdp: 'answer' });
  });

  test.each(['the server asks', 'the way is lost'])('restarts where %s', async (why) => {
    const { server, stream, connection } = await published();
    if (why === 'the server asks') server.say({ type: 'renegotiate', id: stream.id });
    else connection(0).fail();
    await settled();
    expect(connection(0).restarts).toBe(1);
    expect(server.received[0]).toMatchObject({ type: 'offer', kind: 'renegotiate', id: stream.id, replace: null });
  });

  test('what changes while an offer is unanswered makes one more offer', async () => {
    const { server, stream } = await published();
    void stream.addTrack(VIDEO);
    void stream.restart();
    server.say({ type: 'renegotiate', id: stream.id });
    await settled();
    expect(server.said.filter((type) => type.startsWith('offer'))).toEqual(['offer/renegotiate']);
    server.say({ type: 'answer', id: stream.id, sdp: 'theirs' });
    await settled();
    server.say({ type: 'answer', id: stream.id, sdp: 'theirs' });
    await settled();
    expect(server.said.filter((type) => type.startsWith('offer'))).toEqual(['offer/renegotiate', 'offer/renegotiate']);
  });

  test('a replaced one ends without a word', async () => {
    const { client, server, stream, events, connection } = await published();
    const next = client.publish({ tracks: [VIDEO], replaces: stream });
    await settled();
    expect(server.received.map(({ type, id, replace }) => [type, id, replace])).toEqual([
      ['offer', next.id, stream.id],
      ['ice', next.id, undefined],
    ]);
    expect(events).toEqual([`up ${stream.id} replaced`]);
    expect(connection(0).isClosed).toBe(true);
    expect([...client.streams.up.keys()]).toEqual([next.id]);
  });

  test.each([['closes', 'closed', ({ stream }: { stream: { close(): void } }) => stream.close()]] as const)(
    '%s with a close',
    async (_, why, end) => {
      const { server, stream, events, connection } = await published();
      end({ stream });
      stream.close();
      expect(server.received).toEqual([{ type: 'close', id: stream.id }]);
      expect([events, connection(0).isClosed]).toEqual([[`up ${stream.id} ${why}`], true]);
    },
  );

  test('an abort of the server is confirmed, and who waits is told', async () => {
    const { client, server, events } = await streaming();
    const stream = client.publish({ tracks: [AUDIO] });
    await settled();
    server.say({ type: 'abort', id: stream.id });
    await expect(stream.answered).rejects.toThrow('aborted');
    expect(server.last('close')).toEqual({ type: 'close', id: stream.id });
    expect(events).toEqual(['up s1 aborted']);
  });

  test('an answer that is nonsense ends it', async () => {
    const { client, server, events } = await streaming();
    const stream = client.publish({ tracks: [AUDIO] });
    await settled();
    server.say({ type: 'answer', id: stream.id, sdp: 'nonsense' });
    await expect(stream.answered).rejects.toThrow('failed');
    expect([server.said.at(-1), events]).toEqual(['close', ['up s1 failed']]);
  });

  test('needs something to make connections with', async () => {
    const { client, server } = await inGroup();
    expect(() => client.publish({ tracks: [AUDIO] })).toThrow('no peerConnection');
    server.say(offer);
    expect(client.streams.down.size).toBe(0);
  });
});

describe('a down stream', () => {
  test('is answered, and tells whose tracks they are', async () => {
    const { client, server, connection } = await streaming();
    const tracks: unknown[] = [];
    client.on('down-track', ({ stream: { source, username, label }, track }) =>
      tracks.push([source, username, label, track.kind]),
    );
    server.say(offer, { type: 'ice', id: 'd1', candidate: { candidate: 'theirs' } });
    connection(0).ontrack?.({ track: VIDEO.track, transceiver: { mid: '1' } });
    await settled();
    expect(server.received).toEqual([
      { type: 'answer', id: 'd1', sdp: 'answer 1' },
      { type: 'ice', id: 'd1', candidate: { candidate: 'early 1', sdpMid: '0' } },
    ]);
    expect(connection(0).candidates).toEqual(['theirs']);
    expect(tracks).toEqual([['o1', 'Ann', 'camera', 'video']]);
    expect(client.streams.down.get('d1')?.tracks).toHaveLength(1);
  });

  test('a further offer of the same id is answered on the same connection, one after the other', async () => {
    const { client, server, connections, events } = await streaming();
    const answered: string[] = [];
    client.on('down-negotiated', ({ id }) => answered.push(id));
    server.say(offer, { ...offer, sdp: 'theirs 2' }, { ...offer, sdp: 'theirs 3' });
    await settled();
    expect(server.received.filter(({ type }) => type === 'answer').map(({ sdp }) => sdp)).toEqual([
      'answer 1',
      'answer 2',
      'answer 3',
    ]);
    expect([connections.length, answered.length, events]).toEqual([1, 3, ['down d1 for nothing']]);
  });

  test('one takes the place of another', async () => {
    const { client, server, events } = await streaming();
    server.say(offer, { ...offer, id: 'd2', replace: 'd1' });
    await settled();
    expect(events).toEqual(['down d1 for nothing', 'down d2 for d1', 'down d1 replaced']);
    expect([...client.streams.down.keys()]).toEqual(['d2']);
    expect(server.said).not.toContain('close');
  });

  test('asks, aborts, and ends when the server says so', async () => {
    const { client, server, events, connection } = await streaming();
    server.say(offer);
    await settled();
    server.received.length = 0;
    const stream = client.streams.down.get('d1');
    stream?.request(['audio']);
    stream?.restart();
    connection(0).fail();
    stream?.abort();
    expect(server.received).toEqual([
      { type: 'requestStream', id: 'd1', request: ['audio'] },
      { type: 'renegotiate', id: 'd1' },
      { type: 'renegotiate', id: 'd1' },
      { type: 'abort', id: 'd1' },
    ]);
    expect(connection(0).isClosed).toBe(false);
    server.say({ type: 'close', id: 'd1' }, { type: 'close', id: 'd1' });
    expect(events.slice(1)).toEqual(['down d1 closed', 'stray close d1']);
    expect(connection(0).isClosed).toBe(true);
    stream?.abort();
    expect(server.received).toHaveLength(4);
  });

  test('one that is nonsense is aborted', async () => {
    const { client, server, events } = await streaming();
    server.say({ ...offer, sdp: 'nonsense' });
    await settled();
    expect(server.received).toEqual([{ type: 'abort', id: 'd1' }]);
    expect(events).toEqual(['down d1 for nothing', 'down d1 failed']);
    expect(client.streams.down.size).toBe(0);
  });

  test("the seed's servers name tracks instead of streams", async () => {
    const { client, server } = await streaming({ generation: 'seed' });
    const { label: _, ...unnamed } = offer;
    server.say(
      { ...unnamed, labels: { 0: 'audio', 1: 'video' } },
      { ...unnamed, id: 'd2', labels: { 0: 'screenshare' } },
    );
    expect([...client.streams.down.values()].map(({ label }) => label)).toEqual(['camera', 'screenshare']);
  });

  test('an id that is up cannot be down', async () => {
    const { server, events, stream } = await published();
    server.say({ ...offer, id: stream.id });
    expect(events).toEqual([`stray offer ${stream.id}`]);
  });

  test('all end with the membership, and with the connection, and nobody is told', async () => {
    for (const end of ['leave', 'drop'] as const) {
      const { client, server, connections, events } = await published();
      server.say(offer);
      await settled();
      server.received.length = 0;
      if (end === 'leave') await client.leave();
      else server.drop();
      expect(server.said.filter((type) => type !== 'join/leave')).toEqual([]);
      expect(events).toEqual(['down d1 for nothing', 'up s1 closed', 'down d1 closed']);
      expect(connections.every(({ isClosed }) => isClosed)).toBe(true);
    }
  });
});
