import { describe, expect, it } from 'vitest';
import { announced, usableCandidate } from './candidates.ts';

const HOST = 'candidate:3236519063 1 udp 2122265343 192.0.2.7 43616 typ host generation 0 ufrag Qx1a network-id 1';

const to = (address: string) => HOST.replace('192.0.2.7', address);

describe('candidates of others', () => {
  it('are used where they are addresses for UDP', () => {
    expect(usableCandidate({ candidate: HOST })).toEqual({ line: HOST, ufrag: 'Qx1a', isRelay: false });
    expect(usableCandidate({ candidate: `a=${HOST}`, usernameFragment: 'Zz' })).toMatchObject({
      line: HOST,
      ufrag: 'Zz',
    });
    // Those of people in our own network, too.
    for (const address of ['fd00::2', '192.168.1.7', '10.0.0.1', 'fe80::1', '223.255.255.255', '2001:db8::1']) {
      expect(usableCandidate({ candidate: to(address) })).toBeDefined();
    }
  });

  it.each([
    '',
    'nonsense',
    HOST.replace('192.0.2.7', 'd2f1.local'),
    HOST.replace('192.0.2.7', 'example.org'),
    HOST.replace('udp', 'tcp'),
    HOST.replace('43616', '0'),
    ...['0.0.0.0', '0.1.2.3', '224.0.0.251', '239.1.2.3', '240.0.0.1', '255.255.255.255'].map(to),
    ...['::', 'ff02::fb', '::ffff:224.0.0.251', '::ffff:255.255.255.255'].map(to),
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
