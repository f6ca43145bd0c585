import { describe, expect, test } from 'vitest';
import { hashSecret, isSameSecret, newSecret } from './secrets.ts';

describe('secrets', () => {
  test('are random, as long as asked for, and fit into a URL', () => {
    const secrets = Array.from({ length: 100 }, () => newSecret());
    expect(new Set(secrets).size).toBe(100);
    for (const secret of secrets) expect(secret).toMatch(/^[\w-]{32}$/);
    expect(Buffer.from(newSecret(48), 'base64url')).toHaveLength(48);
  });

  test('are stored as their SHA-256', () => {
    expect(hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  test('are the same, or not', () => {
    expect(isSameSecret('secret', 'secret')).toBe(true);
    expect(isSameSecret('secret', 'secreT')).toBe(false);
    expect(isSameSecret('secret', 'secret and more')).toBe(false);
    expect(isSameSecret('secret', '')).toBe(false);
  });
});
