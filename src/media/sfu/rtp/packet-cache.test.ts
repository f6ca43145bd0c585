import { describe, expect, it } from 'vitest';
import { PacketCache } from './packet-cache.ts';
import { incoming, rtp, vp8 } from './testing/packets.ts';

function storeAll(cache: PacketCache, from: number, count: number, keyframeAt?: number): void {
  for (let i = 0; i < count; i += 1) {
    const sequence = (from + i) & 0xffff;
    const payload = vp8({ key: sequence === keyframeAt, pictureId: i });
    const packet = rtp({ sequence, timestamp: i * 3000, marker: true, payload });
    cache.store(packet, sequence, incoming(packet).info);
  }
}

describe('the cache of a source', () => {
  it('gives a packet as it was stored, and not as its buffer is now', () => {
    const cache = new PacketCache({ minimum: 128 });
    const packet = rtp({ sequence: 5, payload: [1, 2, 3] });
    const copy = Buffer.from(packet);
    cache.store(packet, 5, 0);
    packet.fill(0);
    expect(cache.get(5)).toEqual(copy);
    expect(cache.get(6)).toBeUndefined();
  });

  it.each([0, 65_400, 65_535])('keeps the latest, also over the end of the circle (from %i)', (from) => {
    for (const minimum of [24, 128]) {
      const cache = new PacketCache({ minimum });
      storeAll(cache, from, 300);
      const has = (age: number) => cache.get((from + 299 - age) & 0xffff) !== undefined;
      for (let age = 0; age < minimum; age += 1) expect(has(age), `${age} before the latest`).toBe(true);
      expect(has(cache.size)).toBe(false);
    }
  });

  it('takes a late packet in, but not one whose place is taken', () => {
    const cache = new PacketCache({ minimum: 128 });
    storeAll(cache, 1000, 100);
    cache.store(rtp({ sequence: 999 }), 999, 0);
    expect(cache.get(999)).toBeDefined();
    storeAll(cache, 1100, 100);
    cache.store(rtp({ sequence: 1010, payload: [66] }), 1010, 0);
    expect(cache.get(1010)).toBeUndefined();
    expect(cache.get(1010 + 128)).toBeDefined();
  });

  it('keeps nothing that is too long for a path', () => {
    const cache = new PacketCache({ minimum: 128 });
    cache.store(rtp({ sequence: 1, payload: Buffer.alloc(1504 - 12) }), 1, 0);
    cache.store(rtp({ sequence: 2, payload: Buffer.alloc(1505 - 12) }), 2, 0);
    expect(cache.get(1)).toHaveLength(1504);
    expect(cache.get(2)).toBeUndefined();
  });

  it('gives a newcomer everything since the keyframe where that is not long ago', () => {
    const cache = new PacketCache({ minimum: 128 });
    expect(cache.sinceKeyframe()).toBeUndefined();
    storeAll(cache, 65_530, 20, 65_535);
    expect(cache.keyframe).toBe(65_535);
    expect(cache.sinceKeyframe()).toEqual({ first: 65_535, count: 15 });
    storeAll(cache, 14, 24);
    expect(cache.sinceKeyframe()).toEqual({ first: 65_535, count: 39 });
    storeAll(cache, 38, 1);
    expect(cache.sinceKeyframe()).toBeUndefined();
    expect(cache.sinceKeyframe(100)).toEqual({ first: 65_535, count: 40 });
  });

  it('gives no keyframe of which something is missing', () => {
    const cache = new PacketCache({ minimum: 128 });
    const part = (sequence: number, start: boolean, marker: boolean) => {
      const packet = rtp({ sequence, marker, payload: vp8({ start, key: true, pictureId: 1 }) });
      cache.store(packet, sequence, incoming(packet).info);
    };
    part(10, true, false);
    part(12, false, true);
    expect(cache.sinceKeyframe()).toBeUndefined();
    part(11, false, false);
    expect(cache.sinceKeyframe()).toEqual({ first: 10, count: 3 });
  });

  it('counts a keyframe of H.264 from its parameter sets', () => {
    const cache = new PacketCache({ minimum: 128 });
    for (const [sequence, payload] of [
      [20, [0x67, 1]],
      [21, [0x65, 0x88]],
    ] as const) {
      const packet = rtp({ sequence, timestamp: 5, payload });
      cache.store(packet, sequence, incoming(packet, 'h264').info);
    }
    expect(cache.keyframe).toBe(20);
  });

  it('forgets a keyframe that was so long ago that it would seem to come', () => {
    const cache = new PacketCache({ minimum: 128 });
    storeAll(cache, 0, 50_000, 3);
    expect(cache.keyframe).toBeUndefined();
  });

  it('gives nothing from before a leap of the numbers', () => {
    const cache = new PacketCache({ minimum: 128 });
    storeAll(cache, 100, 1, 100);
    storeAll(cache, 5001, 1);
    expect(cache.get(100)).toBeUndefined();
    expect(cache.sinceKeyframe(10_000)).toBeUndefined();
  });

  it('grows with what is under way and shrinks again, and keeps what fits', () => {
    const cache = new PacketCache({ minimum: 128 });
    storeAll(cache, 65_500, 100);
    cache.fit({ packetsPerSecond: 500, longestWaitMs: 200 });
    expect(cache.size).toBeGreaterThanOrEqual(400);
    expect(cache.get(63)).toBeDefined();
    expect(cache.get(65_500)).toBeDefined();
    cache.fit({ packetsPerSecond: 100_000, longestWaitMs: 10_000 });
    expect(cache.size).toBe(1024);
    cache.fit({ packetsPerSecond: 1, longestWaitMs: 1 });
    expect(cache.size).toBe(128);
    expect(cache.get(63)).toBeDefined();
  });

  it('is empty after a restart', () => {
    const cache = new PacketCache({ minimum: 128 });
    storeAll(cache, 10, 50, 20);
    cache.clear();
    expect(cache.get(59)).toBeUndefined();
    expect(cache.keyframe).toBeUndefined();
    storeAll(cache, 40_000, 5);
    expect(cache.get(40_004)).toBeDefined();
  });
});
