import { expect, test } from 'vitest';
import { type Clip, clipOf, endOf } from './clip.ts';
import { clipAt, clipSoon, lanesOf } from './lanes.ts';

const clip = (track: string, offset: number, duration?: number): Clip => ({ track, offset, duration, title: track });

test('files of one track that follow each other have one place, in their order', () => {
  const [one, two, three] = [clip('a', 0, 10), clip('a', 9.5, 5), clip('a', 60, 5)];
  expect(lanesOf([three, one, two])).toEqual([[one, two, three]]);
});

test('others have another, and so have two at the same time', () => {
  const [one, other, second] = [clip('a', 0, 10), clip('b', 1, 10), clip('a', 4, 10)];
  expect(lanesOf([one, other, second])).toEqual([[one], [other], [second]]);
});

test('one without an end ends where the next one begins', () => {
  const [one, two] = [clip('a', 0), clip('a', 30)];
  expect(lanesOf([one, two])).toEqual([[one, two]]);
  expect([clipAt([one, two], 29), clipAt([one, two], 31)]).toEqual([one, two]);
});

test('what is to be seen is the latest that has begun and not ended', () => {
  const lane = [clip('a', 2, 8), clip('a', 9, 5), clip('a', 20, 5)];
  const at = [1, 2, 8.9, 9, 13.9, 14, 19, 20, 25].map((position) => clipAt(lane, position)?.offset);
  expect(at).toEqual([undefined, 2, 2, 9, 9, undefined, undefined, 20, undefined]);
});

test('what comes soon is the next within so many seconds', () => {
  const lane = [clip('a', 2, 8), clip('a', 20, 5)];
  expect([0, 2, 11, 12, 20].map((position) => clipSoon(lane, position, 8)?.offset)).toEqual([
    2,
    undefined,
    undefined,
    20,
    undefined,
  ]);
});

test('a clip is read from what the page says of it', () => {
  const read = clipOf({ offset: '2340', duration: '6000', track: 't', title: 'carrot' });
  expect(read).toEqual({ offset: 2.34, duration: 6, track: 't', title: 'carrot' });
  expect(endOf(read)).toBeCloseTo(8.34);
  expect(clipOf({ offset: 'x', duration: '' })).toEqual({ offset: 0, duration: undefined, track: '', title: '' });
});
