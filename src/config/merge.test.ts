import { expect, test } from 'vitest';
import { merge } from './merge.ts';

test('tables merge, lists and values of the stronger replace those of the weaker', () => {
  const weaker = { a: 1, b: [1, 2], c: { d: 1, e: { f: 1, g: 1 } }, h: 1 };
  const stronger = { a: 2, b: [], c: { e: { g: 2 }, i: 2 }, j: 2 };
  expect(merge(weaker, stronger)).toEqual({
    ...{ a: 2, b: [], h: 1, j: 2 },
    c: { d: 1, e: { f: 1, g: 2 }, i: 2 },
  });
});

test('a value replaces a table, and a table a value', () => {
  expect(merge({ a: { b: 1 }, c: 1 }, { a: 2, c: { d: 2 } })).toEqual({ a: 2, c: { d: 2 } });
});

test('a key called "__proto__" is a key', () => {
  const merged = merge(JSON.parse('{"__proto__": {"a": 1}}'), JSON.parse('{"__proto__": {"b": 2}}'));
  expect(Object.keys(merged)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  expect({}).not.toHaveProperty('a');
});
