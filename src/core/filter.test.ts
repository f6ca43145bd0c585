import { describe, expect, test } from 'vitest';
import { filterText, type MessageFilter, type TextPattern } from './filter.ts';
import { MAX_TEXT_LENGTH } from './message.ts';
import { cpuMilliseconds } from './testing.ts';

const pattern = (regExp: RegExp): TextPattern => ({
  censor: (text) =>
    text.search(regExp) < 0 ? undefined : text.replace(regExp, (match) => '*'.repeat([...match].length)),
});

const filter = (changes: Partial<MessageFilter> = {}): MessageFilter => ({
  ...{ channels: true, direct: true, censor: true, forward: false, report: false, response: '' },
  patterns: [pattern(/foo/gi)],
  ...changes,
});

const shown = (text: string, filters: readonly MessageFilter[] = [filter()]) =>
  filterText(filters, { text, kind: 'channel' })?.text;

describe('which filter', () => {
  const message = { text: 'some foo here', kind: 'channel' } as const;

  test('none where nothing matches', () => {
    expect(filterText([filter()], { ...message, text: 'some bar here' })).toBeUndefined();
    expect(filterText([], message)).toBeUndefined();
  });

  test('the first with a match decides', () => {
    const filters = [
      filter({ patterns: [pattern(/bar/g)] }),
      filter({ response: 'second' }),
      filter({ response: 'third', censor: false }),
    ];
    expect(filterText(filters, message)).toEqual({ filter: filters[1], text: 'some *** here' });
  });

  test('only in the places that it is for', () => {
    const [channels, direct] = [filter({ direct: false }), filter({ channels: false })];
    expect(filterText([channels, direct], message)?.filter).toBe(channels);
    expect(filterText([channels, direct], { ...message, kind: 'direct' })?.filter).toBe(direct);
    expect(filterText([channels], { ...message, kind: 'direct' })).toBeUndefined();
  });

  test('one that does not censor shows the text as it was', () => {
    expect(shown('f**o**o', [filter({ censor: false })])).toBe('f**o**o');
  });

  test('all of its patterns censor, overlapping ones, too', () => {
    const filters = [filter({ patterns: [pattern(/absent/g), pattern(/ab/g), pattern(/bc/g), pattern(/end/g)] })];
    expect(shown('an abc to the end', filters)).toBe('an *** to the ***');
  });
});

describe('hiding a phrase in markup', () => {
  test.each([
    ['f**o**o', '\\***\\***\\*'],
    ['a f*o*o and a foo', 'a \\**\\**\\* and a \\*\\*\\*'],
    ['so f~~o~~o', 'so \\*~~\\*~~\\*'],
    ['so f`o`o', 'so \u2217`\u2217`\u2217'],
    ['f_oo', '\\*_\\*\\*'],
    ['f\\_oo', '\\*\\_\\*\\*'],
    ['so f<b>o</b>o', 'so \u2217<b>\u2217</b>\u2217'],
    ['f<b title=">">oo', '\u2217<b title=">">\u2217\u2217'],
    ['f<!-- > -->oo', '\u2217<!-- > -->\u2217\u2217'],
    ['<x f**o**o>', '<x \u2217**\u2217**\u2217>'],
    ['f\u200boo', '\\*\u200b\\*\\*'],
    ['f\u00adoo', '\\*\u00ad\\*\\*'],
    ['so &#102;&#x6F;o!', 'so ***!'],
    ['f&#42;&#42;oo', '\\*&#42;&#42;\\*\\*'],
    ['f&shy;oo', '\\*&shy;\\*\\*'],
    ['[f](http://a.example/)oo', '[\\*](http://a.example/)\\*\\*'],
    ['a \uff46\uff4f\uff4f b', 'a *** b'],
    ['a \u{1d41f}\u{1d428}\u{1d428} b', 'a *** b'],
  ])('%j', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  test('what looks alike, but is not', () => {
    expect(shown('f o o, fo, [f] oo, f\noo, &#xffffff;')).toBeUndefined();
  });
});

describe('asterisks are no markup', () => {
  test.each([
    ['foo', '\\*\\*\\*'],
    ['foo here', '\\*\\*\\* here'],
    ['some foo', 'some ***'],
    ['some foo, and foo.', 'some ***, and ***.'],
    ['some\nfoo here', 'some\n\\*\\*\\* here'],
    ['- foo', '- \\*\\*\\*'],
    ['1. foo', '1. \\*\\*\\*'],
    ['xfoox foo', 'x\\*\\*\\*x ***'],
    ['*a* foo', '*a* \\*\\*\\*'],
    ['\\foo', '\\\u2217\u2217\u2217'],
    ['    foo', '    \u2217\u2217\u2217'],
  ])('%j', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  test('a text does not outgrow what a message may be', () => {
    const text = 'foo'.repeat(5000);
    expect(shown(text)).toBe('\u2217'.repeat(text.length));
    expect(text.length).toBeLessThanOrEqual(MAX_TEXT_LENGTH);
  });
});

test.each([
  ['<'],
  ['<a"'],
  ['<a\'<a"'],
  ['<!--'],
  ['['],
  [']('],
  ['![](a'],
  ['&#'],
  ['\\'],
  ['*'],
  ['<a '],
  ['\u200b'],
  ['\ud800'],
  ['&#1'],
])('16,000 characters of %j take no time', (unit) => {
  const text = `${unit.repeat(MAX_TEXT_LENGTH / unit.length - 2)} foo`;
  const spent = cpuMilliseconds(() => expect(shown(text)).toMatch(/(?:[*\u2217]{3}|(?:\\\*){3})$/));
  expect(spent).toBeLessThan(1000);
});
