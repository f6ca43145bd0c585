import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanName, isReservedName, MAX_NAME_LENGTH, nameKey, nextFreeName } from './name.ts';

describe('a name is cleaned', () => {
  test.each([
    ['  Alice  ', 'Alice'],
    ['Alice   in\tWonderland', 'Alice in Wonderland'],
    ['line\nbreak\r\n', 'line break'],
    ['<b onclick="x">Bob</b>', 'b onclick=xBob/b'],
    ['&lt;script&gt;', 'lt;scriptgt;'],
    ['@alice', 'alice'],
    ['/kick bob', 'kick bob'],
    ['@/ @x', 'x'],
    ['a\\b`c', 'abc'],
    ['\u0000\u0007', ''],
    ['', ''],
    ['   ', ''],
    ['@@//', ''],
    ['Ünïcødé 名前', 'Ünïcødé 名前'],
    ["O'Brien", "O'Brien"],
  ])('%j becomes %j', (raw, clean) => {
    expect(cleanName(raw)).toBe(clean);
  });

  test.each([
    ['a bidi override', 'Al\u202eice'],
    ['bidi isolates', 'Al\u2066ice\u2069'],
    ['a zero-width space', 'Al\u200bice'],
    ['a joiner', 'Al\u200dice'],
    ['a soft hyphen', 'Al\u00adice'],
    ['a byte order mark', '\ufeffAlice'],
    ['a variation selector', 'Alice\ufe0f'],
    ['a grapheme joiner', 'Al\u034fice'],
    ['a Hangul filler', 'Alice\u3164'],
  ])('%s, which nobody sees, is taken out', (_, raw) => {
    expect(cleanName(raw)).toBe('Alice');
  });

  test.each(['\u3164', '\u2800', '\u200b', '\ufe0f', '\ud800', '\ue000'])('%j alone is no name', (raw) => {
    expect(cleanName(raw)).toBe('');
  });

  test('long names are cut between characters, not through one', () => {
    expect(cleanName('😀'.repeat(100))).toBe('😀'.repeat(MAX_NAME_LENGTH));
    expect(cleanName(`${'a'.repeat(MAX_NAME_LENGTH - 1)} b`)).toBe('a'.repeat(MAX_NAME_LENGTH - 1));
  });

  test('whatever comes, the result is safe, and cleaning it again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (raw) => {
        const name = cleanName(raw);
        expect(name).not.toMatch(/[<>&"`\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|^[@/\s]|\s$|\s\s/u);
        expect([...name].length).toBeLessThanOrEqual(MAX_NAME_LENGTH);
        expect(nameKey(cleanName(name))).toBe(nameKey(name));
      }),
      { numRuns: 500 },
    );
  });
});

test.each([
  ['Alice', 'ALICE'],
  ['Ａｌｉｃｅ', 'alice'],
  ['ﬁ', 'FI'],
  ['é', 'e\u0301'],
])('%j and %j are the same name', (one, other) => {
  expect(nameKey(one)).toBe(nameKey(other));
});

test.each([
  ['chatserver', true],
  ['ChatServer', true],
  ['Chat Server', true],
  ['ＣｈａｔＳｅｒｖｅｒ', true],
  ['ChatClient', true],
  ['SYSTEM', true],
  ['chatserver2', false],
  ['Alice', false],
])('%j is reserved: %s', (name, reserved) => {
  expect(isReservedName(name)).toBe(reserved);
});

test('what looks like a reserved name is one, once cleaned', () => {
  expect(isReservedName(cleanName('Chat\u200bServer'))).toBe(true);
  expect(isReservedName(cleanName('Chat\u034fServer\ufe0f'))).toBe(true);
});

describe('a free name', () => {
  const taken = (...names: readonly string[]) => {
    const keys = new Set(names.map(nameKey));
    return (name: string) => keys.has(nameKey(name));
  };

  const free = (name: string, ...names: readonly string[]) =>
    nextFreeName(name, { from: 2, isTaken: taken(...names) }).name;

  test('is the next by number', () => {
    expect(free('Bob', 'BOB', 'bob 2', 'Bob 3')).toBe('Bob 4');
    expect(free('Bob', 'Bob', 'Bob 3')).toBe('Bob 2');
    expect(nextFreeName('Bob', { from: 7, isTaken: taken('Bob 7') })).toEqual({ name: 'Bob 8', number: 8 });
  });

  test('is never too long, nor one that cleaning would change', () => {
    const long = `${'a'.repeat(MAX_NAME_LENGTH - 3)} bc`;
    const name = free(long, long);
    expect(name).toBe(`${'a'.repeat(MAX_NAME_LENGTH - 3)} 2`);
    expect(cleanName(name)).toBe(name);
    expect([...free('😀'.repeat(MAX_NAME_LENGTH))]).toHaveLength(MAX_NAME_LENGTH);
  });
});
