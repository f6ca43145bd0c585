import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A random word that fits into a URL; `bytes` of randomness. */
export function newSecret(bytes = 24): string {
  return randomBytes(bytes).toString('base64url');
}

/**
 * SHA-256, hexadecimal: what is stored of a secret. A fast hash is enough, because the secrets are random and long;
 * passwords are not.
 */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares without telling, by the time it takes, how much of a guess was right, nor how long the secret is. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
