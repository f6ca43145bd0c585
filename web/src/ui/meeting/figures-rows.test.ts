import { expect, test } from 'vitest';
import type { Figures } from '../../media/meeting/measuring/figures.ts';
import { figureRows, formatBitrate } from './figures-rows.ts';

const base = { isConnected: true, loss: 0.0123, bitrate: 1_032_000, rttMs: 44.6, jitterMs: 7.2 } as const;
const video = { bitrate: 1_000_000, codec: 'VP8', width: 640, height: 360, frames: 24.9, frozen: 0 } as const;
const text = (...about: Parameters<typeof figureRows>) =>
  figureRows(...about).map(({ name, value }) => `${name}: ${value}`);

test('of what comes in', () => {
  const audio = { bitrate: 32_000, codec: 'opus', concealed: 0 };
  const figures: Figures = { ...base, direction: 'in', video, audio };
  expect(text({ figures, asked: 'low' })).toEqual([
    'Picture: 640 × 360, 25/s',
    'Video: 1.0 Mbit/s VP8',
    'Sound: 32 kbit/s opus',
    'Lost: 1.2 %',
    'Round trip: 45 ms',
    'Jitter: 7 ms',
    'Asked for: the small size: its tile is small',
  ]);
});

test('of what goes out', () => {
  const sizes = [
    { rid: 'h', width: 640, height: 360 },
    { rid: 'l', width: 320, height: 180 },
  ];
  const figures: Figures = { ...base, direction: 'out', video: { ...video, sizes, limitedBy: 'cpu' } };
  expect(text({ figures })).toEqual([
    'Picture: 640 × 360, 25/s',
    'Sizes: 640 × 360, 320 × 180',
    'Video: 1.0 Mbit/s VP8',
    'Sent again: 1.2 %',
    'Round trip: 45 ms',
    'Limited by: the processor',
  ]);
});

test('what is not counted is not said', () => {
  expect(text({ figures: { direction: 'in', isConnected: true, loss: 0, bitrate: 0 } })).toEqual(['Lost: 0.0 %']);
});

test.each([
  [0, '0 kbit/s'],
  [999_499, '999 kbit/s'],
  [999_500, '1.0 Mbit/s'],
])('%d', (bits, said) => {
  expect(formatBitrate(bits)).toBe(said);
});
