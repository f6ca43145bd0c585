import { describe, expect, it } from 'vitest';
import { msOf, ntpOf } from './ntp.ts';
import { PublisherClock } from './publisher-clock.ts';

describe('the clock of a publisher', () => {
  it('is unknown before the first report, which is told', () => {
    const track = new PublisherClock().track(90_000);
    expect(track.timestampAt(0)).toBeUndefined();
    expect(track.senderReport({ ntp: ntpOf(10), rtpTimestamp: 5 }, 1000)).toBe(true);
    expect(track.senderReport({ ntp: ntpOf(20), rtpTimestamp: 905 }, 1010)).toBe(false);
  });

  it('goes on between reports at the rate of the track, around its circle', () => {
    const track = new PublisherClock().track(48_000);
    track.senderReport({ ntp: ntpOf(0), rtpTimestamp: 0xffffff00 }, 1000);
    expect(track.timestampAt(1000)).toBe(0xffffff00);
    expect(track.timestampAt(1010)).toBe(480 - 256);
    expect(track.timestampAt(990)).toBe(0xffffff00 - 480);
  });

  it('is the same for sound and picture, however long their reports were on the way', () => {
    const clock = new PublisherClock();
    const [sound, picture] = [clock.track(48_000), clock.track(90_000)];
    const theirs = 5_000_000;
    for (let i = 0; i < 20; i += 1) {
      const at = theirs + i * 1000;
      sound.senderReport({ ntp: ntpOf(at), rtpTimestamp: i * 48_000 }, 900_000 + i * 1000 + 5 + ((i + 1) % 3) * 30);
      picture.senderReport({ ntp: ntpOf(at + 400), rtpTimestamp: i * 90_000 + 36_000 }, 900_400 + i * 1000 + 120 - i);
      const now = 900_900 + i * 1000;
      const soundMs = (sound.timestampAt(now) ?? Number.NaN) / 48;
      const pictureMs = (picture.timestampAt(now) ?? Number.NaN) / 90;
      expect(Math.abs(soundMs - pictureMs)).toBeLessThan(0.1);
      // The quickest report took 5 ms.
      if (i >= 2) expect(soundMs).toBeCloseTo(i * 1000 + 900 - 5, 0);
    }
  });

  it('follows a clock that runs a little slower than ours', () => {
    const track = new PublisherClock().track(90_000);
    const rate = 0.9999;
    for (let now = 0; now < 600_000; now += 1000) {
      track.senderReport({ ntp: ntpOf(1_000_000 + now * rate), rtpTimestamp: Math.round(now * rate * 90) }, now);
    }
    const off = (track.timestampAt(600_000) ?? Number.NaN) / 90 - 600_000 * rate;
    expect(Math.abs(off)).toBeLessThan(5);
  });

  it.each([-3_600_000, 3_600_000])('follows one that is set anew (by %i ms)', (jump) => {
    const track = new PublisherClock().track(90_000);
    track.senderReport({ ntp: ntpOf(5_000_000), rtpTimestamp: 0 }, 1000);
    track.senderReport({ ntp: ntpOf(5_001_000 + jump), rtpTimestamp: 90_000 }, 2000);
    expect(track.timestampAt(2000)).toBe(90_000);
  });

  it('is unknown again for a source that began anew', () => {
    const track = new PublisherClock().track(90_000);
    track.senderReport({ ntp: ntpOf(5_000_000), rtpTimestamp: 0 }, 1000);
    track.restart();
    expect(track.timestampAt(2000)).toBeUndefined();
  });
});

it('times of reports are milliseconds and back, to a fraction of one', () => {
  for (const ms of [0, 0.5, 999.999, 1_700_000_000_123.25]) expect(msOf(ntpOf(ms))).toBeCloseTo(ms, 3);
  expect(ntpOf(0)).toEqual({ seconds: 2_208_988_800, fraction: 0 });
  expect(ntpOf(1500)).toEqual({ seconds: 2_208_988_801, fraction: 2 ** 31 });
});
