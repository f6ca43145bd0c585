import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decodeAddress, encodeAddress } from './address.ts';
import { isSigned, longTermKey, signed } from './integrity.ts';
import { ATTRIBUTE, attribute, decodeMessage, encodeMessage, METHOD } from './stun-message.ts';
import { StunStream } from './stun-stream.ts';

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex');

/** RFC 5769 2.4: a request with long-term credentials. */
const RFC = hex(`
  0001 0060 2112a442 78ad3433c6ad72c029da412e
  0006 0012 e3839ee38388e383aae38383e382afe382b9 0000
  0015 001c 662f2f3439396b39353464364f4c33346f4c3946535476793634 7341
  0014 000b 6578616d706c652e6f7267 00
  0008 0014 f67024656dd64a3e02b8e0712e85c9a28ca89666`);
const RFC_LOGIN = { username: 'マトリックス', password: 'TheMatrIX', realm: 'example.org' };

describe('STUN messages', () => {
  test('are read and written as in the examples of RFC 5769', () => {
    const message = decodeMessage(RFC);
    expect(message).toMatchObject({ method: METHOD.binding, kind: 'request' });
    if (!message) throw new Error('not read');
    expect(attribute(message, ATTRIBUTE.username)?.toString()).toBe(RFC_LOGIN.username);
    const unsigned = { ...message, attributes: message.attributes.slice(0, -1) };
    expect(encodeMessage(message)).toEqual(RFC);
    expect(signed(unsigned, longTermKey(RFC_LOGIN))).toEqual(RFC);
  });

  test('say who wrote them', () => {
    const key = longTermKey(RFC_LOGIN);
    expect(isSigned(RFC, key)).toBe(true);
    expect(isSigned(RFC, longTermKey({ ...RFC_LOGIN, password: 'Neo' }))).toBe(false);
    const changed = Buffer.from(RFC);
    changed[30] = (changed[30] ?? 0) ^ 1;
    expect(isSigned(changed, key)).toBe(false);
    expect(isSigned(RFC.subarray(0, 20), key)).toBe(false);
  });

  test('of every method and kind come back as they went', () => {
    for (const method of [1, 3, 4, 6, 7, 8, 0xabc]) {
      for (const kind of ['request', 'indication', 'success', 'error'] as const) {
        const attributes = [1, 2, 3, 4].map((length) => ({ type: length, value: randomBytes(length) }));
        const message = { method, kind, transaction: randomBytes(12), attributes };
        expect(decodeMessage(encodeMessage(message))).toEqual(message);
      }
    }
  });

  test('that are cut short or made up are none, and nothing throws', () => {
    for (let length = 0; length < RFC.length; length += 1) {
      expect(decodeMessage(RFC.subarray(0, length))).toBeUndefined();
      expect(() => isSigned(RFC.subarray(0, length), Buffer.alloc(16))).not.toThrow();
    }
    for (let time = 0; time < 2_000; time += 1) {
      const bytes = Buffer.from(RFC);
      for (let place = 0; place < 3; place += 1) bytes[randomBytes(1).readUInt8() % bytes.length] = time;
      expect(() => decodeMessage(bytes)).not.toThrow();
      expect(() => isSigned(bytes, Buffer.alloc(16))).not.toThrow();
    }
  });
});

describe('addresses', () => {
  const transaction = hex('b7e7a701bc34d686fa87dfae');

  test.each([
    ['192.0.2.1', '0001 a147 e112a643'],
    ['2001:db8:1234:5678:11:2233:4455:6677', '0002 a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9'],
  ])('%s is mixed as in RFC 5769', (address, bytes) => {
    expect(encodeAddress({ address, port: 32_853 }, transaction)).toEqual(hex(bytes));
    expect(decodeAddress(hex(bytes), transaction)).toEqual({ address, port: 32_853 });
  });

  test.each(['::1', '::', '::ffff:a00:1', 'fe80::1', '255.255.255.255'])('%s comes back', (address) => {
    expect(decodeAddress(encodeAddress({ address, port: 9 }, transaction), transaction)).toEqual({ address, port: 9 });
  });

  test.each(['', '00', '0001a147e112a6', '0002a147e112a643', '0003a147e112a643'])('%s is none', (bytes) => {
    expect(decodeAddress(hex(bytes), transaction)).toBeUndefined();
  });

  test('are IP addresses', () => {
    expect(() => encodeAddress({ address: 'example.org', port: 1 }, transaction)).toThrow(TypeError);
  });
});

describe('a stream of messages', () => {
  test('is cut where they end, however it comes', () => {
    for (const size of [1, 7, RFC.length, 1_000]) {
      const found: Buffer[] = [];
      const stream = new StunStream((message) => found.push(Buffer.from(message)));
      const all = Buffer.concat([RFC, RFC, RFC]);
      for (let at = 0; at < all.length; at += size) stream.push(all.subarray(at, at + size));
      expect(found).toEqual([RFC, RFC, RFC]);
      expect(stream.isBroken).toBe(false);
    }
  });

  test('ends with what is no message', () => {
    const found: Buffer[] = [];
    const stream = new StunStream((message) => found.push(message));
    stream.push(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
    stream.push(RFC);
    expect([found, stream.isBroken]).toEqual([[], true]);
  });
});
