import { describe, expect, it } from 'vitest';
import { recordingName, timeOfName } from './file-name.ts';

const AT = new Date(2026, 2, 7, 9, 5, 3, 42).getTime();

function named(publisher: string, attempt = 0): string {
  return recordingName(AT, { publisher, extension: 'webm', attempt });
}

describe('the name of a recorded file', () => {
  it('is its time, and who is in it', () => {
    expect(named('')).toBe('2026-03-07T09-05-03-042.webm');
    expect(named('alice')).toBe('2026-03-07T09-05-03-042-alice.webm');
    expect(recordingName(AT, { publisher: 'alice', extension: 'mkv' })).toBe('2026-03-07T09-05-03-042-alice.mkv');
  });

  it('counts where there is one already', () => {
    expect([1, 2, 10, 100].map((attempt) => named('alice', attempt))).toEqual([
      '2026-03-07T09-05-03-042-alice-01.webm',
      '2026-03-07T09-05-03-042-alice-02.webm',
      '2026-03-07T09-05-03-042-alice-10.webm',
      '2026-03-07T09-05-03-042-alice-100.webm',
    ]);
  });

  it.each([
    ['a/b', 'a-slash-b'],
    ['a\\b', 'a-backslash-b'],
    ['../../etc/passwd', '..-slash-..-slash-etc-slash-passwd'],
    ['Zoë 🎥', 'Zoë 🎥'],
    ['a\u0000b\u202ec\nd', 'abcd'],
    ['<a>:"b"|c?*', 'abc'],
    ['ends. . ', 'ends'],
    ['   ', ''],
  ])('has nothing of %j that is not safe', (publisher, expected) => {
    const suffix = expected === '' ? '' : `-${expected}`;
    expect(named(publisher)).toBe(`2026-03-07T09-05-03-042${suffix}.webm`);
  });

  it('is short enough for every file system, in whole characters', () => {
    const name = named('🎥'.repeat(300));
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(160);
    expect(name).toMatch(/-(🎥)+\.webm$/u);
  });

  it('tells the time again', () => {
    expect(timeOfName(named('alice'))).toBe(AT);
    expect(timeOfName('2026-03-07T09:05:03.042-alice.webm')).toBe(AT);
    expect(timeOfName('holidays.webm')).toBeUndefined();
  });
});
