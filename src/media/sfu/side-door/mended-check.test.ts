import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decodeAddress } from '../../../stun/address.ts';
import { isSigned, signedForIce } from '../../../stun/integrity.ts';
import { ATTRIBUTE, attribute, decodeMessage, METHOD, type StunMessage } from '../../../stun/stun-message.ts';
import { mendedAnswer, mendedCheck } from './mended-check.ts';

const KEY = Buffer.from('our password');
const passwordOf = (ufrag: string) => (ufrag === 'ours' ? 'our password' : undefined);
const transaction = randomBytes(12);

function check(tieBreaker: Buffer, role: number = ATTRIBUTE.iceControlling, username = 'ours:theirs'): StunMessage {
  return {
    ...{ method: METHOD.binding, kind: 'request', transaction },
    attributes: [
      { type: ATTRIBUTE.username, value: Buffer.from(username) },
      { type: role, value: tieBreaker },
      { type: ATTRIBUTE.priority, value: Buffer.of(0x6e, 0, 0x1f, 0xff) },
    ],
  };
}

const mended = (message: StunMessage, key = KEY) => mendedCheck(signedForIce(message, key), passwordOf);

describe('a check without a tie-breaker', () => {
  test.each([ATTRIBUTE.iceControlling, ATTRIBUTE.iceControlled])('gets one, and comes first (%i)', (role) => {
    const found = mended(check(Buffer.alloc(8), role));
    expect(found?.ufrag).toBe('ours');
    const bytes = found?.bytes ?? Buffer.alloc(0);
    const message = decodeMessage(bytes);
    if (!message) throw new Error('it is no message');
    expect(message).toMatchObject({ method: METHOD.binding, kind: 'request', transaction });
    expect(attribute(message, role)?.readBigUInt64BE()).toBe(1n);
    expect(attribute(message, ATTRIBUTE.priority)?.readUInt32BE()).toBeGreaterThan(0x6e001fff);
    expect(isSigned(bytes, KEY)).toBe(true);
    // The checksum is right where writing the same again makes the same.
    expect(signedForIce({ ...message, attributes: message.attributes.slice(0, -2) }, KEY)).toEqual(bytes);
  });

  test('is none of ours where it is signed by somebody else, or for nobody', () => {
    expect(mended(check(Buffer.alloc(8)), Buffer.from('a guess'))).toBeUndefined();
    expect(mended(check(Buffer.alloc(8), ATTRIBUTE.iceControlling, 'nobody:theirs'))).toBeUndefined();
    expect(mendedCheck(Buffer.alloc(0), passwordOf)).toBeUndefined();
  });
});

test('whoever has a tie-breaker does not need us', () => {
  expect(mended(check(randomBytes(8)))).toBeUndefined();
});

test('nonsense is none, and nothing throws', () => {
  const bytes = signedForIce(check(Buffer.alloc(8)), KEY);
  for (let time = 0; time < 2_000; time += 1) {
    const spoilt = Buffer.from(bytes.subarray(0, randomBytes(1).readUInt8() % (bytes.length + 1)));
    if (spoilt.length > 0) spoilt[randomBytes(1).readUInt8() % spoilt.length] = time;
    expect(() => mendedCheck(spoilt, passwordOf)).not.toThrow();
    expect(() => mendedAnswer(spoilt, { password: 'x', from: { address: '192.0.2.1', port: 1 } })).not.toThrow();
  }
});

test('an answer says where the check came from', () => {
  const message = { method: METHOD.binding, kind: 'success', transaction, attributes: [] } as const;
  const bytes = mendedAnswer(signedForIce(message, KEY), {
    password: 'our password',
    from: { address: '192.0.2.7', port: 4_711 },
  });
  const answer = decodeMessage(bytes);
  const mapped = answer && attribute(answer, ATTRIBUTE.mappedAddress);
  expect(mapped && decodeAddress(mapped, transaction)).toEqual({ address: '192.0.2.7', port: 4_711 });
  expect(isSigned(bytes, KEY)).toBe(true);
});

test('packets of streams pass as they are', () => {
  const packet = Buffer.concat([Buffer.of(0x80, 96), randomBytes(100)]);
  expect(mendedAnswer(packet, { password: 'x', from: { address: '192.0.2.7', port: 1 } })).toBe(packet);
});
