import { describe, expect, test } from 'vitest';
import { findCycles, reachable } from './cycles.ts';

const graphOf = (edges: Readonly<Record<string, string>>) =>
  new Map(Object.entries(edges).map(([node, targets]) => [node, [...targets]]));

describe('findCycles', () => {
  test.each([
    ['a line', { a: 'b', b: 'c', c: '' }, []],
    ['a diamond', { a: 'bc', b: 'd', c: 'd', d: '' }, []],
    ['a ring', { a: 'b', b: 'c', c: 'a' }, ['abc']],
    ['a node that names itself', { a: 'a' }, ['a']],
    ['two rings, one after the other', { a: 'b', b: 'ac', c: 'd', d: 'c' }, ['ab', 'cd']],
    ['a ring behind a shared node', { a: 'bc', b: 'c', c: 'd', d: 'b' }, ['bcd']],
  ])('%s', (_, edges, expected) => {
    const cycles = findCycles(graphOf(edges));
    expect(cycles.map((cycle) => [...cycle].sort().join('')).sort()).toEqual(expected);
  });
});

test('reachable follows all edges', () => {
  expect([...reachable(graphOf({ a: 'b', b: 'c', c: 'a', d: 'a' }), ['a'])].sort()).toEqual(['a', 'b', 'c']);
});
