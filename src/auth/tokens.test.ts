import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { Tokens } from './tokens.ts';

const SECRET = 'ab'.repeat(32);
const NOW = Date.UTC(2030, 0, 1);
const DAY = 24 * 60 * 60 * 1000;
const ANN = { id: 'g:1', name: 'Ann' };
const PROVED = { ...ANN, issuedAt: NOW };

function tokensAt(now: number, secret = SECRET) {
  return new Tokens({ secret, now: () => now });
}

/** A token like ours, but for what is said. */
function forged(changes: { alg?: string; iss?: string; aud?: string; claims?: Record<string, unknown> } = {}) {
  const seconds = NOW / 1000;
  const claims = { sub: ANN.id, name: ANN.name, iat: seconds, exp: seconds + 60, ...changes.claims };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: changes.alg ?? 'HS256' })
    .setIssuer(changes.iss ?? 'parlour')
    .setAudience(changes.aud ?? 'identity')
    .sign(Buffer.from(SECRET, 'hex'));
}

describe('a token', () => {
  test('proves who it was given to, whatever their name', async () => {
    const bearer = { id: 'g:1', name: 'Änn 😀 "quoted"' };
    expect(await tokensAt(NOW).verify(await tokensAt(NOW).issue(bearer))).toEqual({ ...bearer, issuedAt: NOW });
  });

  test('says when it was issued, to the millisecond', async () => {
    const at = NOW + 1.5 * DAY + 789;
    expect(await tokensAt(at + 1000).verify(await tokensAt(at).issue(ANN))).toEqual({ ...ANN, issuedAt: at });
  });

  test('holds for 400 days', async () => {
    const token = await tokensAt(NOW).issue(ANN);
    expect(await tokensAt(NOW + 399 * DAY).verify(token)).toEqual(PROVED);
    expect(await tokensAt(NOW + 401 * DAY).verify(token)).toBeUndefined();
  });

  test('holds with the key that signed it alone', async () => {
    const token = await tokensAt(NOW).issue(ANN);
    expect(await tokensAt(NOW, 'cd'.repeat(32)).verify(token)).toBeUndefined();
  });

  test('cannot be changed', async () => {
    const [header, payload = '', signature] = (await tokensAt(NOW).issue(ANN)).split('.');
    const changed = Buffer.from(Buffer.from(payload, 'base64url').toString().replace('g:1', 'g:2')).toString(
      'base64url',
    );
    expect(await tokensAt(NOW).verify([header, changed, signature].join('.'))).toBeUndefined();
  });

  test('is held to its algorithm, issuer, audience and claims', async () => {
    const tokens = tokensAt(NOW);
    expect(await tokens.verify(await forged())).toEqual(PROVED);
    expect(await tokens.verify(await forged({ alg: 'HS512' }))).toBeUndefined();
    expect(await tokens.verify(await forged({ iss: 'another' }))).toBeUndefined();
    expect(await tokens.verify(await forged({ aud: 'session' }))).toBeUndefined();
    for (const claim of ['sub', 'name', 'iat', 'exp']) {
      expect(await tokens.verify(await forged({ claims: { [claim]: undefined } })), claim).toBeUndefined();
    }
  });

  test('needs a signature', async () => {
    const unsigned = new UnsecuredJWT({ name: ANN.name })
      .setSubject(ANN.id)
      .setIssuer('parlour')
      .setAudience('identity')
      .setIssuedAt(NOW / 1000)
      .setExpirationTime(NOW / 1000 + 60)
      .encode();
    expect(await tokensAt(NOW).verify(unsigned)).toBeUndefined();
  });

  test.each(['', 'nonsense', 'a.b.c', '..', '{}'])('is not %j', async (text) => {
    expect(await tokensAt(NOW).verify(text)).toBeUndefined();
  });

  test('is bounded in length', async () => {
    const token = await forged({ claims: { padding: 'x'.repeat(4096) } });
    expect(await tokensAt(NOW).verify(token)).toBeUndefined();
    expect(await tokensAt(NOW).verify(await forged({ claims: { padding: 'x'.repeat(1000) } }))).toEqual(PROVED);
  });
});

test('a key that is too short, or not hexadecimal, is refused', () => {
  expect(() => tokensAt(NOW, 'ab'.repeat(31))).toThrow(TypeError);
  expect(() => tokensAt(NOW, 'not hexadecimal, but more than long enough in characters')).toThrow(TypeError);
});
