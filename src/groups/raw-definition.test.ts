import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fieldOf, objectOf, parseRaw, rawOf, rawText, withField } from './raw-definition.ts';

test('a field stays where it is and as it is called, and a new one comes last', () => {
  const raw = rawOf({ PUBLIC: true, users: {}, description: 'x' });
  expect([...withField(raw, 'public', false).entries()]).toEqual([
    ['PUBLIC', false],
    ['users', {}],
    ['description', 'x'],
  ]);
  expect([...withField(raw, 'codecs', []).keys()]).toEqual(['PUBLIC', 'users', 'description', 'codecs']);
  expect([...withField(raw, 'Users', undefined).keys()]).toEqual(['PUBLIC', 'description']);
});

test('of a field that is there twice the last one counts, and one is left', () => {
  const raw = rawOf({ public: true, Public: false });
  expect(fieldOf(raw, 'PUBLIC')).toBe(false);
  expect(objectOf(withField(raw, 'public', true))).toEqual({ public: true });
});

test('null is as good as absent', () => {
  expect(fieldOf(rawOf({ users: null }), 'users')).toBeUndefined();
});

test.each(['', '{', '[]', 'null', '"text"', `{"a":"${'x'.repeat(1024 * 1024)}"}`])(
  'what is no object is none',
  (text) => {
    expect(parseRaw(text)).toBeUndefined();
  },
);

test('nothing is lost between reading and writing', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (content) => {
      const text = JSON.stringify(content);
      const read = parseRaw(`\uFEFF${text}`);
      expect(read && JSON.parse(rawText(read))).toEqual(JSON.parse(text));
    }),
  );
  expect(parseRaw('{"__proto__":{"a":1}}')?.get('__proto__')).toEqual({ a: 1 });
  expect(rawText(rawOf({ a: { b: 1 } }))).toBe('{\n  "a": {\n    "b": 1\n  }\n}\n');
});
