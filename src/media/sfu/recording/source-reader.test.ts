import { describe, expect, it } from 'vitest';
import { Feed } from '../feed.ts';
import { ntpOf } from '../rtp/ntp.ts';
import { PublisherClock } from '../rtp/publisher-clock.ts';
import { incoming, rtp } from '../rtp/testing/packets.ts';
import { SourceReader } from './source-reader.ts';
import { vp8Picture } from './testing/made-pictures.ts';
import { videoUnpacker } from './unpack-video.ts';

const START = 1_000_000;

function reader(options: { readonly isReported: boolean }) {
  const clock = new PublisherClock().track(90_000);
  const feed = new Feed({ ssrc: 7, layer: 0, rid: undefined, codec: 'vp8', clock, send: () => {} });
  const report = () => clock.senderReport({ ntp: ntpOf(START), rtpTimestamp: 0 }, START);
  if (options.isReported) report();
  return { read: new SourceReader(feed, videoUnpacker('vp8')), report };
}

/** One of two packets of the picture `i`, which is of 40 ms. */
function packet(i: number, half: 0 | 1, options: { readonly isKeyframe?: boolean; readonly turned?: number } = {}) {
  const body = Buffer.alloc(20, i);
  const whole = vp8Picture({ isKeyframe: options.isKeyframe ?? i === 0, width: 640, height: 480, body });
  const payload = [Buffer.of(0x10), whole.subarray(0, 15), Buffer.of(0x00), whole.subarray(15)].slice(
    half * 2,
    half * 2 + 2,
  );
  const fields = { sequence: 100 + i * 2 + half, timestamp: i * 3_600, marker: half === 1 };
  const extensions = options.turned === undefined ? [] : [[13, [options.turned]] as const];
  return incoming(rtp({ ...fields, extensions, payload: Buffer.concat(payload) }), 'vp8');
}

function put(read: SourceReader, i: number, options?: { readonly isKeyframe: boolean }): void {
  for (const half of [0, 1] as const) read.put(packet(i, half, options), { at: START + i * 40 });
}

describe('SourceReader', () => {
  it('gives pictures as they are whole, each at its time', () => {
    const { read } = reader({ isReported: true });
    put(read, 0);
    read.put(packet(1, 0), { at: START + 40 });
    expect(read.take(START + 50).map(({ at }) => at)).toEqual([START]);
    read.put(packet(1, 1), { at: START + 60 });
    expect(read.take(START + 60).map(({ at }) => Math.round(at))).toEqual([START + 40]);
  });

  it('keeps copies: packets are only lent', () => {
    const { read } = reader({ isReported: true });
    const lent = packet(0, 0);
    read.put(lent, { at: START });
    lent.packet.fill(0);
    read.put(packet(0, 1), { at: START });
    const whole = vp8Picture({ isKeyframe: true, width: 640, height: 480, body: Buffer.alloc(20, 0) });
    expect(read.take(START).map(({ data }) => data)).toEqual([whole]);
  });

  it('waits for a report before it says when anything was, and not for ever', () => {
    const { read, report } = reader({ isReported: false });
    put(read, 0);
    expect(read.take(START + 100)).toEqual([]);
    expect(read.isWaiting).toBe(true);
    report();
    expect(read.take(START + 200)).toHaveLength(1);
    expect(read.isWaiting).toBe(false);

    const { read: untold } = reader({ isReported: false });
    put(untold, 0);
    expect(untold.take(START + 3_999)).toEqual([]);
    expect(untold.take(START + 4_000)).toHaveLength(1);
  });

  it('gives nothing after a loss until there is a keyframe', () => {
    const { read } = reader({ isReported: true });
    put(read, 0);
    read.put(packet(1, 1), { at: START + 40 });
    put(read, 2);
    expect(read.take(START + 100)).toHaveLength(1);
    expect(read.needsKeyframe).toBe(false);
    expect(read.take(START + 1_100)).toEqual([]);
    expect(read.needsKeyframe).toBe(true);
    put(read, 3);
    put(read, 4, { isKeyframe: true });
    put(read, 5);
    expect(read.take(START + 1_200).map(({ format }) => format !== undefined)).toEqual([true, false]);
    expect(read.needsKeyframe).toBe(false);
  });

  it('says how the camera is held, until it says otherwise', () => {
    const { read } = reader({ isReported: true });
    const how = { at: START, extensions: { videoOrientation: 13 } };
    const put = (i: number, turned?: number) => {
      read.put(packet(i, 0, { isKeyframe: true }), how);
      read.put(packet(i, 1, { isKeyframe: true, ...(turned === undefined ? {} : { turned }) }), how);
    };
    put(0);
    put(1, 3);
    put(2);
    put(3, 0);
    expect(read.take(START + 200).map(({ format }) => format?.rotation)).toEqual([0, 270, 270, 0]);
  });

  it('begins with a keyframe', () => {
    const { read } = reader({ isReported: true });
    put(read, 1);
    put(read, 2);
    expect(read.take(START + 100)).toEqual([]);
    put(read, 3, { isKeyframe: true });
    expect(read.take(START + 200)).toHaveLength(1);
  });
});
