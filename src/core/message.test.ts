import { expect, test } from 'vitest';
import { type Author, type Reaction, withReaction } from './message.ts';

const alice: Author = { identityId: 'a', name: 'Alice' };
const bob: Author = { identityId: 'b', name: 'Bob' };
const add = (reactions: readonly Reaction[], emoji: string, by: Author) =>
  withReaction(reactions, { emoji, by, added: true });
const remove = (reactions: readonly Reaction[], emoji: string, by: Author) =>
  withReaction(reactions, { emoji, by, added: false });

test('reactions stand in the order in which they came, and so do those who reacted', () => {
  const reactions = add(add(add([], '👍', alice), '🎉', bob), '👍', bob);
  expect(reactions).toEqual([
    { emoji: '👍', by: [alice, bob] },
    { emoji: '🎉', by: [bob] },
  ]);
});

test('the same reaction twice, or taking back none, changes nothing', () => {
  const reactions = add([], '👍', alice);
  expect(add(reactions, '👍', { identityId: 'a', name: 'Alice 2' })).toBe(reactions);
  expect(remove(reactions, '👍', bob)).toBe(reactions);
  expect(remove(reactions, '🎉', alice)).toBe(reactions);
});

test('a reaction goes with the last who had it', () => {
  const reactions = add(add([], '👍', alice), '👍', bob);
  expect(remove(reactions, '👍', alice)).toEqual([{ emoji: '👍', by: [bob] }]);
  expect(remove(remove(reactions, '👍', alice), '👍', bob)).toEqual([]);
});

test('a list that was given is not changed', () => {
  const before: readonly Reaction[] = Object.freeze([Object.freeze({ emoji: '👍', by: Object.freeze([alice]) })]);
  expect(add(before, '👍', bob)).toEqual([{ emoji: '👍', by: [alice, bob] }]);
  expect(before).toEqual([{ emoji: '👍', by: [alice] }]);
});
