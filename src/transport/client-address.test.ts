import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { clientAddress } from './client-address.ts';

function request(forwarded: string | string[] | undefined, remoteAddress: string | undefined = '192.0.2.1') {
  return { socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } } as unknown as IncomingMessage;
}

test('without a trusted proxy it is the peer’s, whatever it says', () => {
  expect(clientAddress(request('203.0.113.9'), { trustProxy: false })).toBe('192.0.2.1');
});

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['198.51.100.1, 203.0.113.9', '203.0.113.9'],
  ['198.51.100.1,203.0.113.9 ', '203.0.113.9'],
  ['2001:db8::1', '2001:db8::1'],
  [undefined, '192.0.2.1'],
  ['', '192.0.2.1'],
  ['203.0.113.9, ', '192.0.2.1'],
])('behind one it is what the proxy says last: %j is %s', (forwarded, address) => {
  expect(clientAddress(request(forwarded), { trustProxy: true })).toBe(address);
});

test('several headers are one list', () => {
  expect(clientAddress(request(['198.51.100.1', '203.0.113.9']), { trustProxy: true })).toBe('203.0.113.9');
});

test('a peer that is gone has none', () => {
  const gone = { socket: {}, headers: {} } as unknown as IncomingMessage;
  expect(clientAddress(gone, { trustProxy: false })).toBe('unknown');
});
