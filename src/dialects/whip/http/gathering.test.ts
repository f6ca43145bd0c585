import { expect, test } from 'vitest';
import type { Desk } from '../../desk.ts';
import { gatheringOf } from './gathering.ts';

const patience = (urls: readonly string[], { relayOnly = false } = {}) => {
  const iceServers = () => (urls.length === 0 ? [] : [{ urls }]);
  return gatheringOf({ iceServers, settings: { galene: { relayOnly } } } as unknown as Desk, 'c1');
};

test.each([
  [[], 100, 100],
  [['turns:turn.example:5349', 'turn:turn.example?transport=tcp'], 100, 100],
  [['turn:turn.example?transport=tcp', 'stun:stun.example'], 1000, 1000],
  [['turn:turn.example'], 1000, 1000],
  [['turn:turn.example?transport=udp'], 1000, 1000],
])('with %j the server waits %i ms for the first candidate, and %i for others', (urls, firstMs, quietMs) => {
  expect(patience(urls)).toEqual({ firstMs, quietMs });
});

test('with relay_only the first one is waited for, as there is none before it', () => {
  expect(patience(['turn:turn.example'], { relayOnly: true })).toEqual({ firstMs: 3000, quietMs: 1000 });
});
