import { afterEach, describe, expect, test, vi } from 'vitest';
import { GaleneClient, type Generation } from './client.ts';
import { DatachannelPeer } from './client-datachannel-peer.ts';
import type { DownStream } from './client-down-stream.ts';
import type { GaleneFrame } from './client-frames.ts';
import type { PeerConnectionLike } from './client-peer.ts';
import { parseSdp } from './client-sdp.ts';
import { FakeServer, latestServer } from './client-server.fixture.ts';
import { publishSynthetic, receiveSynthetic, syntheticTracks } from './client-synthetic-media.ts';
import type { SyntheticReceiver } from './client-synthetic-receiver.ts';

const WAIT = { timeout: 10_000, interval: 10 };
const open: { close(): void }[] = [];
const kept = <Closable extends { close(): void }>(closable: Closable): Closable => {
  open.push(closable);
  return closable;
};
afterEach(() => {
  for (const each of open.splice(0).reverse()) each.close();
});

/** Stands in for the forwarding: the streams of one client are the other's, end to end. */
const PASSED_ON = new Set(['offer', 'answer', 'ice', 'close', 'abort', 'renegotiate']);

async function two(options: { readonly generation?: Generation } = {}) {
  const servers = [new FakeServer(), new FakeServer()] as const;
  const join = async (index: 0 | 1, username: string) => {
    const server = servers[index];
    server.answers = (frame: GaleneFrame) => {
      if (!PASSED_ON.has(frame.type)) return latestServer(frame);
      queueMicrotask(() => servers[index === 0 ? 1 : 0].say(frame));
      return [];
    };
    return kept(
      await GaleneClient.enter({
        ...{ url: '', group: 'tea', username, generation: options.generation ?? 'latest', connect: () => server },
        peerConnection: () => kept(new DatachannelPeer({ bindAddress: '127.0.0.1' })),
      }),
    );
  };
  const [ann, bill] = await Promise.all([join(0, 'Ann'), join(1, 'Bill')]);
  const receivers = new Map<string, SyntheticReceiver>();
  bill.on('down', ({ stream }) => receivers.set(stream.id, kept(receiveSynthetic(peerOf(stream)))));
  return { ann, bill, receivers };
}

function peerOf({ connection }: { readonly connection: PeerConnectionLike }): DatachannelPeer {
  if (connection instanceof DatachannelPeer) return connection;
  throw new TypeError('Not of this test.');
}

describe('streams over libdatachannel', () => {
  test.each(['latest', 'seed'] as const)('%s: what one publishes the other receives', async (generation) => {
    const { ann, bill, receivers } = await two({ generation });
    const streams: DownStream[] = [];
    bill.on('down', ({ stream }) => streams.push(stream));
    const up = ann.publish({ label: 'screenshare', tracks: syntheticTracks({ audio: true, video: true }) });
    await up.answered;
    kept(publishSynthetic(peerOf(up)));
    await vi.waitFor(() => {
      expect(receivers.get(up.id)?.latest('audio')?.packets).toBeGreaterThan(5);
      expect(receivers.get(up.id)?.latest('video')?.decodable).toBeGreaterThan(5);
    }, WAIT);
    expect(streams.map(({ label, username, source }) => [label, username, source])).toEqual([
      ['screenshare', 'Ann', ann.id],
    ]);
    expect(streams[0]?.tracks.map(({ track }) => track.kind)).toEqual(['audio', 'video']);
    const direction = generation === 'seed' ? 'sendrecv' : 'sendonly';
    const { sections } = parseSdp(up.connection.localDescription?.sdp ?? '');
    expect(sections.map((section) => section.direction)).toEqual([direction, direction]);
  });

  test('the receiver has the way looked for anew, and sees the same pictures go on', async () => {
    const { ann, bill, receivers } = await two();
    const up = ann.publish({ tracks: syntheticTracks({ video: true, rids: ['h', 'l'] }) });
    await up.answered;
    kept(publishSynthetic(peerOf(up)));
    const shown = () => receivers.get(up.id)?.statistics.map(({ decodable }) => decodable) ?? [];
    await vi.waitFor(() => expect(Math.min(...shown(), shown().length > 1 ? 99 : 0)).toBeGreaterThan(3), WAIT);
    const before = up.connection.localDescription?.sdp ?? '';
    bill.streams.down.get(up.id)?.restart();
    await vi.waitFor(() => {
      expect(parseSdp(up.connection.localDescription?.sdp ?? '').transport.ufrag).not.toBe(
        parseSdp(before).transport.ufrag,
      );
      expect(up.connection.connectionState).toBe('connected');
    }, WAIT);
    const then = Math.max(...shown());
    await vi.waitFor(() => expect(Math.min(...shown())).toBeGreaterThan(then + 3), WAIT);
    expect(bill.streams.down.size).toBe(1);
  });

  test('one stream takes the place of another, and ends when its publisher says so', async () => {
    const { ann, bill, receivers } = await two();
    const first = ann.publish({ tracks: syntheticTracks({ audio: true }) });
    await first.answered;
    const ends: string[] = [];
    bill.on('down-ended', ({ stream, why }) => ends.push(`${stream.id} ${why}`));
    const second = ann.publish({ tracks: syntheticTracks({ video: true }), replaces: first });
    await second.answered;
    kept(publishSynthetic(peerOf(second)));
    await vi.waitFor(() => expect(receivers.get(second.id)?.latest('video')?.decodable).toBeGreaterThan(3), WAIT);
    expect(ends).toEqual([`${first.id} replaced`]);
    second.close();
    await vi.waitFor(() => expect(ends).toEqual([`${first.id} replaced`, `${second.id} closed`]), WAIT);
    expect([ann.streams.up.size, bill.streams.down.size]).toEqual([0, 0]);
  });

  test('the receiver does not want it: its publisher ends it, and it is gone', async () => {
    const { ann, bill } = await two();
    const up = ann.publish({ tracks: syntheticTracks({ audio: true }) });
    await up.answered;
    const ended = new Promise((resolve) => ann.on('up-ended', ({ why }) => resolve(why)));
    bill.streams.down.get(up.id)?.abort();
    expect(await ended).toBe('aborted');
    await vi.waitFor(() => expect(bill.streams.down.size).toBe(0), WAIT);
  });
});
