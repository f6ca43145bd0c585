import { describe, expect, it } from 'vitest';
import { pathReport, type TrackFlow } from './path-report.ts';

const COULD = { least: 1, next: 2 } as const;
const flow = { bitrate: 500_000, meanBitrate: 500_000, packets: 100, missing: 0, reported: 100, lost: 0 };
const video = (fields: Partial<TrackFlow> = {}): TrackFlow => ({
  ...{ kind: 'video', flow, estimate: undefined, isPaused: false },
  ...fields,
});
const sound: TrackFlow = { ...video(), kind: 'audio', flow: { ...flow, bitrate: 40_000 } };

describe('all that a member is sent', () => {
  it('is the sum of all connections', () => {
    expect(pathReport([sound, video(), video()], COULD)).toEqual({
      ...{ sent: 1_040_000, loss: 0, overrun: undefined, estimate: undefined, least: 1, next: 2 },
    });
    expect(pathReport([], COULD)).toMatchObject({ sent: 0, loss: undefined });
    expect(pathReport([video({ flow: undefined })], COULD)).toMatchObject({ sent: 0, loss: undefined });
  });

  it('loses what reports say, or what is asked for again', () => {
    const lossy = video({ flow: { ...flow, lost: 30 } });
    expect(pathReport([lossy, video()], COULD).loss).toBeCloseTo(0.15);
    const asking = video({ flow: { ...flow, missing: 40 } });
    expect(pathReport([asking, video()], COULD).loss).toBeCloseTo(0.2);
    expect(pathReport([video({ flow: { ...flow, reported: 0, missing: 40 } })], COULD).loss).toBeCloseTo(0.4);
  });

  it('loses nothing that is known of where there are but a few packets', () => {
    expect(pathReport([video({ flow: { ...flow, packets: 5, missing: 5, reported: 5, lost: 5 } })], COULD).loss).toBe(
      undefined,
    );
  });

  it('may be said to lose nothing of a few packets', () => {
    expect(pathReport([video({ flow: { ...flow, packets: 5, reported: 5 } })], COULD).loss).toBe(0);
  });

  it('is too much where one connection says so, and then all of them count', () => {
    const tracks = [sound, video({ estimate: 200_000 }), video({ estimate: 5_000_000 })];
    expect(pathReport(tracks, COULD).overrun).toBe(740_000);
    // One that sends little says a small number, too.
    const little = video({ flow: { ...flow, bitrate: 100_000 }, estimate: 150_000 });
    expect(pathReport([sound, little], COULD).overrun).toBeUndefined();
    expect(pathReport([video({ estimate: 490_000 })], COULD).overrun).toBeUndefined();
    const burst = video({ flow: { ...flow, meanBitrate: 90_000 }, estimate: 100_000 });
    expect(pathReport([burst], COULD).overrun).toBeUndefined();
    const before = video({ flow: { ...flow, bitrate: 90_000 }, estimate: 100_000 });
    expect(pathReport([before], COULD).overrun).toBeUndefined();
  });

  it('could be what all connections say together', () => {
    expect(pathReport([sound, video({ estimate: 600_000 }), video({ estimate: 700_000 })], COULD).estimate).toBe(
      1_340_000,
    );
    expect(pathReport([video({ estimate: 600_000 }), video()], COULD).estimate).toBeUndefined();
    const paused = video({ isPaused: true, flow: { ...flow, bitrate: 0 } });
    expect(pathReport([video({ estimate: 600_000 }), paused], COULD).estimate).toBe(600_000);
    expect(pathReport([sound], COULD).estimate).toBeUndefined();
  });
});
