import { describe, expect, test } from 'vitest';
import { TokenBucket, TokenBuckets } from './token-bucket.ts';

const RATE = { burst: 3, perSecond: 2 };

describe('a bucket', () => {
  test('allows a burst, then the rate', () => {
    const bucket = new TokenBucket(RATE, 0);
    expect([1, 2, 3, 4].map(() => bucket.take(RATE, 0))).toEqual([true, true, true, false]);
    expect(bucket.take(RATE, 499)).toBe(false);
    expect(bucket.take(RATE, 500)).toBe(true);
    expect(bucket.take(RATE, 500)).toBe(false);
  });

  test('does not save up more than a burst', () => {
    const bucket = new TokenBucket(RATE, 0);
    expect([1, 2, 3, 4].map(() => bucket.take(RATE, 1e9))).toEqual([true, true, true, false]);
  });

  test('takes many at once, or none of them', () => {
    const bucket = new TokenBucket(RATE, 0);
    expect(bucket.take(RATE, 0, 4)).toBe(false);
    expect(bucket.take(RATE, 0, 3)).toBe(true);
  });

  test('loses nothing when the clock is set back', () => {
    const bucket = new TokenBucket(RATE, 3_600_000);
    bucket.take(RATE, 3_600_000);
    expect(bucket.take(RATE, 0)).toBe(true);
    expect(bucket.take(RATE, 0)).toBe(true);
    expect(bucket.take(RATE, 500)).toBe(true);
  });

  test('is full again after its time', () => {
    const bucket = new TokenBucket(RATE, 0);
    expect(bucket.isFull(RATE, 0)).toBe(true);
    bucket.take(RATE, 0);
    expect(bucket.isFull(RATE, 499)).toBe(false);
    expect(bucket.isFull(RATE, 500)).toBe(true);
  });
});

describe('buckets by key', () => {
  test('do not share', () => {
    const buckets = new TokenBuckets({ burst: 1, perSecond: 1 });
    expect(buckets.take('a', 0)).toBe(true);
    expect(buckets.take('a', 0)).toBe(false);
    expect(buckets.take('b', 0)).toBe(true);
  });

  test('are bounded in number: newcomers wait until others are full, and who is known goes on', () => {
    const buckets = new TokenBuckets({ burst: 2, perSecond: 1 });
    for (let index = 0; index < 50_000; index++) buckets.take(`k${index}`, 0);
    expect(buckets.take('new', 0)).toBe(false);
    expect(buckets.take('k1', 0)).toBe(true);
    expect(buckets.take('new', 1_000)).toBe(true);
  });

  test('that are not full are kept in a sweep', () => {
    const buckets = new TokenBuckets({ burst: 1, perSecond: 1 });
    buckets.take('a', 0);
    buckets.sweep(999);
    expect(buckets.take('a', 999)).toBe(false);
  });
});
