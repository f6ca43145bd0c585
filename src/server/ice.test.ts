import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { anyTurnLogin, iceServers } from './ice.ts';

const NOW = Date.UTC(2030, 0, 1, 0, 0, 0, 789);
const URLS = [
  'turn:turn.example:3478',
  'stun:stun.example',
  'turns:turn.example:5349?transport=tcp',
  'stuns:s.example',
];
const ICE = { urls: URLS, turnSeconds: 600, twilio: {} };
const SECRET = 'shared with coturn';

/** As coturn does it: the name says until when, and the password is the HMAC of the name. */
function isLetIn(secret: string, { username, credential }: { username?: string; credential?: string }, at: number) {
  const [until] = (username ?? '').split(':');
  const expected = createHmac('sha1', secret)
    .update(username ?? '')
    .digest('base64');
  return credential === expected && Number(until) * 1000 > at;
}

describe('a client’s servers', () => {
  test('are those of the configuration, STUN first, each by itself', () => {
    expect(iceServers(ICE, 'abc', NOW)).toEqual([
      { urls: ['stun:stun.example'] },
      { urls: ['stuns:s.example'] },
      { urls: ['turn:turn.example:3478'] },
      { urls: ['turns:turn.example:5349?transport=tcp'] },
    ]);
  });

  test('are none without any', () => {
    expect(iceServers({ ...ICE, urls: [], turnSecret: SECRET }, 'abc', NOW)).toEqual([]);
  });

  test('have the one login for TURN, where there is one', () => {
    const servers = iceServers({ ...ICE, username: 'parlour', credential: 'change me' }, 'abc', NOW);
    const login = { username: 'parlour', credential: 'change me' };
    expect(servers.map(({ urls, ...rest }) => rest)).toEqual([{}, {}, login, login]);
  });

  test('have a login of their own where there is a secret: coturn takes it, for as long as configured', () => {
    const ice = { ...ICE, turnSecret: SECRET, username: 'not used', credential: 'not used' };
    const [stun, , turn, turns] = iceServers(ice, 'abc', NOW);
    expect(stun).toEqual({ urls: ['stun:stun.example'] });
    expect(turn?.username).toBe(`${Math.floor(NOW / 1000) + 600}:abc`);
    expect(turns).toMatchObject({ username: turn?.username, credential: turn?.credential });
    expect(isLetIn(SECRET, turn ?? {}, NOW)).toBe(true);
    expect(isLetIn(SECRET, turn ?? {}, NOW + 599_000)).toBe(true);
    expect(isLetIn(SECRET, turn ?? {}, NOW + 601_000)).toBe(false);
    expect(isLetIn('another', turn ?? {}, NOW)).toBe(false);
    expect(turn?.credential).not.toContain(SECRET);
  });

  test('have another login for another client', () => {
    const ice = { ...ICE, turnSecret: SECRET };
    const [, , one] = iceServers(ice, 'one', NOW);
    const [, , other] = iceServers(ice, 'other', NOW);
    expect(one?.credential).not.toBe(other?.credential);
    expect(iceServers(ice, 'one', NOW)[2]).toEqual(one);
  });
});

describe('a login for who has no id', () => {
  test('is good, and never the same', () => {
    const ice = { ...ICE, turnSecret: SECRET };
    const [one, other] = [anyTurnLogin(ice), anyTurnLogin(ice)];
    expect(one.username).not.toBe(other.username);
    for (const login of [one, other]) expect(isLetIn(SECRET, login, Date.now())).toBe(true);
  });

  test('is the one of the configuration, or none', () => {
    expect(anyTurnLogin({ ...ICE, username: 'a', credential: 'b' })).toEqual({ username: 'a', credential: 'b' });
    expect(anyTurnLogin(ICE)).toEqual({});
  });
});
