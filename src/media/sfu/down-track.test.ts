import { describe, expect, it } from 'vitest';
import { DownTrack } from './down-track.ts';
import { Feed } from './feed.ts';
import { PublishedTrack } from './published-track.ts';
import { newHeader, readHeader } from './rtp/header.ts';
import { parseRtcp } from './rtp/parse-rtcp.ts';
import { PublisherClock } from './rtp/publisher-clock.ts';
import type { IncomingPacket } from './rtp/rewriter.ts';
import { Scratch } from './rtp/scratch.ts';
import { rtp } from './rtp/testing/packets.ts';
import { parseDescription } from './sdp/parse.ts';
import { planPublisher } from './sdp/publisher-plan.ts';
import { SideDoor } from './side-door/side-door.ts';

const OFFER = [
  'v=0',
  'a=group:BUNDLE 0',
  'm=video 9 UDP/TLS/RTP/SAVPF 98',
  'a=mid:0',
  'a=sendonly',
  'a=rtpmap:98 VP9/90000',
  'a=ice-ufrag:user',
  'a=ice-pwd:a-password-that-is-long-enough',
  `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`,
].join('\r\n');

/** A publisher of VP9 in two spatial layers, and somebody who gets it. */
function scene() {
  let now = 1_000_000;
  let sequence = 100;
  let timestamp = 0;
  const toPublisher: Buffer[] = [];
  const sent: { readonly layer: number; readonly sequence: number; readonly marker: boolean }[] = [];
  const [section] = planPublisher(parseDescription(OFFER), { codecs: ['vp9'] }).sections;
  if (section?.state !== 'received') throw new Error('the section is not received');
  const track = new PublishedTrack(section);
  const clock = new PublisherClock().track(90_000);
  const feed = new Feed({
    ssrc: 7,
    layer: 0,
    rid: undefined,
    codec: 'vp9',
    clock,
    send: (packet) => toPublisher.push(packet),
  });
  track.feeds[0] = feed;
  const network = { announced: [], relayOnly: false };
  const failed = (error: unknown): never => {
    throw error;
  };
  const site = {
    network,
    iceServers: () => [],
    sideDoor: new SideDoor({ now: () => 0 }),
    now: () => now,
    random: () => 77,
    scratch: new Scratch(),
    failed,
  };
  const send = (packet: Buffer): boolean => {
    const header = newHeader();
    readHeader(packet, header);
    const layer = ((packet[header.payloadStart + 1] ?? 0) >> 1) & 7;
    sent.push({ layer, sequence: header.sequence, marker: header.marker });
    return true;
  };
  const down = new DownTrack({ ssrc: 5, payloadType: 98, mid: '0', cname: 'c', track, site, send });

  function packet(layer: number, isKey: boolean): void {
    // Flexible mode, one packet for each layer: it begins and ends its frame.
    const first = 0x20 | 0x10 | 0x08 | 0x04 | (isKey && layer === 0 ? 0 : 0x40);
    const bytes = rtp({ ssrc: 7, sequence, timestamp, marker: layer === 1, payload: [first, layer << 1, 9, 9] });
    const incoming: IncomingPacket = { packet: bytes, header: newHeader(), info: 0 };
    readHeader(bytes, incoming.header);
    sequence += 1;
    if (feed.receive(incoming, now)) for (const receiver of track.receivers) receiver.packet(feed, incoming, now);
  }

  return {
    down,
    track,
    sent,
    /** How often the publisher was asked for a keyframe. */
    asked: () => toPublisher.flatMap((each) => parseRtcp(each)).filter(({ kind }) => kind === 'picture-loss').length,
    picture: (options: { readonly isKey?: boolean } = {}) => {
      now += 600;
      timestamp += 3000;
      for (const layer of [0, 1]) packet(layer, options.isKey ?? false);
      down.remind(now);
    },
  };
}

describe('a track in one size with spatial layers', () => {
  it('is sent whole, or only its lowest layer, in one unbroken sequence', () => {
    const { down, track, sent, picture, asked } = scene();
    down.start({ extensions: {} });
    picture({ isKey: true });
    expect(sent.map(({ layer }) => layer)).toEqual([0, 1]);

    down.choose(track, 'low');
    picture();
    picture();
    expect(sent.slice(2).map(({ layer, marker }) => [layer, marker])).toEqual([
      [0, true],
      [0, true],
    ]);

    const before = asked();
    down.choose(track, 'high');
    picture();
    expect(sent.at(-1)?.layer).toBe(0);
    expect(asked()).toBeGreaterThan(before);
    picture({ isKey: true });
    expect(sent.slice(-2).map(({ layer }) => layer)).toEqual([0, 1]);
    const first = sent[0]?.sequence ?? 0;
    expect(sent.map(({ sequence }) => sequence - first)).toEqual(sent.map((_, i) => i));
  });
});
