import { describe, expect, it } from 'vitest';
import { announced, usableCandidate } from './candidates.ts';

const HOST = 'candidate:3236519063 1 udp 2122265343 192.0.2.7 43616 typ host generation 0 ufrag Qx1a network-id 1';

describe('candidates of others', () => {
  it('are used where they are addresses for UDP', () => {
    expect(usableCandidate({ candidate: HOST })).toEqual({ line: HOST, ufrag: 'Qx1a', isRelay: false });
    expect(usableCandidate({ candidate: `a=${HOST}`, usernameFragment: 'Zz' })).toMatchObject({
      line: HOST,
      ufrag: 'Zz',
    });
    expect(usableCandidate({ candidate: HOST.replace('192.0.2.7', 'fd00::2') })).toBeDefined();
  });

  it.each([
    '',
    'nonsense',
    HOST.replace('192.0.2.7', 'd2f1.local'),
    HOST.replace('192.0.2.7', 'example.org'),
    HOST.replace('udp', 'tcp'),
    HOST.replace('43616', '0'),
    `${HOST}\r\na=setup:passive`,
    `${HOST} ${'x'.repeat(600)}`,
  ])('are passed over where not: %s', (candidate) => {
    expect(usableCandidate({ candidate })).toBeUndefined();
  });
});

describe('our own candidates', () => {
  const own = 'candidate:1 1 UDP 2114977791 10.0.0.5 40000 typ host';

  it('are told again under the addresses that lead to us, of the same family', () => {
    expect(announced(own, ['203.0.113.9', '10.0.0.5', '2001:db8::1'])).toEqual([
      'candidate:100 1 UDP 2114977790 203.0.113.9 40000 typ host',
    ]);
    expect(announced(own.replace('host', 'srflx'), ['203.0.113.9'])).toEqual([]);
  });
});
