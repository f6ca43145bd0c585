import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  answerStart,
  FakeSocket,
  GC,
  ME,
  RETRY_MS,
  type Script,
  script,
  settled,
  started,
  tellRoom,
} from './client.test-fakes.ts';
import { CamusClient } from './client.ts';

const BILL = 'a'.repeat(32);
const CAT = 'c'.repeat(32);
const CAMERA = { kind: 'video' };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('CamusClient', () => {
  const peerIds = ({ client }: Script) => [...client.peers.keys()];

  test('learns who it is before it is told of anybody, and says its name at last', async () => {
    const scripted = script();
    const opened = scripted.client.signaler.open();
    scripted.socket().open();
    await opened;
    const start = scripted.client.start();
    tellRoom(scripted.socket(), [ME, 'Major Tom']);
    expect(peerIds(scripted)).toEqual([]);
    await answerStart(scripted, [ME, 'Major Tom'], [BILL, 'Bill']);
    await start;
    expect(scripted.socket().said.map((each) => each.split('>')[0])).toEqual([
      'ping',
      'get-ice-servers',
      'get-room-info',
      'profile',
    ]);
    expect(scripted.client.id).toBe(ME);
    expect(peerIds(scripted)).toEqual([BILL]);
  });

  test('calls who is listed, with all its tracks, and hangs up on who is not', async () => {
    const scripted = await started({}, [BILL, 'Bill']);
    scripted.client.addTrack(CAMERA);
    tellRoom(scripted.socket(), [ME, 'Ann'], [BILL, 'Bill'], [CAT, 'Cat']);
    expect(peerIds(scripted)).toEqual([BILL, CAT]);
    expect(scripted.connections.map(({ tracks }) => tracks)).toEqual([[CAMERA], [CAMERA]]);
    tellRoom(scripted.socket(), [ME, 'Ann'], [CAT, 'Cat']);
    expect(peerIds(scripted)).toEqual([CAT]);
    expect(scripted.connections[0]?.isClosed).toBe(true);
    expect(scripted.socket().said).toContain(`bye>${BILL}`);
    expect(scripted.events).toContainEqual({ type: 'peer-gone', peer: BILL });
  });

  test('answers a call of somebody it was not told of, and a goodbye once', async () => {
    const scripted = await started();
    scripted.socket().receive(CAT, 'offer', { type: 'offer', sdp: 'theirs' });
    await settled();
    expect(scripted.socket().said).toEqual([`answer>${CAT}`]);
    for (let time = 0; time < 2; time++) scripted.socket().receive(CAT, 'bye', 1);
    expect(scripted.socket().said).toEqual([`answer>${CAT}`, `bye>${CAT}`]);
    expect(peerIds(scripted)).toEqual([]);
  });

  test('leaves with a goodbye to each, and to the server', async () => {
    const scripted = await started({}, [BILL, 'Bill'], [CAT, 'Cat']);
    scripted.client.leave();
    expect(scripted.socket().said).toEqual([`bye>${BILL}`, `bye>${CAT}`, `bye>${GC}`]);
    expect(scripted.socket().closed).toBe(1000);
    expect(scripted.connections.every(({ isClosed }) => isClosed)).toBe(true);
  });

  async function lostAndBack(scripted: Script, ...clients: readonly [string, string][]): Promise<FakeSocket> {
    scripted.socket().drop();
    scripted.client.say('typed while away');
    scripted.connections[0]?.find();
    vi.advanceTimersByTime(RETRY_MS);
    scripted.socket().open();
    await answerStart(scripted, ...clients);
    return scripted.socket();
  }

  test('keeps its calls while its connection is lost, and what was said meanwhile', async () => {
    const scripted = await started({}, [BILL, 'Bill']);
    const socket = await lostAndBack(scripted, [ME, 'Ann'], [BILL, 'Bill']);
    expect(socket.said.slice(3)).toEqual(['text>room', `icecandidate>${BILL}`]);
    expect(scripted.connections.map(({ isClosed }) => isClosed)).toEqual([false]);
    expect(scripted.events.filter(({ type }) => type === 'peer-gone')).toEqual([]);
  });

  test('calls anew where it was away for so long that it was forgotten', async () => {
    const scripted = await started({}, [BILL, 'Bill']);
    const socket = await lostAndBack(scripted, [ME, 'Major Tom'], [BILL, 'Bill']);
    expect(socket.said.slice(3)).toEqual([`profile>${GC}`, 'text>room']);
    expect(scripted.connections.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    expect(peerIds(scripted)).toEqual([BILL]);
  });

  test('is in no calls without connections, and hears signals all the same', async () => {
    const scripted = await started({ peerConnection: undefined as never }, [BILL, 'Bill']);
    const heard: unknown[] = [];
    scripted.client.signaler.on('offer', ({ sender, data }) => heard.push([sender, data]));
    scripted.socket().receive(BILL, 'offer', 'theirs');
    expect(heard).toEqual([[BILL, 'theirs']]);
    expect(scripted.client.peers.size).toBe(0);
    expect(scripted.socket().sent).toEqual([]);
  });

  test('an entry that fails half way leaves no connection behind', async () => {
    const socket = new FakeSocket();
    const entry = CamusClient.enter({ url: 'ws://chat.test', connect: () => socket, retryMs: RETRY_MS });
    socket.open();
    await settled();
    socket.drop();
    await expect(entry).rejects.toThrow('lost');
    expect(vi.getTimerCount()).toBe(0);
  });
});
