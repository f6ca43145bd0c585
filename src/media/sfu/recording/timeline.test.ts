import { describe, expect, it } from 'vitest';
import { ntpOf } from '../rtp/ntp.ts';
import { PublisherClock } from '../rtp/publisher-clock.ts';
import { Timeline } from './timeline.ts';

/** Of a picture of each 100 ms, sent from 1,000,000 on and come `late` afterwards. */
function picture(i: number, late = 0) {
  return { timestamp: (4_294_960_000 + i * 9_000) >>> 0, at: 1_000_000 + i * 100 + late };
}

function report(track: ReturnType<PublisherClock['track']>, i: number, now: number): void {
  track.senderReport({ ntp: ntpOf(5_000_000 + i * 100), rtpTimestamp: picture(i).timestamp }, now);
}

describe('Timeline', () => {
  it('is by the first arrival until something is reported, and goes on around the circle', () => {
    const timeline = new Timeline(new PublisherClock().track(90_000));
    const placed = [0, 1, 2].map((i) => timeline.place(picture(i, i * 40), 2_000_000));
    expect(placed.map(({ at }) => at)).toEqual([1_000_000, 1_000_100, 1_000_200]);
    expect(placed.some(({ isJump }) => isJump)).toBe(false);
  });

  it('is by reports once there are some: what is late says nothing', () => {
    const track = new PublisherClock().track(90_000);
    const timeline = new Timeline(track);
    timeline.place(picture(0, 300), 1_000_300);
    report(track, 0, 1_000_005);
    expect(timeline.place(picture(1, 300), 1_000_400)).toEqual({ at: expect.closeTo(1_000_105, 1), isJump: false });
  });

  it('follows a clock that drifts so slowly that nobody hears it', () => {
    const track = new PublisherClock().track(90_000);
    const timeline = new Timeline(track);
    report(track, 0, 1_000_000);
    timeline.place(picture(0), 1_000_000);
    // Their sound says to be 100 ms earlier than before.
    track.senderReport({ ntp: ntpOf(5_000_000), rtpTimestamp: (picture(0).timestamp + 9_000) >>> 0 }, 1_000_000);
    const steps = Array.from({ length: 300 }, (_, i) => timeline.place(picture(i + 1), 1_000_100 + i * 100).at);
    const apart = steps.slice(1).map((at, i) => at - (steps[i] ?? 0));
    expect(Math.min(...apart)).toBeGreaterThan(99.4);
    expect(steps.at(-1)).toBeCloseTo(1_000_000 + 300 * 100 - 100, 0);
  });

  it.each([50_000_000, -50_000_000])('says so where timestamps jump by %i', (jump) => {
    const timeline = new Timeline(new PublisherClock().track(90_000));
    timeline.place(picture(0), 1_000_000);
    const { timestamp, at } = picture(1);
    const jumped = timeline.place({ timestamp: (timestamp + jump) >>> 0, at }, at);
    expect(jumped).toEqual({ at, isJump: true });
    expect(timeline.place({ timestamp: (timestamp + jump + 9_000) >>> 0, at: at + 100 }, at)).toEqual({
      at: at + 100,
      isJump: false,
    });
  });

  it('never goes far from when things come, however small its steps are', () => {
    const timeline = new Timeline(new PublisherClock().track(90_000));
    const placed = Array.from({ length: 100 }, (_, i) => {
      const at = 1_000_000 + i;
      return timeline.place({ timestamp: (i * 9 * 90_000) >>> 0, at }, at).at - at;
    });
    expect(Math.max(...placed)).toBeLessThanOrEqual(10_000);
  });

  it('is no jump where nothing was sent for long', () => {
    const timeline = new Timeline(new PublisherClock().track(90_000));
    timeline.place(picture(0), 1_000_000);
    expect(timeline.place(picture(36_000), 4_600_000)).toEqual({ at: 4_600_000, isJump: false });
  });

  it('says so where a report puts it far from where it was', () => {
    const track = new PublisherClock().track(90_000);
    const timeline = new Timeline(track);
    timeline.place(picture(0, 2_000), 1_002_000);
    report(track, 0, 1_000_000);
    expect(timeline.place(picture(1, 2_000), 1_002_100)).toEqual({ at: expect.closeTo(1_000_100, 1), isJump: true });
  });

  it('does not believe a report that makes no sense', () => {
    const track = new PublisherClock().track(90_000);
    const timeline = new Timeline(track);
    track.senderReport({ ntp: ntpOf(5_000_000), rtpTimestamp: 2_000_000_000 }, 1_000_000);
    expect(timeline.place(picture(0), 1_000_000)).toEqual({ at: 1_000_000, isJump: false });
  });
});
