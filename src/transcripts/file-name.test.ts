import { join, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameKey } from '../core/name.ts';
import { fileNamePart } from './file-name.ts';

const nasty = fc.constantFrom(
  ...['.', '..', '/', '\\', '\0', ':', '%', '%%', '%2f', '@', '~', ' ', '\n', 'CON', 'nul', 'com1', 'LPT9', '.txt'],
  ...[
    'a',
    'A',
    'b',
    'é',
    'e\u0301',
    'ß',
    'ss',
    'ς',
    'σ',
    'ſ',
    'ı',
    'i',
    'I',
    'İ',
    'K',
    'ﬁ',
    'я',
    'Я',
    'й',
    '한',
    '\u1112',
  ],
  ...['漢', '\ud800', '\udc00', '\u{1f600}', '\u200b', '\u202e', '\ufffd', '1', '\u0661', '_', '-', 'x'.repeat(120)],
);
const name = fc.oneof(
  fc.array(nasty, { maxLength: 6 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('é'.repeat(400), `${'é'.repeat(400)}a`, 'a'.repeat(300), `${'a'.repeat(300)}b`, '/'.repeat(300)),
);

describe('a name as a part of a path', () => {
  test.each([
    ['lobby', 'lobby'],
    ['off-topic_2', 'off-topic_2'],
    ['Alice', 'alice'],
    ['alice 2', 'alice%202'],
    ['яна', 'яна'],
    ['漢字', '漢字'],
    ['../x', '%2e%2e%2fx'],
    ['..', '%2e%2e'],
    ['.', '%2e'],
    ['', '%'],
    ['a\0b', 'a%00b'],
    ['CON', '%63on'],
    ['com1', '%63om1'],
    ['console', 'console'],
    ['a%b', 'a%25b'],
    ['@a', '%40a'],
    ['josé', 'josé'],
    ['한국', '한국'],
    ['ς', '%u0003c2'],
    ['straße', 'stra%u0000dfe'],
    ['\ud800', '%u00d800'],
  ])('%j', (raw, part) => {
    expect(fileNamePart(raw)).toBe(part);
  });

  test('is one part, of bounded length, and harmless', () => {
    fc.assert(
      fc.property(name, (raw) => {
        const part = fileNamePart(raw);
        expect(Buffer.byteLength(`${part}.txt`)).toBeLessThanOrEqual(255);
        expect(part).toMatch(/^[\p{L}\p{N}_%-]+$/u);
        expect(part).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)$/i);
        expect(join(`${sep}folder`, `@${part}`, `${part}.txt`)).toBe(
          [`${sep}folder`, `@${part}`, `${part}.txt`].join(sep),
        );
      }),
      { numRuns: 1000 },
    );
  });

  const forms: readonly ((text: string) => string)[] = [
    (text) => text,
    (text) => text.toLowerCase(),
    (text) => text.toUpperCase(),
    (text) => text.toUpperCase().toLowerCase(),
    (text) => text.normalize('NFC'),
    (text) => text.normalize('NFD').toUpperCase(),
    (text) => text.normalize('NFKC').toLowerCase(),
    (text) => Buffer.from(text).toString(),
  ];

  test('no two names share one', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 2, maxLength: 30 }), (names) => {
        const count = new Set(names.map(nameKey)).size;
        for (const form of forms) expect(new Set(names.map((raw) => form(fileNamePart(raw)))).size).toBe(count);
      }),
      { numRuns: 500 },
    );
  });

  test('neither do long ones that differ at their ends', () => {
    const long = ['a', 'b', '\ud800', '\ud801', ''].map((end) => fileNamePart('n'.repeat(500) + end));
    expect(new Set(long).size).toBe(long.length);
  });
});
