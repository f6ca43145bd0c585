import fc from 'fast-check';
import { expect, describe as group, test } from 'vitest';
import { type JwtContext, verifyJwt } from './jwt.ts';
import { elliptic, rsa, type Signer, shared, signed } from './testing/claims.ts';
import { describe, NOW } from './testing/fixtures.ts';

const SIGNER = shared('HS256');

function context(changes: Partial<JwtContext> & { readonly signers?: readonly Signer[] } = {}): JwtContext {
  const { signers = [SIGNER], ...rest } = changes;
  const { authKeys } = describe({ authKeys: signers.map(({ jwk }) => jwk) });
  return { keys: authKeys, group: 'watch', now: NOW, ...rest };
}

const VALID = { kind: 'valid', username: 'angua', permissions: ['present', 'message'] };
const seconds = NOW / 1000;

test.each([shared('HS256'), shared('HS384'), shared('HS512'), elliptic(), rsa()])(
  'a token by $alg holds',
  async (signer) => {
    expect(await verifyJwt(await signed(signer), context({ signers: [signer] }))).toEqual(VALID);
    expect(await verifyJwt(await signed(signer), context({ signers: [] }))).toEqual({ kind: 'refused' });
  },
);

group('the key', () => {
  test('is any that fits, tried one after the other', async () => {
    const signers = [shared('HS256', { fill: 1 }), shared('HS512'), SIGNER];
    expect(await verifyJwt(await signed(SIGNER), context({ signers }))).toEqual(VALID);
  });

  test('is the one that the token names', async () => {
    const named = shared('HS256', { kid: 'one' });
    const other = shared('HS256', { kid: 'two' });
    expect(await verifyJwt(await signed(named), context({ signers: [other, named] }))).toEqual(VALID);
    // The same bytes under another name are another key.
    expect(await verifyJwt(await signed(named), context({ signers: [other] }))).toEqual({ kind: 'refused' });
    expect(await verifyJwt(await signed(named), context())).toEqual({ kind: 'refused' });
    expect(await verifyJwt(await signed(SIGNER), context({ signers: [named] }))).toEqual(VALID);
  });

  test('is used for its own algorithm alone: a public key is no shared secret', async () => {
    const signer = rsa();
    const { authKeys } = describe({ authKeys: [signer.jwk] });
    const pem = authKeys[0]?.key.export({ type: 'spki', format: 'pem' }) ?? '';
    const forged = await signed({ alg: 'HS256', key: Buffer.from(pem), jwk: {} });
    expect(await verifyJwt(forged, context({ signers: [signer] }))).toEqual({ kind: 'refused' });
  });

  test('is needed: a token without a signature is refused', async () => {
    const [, payload] = (await signed(SIGNER)).split('.');
    const header = Buffer.from('{"alg":"none"}').toString('base64url');
    // An empty signature is one all the same: it parses, and does not hold.
    expect(await verifyJwt(`${header}.${payload}.`, context())).toEqual({ kind: 'refused' });
    expect(await verifyJwt(await signed(shared('HS256', { fill: 8 })), context())).toEqual({ kind: 'refused' });
  });
});

test.each<[string, object, string]>([
  ['expired 4 seconds ago', { exp: seconds - 4 }, 'valid'],
  ['expired 6 seconds ago', { exp: seconds - 6 }, 'refused'],
  ['never expires', { exp: undefined }, 'refused'],
  ['holds from in 4 seconds', { nbf: seconds + 4 }, 'valid'],
  ['holds from in 6 seconds', { nbf: seconds + 6 }, 'refused'],
  ['was made in 4 seconds', { iat: seconds + 4 }, 'valid'],
  ['was made in 6 seconds', { iat: seconds + 6 }, 'refused'],
  ['does not say when it was made', { iat: undefined }, 'valid'],
])('a token that %s', async (_, claims, kind) => {
  expect((await verifyJwt(await signed(SIGNER, claims), context())).kind).toBe(kind);
});

const SUB = { 'include-subgroups': true };
const at = (path: string) => `https://galene.example.org/group/${path}`;

test.each<[string, object, string, string]>([
  ['its own group', { aud: at('watch/') }, 'watch', 'valid'],
  ['one of several groups', { aud: [at('guild/'), at('watch/')] }, 'watch', 'valid'],
  ['another group', { aud: at('guild/') }, 'watch', 'refused'],
  ['a group without the slash', { aud: at('watch') }, 'watch', 'refused'],
  ['a group in another case', { aud: at('Watch/') }, 'watch', 'refused'],
  ['something else', { aud: 'https://galene.example.org/watch/' }, 'watch', 'refused'],
  ['a name alone', { aud: 'watch' }, 'watch', 'refused'],
  ['nothing', { aud: undefined }, 'watch', 'refused'],
  ['a name with a space', { aud: at('night%20watch/') }, 'night watch', 'valid'],
  ['what cannot be decoded', { aud: at('%ff/') }, 'watch', 'refused'],
  ['the group above, without its subgroups', { aud: at('city/') }, 'city/watch', 'refused'],
  ['the group above, with its subgroups', { aud: at('city/'), ...SUB }, 'city/watch/night', 'valid'],
  ['itself, with its subgroups', { aud: at('city/'), ...SUB }, 'city', 'valid'],
  ['a group of a similar name', { aud: at('ci/'), ...SUB }, 'city/watch', 'refused'],
  ['half a name', { aud: at('ci'), ...SUB }, 'city', 'refused'],
  ['the whole server', { aud: at(''), ...SUB }, 'city/watch', 'valid'],
  ['the whole server, without its subgroups', { aud: at('') }, 'watch', 'refused'],
  ['subgroups, by another word than true', { aud: at('city/'), 'include-subgroups': 1 }, 'city/watch', 'refused'],
])('a token for %s', async (_, claims, name, kind) => {
  expect((await verifyJwt(await signed(SIGNER, claims), context({ group: name }))).kind).toBe(kind);
});

test.each([
  ['galene.example.org', 'valid'],
  ['Galene.Example.ORG', 'valid'],
  ['galene.example.org:443', 'valid'],
  ['galene.example.org:8443', 'refused'],
  ['elsewhere.example.org', 'refused'],
])('where the host is %s, a token for galene.example.org is %s', async (canonicalHost, kind) => {
  expect((await verifyJwt(await signed(SIGNER), context({ canonicalHost }))).kind).toBe(kind);
});

test('a token may leave the name, and its permissions, to others', async () => {
  const token = await signed(SIGNER, { sub: undefined, permissions: undefined });
  expect(await verifyJwt(token, context())).toEqual({ kind: 'valid', username: '', permissions: [] });
});

test.each<[string, object]>([
  ['a name', { sub: 7 }],
  ['permissions', { permissions: 'op' }],
])('a token whose %s is of another type is refused', async (_, claims) => {
  expect(await verifyJwt(await signed(SIGNER, claims), context())).toEqual({ kind: 'refused' });
});

group('what is no token of this kind', () => {
  test.each(['', 'AbCd_-12', 'a.b', 'a.b.c', 'e30.e30', 'e30.W10.c', 'ä.ö.ü'])('%j', async (text) => {
    expect(await verifyJwt(text, context())).toEqual({ kind: 'no-jwt' });
  });

  test('is never an error', async () => {
    const part = fc.oneof(
      fc.base64String(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(part, { maxLength: 4 }).map((parts) => parts.join('.')),
    );
    const verdict = async (token: string) => (await verifyJwt(token, context())).kind !== 'valid';
    await fc.assert(fc.asyncProperty(text, verdict), { numRuns: 500 });
  });
});
