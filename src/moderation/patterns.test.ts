import { describe, expect, test } from 'vitest';
import { cpuMilliseconds } from '../core/testing.ts';
import { compilePattern, type FilterSettings, messageFilters, PhraseError } from './patterns.ts';

const censored = (phrase: string, text: string) => compilePattern(phrase).censor(text);

describe('a phrase', () => {
  test.each([
    ['foo', 'a foo b', 'a *** b'],
    ['foo', 'a FOO b', undefined],
    ['(?i)foo', 'a FoO b foo', 'a *** b ***'],
    ['\\bass\\b', 'class ass', 'class ***'],
    ['\\bass\\b', 'class', undefined],
    ['(?i)привет', 'ну ПРИВЕТ', 'ну ******'],
    ['\\p{Greek}+', 'x λόγος', 'x *****'],
    ['\u{1f600}+', 'a \u{1f600}\u{1f600} b', 'a ** b'],
    ['.', '\u{1f600}a', '**'],
    ['f.o|bar', 'foobar', '******'],
    ['(?s)a.*b', 'a\r\n1b', '*\r\n**'],
    ['x*', 'hello', undefined],
    ['x*', 'hexxo', 'he**o'],
    ['^', 'hello', undefined],
    ['\\*+', 'a **', 'a **'],
  ])('%s in %j', (phrase, text, expected) => {
    expect(censored(phrase, text)).toBe(expected);
  });

  test('halves of characters are no obstacle', () => {
    expect(censored('foo', '\ud83dfoo\ude00')).toBe('\ud83d***\ude00');
  });

  test.each(['(a', '(?=a)', '(a)\\1', 'a{2,1}', '*'])('%s is no phrase', (phrase) => {
    expect(() => compilePattern(phrase)).toThrow(PhraseError);
    expect(() => compilePattern(phrase)).toThrow(phrase);
  });
});

describe('16,000 characters', () => {
  const length = 16_000;
  const a = 'a'.repeat(length);

  test.each([
    ['(a+)+$', `${a}!`],
    ['(a|aa)+b', a],
    ['(a*)*b', a],
    ['(.*)(.*)(.*)x', a],
    ['(x+x+)+y', 'x'.repeat(length)],
    ['(?i)(a|b|c)+?f', 'abc'.repeat(length / 3)],
    ['(a?){50}b', a],
  ])('%s is not found, quickly', (phrase, text) => {
    const spent = cpuMilliseconds(() => expect(censored(phrase, text)).toBeUndefined());
    // A backtracking engine needs hours.
    expect(spent).toBeLessThan(5000);
  });

  test('many matches, each of which looks on to the end', () => {
    const pattern = compilePattern('a.*b|a');
    const searched = { a: 0 };
    const spent = cpuMilliseconds(() => {
      searched.a = pattern.censor(a)?.replaceAll('a', '').length ?? 0;
    });
    expect(searched.a).toBe(length);
    expect(spent).toBeLessThan(2000);
  });

  test('who repeats a phrase very often has the rest replaced', () => {
    const text = `${'foo '.repeat(150)}end`;
    const result = censored('foo', text) ?? '';
    expect(result).toHaveLength(text.length);
    expect(result).toMatch(/^(\*\*\* ){100}\*+$/);
  });
});

describe('filters of the configuration', () => {
  const settings: FilterSettings = {
    ...{ enabled: true, channels: true, direct: false, phrases: ['(?i)spam', 'eggs'] },
    ...{ censor: true, forward: false, report: true, response: 'No.' },
  };

  test('those that are enabled', () => {
    const filters = messageFilters([settings, { ...settings, enabled: false }]);
    expect(filters).toEqual([
      {
        ...{ channels: true, direct: false, censor: true, forward: false, report: true, response: 'No.' },
        patterns: [expect.anything(), expect.anything()],
      },
    ]);
    expect(filters[0]?.patterns.map((pattern) => pattern.censor('SPAM and eggs'))).toEqual([
      '**** and eggs',
      'SPAM and ****',
    ]);
  });

  test('one that is off may be wrong', () => {
    const off = { ...settings, enabled: false, phrases: ['('] };
    expect(messageFilters([off])).toEqual([]);
    expect(() => messageFilters([{ ...off, enabled: true }])).toThrow(PhraseError);
  });
});
