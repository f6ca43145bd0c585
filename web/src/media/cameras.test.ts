import { describe, expect, test, vi } from 'vitest';
import { Camera } from '../../../src/core/camera.ts';
import type { Ask } from '../../../src/dialects/parlour/client.ts';
import type { RoomFrame } from '../../../src/dialects/parlour/wire.ts';
import { DEFAULT_CHOICE } from './camera-choice.ts';
import { Cameras } from './cameras.ts';
import { FakePeer, sdpOf } from './fake-peer.ts';
import type { MediaNotice, MediaPorts } from './media-ports.ts';

/** Two tracks that can be stopped. */
function fakeStream() {
  const track = (kind: string) => ({ kind, enabled: true, stop: vi.fn(), onended: null });
  const [video, audio] = [track('video'), track('audio')];
  const stream = { getTracks: () => [video, audio], getVideoTracks: () => [video], getAudioTracks: () => [audio] };
  return { stream: stream as unknown as MediaStream, video, audio };
}

function setUp() {
  const asked: Ask[] = [];
  const notices: MediaNotice[] = [];
  const peers: FakePeer[] = [];
  const roster = new Map<string, number>([['bob', Camera.on]]);
  const held = new Set<string>();
  let timeout: (() => void) | undefined;
  const ports: MediaPorts = {
    ask: async (ask) => void asked.push(ask),
    notify: (notice) => void notices.push(notice),
    createPeer: () => {
      const peer = new FakePeer(`own${peers.length}`);
      peers.push(peer);
      return peer as unknown as RTCPeerConnection;
    },
    cameraOf: (name) => roster.get(name),
    holds: (kind, name) => held.has(`${kind} ${name}`),
    after: (_, run) => {
      timeout = run;
      return () => {
        timeout = undefined;
      };
    },
  };
  const cameras = new Cameras(ports);
  const signal = (name: string, kind: 'description' | 'candidate', content: unknown) =>
    cameras.received({ type: 'signal', seq: 1, name, id: name, kind, payload: JSON.stringify(content) });
  const said = (type: Ask['type']) => asked.filter((ask) => ask.type === type);
  const sent = (type: 'offer' | 'answer') =>
    asked.filter((ask) => ask.type === 'signal' && ask.payload.includes(`"type":"${type}"`));
  const about = (type: 'ring' | 'opened', name: string) => cameras.received({ type, seq: 1, name, id: name });
  const watching = (name: string, on: boolean) => cameras.received({ type: 'watching', seq: 1, name, id: name, on });
  return {
    cameras,
    asked,
    notices,
    peers,
    roster,
    held,
    signal,
    said,
    sent,
    about,
    watching,
    expire: () => timeout?.(),
  };
}

const candidate = (ufrag: string) => ({ candidate: `candidate:1 ${ufrag}`, usernameFragment: ufrag, sdpMid: '0' });
const roster = { type: 'member', seq: 1, member: {} } as unknown as RoomFrame;

describe('watching a camera', () => {
  test('is asked for, offered, shown, and told', async () => {
    const { cameras, peers, said, sent, signal, about } = setUp();
    cameras.watch('bob');
    about('opened', 'bob');
    await vi.waitFor(() => expect(sent('offer')).toHaveLength(1));
    expect(peers[0]?.log).toEqual(['transceiver video', 'transceiver audio']);
    signal('bob', 'description', { type: 'answer', sdp: sdpOf('bob') });
    const { stream } = fakeStream();
    peers[0]?.arrive(stream);
    peers[0]?.arrive(stream);
    expect(cameras.state.get().tiles).toMatchObject([{ name: 'bob', state: 'live', stream }]);
    expect(said('watching')).toEqual([{ type: 'watching', name: 'bob', on: true }]);
    cameras.unwatch('bob');
    expect(said('watching')).toHaveLength(2);
    expect(peers[0]?.log).toContain('closed');
  });

  test('is given up where nobody answers', () => {
    const { cameras, notices, expire } = setUp();
    cameras.watch('bob');
    expire();
    expect(cameras.state.get().tiles).toEqual([]);
    expect(notices).toEqual([{ kind: 'no-answer', name: 'bob' }]);
  });

  test('ends when the camera is off, as far as we are shown', async () => {
    const { cameras, peers, roster: cameraOf, about, notices } = setUp();
    cameras.watch('bob');
    about('opened', 'bob');
    peers[0]?.arrive(fakeStream().stream);
    cameraOf.set('bob', 0);
    cameras.received(roster);
    expect(cameras.state.get().tiles).toEqual([]);
    expect(notices).toEqual([{ kind: 'camera-off', name: 'bob' }]);
  });

  test('sends ours along where theirs opens it in return, and not to whom we booted', async () => {
    const { cameras, peers, roster: cameraOf, held, about } = setUp();
    cameraOf.set('bob', Camera.on | Camera.mutualOpen).set('eve', Camera.on | Camera.mutualOpen);
    held.add('boot eve');
    cameras.start(fakeStream().stream, DEFAULT_CHOICE);
    for (const name of ['bob', 'eve']) {
      cameras.watch(name);
      about('opened', name);
    }
    await vi.waitFor(() => expect(peers.map((peer) => peer.localDescription?.type)).toEqual(['offer', 'offer']));
    expect(peers.map((peer) => peer.added.length)).toEqual([2, 0]);
  });

  test('candidates wait for the answer they belong to', async () => {
    const { cameras, peers, signal, sent, about } = setUp();
    cameras.watch('bob');
    about('opened', 'bob');
    await vi.waitFor(() => expect(sent('offer')).toHaveLength(1));
    signal('bob', 'candidate', candidate('bob'));
    expect(peers[0]?.candidates).toEqual([]);
    signal('bob', 'description', { type: 'answer', sdp: sdpOf('bob') });
    await vi.waitFor(() => expect(peers[0]?.candidates).toEqual(['candidate:1 bob']));
  });
});

describe('being watched', () => {
  test('only by those who rang, with our tracks', async () => {
    const { cameras, peers, signal, sent, about, watching } = setUp();
    cameras.start(fakeStream().stream, DEFAULT_CHOICE);
    signal('bob', 'description', { type: 'offer', sdp: sdpOf('bob') });
    expect(peers).toHaveLength(0);
    about('ring', 'bob');
    signal('bob', 'description', { type: 'offer', sdp: sdpOf('bob') });
    await vi.waitFor(() => expect(sent('answer')).toHaveLength(1));
    expect(peers[0]?.added).toHaveLength(2);
    watching('bob', true);
    expect(cameras.state.get().watchers).toEqual(['bob']);
    watching('bob', false);
    expect(cameras.state.get().watchers).toEqual([]);
    expect(peers[0]?.log).toEqual(['closed']);
  });

  test('ends for whom we boot, and stays refused', async () => {
    const { cameras, peers, signal, sent, about, held } = setUp();
    cameras.start(fakeStream().stream, DEFAULT_CHOICE);
    about('ring', 'bob');
    signal('bob', 'description', { type: 'offer', sdp: sdpOf('bob') });
    await vi.waitFor(() => expect(sent('answer')).toHaveLength(1));
    held.add('boot bob');
    cameras.received({ type: 'relation', seq: 1, kind: 'boot', names: ['bob'], on: true });
    expect(peers[0]?.log).toEqual(['closed']);
    about('ring', 'bob');
    signal('bob', 'description', { type: 'offer', sdp: sdpOf('bob2') });
    expect(peers).toHaveLength(1);
  });

  test('an offer from another connection starts over; one from the same goes on', async () => {
    const { cameras, peers, signal, sent, about } = setUp();
    cameras.start(fakeStream().stream, DEFAULT_CHOICE);
    about('ring', 'bob');
    for (const [ufrag, answers] of [
      ['first', 1],
      ['first', 2],
      ['second', 3],
    ] as const) {
      signal('bob', 'description', { type: 'offer', sdp: sdpOf(ufrag) });
      await vi.waitFor(() => expect(sent('answer')).toHaveLength(answers));
    }
    expect(peers).toHaveLength(2);
    expect(peers[0]?.log).toEqual(['closed']);
  });

  test('who sends their picture along is shown, and told that they are watched', async () => {
    const { cameras, peers, signal, said, sent, about } = setUp();
    cameras.start(fakeStream().stream, { ...DEFAULT_CHOICE, mutualOpen: true });
    about('ring', 'bob');
    signal('bob', 'description', { type: 'offer', sdp: sdpOf('bob') });
    await vi.waitFor(() => expect(sent('answer')).toHaveLength(1));
    peers[0]?.arrive(fakeStream().stream);
    expect(cameras.state.get().tiles).toMatchObject([{ name: 'bob', state: 'live' }]);
    expect(said('watching')).toEqual([{ type: 'watching', name: 'bob', on: true }]);
    cameras.unwatch('bob');
    expect(peers[0]?.log).toEqual([]);
  });
});

test('two people who watch each other have two connections, and each candidate finds its own', async () => {
  const { cameras, peers, signal, sent, about } = setUp();
  cameras.start(fakeStream().stream, DEFAULT_CHOICE);
  cameras.watch('bob');
  about('opened', 'bob');
  about('ring', 'bob');
  await vi.waitFor(() => expect(sent('offer')).toHaveLength(1));
  signal('bob', 'description', { type: 'offer', sdp: sdpOf('viewer') });
  signal('bob', 'description', { type: 'answer', sdp: sdpOf('caster') });
  signal('bob', 'candidate', candidate('viewer'));
  signal('bob', 'candidate', candidate('caster'));
  await vi.waitFor(() => expect(peers.map((peer) => peer.candidates.length)).toEqual([1, 1]));
  expect(peers[0]?.candidates).toEqual(['candidate:1 caster']);
  expect(peers[1]?.candidates).toEqual(['candidate:1 viewer']);
});

describe('our own camera', () => {
  test('is announced with all it asks for, and with nothing when it stops', () => {
    const { cameras, said } = setUp();
    const { stream, video, audio } = fakeStream();
    cameras.start(stream, { ...DEFAULT_CHOICE, muted: true, vipOnly: true });
    expect(audio.enabled).toBe(false);
    cameras.change({ muted: false });
    expect(audio.enabled).toBe(true);
    cameras.stop();
    expect(video.stop).toHaveBeenCalled();
    const flags = said('presence').map((ask) => (ask.type === 'presence' ? ask.camera : undefined));
    expect(flags).toEqual([Camera.on | Camera.micMuted | Camera.vipOnly, Camera.on | Camera.vipOnly, 0]);
  });

  test('that is cut stops, with a word; that is marked is explicit', () => {
    const { cameras, notices, said } = setUp();
    const { stream } = fakeStream();
    cameras.start(stream, DEFAULT_CHOICE);
    cameras.received({ type: 'marked', seq: 1 });
    expect(said('presence').at(-1)).toEqual({ type: 'presence', camera: Camera.on | Camera.explicit });
    cameras.received({ type: 'cut', seq: 2 });
    expect(cameras.state.get().own.kind).toBe('off');
    expect(notices).toEqual([{ kind: 'cut' }]);
  });

  test('that only the server remembers, from an earlier page, is said to be off', () => {
    const { cameras, said } = setUp();
    cameras.resync(Camera.on);
    cameras.resync(0);
    expect(said('presence')).toEqual([{ type: 'presence', camera: 0 }]);
  });
});
