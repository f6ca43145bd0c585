import { expect, test } from 'vitest';
import { FieldProblem } from './fields.ts';
import { parseKey } from './keys.ts';
import { elliptic, rsa, shared } from './testing/claims.ts';

function parse(jwk: unknown) {
  const warnings: string[] = [];
  return { key: parseKey(jwk, 'authKeys[0]', (warning) => warnings.push(warning)), warnings };
}

test.each([shared('HS256'), shared('HS384', { kid: 'k' }), shared('HS512'), elliptic(), rsa()])(
  '$alg',
  ({ jwk, alg, kid }) => {
    const { key, warnings } = parse({ ...jwk, use: 'sig', key_ops: ['verify'] });
    expect(warnings).toEqual([]);
    expect([key?.alg, key?.kid]).toEqual([alg, kid]);
  },
);

test('a private key verifies as its public one does', () => {
  const { jwk } = elliptic();
  expect(parse({ ...jwk, d: 'AAAA' }).key?.key.type).toBe('public');
});

const k = (bytes: number) => Buffer.alloc(bytes, 1).toString('base64url');

test.each<[object, string]>([
  [{ kty: 'oct', k: k(32) }, 'must be for HS256'],
  [{ kty: 'oct', alg: 'none', k: k(32) }, 'must be for HS256'],
  [{ kty: 'oct', alg: 'HS256', k: k(31) }, 'must have 32 bytes'],
  [{ kty: 'oct', alg: 'HS256', k: k(48) }, 'must have 32 bytes'],
  [{ kty: 'oct', alg: 'HS512', k: k(32) }, 'must have 64 bytes'],
  [{ kty: 'oct', alg: 'HS256', k: 'ä' }, 'not base64url'],
  [{ ...elliptic().jwk, alg: 'RS256' }, 'must be of P-256, for ES256'],
  [{ ...elliptic().jwk, crv: 'P-384' }, 'must be of P-256, for ES256'],
  [{ ...elliptic().jwk, x: k(32) }, 'not a valid one'],
  [{ kty: 'EC', alg: 'ES256', crv: 'P-256', x: k(32) }, 'lacks its y'],
  [{ ...rsa().jwk, alg: 'RS512' }, 'must be for RS256'],
  [rsa(1024).jwk, '2048 bits or more'],
  [{ kty: 'OKP', alg: 'EdDSA' }, 'OKP is not known'],
  [{}, 'is not known'],
])('what cannot be used is left out, and why is said: %#', (jwk, reason) => {
  const { key, warnings } = parse(jwk);
  expect(key).toBeUndefined();
  expect(warnings).toEqual([expect.stringContaining(reason)]);
});

test.each(['x', 7, null, []])('%j is no key at all', (jwk) => {
  expect(() => parse(jwk)).toThrow(FieldProblem);
});
