import { vi } from 'vitest';
import type { Ask } from '../../../../../src/dialects/parlour/client.ts';
import type { RoomFrame } from '../../../../../src/dialects/parlour/wire.ts';
import { Meeting } from '../meeting.ts';
import type { MeetingNotice, MeetingPorts } from '../meeting-ports.ts';
import type { Receive } from '../wanting.ts';
import { FakeConnection, FakeStream, FakeTrack } from './fake-connection.ts';

type WithoutSeq<F> = F extends { seq: number } ? Omit<F, 'seq'> : never;

/** For tests: a meeting, and everything around it. Its clock goes by `pass` alone. */
export function fakeMeeting(receive: Receive = 'everything') {
  const asked: Ask[] = [];
  const notices: MeetingNotice[] = [];
  const connections: FakeConnection[] = [];
  const captured: FakeTrack[] = [];
  const world = {
    people: 2,
    dark: new Set<string>(),
    fail: undefined as ((ask: Ask) => Error | undefined) | undefined,
  };
  const screen = new FakeStream(new FakeTrack('video'), new FakeTrack('audio'));
  let now = 0;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  let lastId = 0;
  const ports: MeetingPorts = {
    ask: async (ask) => {
      asked.push(ask);
      const error = world.fail?.(ask);
      if (error) throw error;
    },
    notify: (notice) => void notices.push(notice),
    createPeer: () => {
      const connection = new FakeConnection(connections.length);
      connections.push(connection);
      return connection as unknown as RTCPeerConnection;
    },
    newId: () => `own-${++lastId}`,
    people: () => world.people,
    isDark: (memberId) => world.dark.has(memberId),
    after: (milliseconds, run) => {
      const timer = { at: now + milliseconds, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    now: () => now,
    isSeen: () => true,
    captureTrack: async (kind) => {
      const track = new FakeTrack(kind);
      captured.push(track);
      return track as unknown as MediaStreamTrack;
    },
    captureScreen: async () => screen as unknown as MediaStream,
    streamOf: (tracks) => new FakeStream(...(tracks as unknown as FakeTrack[])) as unknown as MediaStream,
  };
  const meeting = new Meeting(ports, { receive, attending: true });
  const said = <T extends Ask['type']>(type: T) =>
    asked.filter((ask): ask is Extract<Ask, { type: T }> => ask.type === type);
  return {
    meeting,
    world,
    asked,
    notices,
    connections,
    captured,
    screen,
    said,
    receive: (frame: WithoutSeq<RoomFrame>) => meeting.received({ seq: 1, ...frame } as RoomFrame),
    join: (choice: { camera?: boolean; microphone?: boolean } = {}) => {
      const stream = new FakeStream(new FakeTrack('video'), new FakeTrack('audio'));
      meeting.join(stream as unknown as MediaStream, { camera: true, microphone: true, ...choice });
      return stream;
    },
    /** Waits until so many streams were offered. */
    published: (count: number) => vi.waitFor(() => expectLength(said('publish'), count)),
    answered: (count: number) => vi.waitFor(() => expectLength(said('stream-answer'), count)),
    pass: async (milliseconds: number) => {
      now += milliseconds;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { run } of due) run();
      // What they began goes on in promises.
      for (let turns = 0; turns < 20; turns++) await Promise.resolve();
    },
    timers: () => timers.length,
  };
}

function expectLength(asks: readonly unknown[], count: number): void {
  if (asks.length !== count) throw new Error(`It was said ${asks.length} times, not ${count}.`);
}

type Offer = WithoutSeq<Extract<RoomFrame, { type: 'stream-offer' }>>;

const SOUND_AND_PICTURE: Offer['tracks'] = [
  { mid: '0', kind: 'audio' },
  { mid: '1', kind: 'video' },
];

/** Somebody's stream, as the server offers it. */
export function offer(stream: string, more: Partial<Offer> = {}): Offer {
  const said = { type: 'stream-offer', stream, label: 'camera', id: 'id-bob', name: 'bob' } as const;
  return { ...said, sdp: `sdp of ${stream}`, tracks: SOUND_AND_PICTURE, ...more };
}
