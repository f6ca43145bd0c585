import { expect, it } from 'vitest';
import { middleOf, ntpOf } from './ntp.ts';
import { RoundTrip } from './round-trip.ts';

const NOW = 1_700_000_000_000;

function blockAfter(sentAt: number, heldMs: number) {
  return { lastSr: middleOf(ntpOf(sentAt)), delaySinceLastSr: Math.round(heldMs * 65.536) };
}

it('the round trip is what is left of the time since our report', () => {
  const trip = new RoundTrip();
  expect(trip.ms).toBeUndefined();
  trip.report(blockAfter(NOW, 400), NOW + 480);
  expect(trip.ms).toBeCloseTo(80, 0);
});

it('is smoothed', () => {
  const trip = new RoundTrip();
  trip.report(blockAfter(NOW, 0), NOW + 100);
  trip.report(blockAfter(NOW, 0), NOW + 200);
  expect(trip.ms).toBeCloseTo(125, 0);
});

it('is measured around the circle of quoted times', () => {
  const trip = new RoundTrip();
  const beforeWrap = Math.ceil(NOW / 65_536_000) * 65_536_000 - (2_208_988_800_000 % 65_536_000);
  for (let at = beforeWrap - 40; at < beforeWrap + 65_536_000; at += 6_553_600) {
    const one = new RoundTrip();
    one.report(blockAfter(at, 10), at + 60);
    expect(one.ms).toBeCloseTo(50, 0);
  }
  expect(trip.ms).toBeUndefined();
});

it('is not changed by blocks that quote nothing, or what cannot be', () => {
  const trip = new RoundTrip();
  trip.report(blockAfter(NOW, 0), NOW + 100);
  trip.report({ lastSr: 0, delaySinceLastSr: 0 }, NOW + 5000);
  trip.report(blockAfter(NOW, 5000), NOW + 100);
  trip.report({ lastSr: 12_345, delaySinceLastSr: 0 }, NOW);
  trip.report(blockAfter(NOW, 0), NOW + 60_000);
  expect(trip.ms).toBeCloseTo(100, 0);
});

it('is nothing rather than less than nothing', () => {
  const trip = new RoundTrip();
  trip.report(blockAfter(NOW, 3), NOW + 1);
  expect(trip.ms).toBe(0);
});
