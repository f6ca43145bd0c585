import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { GUEST_PERMISSIONS, OPERATOR_PERMISSIONS } from '../core/permission.ts';
import { proved, setup, verdict } from './testing/people.ts';

const AS_HOLDER = { kind: 'account', durable: true, ownsName: true, permissions: GUEST_PERMISSIONS };
const CLOSED = { guestsAllowed: false };

describe('registration', () => {
  test('makes an account of a name that is nobody’s, and its holder comes again with the password', async () => {
    const { register, ask } = setup();
    const first = proved(await register('secret'));
    expect(first.identity).toMatchObject({ ...AS_HOLDER, name: 'Ann', isNew: true });
    const again = proved(await ask({ password: 'secret' }));
    expect(again.identity).toMatchObject({ ...AS_HOLDER, id: first.identity.id, name: 'Ann' });
    expect(again.identity.isNew).toBeUndefined();
  });

  test('once done is a login: the password must be right', async () => {
    const { register } = setup();
    const { identity } = proved(await register('secret'));
    expect(proved(await register('secret')).identity.id).toBe(identity.id);
    expect(verdict(await register('another'))).toBe('login-failed');
  });

  test.each([
    ['nobody may', { registration: false }, {}, 'login-failed'],
    ['it is not asked for', {}, { register: undefined }, 'login-failed'],
    ['somebody in the room bears the name', { nameInUse: () => true }, {}, 'name-taken'],
    ['there is no password', {}, { password: '' }, 'password-unfit'],
    ['the password is too long', {}, { password: 'x'.repeat(257) }, 'password-unfit'],
    ['nothing is left of the name', { name: '<>' }, {}, 'name-invalid'],
    ['the name is reserved', { name: 'ChatServer' }, {}, 'name-reserved'],
  ])('is refused where %s', async (_, claim, credentials, code) => {
    const { ask, storage } = setup();
    const { register, ...rest } = { password: 'secret', register: true as const, ...credentials };
    const said = { ...rest, ...(register ? { register } : {}) };
    expect(verdict(await ask(said, { registration: true, ...claim }))).toBe(code);
    expect(await storage.nameOwners(['ann', 'chatserver'])).toEqual(new Map());
  });

  test('is refused where somebody of that name came while it was under way', async () => {
    const { register, storage } = setup();
    const there = [false, true];
    expect(verdict(await register('secret', { nameInUse: () => there.shift() === true }))).toBe('name-taken');
    expect(await storage.nameOwners(['ann'])).toEqual(new Map());
  });

  test('of one name by two at once makes one account', async () => {
    const { register } = setup();
    const both = await Promise.all([register('one'), register('two')]);
    expect(both.map(verdict).sort()).toEqual(['account', 'login-failed']);
  });

  test('works where guests are not allowed, as does the login', async () => {
    const { register, ask } = setup();
    expect(verdict(await register('secret', CLOSED))).toBe('account');
    expect(verdict(await ask({ password: 'secret' }, CLOSED))).toBe('account');
    expect(verdict(await ask({}, CLOSED))).toBe('token-required');
  });
});

describe('a login', () => {
  test.each([
    ['Ann', 'Ann'],
    ['ANN', 'ANN'],
    [' ａｎｎ ', 'ａｎｎ'],
  ])('finds the account in whatever form the name is written: %j', async (name, shown) => {
    const { register, ask } = setup();
    const { identity } = proved(await register('secret'));
    const again = proved(await ask({ password: 'secret' }, { name }));
    expect(again.identity).toMatchObject({ id: identity.id, name: shown, ownsName: true });
  });

  test.each([
    ['with another password', 'Ann', 'Secret'],
    ['with none', 'Ann', ''],
    ['under a name without account', 'Bob', 'secret'],
  ])('%s fails, in the same words', async (_, name, password) => {
    const { register, ask } = setup();
    await register('secret');
    expect(await ask({ password }, { name })).toEqual({ kind: 'refused', refusal: { code: 'login-failed' } });
  });

  test('into the name of somebody without a password fails', async () => {
    const { storage, ask, register } = setup();
    const owner = { id: 't:ann', name: 'ann', operator: false, ownsName: true, createdAt: 1, tokensRevokedAt: 0 };
    await storage.putIdentity(owner);
    expect(verdict(await ask({ password: 'secret' }))).toBe('login-failed');
    expect(verdict(await register('secret'))).toBe('login-failed');
  });

  test('is not tried too often from one household', async () => {
    const { register, ask } = setup();
    await register('secret');
    const at = (household: string) => ({ household });
    for (let count = 0; count < 20; count++) await ask({ password: '' }, at('home'));
    expect(verdict(await ask({ password: 'secret' }, at('home')))).toBe('too-fast');
    expect(verdict(await ask({ password: 'secret' }, at('next door')))).toBe('account');
  });

  test('gives a token that stands for the password, and brings the name with it', async () => {
    const { register, ask } = setup();
    const { identity, token } = proved(await register('secret'));
    const again = proved(await ask({ token }, { name: 'Somebody else' }));
    expect(again.identity).toMatchObject({ ...AS_HOLDER, id: identity.id, name: 'Ann' });
  });
});

describe('an operator with an account', () => {
  test('is one by password and by token', async () => {
    const { register, ask, invite } = setup();
    const { token, identity } = proved(await register('secret'));
    const promoted = proved(await ask({ token, invitation: await invite('operator') }));
    for (const proof of [promoted, proved(await ask({ password: 'secret' })), proved(await ask({ token }))]) {
      expect(proof.identity).toMatchObject({ id: identity.id, ownsName: true, permissions: OPERATOR_PERMISSIONS });
    }
  });

  test('made by invitation under another name keeps their own', async () => {
    const { register, ask, invite, storage } = setup();
    const { token, identity } = proved(await register('secret'));
    await ask({ token, invitation: await invite('operator') }, { name: 'Queen' });
    expect(await storage.identity(identity.id)).toMatchObject({ name: 'Ann', operator: true, ownsName: true });
    expect(verdict(await ask({ password: 'secret' }))).toBe('account');
  });
});

describe('another password', () => {
  test('holds from then on, and no token of before does, but the fresh one', async () => {
    const { register, ask, setPassword, clock } = setup();
    const { identity, token } = proved(await register('old'));
    clock.now += 5;
    const later = proved(await ask({ password: 'old' })).token;
    clock.now += 1;
    const changed = proved(await setPassword(identity, { current: 'old', password: 'new' }));
    expect(changed.identity).toMatchObject({ id: identity.id, name: 'Ann', ownsName: true });
    expect(verdict(await ask({ password: 'old' }))).toBe('login-failed');
    expect(proved(await ask({ password: 'new' })).identity.id).toBe(identity.id);
    for (const stale of [token, later]) expect(proved(await ask({ token: stale })).identity.id).not.toBe(identity.id);
    expect(proved(await ask({ token: changed.token })).identity.id).toBe(identity.id);
    clock.now += 1_000;
    expect(proved(await ask({ token: changed.token })).identity.id).toBe(identity.id);
  });

  test.each([
    ['the current one is wrong', { current: 'wrong', password: 'new' }, 'login-failed'],
    ['the current one is not said', { password: 'new' }, 'login-failed'],
    ['the new one is empty', { current: 'old', password: '' }, 'password-unfit'],
    ['the new one is too long', { current: 'old', password: 'x'.repeat(257) }, 'password-unfit'],
  ])('is refused where %s, and the old one holds', async (_, change, code) => {
    const { register, ask, setPassword } = setup();
    const { identity, token } = proved(await register('old'));
    expect(verdict(await setPassword(identity, change))).toBe(code);
    expect(verdict(await ask({ password: 'old' }))).toBe('account');
    expect(proved(await ask({ token })).identity.id).toBe(identity.id);
  });

  test('can be had where accounts may not be made any more', async () => {
    const { register, setPassword } = setup();
    const { identity } = proved(await register('old'));
    const change = { current: 'old', password: 'new' };
    expect(verdict(await setPassword(identity, change, { registration: false }))).toBe('account');
  });

  test('leaves an operator one', async () => {
    const { ask, invite, setPassword } = setup();
    const { identity } = proved(await ask({ invitation: await invite('operator') }));
    const changed = proved(await setPassword(identity, { password: 'first' }));
    expect(changed.identity).toMatchObject({ id: identity.id, ownsName: true, permissions: OPERATOR_PERMISSIONS });
    expect(proved(await ask({ password: 'first' })).identity.permissions).toEqual(OPERATOR_PERMISSIONS);
  });

  test('is not tried too often from one household', async () => {
    const { register, setPassword } = setup();
    const { identity } = proved(await register('old'));
    for (let count = 0; count < 20; count++) await setPassword(identity, { current: '', password: 'new' });
    expect(verdict(await setPassword(identity, { current: 'old', password: 'new' }))).toBe('too-fast');
  });
});

describe('a guest with a first password', () => {
  test('has an account of the name they bear, and is the same person', async () => {
    const { ask, setPassword } = setup();
    const guest = proved(await ask());
    const made = proved(await setPassword(guest.identity, { name: 'Ann 2', password: 'first' }));
    expect(made.identity).toMatchObject({ ...AS_HOLDER, id: guest.identity.id, name: 'Ann 2' });
    expect(proved(await ask({ password: 'first' }, { name: 'ann 2' })).identity.id).toBe(guest.identity.id);
    expect(proved(await ask({ token: made.token })).identity).toMatchObject({ id: guest.identity.id, name: 'Ann 2' });
  });

  test('is refused where accounts may not be made, and where the name is somebody’s', async () => {
    const { ask, register, setPassword } = setup();
    const guest = proved(await ask());
    const closed = { registration: false };
    expect(verdict(await setPassword(guest.identity, { password: 'first' }, closed))).toBe('not-permitted');
    await register('secret');
    expect(verdict(await setPassword(guest.identity, { password: 'first' }))).toBe('name-taken');
  });

  test('must be somebody who can come again', async () => {
    const { ask, setPassword } = setup();
    const visitor = proved(await ask({}, { ephemeral: true }));
    expect(verdict(await setPassword(visitor.identity, { password: 'first' }))).toBe('not-permitted');
  });
});

test('the website’s users have no passwords here, neither now nor later', async () => {
  const secret = 'shared with the website, and long enough for it';
  const { ask, register, setPassword } = setup({ website: { secret, algorithm: 'HS256' } });
  const jwt = await new SignJWT({ sub: 'Ann' })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(secret));
  const { identity } = proved(await ask({ jwt }));
  expect(identity.kind).toBe('token');
  expect(verdict(await setPassword(identity, { password: 'first' }))).toBe('not-permitted');
  expect(verdict(await register('first'))).toBe('login-failed');
  expect(proved(await ask({ jwt, password: 'whatever', register: true })).identity.id).toBe(identity.id);
});
