import { describe, expect, test } from 'vitest';
import { slugOf } from './slug.ts';

describe('a name in an address', () => {
  test.each([
    ['My Room É #1', 'my-room-e-1'],
    ['  blanks  at the ends ', 'blanks-at-the-ends'],
    ['UPPER lower', 'upper-lower'],
    ['a_b.c/d', 'a-b-c-d'],
    ['--already--dashed--', 'already-dashed'],
    ['Straße', 'strasse'],
    ['Комната', 'komnata'],
    ['房间', 'fang-jian'],
    ['24', '24'],
    ['../../etc', 'etc'],
    ['<script>', 'script'],
  ])('of %j is %j', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });

  test.each(['', '   ', '!?#', '---', '\u200b', '\ud800'])('has nothing of %j', (name) => {
    expect(slugOf(name)).toBe('');
  });

  test.each(['x'.repeat(500), 'ab '.repeat(200), '房'.repeat(500), '😀 '.repeat(100), 'é'.repeat(63)])(
    'is at most 64 characters, of which neither end is a dash: %#',
    (name) => {
      expect(slugOf(name)).toMatch(/^$|^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/);
    },
  );

  test('is its own name in an address', () => {
    for (const name of ['My Room É #1', '房间', 'x'.repeat(500), 'ab '.repeat(200)]) {
      const slug = slugOf(name);
      expect(slugOf(slug)).toBe(slug);
    }
  });
});
