import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Feed } from '../feed.ts';
import { PublishedTrack } from '../published-track.ts';
import { newHeader, readHeader } from '../rtp/header.ts';
import { PublisherClock } from '../rtp/publisher-clock.ts';
import { rtp } from '../rtp/testing/packets.ts';
import { parseDescription } from '../sdp/parse.ts';
import { planPublisher } from '../sdp/publisher-plan.ts';
import { StreamRecording } from './stream-recording.ts';

const OFFER = [
  'v=0',
  'a=group:BUNDLE 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'a=sendonly',
  'a=rtpmap:111 opus/48000/2',
  'a=ice-ufrag:user',
  'a=ice-pwd:a-password-that-is-long-enough',
  `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`,
].join('\r\n');
const SECOND = 48_000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stream-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Records sound whose packets say these times; 100 of them come every 100 ms, for so many seconds. */
async function recorded(seconds: number, timestampOf: (index: number) => number): Promise<number> {
  let now = 1_795_276_800_000;
  const [section] = planPublisher(parseDescription(OFFER), { codecs: ['opus'] }).sections;
  if (section?.state !== 'received') throw new Error('the section is not received');
  const track = new PublishedTrack(section);
  const clock = new PublisherClock().track(SECOND);
  const feed = new Feed({ ssrc: 7, layer: 0, rid: undefined, codec: 'opus', clock, send: () => {} });
  track.feeds[0] = feed;
  const order = { folder, publisher: 'eve', label: '', session: 's' };
  const recording = new StreamRecording({ order, tracks: [track], now, onRefused: () => {}, onFailed: () => {} });
  feed.begin(now);
  for (const receiver of track.receivers) receiver.settle(now);
  for (let index = 0; index < seconds * 1_000; index += 1) {
    const packet = rtp({ ssrc: 7, sequence: index & 0xffff, timestamp: timestampOf(index) >>> 0, payload: [0xfc] });
    const incoming = { packet, header: newHeader(), info: 0 };
    readHeader(packet, incoming.header);
    if (feed.receive(incoming, now)) for (const receiver of track.receivers) receiver.packet(feed, incoming, now);
    if (index % 100 !== 99) continue;
    now += 100;
    recording.work(now);
  }
  await recording.close(now);
  return (await readdir(folder)).length;
}

describe('a recording of a publisher who sends nonsense', () => {
  it('is no file for each of their packets', async () => {
    const jumps = await recorded(10, (index) => index * 20 * SECOND);
    // From when it is clear what time it is, some at once and a few a second.
    expect(jumps).toBeGreaterThan(1);
    expect(jumps).toBeLessThan(50);
  });
});
