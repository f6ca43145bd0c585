import fc from 'fast-check';
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { GUEST_PERMISSIONS, OPERATOR_PERMISSIONS } from '../core/permission.ts';
import { openMemoryStorage } from '../storage/memory/memory-storage.ts';
import { Identities } from './identities.ts';
import { Passwords } from './passwords.ts';
import { Tokens } from './tokens.ts';
import { claimsOf, identityOf, type TokenAlgorithm, WebsiteTokens } from './website-tokens.ts';

const NOW = Date.UTC(2030, 0, 1);
const SECONDS = NOW / 1000;
const SECRET = 'the secret of a website, at least sixty-four characters of it, to be long enough';
const DAY = 24 * 60 * 60 * 1000;

const tokensOf = (options: { algorithm?: TokenAlgorithm; secret?: string; now?: () => number } = {}) =>
  new WebsiteTokens({ secret: SECRET, algorithm: 'HS256', now: () => NOW, ...options });

/** As the website makes them. */
function made(claims: Record<string, unknown>, options: { alg?: string; secret?: string } = {}): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: options.alg ?? 'HS256' })
    .sign(new TextEncoder().encode(options.secret ?? SECRET));
}

const verified = async (claims: Record<string, unknown>) => tokensOf().verify(await made(claims));

describe('a token of the website', () => {
  test('says who somebody is, and all about them', async () => {
    const bearer = await verified({
      sub: 'Alice',
      op: true,
      vip: true,
      img: '/alice.png',
      url: 'https://site.example/u/alice',
      nick: 'Ally',
      emoji: '🦊 fox',
      gender: 'f',
      rules: ['novideo', 'nobroadcast', 'noimage', 'redcam', 'nodvd', 'toString', 'whatever'],
      iat: SECONDS,
      exp: SECONDS + 60,
    });
    expect(bearer).toEqual({
      issuedAt: SECONDS,
      identity: {
        id: 't:Alice',
        kind: 'token',
        durable: true,
        ownsName: true,
        name: 'Alice',
        permissions: OPERATOR_PERMISSIONS,
        rules: new Set(['no-video', 'no-broadcast', 'no-image', 'camera-explicit', 'no-dark-video']),
        nickname: 'Ally',
        avatarUrl: '/alice.png',
        profileUrl: 'https://site.example/u/alice',
        emoji: '🦊 fox',
        gender: 'f',
      },
    });
  });

  test('that says a name alone is a guest’s rights', async () => {
    const bearer = await verified({ sub: 'Alice' });
    expect(bearer).toMatchObject({ issuedAt: undefined, identity: { permissions: GUEST_PERMISSIONS } });
    expect(Object.keys(bearer?.identity ?? {})).not.toContain('claims');
  });

  test('may make a VIP who is no operator, and an operator who is no VIP', async () => {
    const vip = (await verified({ sub: 'A', vip: true }))?.identity.permissions;
    expect([vip?.has('vip'), vip?.has('op')]).toEqual([true, false]);
    const op = (await verified({ sub: 'A', op: true }))?.identity.permissions;
    expect([op?.has('vip'), op?.has('op')]).toEqual([false, true]);
  });

  test.each(['HS256', 'HS384', 'HS512'] as const)('is of the algorithm that is configured: %s', async (algorithm) => {
    const tokens = tokensOf({ algorithm });
    for (const alg of ['HS256', 'HS384', 'HS512']) {
      const bearer = await tokens.verify(await made({ sub: 'Alice' }, { alg }));
      expect(bearer === undefined).toBe(alg !== algorithm);
    }
  });

  test('is signed: with our secret, and at all', async () => {
    const tokens = tokensOf();
    expect(await tokens.verify(await made({ sub: 'Alice' }, { secret: `${SECRET}!` }))).toBeUndefined();
    expect(await tokens.verify(new UnsecuredJWT({ sub: 'Alice' }).encode())).toBeUndefined();
    const [head, body, signature] = (await made({ sub: 'Alice' })).split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const other = Buffer.from('{"sub":"Bob"}').toString('base64url');
    for (const forged of [`${none}.${body}.`, `${none}.${body}.${signature}`, `${head}.${other}.${signature}`]) {
      expect(await tokens.verify(forged)).toBeUndefined();
    }
  });

  test('W4: is not signed by anybody with an empty secret: there is none', async () => {
    for (const secret of ['', ' ', '\t\n']) expect(() => tokensOf({ secret })).toThrow(TypeError);
  });

  test.each(['k', 'short', 'x'.repeat(200)])('with the secret %j, as a website may have it, holds', async (secret) => {
    for (const algorithm of ['HS256', 'HS384', 'HS512'] as const) {
      const tokens = tokensOf({ secret, algorithm });
      expect(await tokens.verify(await tokens.sign({ sub: 'Alice' }))).toMatchObject({ identity: { name: 'Alice' } });
    }
  });

  test.each([
    ['is good until its end', { exp: SECONDS + 1 }, true],
    ['is not good at its end', { exp: SECONDS }, false],
    ['is not good after its end', { exp: SECONDS - 1 }, false],
    ['is good from its beginning', { nbf: SECONDS }, true],
    ['is not good before its beginning', { nbf: SECONDS + 1 }, false],
    ['with an end that is no number is none', { exp: 'tomorrow' }, false],
    ['with a beginning that is no number is none', { nbf: 'now' }, false],
    ['with a date that is no number is none', { iat: 'now' }, false],
  ])('%s', async (_what, claims, holds) => {
    expect((await verified({ sub: 'Alice', ...claims })) !== undefined).toBe(holds);
  });

  test('is nothing where it is anything else, and nothing is thrown', async () => {
    const tokens = tokensOf();
    const valid = await made({ sub: 'Alice' });
    const [head = '', body = '', signature = ''] = valid.split('.');
    const fixed = ['', '.', '..', 'a.b.c', `${head}.${body}`, `${valid}.x`, `\ud800${valid}`, '☃.☃.☃'];
    for (const token of [...fixed, `${head}..${signature}`, 'x'.repeat(20_000)]) {
      expect(await tokens.verify(token)).toBeUndefined();
    }
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.nat(valid.length), async (junk, at) => {
        const token = `${valid.slice(0, at)}${junk}${valid.slice(at)}`;
        const bearer = await tokens.verify(token);
        return bearer === undefined || bearer.identity.name === 'Alice';
      }),
    );
  });

  test('that is too long is not even looked at', async () => {
    const token = await made({ sub: 'Alice', filler: 'x'.repeat(16_384) });
    expect(await tokensOf().verify(token)).toBeUndefined();
  });

  test.each([[undefined], [''], [' '], [null], [7], [['Alice']], [{ name: 'Alice' }], ['<>'], ['\u200b']])(
    'for %j is nobody’s',
    async (sub) => expect(await verified({ sub })).toBeUndefined(),
  );
});

describe('claims of wrong types', () => {
  test.each([
    ['img', 7],
    ['img', { url: '/a.png' }],
    ['url', ['https://a.example']],
    ['nick', true],
    ['emoji', {}],
    ['gender', 1],
    ['nick', 'x'.repeat(2_001)],
    ['img', ''],
  ])('%s as %j is not said', async (claim, value) => {
    const bearer = await verified({ sub: 'Alice', [claim]: value });
    expect(bearer?.identity).toEqual((await verified({ sub: 'Alice' }))?.identity);
  });

  test.each([['true'], [1], [{}], [['op']], ['false']])('op and vip as %j are no rights', async (value) => {
    const bearer = await verified({ sub: 'Alice', op: value, vip: value });
    expect(bearer?.identity.permissions).toEqual(GUEST_PERMISSIONS);
  });

  test.each([['novideo'], [{ novideo: true }], [7], [null]])('rules as %j are none', async (rules) => {
    expect((await verified({ sub: 'Alice', rules }))?.identity.rules.size).toBe(0);
  });

  test('rules among which some are nothing are the others', async () => {
    const rules = [7, null, 'redcam', { novideo: 1 }, '__proto__', 'REDCAM'];
    expect([...((await verified({ sub: 'Alice', rules }))?.identity.rules ?? [])]).toEqual(['camera-explicit']);
  });
});

describe('W5: a name that is HTML', () => {
  test.each([
    ['<b>Alice</b>', 'bAlice/b'],
    ['Alice "quoted"', 'Alice quoted'],
    ['Alice\nBob', 'Alice Bob'],
    ['@Alice', 'Alice'],
    ['Ali\u200bce', 'Alice'],
  ])('%j is %j, which its bearer does not own', (sub, name) => {
    const identity = identityOf({ sub });
    expect(identity).toMatchObject({ name, ownsName: false });
    expect(identity?.name).not.toMatch(/[<>&"]/);
  });

  test('is not the identity of who is really called what is left of it', () => {
    expect(identityOf({ sub: '<Alice>' })?.id).not.toBe(identityOf({ sub: 'Alice' })?.id);
    expect(identityOf({ sub: 'ALICE' })?.id).not.toBe(identityOf({ sub: 'Alice' })?.id);
    expect(identityOf({ sub: ' Alice ' })?.id).toBe(identityOf({ sub: 'Alice' })?.id);
  });

  test.each(['Alice', ' Alice ', 'A\u0308nne', 'Jürgen 2'])('%j is none, and owned', (sub) => {
    expect(identityOf({ sub })?.ownsName).toBe(true);
  });

  test('that is longer than names are is nobody’s own', () => {
    expect(identityOf({ sub: 'x'.repeat(49) })).toMatchObject({ name: 'x'.repeat(48), ownsName: false });
  });

  test('as a nickname is cleaned alike', () => {
    expect(identityOf({ sub: 'Alice', nick: '<img src=x>Al' })?.nickname).toBe('img src=xAl');
  });
});

describe('a link', () => {
  test.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    '\u0000javascript:alert(1)',
    'java\u200bscript:alert(1)',
    'data:text/html,<script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://a.example/1',
  ])('that is a script, or leads elsewhere than to the web, is not kept: %j', (link) => {
    const identity = identityOf({ sub: 'Alice', img: link, url: link });
    expect(identity).not.toHaveProperty('avatarUrl');
    expect(identity).not.toHaveProperty('profileUrl');
  });

  test.each([
    'https://a.example/a.png',
    ' https://a.example/a.png',
    'HTTP://a.example',
    '/a.png',
    'a.png?x=1:2',
    '//cdn.example/a.png',
    '/u/a:b',
    '#a:b',
  ])('%j is kept', (link) => {
    expect(identityOf({ sub: 'Alice', img: link })?.avatarUrl).toBe(link);
  });
});

describe('a token that is renewed', () => {
  test('says the same, is good for five minutes, and keeps who issued it for whom', async () => {
    const tokens = tokensOf();
    const claims = {
      sub: 'Alice',
      vip: true,
      img: '/a.png',
      url: '/u/alice',
      nick: 'Ally',
      emoji: '🦊',
      gender: 'f',
      rules: ['noimage'],
      iss: 'site.example',
      aud: ['chat', 'web'],
    };
    const bearer = await tokens.verify(
      await made({ ...claims, jti: 'x', theme: 'dark', exp: SECONDS + 5, iat: SECONDS - 60 }),
    );
    if (!bearer) throw new Error('nobody');
    const token = await tokens.renew(bearer.identity, bearer.identity.permissions);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(decodeJwt(token)).toEqual({ ...claims, op: false, iat: SECONDS, nbf: SECONDS, exp: SECONDS + 300 });
    expect((await tokens.verify(token))?.identity).toEqual(bearer.identity);
  });

  test('says what its bearer may do now', async () => {
    const tokens = tokensOf();
    const identity = identityOf({ sub: 'Alice', op: true, vip: true });
    if (!identity) throw new Error('nobody');
    expect(decodeJwt(await tokens.renew(identity, GUEST_PERMISSIONS))).toMatchObject({ op: false, vip: false });
    expect(decodeJwt(await tokens.renew(identity, OPERATOR_PERMISSIONS))).toMatchObject({ op: true, vip: true });
  });

  test.each([[{ iss: 7, aud: { a: 1 } }], [{ aud: [1, 'chat'] }]])(
    'drops issuers and audiences that are none: %j',
    (claims) => {
      expect(identityOf({ sub: 'Alice', ...claims } as never)).not.toHaveProperty('claims');
    },
  );

  test('is of the algorithm that is configured', async () => {
    const tokens = tokensOf({ algorithm: 'HS512' });
    expect(decodeProtectedHeader(await tokens.sign({ sub: 'Alice' })).alg).toBe('HS512');
  });

  test('says of a bearer what their page says', () => {
    const identity = identityOf({ sub: 'Alice', rules: ['redcam', 'novideo'] });
    expect(identity && claimsOf(identity)).toEqual({
      sub: 'Alice',
      op: false,
      vip: false,
      rules: ['novideo', 'redcam'],
    });
  });
});

describe('W23: tokens that were revoked', () => {
  async function known(revokedAt: number, operator = false) {
    const clock = { now: NOW };
    const storage = openMemoryStorage();
    const website = tokensOf({ now: () => clock.now });
    const tokens = new Tokens({ secret: 'ab'.repeat(32), now: () => clock.now });
    const identities = new Identities({
      storage,
      passwords: new Passwords({ now: Date.now }),
      tokens,
      website,
      now: () => clock.now,
    });
    await storage.putIdentity({
      id: 't:Alice',
      name: 'Alice',
      operator,
      ownsName: true,
      tokensRevokedAt: revokedAt,
      createdAt: 0,
    });
    const admitted = async (claims: Record<string, unknown>) =>
      (await identities.vouchedFor(await made({ sub: 'Alice', ...claims }))) !== undefined;
    return { admitted, identities, clock, storage };
  }

  test('admit nobody whose token is as old; a later one does', async () => {
    const { admitted } = await known(NOW + 500);
    expect(await admitted({ iat: SECONDS - 3_600 })).toBe(false);
    expect(await admitted({ iat: SECONDS })).toBe(false);
    expect(await admitted({ iat: SECONDS + 1 })).toBe(true);
  });

  test('are those without a date, too, for a day', async () => {
    const { admitted, clock } = await known(NOW);
    expect(await admitted({})).toBe(false);
    clock.now = NOW + DAY - 1;
    expect(await admitted({})).toBe(false);
    clock.now = NOW + DAY;
    expect(await admitted({})).toBe(true);
  });

  test('are nobody else’s, and none where none were', async () => {
    const { identities, admitted } = await known(NOW);
    expect(await identities.vouchedFor(await made({ sub: 'Bob', iat: SECONDS }))).toMatchObject({ name: 'Bob' });
    expect(await admitted({ sub: 'Alice', iat: SECONDS })).toBe(false);
    expect(await admitted({ sub: 'aLICE', iat: SECONDS })).toBe(true);
    const free = await known(0);
    expect(await free.admitted({})).toBe(true);
    expect(await free.admitted({ iat: 0 })).toBe(true);
  });

  test('lead to a refusal at the door, and nothing is stored of it', async () => {
    const { identities, storage } = await known(NOW);
    const before = await storage.identity('t:Alice');
    const proof = await identities.authenticate({
      name: 'Alice',
      credentials: { jwt: await made({ sub: 'Alice', iat: SECONDS - 1 }) },
      guestsAllowed: true,
    });
    expect(proof).toEqual({ kind: 'refused', refusal: { code: 'token-invalid' } });
    expect(await storage.identity('t:Alice')).toEqual(before);
  });

  test('whoever was made an operator here is one, whatever the website says', async () => {
    const { identities } = await known(0, true);
    const identity = await identities.vouchedFor(await made({ sub: 'Alice' }));
    expect(identity?.permissions.has('op')).toBe(true);
    expect(identity?.permissions.has('vip')).toBe(false);
  });
});

describe('at the door', () => {
  async function door(options: { website?: WebsiteTokens } = { website: tokensOf() }) {
    const storage = openMemoryStorage();
    const tokens = new Tokens({ secret: 'ab'.repeat(32), now: () => NOW });
    const identities = new Identities({
      storage,
      passwords: new Passwords({ now: Date.now }),
      tokens,
      now: () => NOW,
      ...options,
    });
    const ask = (jwt: string, name = 'whatever') =>
      identities.authenticate({ name, credentials: { jwt }, guestsAllowed: true });
    return { storage, identities, ask };
  }

  test('the name in the token wins over the one beside it; from then on it is owned', async () => {
    const { ask, storage } = await door();
    expect(await ask(await made({ sub: 'Alice' }), 'Mallory')).toMatchObject({
      kind: 'proved',
      token: '',
      identity: { name: 'Alice' },
    });
    expect(await storage.identity('t:Alice')).toMatchObject({ name: 'Alice', ownsName: true, tokensRevokedAt: 0 });
    expect((await storage.nameOwners(['alice'])).get('alice')).toBe('t:Alice');
  });

  test('a token that does not hold is refused, though guests are let in', async () => {
    const { ask } = await door();
    for (const token of ['nonsense', await made({ sub: 'Alice', exp: SECONDS - 1 })]) {
      expect(await ask(token)).toEqual({ kind: 'refused', refusal: { code: 'token-invalid' } });
    }
  });

  test('W4: without a website no token holds', async () => {
    const { ask, identities } = await door({});
    expect(await ask(await made({ sub: 'Alice', op: true }))).toMatchObject({ refusal: { code: 'token-invalid' } });
    const identity = identityOf({ sub: 'Alice' });
    expect(identity && (await identities.renew(identity, GUEST_PERMISSIONS))).toBeUndefined();
  });

  test('nobody is the server', async () => {
    const { ask } = await door();
    expect(await ask(await made({ sub: 'ChatServer' }))).toMatchObject({ refusal: { code: 'name-reserved' } });
  });
});
