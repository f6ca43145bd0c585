import { expect, test } from 'vitest';
import { relaysByWay } from './relay-loop.ts';

test('relays are sorted by the way to them, each with its login', () => {
  const login = { username: 'me', credential: 'x' };
  const ways = relaysByWay([
    { urls: 'stun:a' },
    { urls: ['turn:a:3478', 'turn:a:3478?transport=tcp', 'turns:a:5349?transport=tcp'], ...login },
    { urls: 'turn:b?transport=udp' },
  ]);
  expect(Object.fromEntries(ways)).toEqual({
    udp: [{ urls: 'turn:a:3478', ...login }, { urls: 'turn:b?transport=udp' }],
    tcp: [{ urls: 'turn:a:3478?transport=tcp', ...login }],
    tls: [{ urls: 'turns:a:5349?transport=tcp', ...login }],
  });
});
