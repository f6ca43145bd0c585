import { describe, expect, test } from 'vitest';
import type { Figures } from './figures.ts';
import { judge, type Quality, type Standing, settle } from './quality.ts';

const base = { isConnected: true, loss: 0, bitrate: 500_000, rttMs: 30, jitterMs: 5 } as const;
const video = { bitrate: 400_000, width: 640, height: 360, frames: 25, frozen: 0 } as const;
const audio = { bitrate: 32_000, concealed: 0 } as const;
const received = (more: Partial<Figures> = {}): Figures => ({ ...base, direction: 'in', audio, video, ...more });
const sent = (more: Partial<Figures> = {}): Figures => ({ ...base, direction: 'out', audio, video, ...more });

describe('one look', () => {
  test.each<[string, Figures, Quality]>([
    ['as it should be', received(), 'good'],
    ['a little lost', received({ loss: 0.02 }), 'good'],
    ['more lost', received({ loss: 0.04 }), 'weak'],
    ['much lost', received({ loss: 0.15 }), 'bad'],
    ['holes in the sound', received({ audio: { ...audio, concealed: 0.08 } }), 'weak'],
    ['more hole than sound', received({ audio: { ...audio, concealed: 0.6 } }), 'bad'],
    ['a picture that stands now and then', received({ video: { ...video, frozen: 0.1 } }), 'weak'],
    ['one that stands', received({ video: { ...video, frozen: 1 } }), 'bad'],
    ['no new picture of a camera', received({ standing: { of: 'camera', packets: false } }), 'bad'],
    ['packets of a camera, and no picture', received({ standing: { of: 'camera', packets: true } }), 'bad'],
    ['packets of a screen, and no picture', received({ standing: { of: 'screen', packets: true } }), 'bad'],
    ['nothing of a screen, which may be as it was', received({ standing: { of: 'screen', packets: false } }), 'weak'],
    ['packets that come as they like', received({ jitterMs: 90 }), 'weak'],
    ['far away, but nothing else', received({ rttMs: 900 }), 'weak'],
    ['no way', received({ isConnected: false }), 'lost'],
    ['ours, as it should be', sent(), 'good'],
    ['ours, sent twice', sent({ loss: 0.05 }), 'weak'],
    ['ours, sent twice and more', sent({ loss: 0.2 }), 'bad'],
    ['ours, limited where nobody sees it', sent({ video: { ...video, limitedBy: 'cpu', sourceHeight: 400 } }), 'good'],
    ['ours, half the size', sent({ video: { ...video, limitedBy: 'bandwidth', sourceHeight: 720 } }), 'weak'],
    ['ours, a slide show', sent({ video: { ...video, limitedBy: 'cpu', frames: 3 } }), 'bad'],
    ['ours, of a still screen', sent({ video: { ...video, frames: 1 } }), 'good'],
  ])('%s', (_, figures, quality) => {
    expect(judge(figures)).toBe(quality);
  });
});

describe('what is shown', () => {
  const shown = (...looks: readonly Quality[]) => {
    let standing: Standing | undefined;
    const all: Quality[] = [];
    for (const look of looks) {
      standing = settle(standing, look);
      all.push(standing.quality);
    }
    return all;
  };

  test('is worse when two looks are, and as the better of them', () => {
    expect(shown('good', 'bad', 'weak')).toEqual(['good', 'good', 'weak']);
    expect(shown('good', 'bad', 'bad')).toEqual(['good', 'good', 'bad']);
  });

  test('is better when three are', () => {
    expect(shown('bad', 'good', 'weak', 'good')).toEqual(['bad', 'bad', 'bad', 'weak']);
  });

  test('does not flicker', () => {
    expect(new Set(shown('good', 'weak', 'good', 'weak', 'good', 'bad', 'good', 'weak'))).toEqual(new Set(['good']));
  });

  test('is lost, and found, at once', () => {
    expect(shown('good', 'lost', 'weak', 'weak')).toEqual(['good', 'lost', 'weak', 'weak']);
  });
});
