import { describe, expect, test } from 'vitest';
import { GUEST_PERMISSIONS, OPERATOR_PERMISSIONS } from '../core/permission.ts';
import { DAY, NOW, proved, setup } from './testing/people.ts';

const CLOSED = { guestsAllowed: false };
const INVALID = { kind: 'refused', refusal: { code: 'invitation-invalid' } };
const REQUIRED = { kind: 'refused', refusal: { code: 'token-required' } };
const AS_GUEST = { kind: 'guest', durable: true, permissions: GUEST_PERMISSIONS };
const AS_OPERATOR = { kind: 'account', durable: true, permissions: OPERATOR_PERMISSIONS };

describe('a guest', () => {
  test('is somebody new at the first visit, and the same at the next, under any name', async () => {
    const { ask } = setup();
    const first = proved(await ask());
    expect(first.identity).toMatchObject({ ...AS_GUEST, id: 'g:id-1', name: 'Ann' });
    expect(proved(await ask()).identity.id).toBe('g:id-2');
    const again = proved(await ask({ token: first.token }, { name: 'Anna' }));
    expect(again.identity).toMatchObject({ ...AS_GUEST, id: 'g:id-1', name: 'Anna' });
    expect(proved(await ask({ token: again.token })).identity.id).toBe('g:id-1');
  });

  test('is not stored', async () => {
    const { ask, storage } = setup();
    expect(await storage.identity(proved(await ask()).identity.id)).toBeUndefined();
  });

  test('with a token that does not hold is somebody new', async () => {
    const { ask, clock } = setup();
    const { token, identity } = proved(await ask());
    clock.now += 401 * DAY;
    for (const stale of [token, 'nonsense', '', 'x'.repeat(10_000)]) {
      const other = proved(await ask({ token: stale }));
      expect(other.identity).toMatchObject(AS_GUEST);
      expect(other.identity.id).not.toBe(identity.id);
    }
  });

  test('keeps the identity for good by coming again in time', async () => {
    const { ask, clock } = setup();
    const first = proved(await ask());
    clock.now += 300 * DAY;
    const second = proved(await ask({ token: first.token }));
    clock.now += 300 * DAY;
    expect(proved(await ask({ token: second.token })).identity.id).toBe(first.identity.id);
  });

  test('on a wire without tokens is somebody else at each visit', async () => {
    const { ask } = setup();
    const first = proved(await ask({}, { ephemeral: true }));
    expect(first).toMatchObject({ token: '', identity: { ...AS_GUEST, durable: false } });
    expect(proved(await ask({}, { ephemeral: true })).identity.id).not.toBe(first.identity.id);
  });

  test('is refused where guests are not allowed, with and without a token', async () => {
    const { ask } = setup();
    const { token } = proved(await ask());
    expect(await ask({}, CLOSED)).toEqual(REQUIRED);
    expect(await ask({}, { ...CLOSED, ephemeral: true })).toEqual(REQUIRED);
    expect(await ask({ token }, CLOSED)).toEqual(REQUIRED);
    expect(await ask({ token: 'nonsense' }, CLOSED)).toEqual(REQUIRED);
  });
});

describe('an invitation to be an operator', () => {
  test('makes one, who stays one', async () => {
    const { ask, invite, storage } = setup();
    const { identity, token } = proved(await ask({ invitation: await invite('operator') }, CLOSED));
    expect(identity).toMatchObject({ ...AS_OPERATOR, name: 'Ann' });
    expect(await storage.identity(identity.id)).toEqual({
      id: identity.id,
      name: 'Ann',
      operator: true,
      ownsName: false,
      tokensRevokedAt: 0,
      createdAt: NOW,
    });
    const again = proved(await ask({ token }, { ...CLOSED, name: 'Anna' }));
    expect(again.identity).toMatchObject({ ...AS_OPERATOR, id: identity.id, name: 'Anna' });
  });

  test('lets a guest keep their identity', async () => {
    const { ask, invite } = setup();
    const { identity, token } = proved(await ask());
    const promoted = proved(await ask({ token, invitation: await invite('operator') }));
    expect(promoted.identity).toMatchObject({ ...AS_OPERATOR, id: identity.id });
    expect(proved(await ask({ token })).identity).toMatchObject(AS_OPERATOR);
  });

  test('lets an invited guest keep their identity', async () => {
    const { ask, invite, clock, storage } = setup();
    const { identity, token } = proved(await ask({ invitation: await invite('guest') }));
    clock.now += DAY;
    const promoted = proved(await ask({ token, invitation: await invite('operator') }));
    expect(promoted.identity).toMatchObject({ ...AS_OPERATOR, id: identity.id });
    expect(await storage.identity(identity.id)).toMatchObject({ operator: true, createdAt: NOW });
  });

  test('is worth nothing to the next who finds it', async () => {
    const { ask, invite } = setup();
    const invitation = await invite('operator');
    await ask({ invitation });
    expect(await ask({ invitation })).toEqual(INVALID);
    const guest = proved(await ask());
    expect(await ask({ invitation, token: guest.token })).toEqual(INVALID);
  });

  test('does not lock its holder out when they come with it again', async () => {
    const { ask, invite } = setup();
    const invitation = await invite('operator');
    const { identity, token } = proved(await ask({ invitation }));
    expect(proved(await ask({ invitation, token })).identity).toMatchObject({ ...AS_OPERATOR, id: identity.id });
  });

  test('is not used up by a name that cannot be used', async () => {
    const { ask, invite } = setup();
    const invitation = await invite('operator');
    expect(await ask({ invitation }, { name: 'ChatServer' })).toMatchObject({ refusal: { code: 'name-reserved' } });
    expect(await ask({ invitation }, { name: ' <> ' })).toMatchObject({ refusal: { code: 'name-invalid' } });
    expect(proved(await ask({ invitation })).identity).toMatchObject(AS_OPERATOR);
  });

  test('can be taken back from who accepted it', async () => {
    const { ask, invite, storage } = setup();
    const { identity, token } = proved(await ask({ invitation: await invite('operator') }));
    await storage.putIdentity({
      id: identity.id,
      name: 'Ann',
      operator: false,
      ownsName: false,
      tokensRevokedAt: 0,
      createdAt: NOW,
    });
    expect(proved(await ask({ token })).identity).toMatchObject({ ...AS_GUEST, id: identity.id });
  });
});

describe('an invitation to be a guest', () => {
  test('admits where guests are not allowed, from then on', async () => {
    const { ask, invite } = setup();
    const invitation = await invite('guest');
    const { identity, token } = proved(await ask({ invitation }, CLOSED));
    expect(identity).toMatchObject(AS_GUEST);
    expect(proved(await ask({ token }, CLOSED)).identity).toMatchObject({ ...AS_GUEST, id: identity.id });
    expect(proved(await ask({ token, invitation }, CLOSED)).identity.id).toBe(identity.id);
    expect(await ask({ invitation }, CLOSED)).toEqual(INVALID);
  });

  test('lets a guest keep their identity', async () => {
    const { ask, invite } = setup();
    const { identity, token } = proved(await ask());
    expect(proved(await ask({ token, invitation: await invite('guest') }, CLOSED)).identity.id).toBe(identity.id);
    expect(proved(await ask({ token }, CLOSED)).identity.id).toBe(identity.id);
  });

  test('opened by an operator is left for the one it is meant for', async () => {
    const { ask, invite } = setup();
    const { token } = proved(await ask({ invitation: await invite('operator') }));
    const invitation = await invite('guest');
    expect(proved(await ask({ token, invitation }, CLOSED)).identity).toMatchObject(AS_OPERATOR);
    expect(proved(await ask({ invitation }, CLOSED)).identity).toMatchObject(AS_GUEST);
  });

  test('that expired is refused, even where guests are allowed', async () => {
    const { ask, invite, clock } = setup();
    const invitation = await invite('guest');
    clock.now += 8 * DAY;
    expect(await ask({ invitation })).toEqual(INVALID);
  });
});

test('a token signed by another website is refused', async () => {
  const { ask, invite } = setup();
  const refusal = { kind: 'refused', refusal: { code: 'token-invalid' } };
  expect(await ask({ jwt: 'a.b.c' })).toEqual(refusal);
  expect(await ask({ jwt: 'a.b.c' }, { ephemeral: true })).toEqual(refusal);
  const invitation = await invite('operator');
  expect(await ask({ jwt: 'a.b.c', invitation })).toEqual(refusal);
  expect(proved(await ask({ jwt: '', invitation })).identity).toMatchObject(AS_OPERATOR);
});

test('a fresh token is made for those whose identity lasts', async () => {
  const { ask, identities, tokens } = setup();
  const lasting = proved(await ask()).identity;
  const passing = proved(await ask({}, { ephemeral: true })).identity;
  expect(await tokens.verify(await identities.tokenFor(lasting))).toMatchObject({ id: lasting.id, name: 'Ann' });
  expect(await identities.tokenFor(passing)).toBe('');
});
