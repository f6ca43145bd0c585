import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { elliptic, rsa, type Signer, shared, signed } from '../../../src/groups/testing/claims.ts';
import { part } from './support/frames.ts';
import { Installation } from './support/installation.ts';

/** `spec/galene.md` 4.5. */

const HMAC = shared('HS256');
const ELLIPTIC = elliptic();
const RSA = rsa();
const STRANGER = shared('HS256', { fill: 8 });
const FRED = { fred: { password: 'pints', permissions: 'present' } };

let installation: Installation;

beforeAll(async () => {
  const authKeys = [HMAC.jwk, ELLIPTIC.jwk, RSA.jwk];
  installation = await Installation.start({
    config: { canonicalHost: 'galene.example.org' },
    groups: {
      watch: { users: FRED, authKeys, 'auto-subgroups': true },
      other: { users: FRED },
    },
  });
});
afterAll(() => installation[Symbol.asyncDispose]());

const now = () => Math.floor(Date.now() / 1000);

async function outcome(
  claims: object,
  { signer = HMAC, group = 'watch', username }: { signer?: Signer; group?: string; username?: string } = {},
) {
  const token = await signed(signer, { iat: now(), exp: now() + 3600, ...claims });
  const client = await installation.connect();
  const result = await client.join(group, { token, ...(username === undefined ? {} : { username }) });
  await part(client);
  return result.kind === 'joined'
    ? { username: result.membership.username, permissions: [...result.membership.permissions].sort() }
    : result;
}

const ANGUA = { username: 'angua', permissions: ['message', 'present'] };
const NOT_AUTHORISED = { kind: 'failed', error: undefined, value: 'not authorised' };

describe('Galène: tokens of an authorisation server', () => {
  test.each([
    ['HS256', HMAC],
    ['ES256', ELLIPTIC],
    ['RS256', RSA],
  ])('19. a valid one, signed by %s, says who somebody is and what they may do', async (_alg, signer) => {
    expect(await outcome({}, { signer })).toEqual(ANGUA);
  });

  test('19. its name counts, whatever name is asked for', async () => {
    expect(await outcome({}, { username: 'nobby' })).toEqual(ANGUA);
    expect(await outcome({ sub: 'fred' }, { username: 'nobby' })).toMatchObject({ username: 'fred' });
  });

  test('19. without one, who comes says it, but not a user’s', async () => {
    expect(await outcome({ sub: '' }, { username: 'nobby' })).toMatchObject({ username: 'nobby' });
    expect(await outcome({ sub: undefined }, { username: 'nobby' })).toMatchObject({ username: 'nobby' });
    expect(await outcome({ sub: '' }, { username: 'fred' })).toMatchObject({ error: 'duplicate-username' });
  });

  test('19. its permissions are as it says, and nothing is added', async () => {
    expect(await outcome({ permissions: ['present'] })).toEqual({ username: 'angua', permissions: ['present'] });
    expect(await outcome({ permissions: [] })).toEqual({ username: 'angua', permissions: [] });
  });

  test.each([
    ['is for another group', { aud: 'https://galene.example.org/group/other/' }],
    ['is for another host', { aud: 'https://elsewhere.example.org/group/watch/' }],
    ['is for no group', { aud: 'https://galene.example.org/' }],
    ['says not for what it is', { aud: undefined }],
    ['is over', { exp: now() - 60 }],
    ['never ends', { exp: undefined }],
    ['is not valid yet', { nbf: now() + 3600 }],
    ['is of the future', { iat: now() + 3600 }],
    ['has a name that nobody may have', { sub: '../angua' }],
  ])('19. one that %s is refused', async (_how, claims) => {
    expect(await outcome(claims)).toEqual(NOT_AUTHORISED);
  });

  test('19. one for several groups is for each of them', async () => {
    const aud = ['https://galene.example.org/group/other/', 'https://galene.example.org/group/watch/'];
    expect(await outcome({ aud })).toEqual(ANGUA);
  });

  test('19. some seconds of clocks that differ are forgiven', async () => {
    expect(await outcome({ exp: now() - 2, nbf: now() + 2 })).toEqual(ANGUA);
  });

  test('19. a key that the group does not have opens nothing', async () => {
    expect(await outcome({}, { signer: STRANGER })).toEqual(NOT_AUTHORISED);
    const aud = 'https://galene.example.org/group/other/';
    expect(await outcome({ aud }, { group: 'other' })).toEqual(NOT_AUTHORISED);
  });

  test('19. a subgroup needs one of its own, or one that includes it', async () => {
    const group = 'watch/night';
    expect(await outcome({}, { group })).toEqual(NOT_AUTHORISED);
    expect(await outcome({ aud: 'https://galene.example.org/group/watch/night/' }, { group })).toEqual(ANGUA);
    expect(await outcome({ 'include-subgroups': true }, { group })).toEqual(ANGUA);
    const aud = 'https://galene.example.org/group/';
    expect(await outcome({ aud, 'include-subgroups': true }, { group })).toEqual(ANGUA);
    expect(await outcome({ aud }, { group })).toEqual(NOT_AUTHORISED);
  });

  test('19. one that is tampered with is refused, and the connection may try again', async () => {
    const token = await signed(HMAC, { iat: now(), exp: now() + 3600 });
    const [head, , signature] = token.split('.');
    const claims = {
      sub: 'vimes',
      aud: 'https://galene.example.org/group/watch/',
      exp: now() + 3600,
      permissions: ['op'],
    };
    const forged = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
    const client = await installation.connect();
    expect(await client.join('watch', { token: forged })).toEqual(NOT_AUTHORISED);
    expect(await client.join('watch', { token })).toMatchObject({ kind: 'joined' });
    await part(client);
  });
});
