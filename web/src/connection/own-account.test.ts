import { describe, expect, test } from 'vitest';
import type { Ask } from '../../../src/dialects/parlour/client.ts';
import { frame, reduce, roomFrame, self } from '../room/fixtures.ts';
import { roomReducer } from '../room/room-reducer.ts';
import { Store } from '../room/store.ts';
import { Identities } from './identities.ts';
import { OwnAccount } from './own-account.ts';
import { fakeMemory } from './testing/fake-memory.ts';

function start(answer: () => Promise<object> = async () => ({})) {
  const asked: Ask[] = [];
  const client = {
    token: 't1' as string | undefined,
    jwt: undefined as string | undefined,
    ask: async (ask: Ask) => {
      asked.push(ask);
      return { type: 'ok' as const, ...(await answer()) };
    },
  };
  const room = new Store(roomReducer, reduce([roomFrame()]));
  const identities = new Identities(fakeMemory());
  const account = new OwnAccount({ client, room, identities });
  return { account, asked, client, room, identities };
}

describe('a password', () => {
  test('that was set makes an account, and the token of now is kept', async () => {
    const { account, asked, client, room, identities } = start();
    client.token = 't2';
    await account.setPassword({ password: 'secret' });
    expect(asked).toEqual([{ type: 'password', password: 'secret' }]);
    expect(room.get().self?.account).toBe(true);
    expect(identities.tokenFor('me')).toBe('t2');
  });

  test('is changed with the one of before', async () => {
    const { account, asked } = start();
    await account.setPassword({ current: 'old', password: 'new' });
    expect(asked).toEqual([{ type: 'password', current: 'old', password: 'new' }]);
  });

  test('that is refused changes nothing', async () => {
    const { account, room, identities } = start(() => Promise.reject(new Error('No.')));
    await expect(account.setPassword({ password: 'secret' })).rejects.toThrow('No.');
    expect(room.get().self?.account).toBeUndefined();
    expect(identities.tokenFor('me')).toBeUndefined();
  });
});

test('another name is asked for; under which one we are known is the server’s word', async () => {
  const { account, asked, room, identities } = start();
  await account.rename('Mia');
  expect(asked).toEqual([{ type: 'rename', name: 'Mia' }]);
  room.dispatch(frame({ type: 'self', self: self('Mia 2') }));
  account.remember();
  expect(identities.lastName).toBe('Mia 2');
});

test('a browser can forget who we are', async () => {
  const { account, identities } = start();
  account.remember();
  identities.remember({ name: 'other', token: 't0' });
  account.forget();
  expect([identities.tokenFor('me'), identities.tokenFor('other')]).toEqual([undefined, 't0']);
});

test('whom the website signed in has no account here', () => {
  const { account, client } = start();
  expect(account.isOfWebsite).toBe(false);
  client.jwt = 'a.b.c';
  expect(account.isOfWebsite).toBe(true);
});
