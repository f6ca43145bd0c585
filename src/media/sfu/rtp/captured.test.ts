import { describe, expect, it } from 'vitest';
import { FRAME_END, FRAME_START, KEYFRAME, packetInfo } from './packet-info.ts';
import { packetKind } from './packet-kind.ts';
import { parseRtcp } from './parse-rtcp.ts';
import { SourceTable } from './source-table.ts';
import { CAPTURED_CODECS, capturedPackets } from './testing/captured.ts';
import { headerOf, received } from './testing/packets.ts';

describe.each(CAPTURED_CODECS)('what a browser sends in %s', (codec) => {
  const video = capturedPackets(codec, 'video');

  it('has keyframes at its beginning and where one was asked for', () => {
    const keyframes = video.flatMap((packet, i) => (packetInfo(codec, packet, headerOf(packet)) & KEYFRAME ? [i] : []));
    // H.264 has its parameter sets in a packet of their own.
    expect(keyframes).toEqual(codec === 'h264' ? [0, 1, 4, 5] : [0, 4]);
  });

  it('begins a frame wherever the time is another, and ends it with the marker', () => {
    let last: number | undefined;
    for (const packet of video) {
      const { timestamp, marker } = headerOf(packet);
      const info = packetInfo(codec, packet, headerOf(packet));
      if (timestamp !== last) expect(info & FRAME_START).not.toBe(0);
      expect((info & FRAME_END) !== 0).toBe(marker);
      last = timestamp;
    }
  });

  it('says its mid', () => {
    expect(video.map((packet) => received(packet)?.text(4))).toEqual(video.map(() => '1'));
    const [sound] = capturedPackets(codec, 'audio');
    expect(received(sound)?.text(4)).toBe('0');
    expect(received(sound)?.extension(1)).toHaveLength(1);
  });

  it('is known to its section', () => {
    const payloadTypes = video.map((packet) => headerOf(packet).payloadType);
    const section = { mid: '1', payloadTypes, rids: [], ssrcs: [], extensions: { mid: 4, rid: 10, repairedRid: 11 } };
    const table = new SourceTable([{ ...section, mid: '0', payloadTypes: [111] }, section]);
    for (const packet of video) expect(table.identify(packet, headerOf(packet))?.section).toBe(1);
  });

  it('comes with reports of sound and picture under one name', () => {
    const packets = capturedPackets(codec, 'rtcp');
    expect(packets.map(packetKind)).toEqual(packets.map(() => 'rtcp'));
    const parts = packets.flatMap((packet) => parseRtcp(packet));
    const ssrcs = new Set(parts.flatMap((part) => (part.kind === 'sender-report' ? [part.ssrc] : [])));
    expect(ssrcs).toContain(headerOf(video[0] ?? Buffer.alloc(0)).ssrc);
    const names = parts.flatMap((part) => (part.kind === 'source-description' ? part.sources : []));
    expect(new Set(names.map(({ cname }) => cname)).size).toBe(1);
  });
});
