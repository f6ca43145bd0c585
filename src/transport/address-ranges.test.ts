import { describe, expect, test } from 'vitest';
import { addressRanges } from './address-ranges.ts';

describe('a range', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7/32'],
    ['192.0.2.7/24', '192.0.2.0/24'],
    ['192.0.2.200/25', '192.0.2.128/25'],
    ['::ffff:192.0.2.7', '192.0.2.7/32'],
    ['::ffff:192.0.2.7/120', '192.0.2.0/24'],
    ['2001:DB8::1', '2001:db8::1/128'],
    ['2001:db8:1:2:3::/62', '2001:db8:1::/62'],
    ['fe80::1%eth0', 'fe80::1/128'],
    [' 10.0.0.1 ', '10.0.0.1/32'],
  ])('%s is %s', (text, range) => expect(addressRanges.parse(text)).toBe(range));

  test.each([
    '',
    'localhost',
    '1.2.3',
    '1',
    '0x7f.1.1.1',
    '1.2.3.4/33',
    '1.2.3.4/0',
    '::/0',
    '1.2.3.4/',
    '1.2.3.4/8/8',
  ])('%j is none', (text) => expect(addressRanges.parse(text)).toBeUndefined());

  test('holds its addresses and no others', () => {
    expect(addressRanges.includes('192.0.2.0/24', '192.0.2.255')).toBe(true);
    expect(addressRanges.includes('192.0.2.0/24', '::ffff:192.0.2.1')).toBe(true);
    expect(addressRanges.includes('192.0.2.0/24', '192.0.3.0')).toBe(false);
    expect(addressRanges.includes('192.0.2.0/23', '192.0.3.255')).toBe(true);
    expect(addressRanges.includes('2001:db8::/33', '2001:db8:7fff::1')).toBe(true);
    expect(addressRanges.includes('2001:db8::/33', '2001:db8:8000::1')).toBe(false);
    expect(addressRanges.includes('0.0.0.0/1', '::1')).toBe(false);
    expect(addressRanges.includes('192.0.2.0/24', 'unknown')).toBe(false);
  });
});

describe('what is one household’s', () => {
  test('is an IPv4 address, or a /64', () => {
    expect(addressRanges.around('8.8.8.8')).toBe('8.8.8.8/32');
    expect(addressRanges.around('2a00:1450:4001:82b::200e')).toBe('2a00:1450:4001:82b::/64');
    expect(addressRanges.household('2a00:1450:4001:82b::200e')).toBe('2a00:1450:4001:82b::/64');
  });

  test.each(['127.0.0.1', '::1', '10.1.2.3', '192.168.1.1', '172.16.0.9', '100.64.0.1', 'fd00::1', 'fe80::1', 'x'])(
    'says nothing of who comes from %s, which may be a proxy',
    (address) => expect(addressRanges.around(address)).toBeUndefined(),
  );

  test('has a name for limits in any case', () => {
    expect(addressRanges.household('127.0.0.1')).toBe('127.0.0.1/32');
    expect(addressRanges.household('unknown')).toBe('unknown');
  });
});
