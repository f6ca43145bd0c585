import { pbkdf2Sync } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GaleneClient } from '../../../src/dialects/galene/client.ts';
import { part, settled } from './support/frames.ts';
import { Installation, USERS } from './support/installation.ts';

/** `spec/galene.md` 4.1 to 4.4. */

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.start({
    groups: {
      plain: USERS,
      parent: { ...USERS, 'auto-subgroups': true, public: true, description: 'for all' },
      'deep/er/group': USERS,
      seed: {
        op: [{ username: 'vimes', password: 'sybil' }],
        presenter: [{ username: 'fred', password: 'pints' }, { username: 'fred', password: 'stout' }, {}],
        other: [{ username: 'cheery' }],
        'allow-anonymous': true,
        'allow-subgroups': true,
      },
    },
  });
});
afterAll(() => installation[Symbol.asyncDispose]());

async function outcome(group: string, username: string, password = '') {
  const client = await installation.connect();
  const result = await client.join(group, { username, password });
  await part(client);
  return result.kind === 'joined' ? [...result.membership.permissions].sort() : result;
}

const NOT_AUTHORISED = { kind: 'failed', error: undefined, value: 'not authorised' };
const UNKNOWN = { kind: 'failed', error: undefined, value: 'group does not exist' };

function changed(client: GaleneClient, fits: (status: Readonly<Record<string, unknown>>) => boolean) {
  return client.next(({ type, kind, status }) => type === 'joined' && kind === 'change' && fits(status as never));
}

describe('Galène: groups of files', () => {
  test('20. there are subgroups where the definition says so', async () => {
    expect(await outcome('parent/x', 'fred', 'pints')).toEqual(['message', 'present']);
    expect(await outcome('parent/x/y', 'vimes', 'sybil')).toContain('op');
    expect(await outcome('parent/x', 'fred', 'stout')).toEqual(NOT_AUTHORISED);
    expect(await outcome('plain/x', 'fred', 'pints')).toEqual(UNKNOWN);
  });

  test('20. they are not listed, and their description is not their parent’s', async () => {
    const fred = await installation.enter('parent/y', 'fred');
    expect(fred.membership?.status).toMatchObject({ name: 'parent/y' });
    expect(fred.membership?.status).not.toHaveProperty('description');
    const list = (await (await installation.fetch('/public-groups.json')).json()) as { readonly name: string }[];
    expect(list.map(({ name }) => name)).toContain('parent');
    expect(list.map(({ name }) => name)).not.toContain('parent/y');
    await part(fred);
  });

  test('20. operators are told which of them somebody is in', async () => {
    const vimes = await installation.enter('parent', 'vimes');
    const clients = [await installation.enter('parent/z', 'fred'), await installation.enter('parent/z', 'ann')];
    vimes.groupAction({ kind: 'subgroups' });
    const line = await vimes.next({ type: 'chat' });
    expect(line).toMatchObject({ username: 'Server', dest: vimes.id, privileged: true });
    expect(line.value).toMatch(/parent\/z \(2 clients\)/);
    await settled(...clients);
    expect(clients.flatMap((client) => client.untaken).filter(({ type }) => type === 'chat')).toEqual([]);
    await part(vimes, ...clients);
  });

  test('20. a subgroup is a room of its own', async () => {
    const above = await installation.enter('parent', 'ann');
    const below = await installation.enter('parent/q', 'fred');
    below.chat('down here');
    await settled(below, above);
    expect(below.frames.some(({ value }) => value === 'down here')).toBe(true);
    expect(above.frames.some(({ value }) => value === 'down here')).toBe(false);
    await part(above, below);
  });

  test('a group in a folder is called by its path', async () => {
    expect(await outcome('deep/er/group', 'fred', 'pints')).toEqual(['message', 'present']);
    expect(await outcome('deep/er', 'fred', 'pints')).toEqual(UNKNOWN);
    expect(await outcome('deep', 'fred', 'pints')).toEqual(UNKNOWN);
  });

  test('21. who is there is told of another description, and stays', async () => {
    const group = await installation.group({ displayName: 'Before' });
    const ann = await installation.enter(group, 'ann');
    expect(ann.membership?.status).toMatchObject({ displayName: 'Before' });
    await installation.group({ displayName: 'After', description: 'new' }, group);
    await installation.fetch(`/group/${group}/.status`);
    const change = await changed(ann, ({ displayName }) => displayName === 'After');
    expect(change).toMatchObject({ group, username: 'ann', status: { description: 'new' }, permissions: ['message'] });
    await part(ann);
  });

  test('21. who comes next comes by what it says then', async () => {
    const group = await installation.group({});
    expect(await outcome(group, 'fred', 'pints')).toEqual(['message', 'present']);
    await installation.group({ users: { fred: { password: 'stout', permissions: 'message' } } }, group);
    expect(await outcome(group, 'fred', 'pints')).toEqual(NOT_AUTHORISED);
    expect(await outcome(group, 'fred', 'stout')).toEqual(['message']);
  });

  test('21. a file that came, and one that went', async () => {
    expect(await outcome('newborn', 'ann')).toEqual(UNKNOWN);
    await installation.group({}, 'newborn');
    expect(await outcome('newborn', 'ann')).toEqual(['message']);
    await rm(join(installation.folder, 'groups', 'newborn.json'));
    expect(await outcome('newborn', 'ann')).toEqual(UNKNOWN);
  });

  test.each([
    ['is no JSON', '{"users": '],
    ['has a field that nobody knows', JSON.stringify({ ...USERS, frobnicate: true })],
    ['has a field of another type', JSON.stringify({ ...USERS, public: 'yes' })],
  ])('21. nobody enters by a file that %s, and who is there stays', async (_what, text) => {
    const other = await Installation.start();
    const group = other.plainGroup();
    const ann = await other.enter(group, 'ann');
    await writeFile(join(other.folder, 'groups', `${group}.json`), text);
    const vimes = await other.connect();
    expect(await vimes.join(group, { username: 'vimes', password: 'sybil' })).toEqual(UNKNOWN);
    ann.chat('still here');
    await ann.next({ type: 'chat', value: 'still here' });
    await other.group({}, group);
    expect(await vimes.join(group, { username: 'vimes', password: 'sybil' })).toMatchObject({ kind: 'joined' });
    await part(ann, vimes);
    // Its operator is told, which no other test expects.
    await expect(other[Symbol.asyncDispose]()).rejects.toThrow('a group is not available');
  });

  test('a group that redirects sends whoever joins there', async () => {
    const redirect = 'https://elsewhere.example.org/group/new/';
    const group = await installation.group({ redirect });
    const client = await installation.connect();
    expect(await client.join(group, { username: 'vimes', password: 'sybil' })).toEqual({
      kind: 'redirected',
      location: redirect,
    });
    expect(client.frames.at(-1)).toMatchObject({ type: 'joined', kind: 'redirect', group, value: redirect });
    await client.ping();
    await part(client);
  });

  test('definitions of 2021 mean what they meant', async () => {
    expect(await outcome('seed', 'vimes', 'sybil')).toContain('op');
    expect(await outcome('seed', 'vimes', 'wrong')).toEqual(NOT_AUTHORISED);
    expect(await outcome('seed', 'fred', 'pints')).toEqual(['message', 'present']);
    expect(await outcome('seed', 'fred', 'stout')).toEqual(['message', 'present']);
    expect(await outcome('seed', 'cheery', 'anything')).toEqual(['message']);
    expect(await outcome('seed', 'somebody', 'anything')).toEqual(['message', 'present']);
    expect(await outcome('seed/below', 'vimes', 'sybil')).toContain('op');
  });

  test('passwords are kept in every form', async () => {
    const key = pbkdf2Sync('secret', Buffer.from('ab12', 'hex'), 4096, 32, 'sha256').toString('hex');
    const user = (password: unknown) => ({ password, permissions: 'message' });
    const group = await installation.group({
      users: {
        text: user('secret'),
        plain: user({ type: 'plain', key: 'secret' }),
        pbkdf2: user({ type: 'pbkdf2', hash: 'sha-256', key, salt: 'ab12', iterations: 4096 }),
        bcrypt: user({ type: 'bcrypt', key: '$2a$08$Ay5UZhIlSmFNdWVWZTEiMOLcMTP2cHUc3/Kzh2QZLrmuWjMRXSM5y' }),
        any: user({ type: 'wildcard' }),
        none: user({}),
        absent: { permissions: 'op' },
      },
    });
    for (const username of ['text', 'plain', 'pbkdf2', 'any']) {
      expect([username, await outcome(group, username, 'secret')]).toEqual([username, ['message']]);
    }
    for (const username of ['text', 'plain', 'pbkdf2', 'bcrypt', 'none', 'absent']) {
      expect([username, await outcome(group, username, 'wrong')]).toEqual([username, NOT_AUTHORISED]);
    }
    expect(await outcome(group, 'none', '')).toEqual(NOT_AUTHORISED);
    expect(await outcome(group, 'absent', '')).toEqual(NOT_AUTHORISED);
  });

  test('permissions are words for sets, or lists to which nothing is added', async () => {
    const user = (permissions: unknown) => ({ password: { type: 'wildcard' }, permissions });
    const group = await installation.group({
      users: { list: user(['op', 'message']), admin: user('admin'), empty: user([]) },
      'allow-recording': true,
    });
    expect(await outcome(group, 'list')).toEqual(['message', 'op']);
    expect(await outcome(group, 'admin')).toEqual(['admin']);
    expect(await outcome(group, 'empty')).toEqual([]);
  });

  test('groups of the server without a definition are rooms: the lobby is open to all', async () => {
    expect(await outcome('lobby', 'ann')).toEqual(['message', 'present']);
  });
});
