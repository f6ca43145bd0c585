import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { FieldProblem, oneWord } from './fields.ts';

/** What a group's authorisation server signs with (`spec/galene.md` 4.5). */
export interface GroupKey {
  readonly alg: KeyAlgorithm;
  readonly kid?: string;
  readonly key: KeyObject;
}

/** The bytes that a shared key must have, exactly. */
const SECRET_BYTES = { HS256: 32, HS384: 48, HS512: 64 } as const;
const MIN_RSA_BITS = 2048;

export type KeyAlgorithm = keyof typeof SECRET_BYTES | 'ES256' | 'RS256';

/**
 * A key as a definition has it. Throws {@link FieldProblem} where it is no object. One that cannot be used is a warning:
 * its tokens do not hold, but who has a password can come in.
 */
export function parseKey(value: unknown, path: string, warn: (warning: string) => void): GroupKey | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FieldProblem(path, 'must be an object');
  }
  const jwk = new Map(Object.entries(value));
  const kid = jwk.get('kid');
  const parsed = keyOf(jwk);
  if (typeof parsed === 'string') warn(`${path}: ${parsed}; its tokens are refused`);
  else return { ...parsed, ...(typeof kid === 'string' ? { kid } : {}) };
  return undefined;
}

type Jwk = ReadonlyMap<string, unknown>;

/** The key, or why there is none. Only the parts that verify are taken, so that a private key is as good as its public one. */
function keyOf(jwk: Jwk): GroupKey | string {
  const alg = jwk.get('alg');
  switch (jwk.get('kty')) {
    case 'oct':
      return sharedKey(jwk);
    case 'EC':
      if (alg !== 'ES256' || jwk.get('crv') !== 'P-256') return 'a key of type EC must be of P-256, for ES256';
      return publicKey('ES256', { kty: 'EC', crv: 'P-256', x: jwk.get('x'), y: jwk.get('y') });
    case 'RSA':
      if (alg !== 'RS256') return 'a key of type RSA must be for RS256';
      return publicKey('RS256', { kty: 'RSA', n: jwk.get('n'), e: jwk.get('e') });
    default:
      return `the type of key ${oneWord(String(jwk.get('kty')))} is not known`;
  }
}

function sharedKey(jwk: Jwk): GroupKey | string {
  const alg = jwk.get('alg');
  const k = jwk.get('k');
  if (alg !== 'HS256' && alg !== 'HS384' && alg !== 'HS512')
    return 'a key of type oct must be for HS256, HS384 or HS512';
  if (typeof k !== 'string' || !/^[\w-]+={0,2}$/.test(k)) return 'the key is not base64url';
  const bytes = Buffer.from(k, 'base64url');
  if (bytes.length !== SECRET_BYTES[alg]) return `a key for ${alg} must have ${SECRET_BYTES[alg]} bytes`;
  return { alg, key: createSecretKey(bytes) };
}

function publicKey(alg: KeyAlgorithm, jwk: Readonly<Record<string, unknown>>): GroupKey | string {
  const parts: Record<string, string> = {};
  for (const [name, part] of Object.entries(jwk)) {
    if (typeof part !== 'string' || part.length > 2048) return `the key lacks its ${name}`;
    parts[name] = part;
  }
  try {
    const key = createPublicKey({ key: parts, format: 'jwk' });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? MIN_RSA_BITS;
    return bits < MIN_RSA_BITS ? `an RSA key must have ${MIN_RSA_BITS} bits or more` : { alg, key };
  } catch {
    return 'the key is not a valid one';
  }
}
