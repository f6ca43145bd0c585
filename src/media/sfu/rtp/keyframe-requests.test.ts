import { describe, expect, it } from 'vitest';
import { FirMemory } from './fir-memory.ts';
import { KeyframeRequests } from './keyframe-requests.ts';
import { FRAME_START, KEYFRAME } from './packet-info.ts';

/** Asks every 50 ms while a packet comes every 20 ms; when a request was sent. */
function run(requests: KeyframeRequests, from: number, to: number): number[] {
  const sent: number[] = [];
  for (let now = from; now < to; now += 10) {
    if (now % 20 === 0) requests.received(FRAME_START, now);
    if (now % 50 === 0 && requests.take(now)) sent.push(now);
  }
  return sent;
}

describe('a keyframe', () => {
  it('is asked for only where somebody wants one', () => {
    const requests = new KeyframeRequests();
    expect(run(requests, 0, 2000)).toEqual([]);
  });

  it('is asked for at once, and twice a second until it comes, however many want it', () => {
    const requests = new KeyframeRequests();
    requests.received(FRAME_START, 0);
    requests.want();
    requests.want();
    expect(requests.take(0)).toBe(true);
    requests.want();
    expect(requests.take(499)).toBe(false);
    expect(run(requests, 500, 2000)).toEqual([500, 1000, 1500]);
    requests.received(FRAME_START | KEYFRAME, 2001);
    expect(run(requests, 2010, 4000)).toEqual([]);
  });

  it('is not asked for twice within half a second where the first came', () => {
    const requests = new KeyframeRequests();
    requests.received(0, 0);
    requests.want();
    expect(requests.take(0)).toBe(true);
    requests.received(KEYFRAME, 100);
    requests.want();
    expect(requests.take(200)).toBe(false);
    expect(requests.take(500)).toBe(true);
  });

  it('is asked for when the source begins, and not again while it is silent', () => {
    const requests = new KeyframeRequests();
    requests.want();
    expect(requests.take(0)).toBe(false);
    requests.received(0, 1000);
    expect(requests.take(1000)).toBe(true);
    expect(requests.take(1500)).toBe(true);
    expect(requests.take(2500)).toBe(false);
    requests.received(0, 9000);
    expect(requests.take(9000)).toBe(true);
  });

  it('is asked for of a screen that stands still', () => {
    const requests = new KeyframeRequests();
    requests.received(KEYFRAME, 0);
    requests.want();
    expect(requests.take(60_000)).toBe(true);
    expect(requests.take(61_000)).toBe(false);
  });
});

describe('a full intra request', () => {
  it('is one however often it is repeated', () => {
    const memory = new FirMemory();
    expect(memory.isNew(1, { media: 5, sequence: 0 })).toBe(true);
    expect(memory.isNew(1, { media: 5, sequence: 0 })).toBe(false);
    expect(memory.isNew(1, { media: 5, sequence: 1 })).toBe(true);
    expect(memory.isNew(1, { media: 6, sequence: 1 })).toBe(true);
    expect(memory.isNew(2, { media: 5, sequence: 1 })).toBe(true);
    expect(memory.isNew(1, { media: 5, sequence: 1 })).toBe(false);
  });

  it('is remembered for the latest only', () => {
    const memory = new FirMemory();
    for (let media = 0; media < 1000; media += 1) memory.isNew(1, { media, sequence: 3 });
    expect(memory.isNew(1, { media: 999, sequence: 3 })).toBe(false);
    expect(memory.isNew(1, { media: 0, sequence: 3 })).toBe(true);
  });
});
