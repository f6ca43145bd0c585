import { describe, expect, it } from 'vitest';
import { opusDuration } from './pictures.ts';
import type { RecordedFrame } from './recorded-frame.ts';
import { UnbrokenSound } from './unbroken-sound.ts';

function packet(at: number, durationMs = 20): RecordedFrame {
  return { kind: 'audio', at, data: Buffer.alloc(60), durationMs, format: undefined, isJump: false };
}

/** When each begins, with an `s` for silence. */
function times(frames: readonly RecordedFrame[]): readonly string[] {
  return frames.map(({ at, data }) => `${at}${data.length === 3 ? 's' : ''}`);
}

describe('UnbrokenSound', () => {
  it('puts packets one after the other, where they are about where they belong', () => {
    const sound = new UnbrokenSound();
    expect([1_000, 1_025, 1_030, 1_070].flatMap((at) => times(sound.put(packet(at))))).toEqual([
      '1000',
      '1020',
      '1040',
      '1060',
    ]);
  });

  it('fills with silence what is missing', () => {
    const sound = new UnbrokenSound();
    sound.put(packet(0));
    expect(times(sound.put(packet(100)))).toEqual(['20s', '40s', '60s', '80s', '100']);
    expect(times(sound.put(packet(165)))).toEqual(['120s', '140s', '160']);
  });

  it('leaves out what there is too much of', () => {
    const sound = new UnbrokenSound();
    sound.put(packet(100));
    expect([80, 100, 140].map((at) => times(sound.put(packet(at))))).toEqual([[], ['120'], ['140']]);
  });

  it('is as late as the picture at the most where it does not begin', () => {
    const sound = new UnbrokenSound();
    expect(sound.fillUntil(1_000)).toEqual([]);
    sound.begin(1_000);
    expect(times(sound.fillUntil(1_059))).toEqual(['1000s', '1020s']);
    sound.begin(5);
    expect(times(sound.put(packet(1_042)))).toEqual(['1040']);
  });

  it('never makes more than a minute at once', () => {
    const sound = new UnbrokenSound();
    sound.put(packet(0));
    expect(sound.fillUntil(10_000_000)).toHaveLength(3_000);
    expect(times(sound.put(packet(20_000_000)))).toEqual(['20000000']);
  });
});

it('packets of Opus say how long they are', () => {
  const of = (...bytes: readonly number[]) => opusDuration(Buffer.from(bytes));
  expect([of(0xfc, 0xff, 0xfe), of(0x08), of(0x78), of(0xe0), of(0xf9), of(0x7b, 3), of(0x1b, 48)]).toEqual([
    20, 20, 20, 2.5, 40, 60, 120,
  ]);
  expect(of()).toBeGreaterThanOrEqual(0);
});
