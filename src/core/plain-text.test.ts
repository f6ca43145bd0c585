import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainText } from './plain-text.ts';

describe('what a reader sees', () => {
  test.each([
    ['hello', 'hello', 'hello'],
    ['**a** _b_ ~~c~~ `d`', 'a b c d', 'a b c d'],
    ['a\\*b \\d', 'ab \\d', 'ab \\d'],
    ['[a](http://x.example/) ![b](c) [d]', 'a b d', 'a b d'],
    ['a&#98;&#X63; &#42;&#0;&#x110000; &amp;', 'abc  &amp;', 'abc  &amp;'],
    ['1 < 2 > 0', '1 < 2 > 0', '1 < 2 > 0'],
    ['<b>a</b><!-- > -->', '<b>a</b><!-- > -->', 'a'],
    ['\ufb01\u{1d41a}\u2063', 'fia', 'fia'],
  ])('%j', (source, kept, removed) => {
    expect(plainText(source, { tags: 'kept' }).text).toBe(kept);
    expect(plainText(source, { tags: 'removed' }).text).toBe(removed);
  });
});

test('each unit knows where it comes from', () => {
  expect(plainText('a*&#98;\ufb01', { tags: 'kept' })).toEqual({
    text: 'abfi',
    starts: [0, 2, 7, 7],
    ends: [1, 7, 8, 8],
  });
  const piece = fc.constantFrom(
    'a',
    '*',
    '\\',
    '<b>',
    '<',
    '>',
    '"',
    '&#97;',
    '&shy;',
    '[',
    '](',
    ')',
    '\ufdfa',
    '\u{1d41a}',
  );
  fc.assert(
    fc.property(fc.array(piece), fc.constantFrom('kept' as const, 'removed' as const), (pieces, tags) => {
      const source = pieces.join('');
      const { text, starts, ends } = plainText(source, { tags });
      expect([starts.length, ends.length]).toEqual([text.length, text.length]);
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
      for (const [unit, start] of starts.entries()) {
        expect(start).toBeLessThan(ends[unit] ?? 0);
        expect(ends[unit]).toBeLessThanOrEqual(source.length);
      }
    }),
  );
});
