import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CompactSign } from 'jose';
import { HOUR, NOW } from './fixtures.ts';

/** Keys as an authorisation server would have them: what it signs with, and what the definition says. */
export interface Signer {
  readonly alg: string;
  readonly kid?: string;
  readonly key: KeyObject | Uint8Array;
  readonly jwk: object;
}

export function shared(
  alg: 'HS256' | 'HS384' | 'HS512',
  { fill = 7, kid }: { fill?: number; kid?: string } = {},
): Signer {
  const bytes = Buffer.alloc({ HS256: 32, HS384: 48, HS512: 64 }[alg], fill);
  const named = kid === undefined ? {} : { kid };
  return { alg, ...named, key: bytes, jwk: { kty: 'oct', alg, k: bytes.toString('base64url'), ...named } };
}

export function elliptic(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { alg: 'ES256', key: privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), alg: 'ES256' } };
}

export function rsa(modulusLength = 2048): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return { alg: 'RS256', key: privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), alg: 'RS256' } };
}

/** A token for the group `watch`, unless the claims say otherwise. */
export function signed(signer: Signer, claims: object = {}): Promise<string> {
  const { alg, kid, key } = signer;
  const payload = {
    sub: 'angua',
    aud: 'https://galene.example.org/group/watch/',
    iat: NOW / 1000,
    exp: (NOW + HOUR) / 1000,
    permissions: ['present', 'message'],
    ...claims,
  };
  // As bytes, so that it may say what no honest server would.
  return new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }) })
    .sign(key);
}
