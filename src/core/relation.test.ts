import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_RELATION_NAMES, RELATION_KINDS, type RelationKind, Relations } from './relation.ts';

const set = (relations: Relations, actor: string, kind: RelationKind, target: string) =>
  relations.set({ actor, kind, target, on: true });
const unset = (relations: Relations, actor: string, kind: RelationKind, target: string) =>
  relations.set({ actor, kind, target, on: false });

test('a relation is directed, of its kind, and blind to letter case', () => {
  const relations = new Relations();
  expect(set(relations, 'Alice', 'mute', 'Bob')).toBe(true);
  expect(relations.has('ALICE', 'mute', 'bob')).toBe(true);
  expect(relations.has('Bob', 'mute', 'Alice')).toBe(false);
  expect(relations.has('Alice', 'boot', 'Bob')).toBe(false);
});

test('what changes nothing says so', () => {
  const relations = new Relations();
  expect(unset(relations, 'Alice', 'mute', 'Bob')).toBe(false);
  expect(set(relations, 'Alice', 'mute', 'Bob')).toBe(true);
  expect(set(relations, 'alice', 'mute', 'BOB')).toBe(false);
  expect(unset(relations, 'Alice', 'mute', 'bob')).toBe(true);
  expect(relations.touches('Bob')).toBe(false);
});

test('nobody relates to themselves, nor to nobody', () => {
  const relations = new Relations();
  expect(set(relations, 'Alice', 'block', 'aLICE')).toBe(false);
  expect(set(relations, 'Alice', 'block', '')).toBe(false);
});

test('the names of one relation are bounded; another kind has room of its own', () => {
  const relations = new Relations();
  for (let index = 0; index < MAX_RELATION_NAMES; index++) set(relations, 'Alice', 'mute', `n${index}`);
  expect(set(relations, 'Alice', 'mute', 'one too many')).toBe(false);
  expect(set(relations, 'Alice', 'boot', 'one too many')).toBe(true);
  expect(unset(relations, 'Alice', 'mute', 'n0')).toBe(true);
  expect(set(relations, 'Alice', 'mute', 'one too many')).toBe(true);
});

test('clearing forgets what somebody decided, not what others decided about them', () => {
  const relations = new Relations();
  set(relations, 'Alice', 'mute', 'Bob');
  set(relations, 'Alice', 'block', 'Bob');
  set(relations, 'Bob', 'boot', 'Alice');
  relations.clear('alice');
  expect(relations.has('Alice', 'mute', 'Bob')).toBe(false);
  expect(relations.touches('Bob')).toBe(false);
  expect([...relations.toward('Alice', 'boot')]).toEqual(['bob']);
});

describe('who is touched has a view of their own', () => {
  test('the one meant is; the one who decided only by a block', () => {
    const relations = new Relations();
    set(relations, 'Alice', 'mute', 'Bob');
    expect(relations.touches('Bob')).toBe(true);
    expect(relations.touches('Alice')).toBe(false);
    set(relations, 'Alice', 'block', 'Carol');
    expect(relations.touches('Alice')).toBe(true);
  });
});

test('the reverse index says the same as the index, whatever happened', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd');
  const change = fc.record({ actor: name, kind: fc.constantFrom(...RELATION_KINDS), target: name, on: fc.boolean() });
  const step = fc.oneof({ weight: 9, arbitrary: change }, { weight: 1, arbitrary: name });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const relations = new Relations();
      for (const each of steps) {
        if (typeof each === 'string') relations.clear(each);
        else relations.set(each);
      }
      for (const kind of RELATION_KINDS) {
        for (const one of 'abcd') {
          for (const other of 'abcd') {
            const holds = relations.has(one, kind, other);
            expect(relations.of(one, kind).has(other)).toBe(holds);
            expect(relations.toward(other, kind).has(one)).toBe(holds);
            if (holds) expect(relations.touches(other)).toBe(true);
          }
        }
      }
    }),
  );
});

describe('a new name', () => {
  test('takes along what was decided by its bearer and about them', () => {
    const relations = new Relations();
    const set = (actor: string, kind: RelationKind, target: string) => relations.set({ actor, kind, target, on: true });
    set('Alice', 'mute', 'Bob');
    set('Carol', 'block', 'Alice');
    set('Carol', 'mute', 'Bob');
    relations.rename('ALICE', 'Alicia');
    expect(relations.has('Alicia', 'mute', 'Bob')).toBe(true);
    expect(relations.has('Carol', 'block', 'alicia')).toBe(true);
    expect(relations.has('Carol', 'mute', 'Bob')).toBe(true);
    expect([...relations.of('Alice', 'mute'), ...relations.toward('Alice', 'block')]).toEqual([]);
    expect(relations.touches('Alice')).toBe(false);
  });

  test('adds to what was decided about it before; nobody holds anything against themselves', () => {
    const relations = new Relations();
    relations.set({ actor: 'Bob', kind: 'mute', target: 'Alicia', on: true });
    relations.set({ actor: 'Alice', kind: 'boot', target: 'Alicia', on: true });
    relations.rename('Alice', 'Alicia');
    expect(relations.has('Bob', 'mute', 'Alicia')).toBe(true);
    expect(relations.has('Alicia', 'boot', 'Alicia')).toBe(false);
  });

  test('in other letters is the same one', () => {
    const relations = new Relations();
    relations.set({ actor: 'Alice', kind: 'mute', target: 'Bob', on: true });
    relations.rename('Alice', 'ALICE');
    expect(relations.has('alice', 'mute', 'Bob')).toBe(true);
  });
});
