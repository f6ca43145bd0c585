import { createHmac, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { part } from './support/frames.ts';
import { type Credentials, Galenectl } from './support/galenectl.ts';
import { type Definition, Installation, USERS } from './support/installation.ts';

/** `spec/galene.md` 3.5: what the operators' program does, over a real server and its folders. */

const ROOT = { username: 'root', password: 'hunter2' };
const CONFIG: Definition = {
  users: { root: { password: 'hunter2', permissions: 'admin' } },
  writableGroups: true,
};
const HOUR = 3_600_000;
const soon = () => new Date(Date.now() + HOUR).toISOString();

let installation: Installation;
let root: Galenectl;
/** Of the whole server, and made by the program itself. */
let bearer: Galenectl;
beforeAll(async () => {
  installation = await Installation.start({ config: CONFIG });
  root = new Galenectl(installation.server.url, ROOT);
  const order = { permissions: ['admin'], includeSubgroups: true, expires: soon() };
  bearer = new Galenectl(installation.server.url, { token: await root.createToken('', order) });
});
afterAll(() => installation[Symbol.asyncDispose]());

function as(credentials: Credentials): Galenectl {
  return new Galenectl(installation.server.url, credentials);
}

/** What is in the file of a group. */
async function file(group: string): Promise<Definition> {
  return JSON.parse(await readFile(join(installation.folder, 'groups', `${group}.json`), 'utf8')) as Definition;
}

/** What becomes of a login: the permissions, or why not. */
async function outcome(group: string, username: string, password: string): Promise<unknown> {
  const client = await installation.connect();
  const result = await client.join(group, { username, password });
  await part(client);
  if (result.kind === 'joined') return [...result.membership.permissions].sort();
  return result.kind === 'failed' ? result.value : result;
}

describe.each([
  ['Basic', () => root],
  ['a token', () => bearer],
])('Galène: the operators’ program, by %s', (how, given) => {
  const name = (word: string) => `${word}-${how.replace(/\W/g, '')}`;

  test('64. makes, shows, changes, lists and deletes a group, which holds at once', async () => {
    const [ctl, group] = [given(), name('life')];
    expect(await ctl.listGroups()).not.toContain(group);
    await expect(ctl.showGroup(group)).rejects.toThrow('404');
    await ctl.createGroup(group, { displayName: 'Life', public: true });
    expect(await ctl.listGroups()).toContain(group);
    expect(await ctl.showGroup(group)).toEqual({ displayName: 'Life', public: true });
    const list = (await (await installation.fetch('/public-groups.json')).json()) as readonly { name: string }[];
    expect(list.map((each) => each.name)).toContain(group);
    await expect(ctl.createGroup(group)).rejects.toThrow('412');
    await ctl.updateGroup(group, (before) => ({ ...before, public: false, 'max-clients': 7, 'no-such-field': 1 }));
    expect(await ctl.showGroup(group)).toEqual({ displayName: 'Life', 'max-clients': 7 });
    expect(await file(group)).toEqual({ displayName: 'Life', 'max-clients': 7 });
    await ctl.deleteGroup(group);
    await expect(ctl.showGroup(group)).rejects.toThrow('404');
    expect(await ctl.listGroups()).not.toContain(group);
    expect((await installation.fetch(`/group/${group}/.status`)).status).toBe(404);
  });

  test('64. makes, shows, changes, lists and deletes users, who come in by passwords that it sets', async () => {
    const [ctl, group] = [given(), name('people')];
    await ctl.createGroup(group);
    await ctl.createUser(group, 'vimes', 'op');
    await ctl.createUser(group, 'fred', ['present', 'message']);
    await expect(ctl.createUser(group, 'vimes', 'op')).rejects.toThrow('412');
    expect(await ctl.listUsers(group)).toEqual(['fred', 'vimes']);
    expect(await ctl.showUser(group, 'vimes')).toEqual({ permissions: 'op' });
    expect(await outcome(group, 'vimes', '')).toBe('not authorised');
    await ctl.setPassword(group, 'vimes', 'sybil');
    expect(await outcome(group, 'vimes', 'sybil')).toContain('op');
    await ctl.updateUser(group, 'vimes', 'message');
    expect(await outcome(group, 'vimes', 'sybil')).toEqual(['message']);
    await ctl.deletePassword(group, 'vimes');
    expect(await outcome(group, 'vimes', 'sybil')).toBe('not authorised');
    await ctl.deleteUser(group, 'vimes');
    await expect(ctl.showUser(group, 'vimes')).rejects.toThrow('404');
    expect(await ctl.listUsers(group)).toEqual(['fred']);
    expect(await file(group)).toEqual({ users: { fred: { permissions: ['present', 'message'] } } });
  });

  test('64. sets passwords that it hashed itself', async () => {
    const [ctl, group] = [given(), name('hashed')];
    await ctl.createGroup(group);
    await ctl.createUser(group, 'vimes', 'message');
    const key = '$2a$08$Ay5UZhIlSmFNdWVWZTEiMOLcMTP2cHUc3/Kzh2QZLrmuWjMRXSM5y';
    await ctl.setPassword(group, 'vimes', { type: 'bcrypt', key });
    expect(await file(group)).toMatchObject({ users: { vimes: { password: { type: 'bcrypt', key } } } });
    await expect(ctl.setPassword(group, 'nobby', 'x')).rejects.toThrow('404');
    await expect(ctl.setPassword(group, 'vimes', { type: 'rot13', key: 'x' })).rejects.toThrow('400');
  });

  test('64. does the same with whoever else comes, and with who has no name', async () => {
    const [ctl, group] = [given(), name('others')];
    await ctl.createGroup(group);
    await ctl.createUser(group, { wildcard: true }, 'message');
    expect(await outcome(group, 'somebody', '')).toBe('not authorised');
    await ctl.setPassword(group, { wildcard: true }, { type: 'wildcard' });
    expect(await outcome(group, 'somebody', 'anything')).toEqual(['message']);
    await ctl.updateUser(group, { wildcard: true }, 'present');
    expect(await outcome(group, 'somebody', '')).toEqual(['message', 'present']);
    expect(await ctl.showUser(group, { wildcard: true })).toEqual({ permissions: 'present' });
    await ctl.createUser(group, '', 'observe');
    await ctl.setPassword(group, '', 'shy');
    expect(await ctl.showUser(group, '')).toEqual({ permissions: 'observe' });
    expect(await outcome(group, '', 'shy')).toEqual([]);
    await ctl.deleteUser(group, { wildcard: true });
    expect(await outcome(group, 'somebody', '')).toBe('not authorised');
    await ctl.deleteUser(group, '');
    expect(await file(group)).toEqual({});
  });

  test('64. makes, shows, changes, lists, revokes and deletes tokens', async () => {
    const [ctl, group] = [given(), name('tokens')];
    await ctl.createGroup(group);
    expect(await ctl.listTokens(group)).toEqual([]);
    const expires = soon();
    const token = await ctl.createToken(group, { permissions: ['present', 'message'], username: 'ann', expires });
    expect(token).toMatch(/^[\w-]{10,}$/);
    expect(await ctl.listTokens(group)).toEqual([token]);
    const shown = { token: '', group: '', username: 'ann', permissions: ['present', 'message'] };
    expect(await ctl.showToken(group, token)).toEqual({ ...shown, expires });
    const joined = async () => {
      const client = await installation.connect();
      const result = await client.join(group, { token });
      await part(client);
      return result.kind === 'joined' ? result.membership.username : result.kind;
    };
    expect(await joined()).toBe('ann');
    await ctl.updateToken(group, token, (before) => ({ ...before, username: 'bob' }));
    expect(await joined()).toBe('bob');
    await ctl.revokeToken(group, token);
    expect(await joined()).toBe('failed');
    expect(await ctl.listTokens(group)).toEqual([token]);
    await ctl.deleteToken(group, token);
    expect(await ctl.listTokens(group)).toEqual([]);
    await expect(ctl.showToken(group, token)).rejects.toThrow('404');
  });

  test('64. groups below groups', async () => {
    const [ctl, group] = [given(), name('deep')];
    await ctl.createGroup(`${group}/er/still`, { description: 'down' });
    await ctl.createUser(`${group}/er/still`, 'vimes', 'op');
    await ctl.setPassword(`${group}/er/still`, 'vimes', 'sybil');
    expect(await outcome(`${group}/er/still`, 'vimes', 'sybil')).toContain('op');
    await expect(ctl.showGroup(`${group}/er`)).rejects.toThrow('404');
    expect(await ctl.listGroups()).toContain(`${group}/er/still`);
  });
});

describe('Galène: what a definition keeps', () => {
  test('64. users and keys, when the group is put', async () => {
    const key = { kty: 'oct', alg: 'HS256', k: randomBytes(32).toString('base64url') };
    const group = await installation.group({ authKeys: [key], displayName: 'Old', comment: 'kept by nobody' });
    await root.updateGroup(group, () => ({ displayName: 'New', description: 'other' }));
    expect(await file(group)).toEqual({ ...USERS, authKeys: [key], displayName: 'New', description: 'other' });
    expect(await outcome(group, 'vimes', 'sybil')).toContain('op');
  });

  test('64. its password, when a user is put; and the rest of the file', async () => {
    const group = await installation.group({ displayName: 'Same' });
    await root.updateUser(group, 'fred', 'observe');
    expect(await outcome(group, 'fred', 'pints')).toEqual([]);
    expect(await file(group)).toEqual({
      ...{ ...USERS, displayName: 'Same' },
      users: { ...(USERS.users as object), fred: { password: 'pints', permissions: 'observe' } },
    });
  });

  test('64. keys are put, and never shown', async () => {
    const group = await installation.group({});
    const k = randomBytes(32);
    const keys = [{ kty: 'oct', alg: 'HS256', k: k.toString('base64url') }];
    const headers = { 'content-type': 'application/jwk-set+json' };
    const put = await root.request('PUT', `/.groups/${group}/.keys`, { headers, body: JSON.stringify({ keys }) });
    expect(put.status).toBe(204);
    expect(await root.showGroup(group)).toEqual({});
    await expect(root.request('GET', `/.groups/${group}/.keys`)).rejects.toThrow('405');
    const client = await installation.connect();
    const token = jwt(k, { sub: 'ann', aud: `http://any/group/${group}/`, permissions: ['message'] });
    expect(await client.join(group, { token })).toMatchObject({ kind: 'joined', membership: { username: 'ann' } });
    await part(client);
    await root.request('DELETE', `/.groups/${group}/.keys`);
    expect(await file(group)).toEqual(USERS);
  });

  test('64. a definition of 2021 becomes one of today with the first change to its users, and not before', async () => {
    const old = {
      op: [{ username: 'vimes', password: 'sybil' }],
      presenter: [{ username: 'vimes', password: 'other' }, {}],
      'allow-subgroups': true,
    };
    const group = await installation.group({ users: undefined, 'wildcard-user': undefined, ...old });
    expect(await root.listUsers(group)).toEqual(['vimes']);
    expect(await root.showGroup(group)).toEqual({ 'auto-subgroups': true });
    await root.updateGroup(group, (before) => ({ ...before, displayName: 'Seed' }));
    const { 'allow-subgroups': _, ...lists } = old;
    expect(await file(group)).toEqual({ ...lists, displayName: 'Seed', 'auto-subgroups': true });
    await root.createUser(group, 'fred', 'present');
    expect(await file(group)).toEqual({
      ...{ displayName: 'Seed', 'auto-subgroups': true },
      users: { vimes: { password: 'sybil', permissions: 'op' }, fred: { permissions: 'present' } },
      'wildcard-user': { password: { type: 'wildcard' }, permissions: 'present' },
    });
    expect(await outcome(group, 'vimes', 'sybil')).toContain('op');
    expect(await outcome(group, 'somebody', '')).toEqual(['message', 'present']);
  });

  test('64. no draft is left behind', async () => {
    const names = await readdir(join(installation.folder, 'groups'), { recursive: true });
    expect(names.filter((each) => !/\.json$/.test(each) && each.includes('.'))).toEqual([]);
  });
});

/** Wrong passwords are counted: those of other tests are enough. */
async function startAnew(): Promise<void> {
  await installation[Symbol.asyncDispose]();
  installation = await Installation.start({ config: CONFIG });
  root = as(ROOT);
}

describe('Galène: who administers', () => {
  beforeAll(startAnew);

  const ADMIN: Definition = {
    users: {
      ...(USERS.users as object),
      carrot: { password: 'iron', permissions: 'admin' },
    },
  };

  test('64. an administrator of a group, that group alone', async () => {
    const group = await installation.group(ADMIN);
    const other = await installation.group(USERS);
    const carrot = as({ username: 'carrot', password: 'iron' });
    await carrot.updateGroup(group, (before) => ({ ...before, description: 'mine' }));
    await carrot.createUser(group, 'angua', 'present');
    expect(await carrot.listTokens(group)).toEqual([]);
    for (const refused of [
      () => carrot.showGroup(other),
      () => carrot.listGroups(),
      () => carrot.listTokens(''),
      () => carrot.showGroup('no-such-group'),
      () => carrot.createGroup(`${group}/below`),
      () => as({ username: 'vimes', password: 'sybil' }).showGroup(group),
      () => as({ username: 'carrot', password: 'wrong' }).showGroup(group),
    ]) {
      await expect(refused()).rejects.toThrow('401');
    }
    const broad = { permissions: ['admin'], includeSubgroups: true, expires: soon() };
    await expect(carrot.createToken(group, broad)).rejects.toThrow('403');
  });

  test('64. a token of a group, that group; with subgroups, those below, also new ones', async () => {
    const group = await installation.group({});
    const expires = soon();
    const narrow = as({ token: await root.createToken(group, { permissions: ['admin'], expires }) });
    const wide = as({
      token: await root.createToken(group, { permissions: ['admin'], includeSubgroups: true, expires }),
    });
    const mere = as({ token: await root.createToken(group, { permissions: ['op', 'token'], expires }) });
    const late = as({
      token: await root.createToken(group, { permissions: ['admin'], expires: '2020-01-01T00:00:00Z' }),
    });
    await narrow.updateGroup(group, () => ({ comment: 'by a token' }));
    await wide.createGroup(`${group}/below`);
    await expect(narrow.showGroup(`${group}/below`)).rejects.toThrow('401');
    for (const ctl of [narrow, wide, mere, late]) await expect(ctl.listGroups()).rejects.toThrow('401');
    for (const ctl of [mere, late]) await expect(ctl.showGroup(group)).rejects.toThrow('401');
  });

  test('64. a signed token that says so', async () => {
    const key = randomBytes(32);
    const authKeys = [{ kty: 'oct', alg: 'HS256', k: key.toString('base64url') }];
    const group = await installation.group({ authKeys });
    const claims = { sub: 'carrot', aud: `http://any/group/${group}/`, permissions: ['admin'] };
    expect(await as({ token: jwt(key, claims) }).listUsers(group)).toContain('vimes');
    for (const bad of [
      jwt(key, { ...claims, permissions: ['op'] }),
      jwt(key, { ...claims, aud: 'http://any/group/other/' }),
      jwt(randomBytes(32), claims),
    ]) {
      await expect(as({ token: bad }).listUsers(group)).rejects.toThrow('401');
    }
  });
});

describe('Galène: somebody’s own password', () => {
  beforeAll(startAnew);

  const path = (group: string, user: string) => `/.groups/${group}/.users/${user}/.password`;
  const text = (body: string) => ({ headers: { 'content-type': 'text/plain' }, body });

  test('64. is changed by who knows it, and holds at once', async () => {
    const group = await installation.group({});
    const fred = as({ username: 'fred', password: 'pints' });
    const response = await fred.request('POST', path(group, 'fred'), text('stout'));
    expect(response.status).toBe(204);
    expect(await outcome(group, 'fred', 'stout')).toEqual(['message', 'present']);
    expect(await outcome(group, 'fred', 'pints')).toBe('not authorised');
    const { users } = (await file(group)) as { users: Record<string, { password: { type: string; key: string } }> };
    expect(users.fred?.password).toEqual({ type: 'bcrypt', key: expect.stringMatching(/^\$2a\$08\$/) });
    await expect(fred.request('POST', path(group, 'fred'), text('again'))).rejects.toThrow('401');
  });

  test('64. whoever they say they are', async () => {
    const group = await installation.group({});
    await as({ username: 'anybody', password: 'pints' }).request('POST', path(group, 'fred'), text('stout'));
    expect(await outcome(group, 'fred', 'stout')).toEqual(['message', 'present']);
  });

  test('64. and nothing else', async () => {
    const group = await installation.group({
      users: { ...(USERS.users as object), open: { password: { type: 'wildcard' } } },
    });
    const fred = as({ username: 'fred', password: 'pints' });
    for (const refused of [
      () => fred.request('POST', path(group, 'vimes'), text('x')),
      () => fred.request('POST', path(group, 'nobody'), text('x')),
      () => fred.request('POST', path(group, 'open'), text('x')),
      () => fred.request('POST', `/.groups/${group}/.wildcard-user/.password`, text('x')),
      () => fred.request('POST', path('no-such-group', 'fred'), text('x')),
      () => fred.showUser(group, 'fred'),
      () => fred.deleteUser(group, 'fred'),
    ]) {
      await expect(refused()).rejects.toThrow('401');
    }
  });

  test('64. as a page sends it that writes Latin-1', async () => {
    const group = await installation.group({ users: { zoë: { password: 'été', permissions: 'message' } } });
    const response = await installation.fetch(`/galene-api/v0${encodeURI(path(group, 'zoë'))}`, {
      ...text('neu'),
      method: 'POST',
      headers: { 'content-type': 'text/plain', authorization: `Basic ${btoa('zoë:été')}` },
    });
    expect(response.status).toBe(204);
    expect(await outcome(group, 'zoë', 'neu')).toEqual(['message']);
  });

  test('64. and people are told whether they can', async () => {
    const fred = await installation.enter(installation.plainGroup(), 'fred');
    expect(fred.membership?.status).toMatchObject({ canChangePassword: true });
    await using other = await Installation.start({});
    const there = await other.enter(other.plainGroup(), 'fred');
    expect(there.membership?.status).not.toHaveProperty('canChangePassword');
    await part(fred, there);
  });
});

function jwt(key: Buffer, claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ iat: now, exp: now + 600, ...claims })}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}
