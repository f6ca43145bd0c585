import { hash as bcryptHash } from 'bcryptjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openMemoryStorage } from '../storage/memory/memory-storage.ts';
import { Groups, type GroupsOptions } from './groups.ts';
import { shared, signed } from './testing/claims.ts';
import { DAY, type Folder, HOUR, handTimer, NOW, type TestLog, temporaryFolder, testLog } from './testing/fixtures.ts';
import { groupToken } from './token-store.test-suite.ts';

const SIGNER = shared('HS256');

let folder: Folder;
let log: TestLog;
let groups: Groups | undefined;
let timer: ReturnType<typeof handTimer>;
let storage: ReturnType<typeof openMemoryStorage>;
beforeEach(() => {
  folder = temporaryFolder();
  log = testLog();
  timer = handTimer();
  storage = openMemoryStorage();
});
afterEach(() => {
  groups?.close();
  folder.remove();
});

async function open(options: Partial<GroupsOptions> = {}): Promise<Groups> {
  groups = await Groups.open({
    storage,
    log,
    now: () => NOW,
    random: (bytes) => new Uint8Array(bytes).fill(9),
    every: timer.every,
    ...options,
  });
  return groups;
}

const installed = () => open({ groupsFolder: `${folder.path}/groups`, dataFolder: `${folder.path}/data` });

/** What comes of it: the name, or why not. */
async function enter(all: Groups, group: string, claim: object): Promise<string> {
  const admission = await all.admit(group, { household: 'home', ...claim });
  return admission.kind === 'admitted' ? admission.username : admission.reason;
}

test('an installation is taken as it is: groups, passwords, tokens, configuration and ICE servers', async () => {
  const key = await bcryptHash('sybil', 4);
  folder.write('groups/Watch.json', {
    users: { vimes: { password: { type: 'bcrypt', key }, permissions: 'op' } },
    public: true,
    'auto-subgroups': true,
  });
  folder.write('data/config.json', {
    users: { root: { password: 'x', permissions: 'admin' }, mere: { password: 'y' } },
  });
  folder.write('data/ice-servers.json', [{ urls: ['stun:a'] }]);
  folder.write(
    'data/var/tokens.jsonl',
    '{"token":"t","group":"Watch","username":"angua","expires":"2031-01-01T00:00:00Z"}\n',
  );
  const all = await installed();
  expect(all.publicNames()).toEqual(['Watch']);
  expect(await all.find('watch/night')).toMatchObject({ name: 'Watch/night', definedBy: 'Watch' });
  expect(await enter(all, 'watch', { username: 'vimes', password: 'sybil' })).toBe('vimes');
  expect(await enter(all, 'watch', { username: 'vimes', password: 'x' })).toBe('not-authorised');
  expect(await enter(all, 'watch', { token: 't' })).toBe('angua');
  expect(await enter(all, 'guild', { username: 'vimes', password: 'sybil' })).toBe('no-such-group');
  expect(await enter(all, '../x', { username: 'vimes' })).toBe('illegal-group-name');
  // The installation's own users are of no group.
  expect(await enter(all, 'watch', { username: 'root', password: 'x' })).toBe('not-authorised');
  const isAdministrator = async (username: string, password: string) => {
    const proof = { kind: 'password', username, password } as const;
    return (await all.administrators.admit(proof, { kind: 'groups' }, 'home')).kind === 'granted';
  };
  expect([await isAdministrator('root', 'x'), await isAdministrator('root', 'y')]).toEqual([true, false]);
  expect(await isAdministrator('mere', 'y')).toBe(false);
  expect(all.iceServers('id')).toEqual([{ urls: ['stun:a'] }]);
  expect(log.lines).toEqual([]);
});

test('without any folder there are tokens, for rooms that have no definition', async () => {
  const all = await open();
  expect([all.publicNames(), await all.find('attic'), all.iceServers('id')]).toEqual([[], undefined, []]);
  const asker = { group: 'attic', username: 'host', permissions: new Set(['token', 'message'] as const) };
  const answer = await all.tokens.make(asker, { group: 'attic', expires: HOUR, permissions: ['message'] });
  if (answer.kind !== 'token') throw new Error(answer.reason);
  const { token } = answer.token;
  expect(await storage.groupToken(token)).toEqual(answer.token);
  expect(await enter(all, 'attic', { token, username: 'guest' })).toBe('guest');
  expect(await enter(all, 'attic', { token })).toBe('need-username');
  expect(await enter(all, 'cellar', { token, username: 'guest' })).toBe('not-authorised');
  expect(await enter(all, 'attic', { username: 'guest', password: 'x' })).toBe('no-such-group');
});

test('a group whose file is not valid lets nobody in, not even with a token for it', async () => {
  folder.write('groups/watch.json', { pubic: true });
  const all = await installed();
  const { token: _, ...draft } = groupToken();
  await all.tokens.put({ ...draft, token: 't' });
  expect(await enter(all, 'watch', { token: 't', username: 'angua' })).toBe('no-such-group');
});

test('signed tokens must name the configured host, and hold for nobody while that cannot be read', async () => {
  folder.write('groups/watch.json', { authKeys: [SIGNER.jwk] });
  folder.write('data/config.json', '{');
  const all = await installed();
  const token = await signed(SIGNER);
  expect(await enter(all, 'watch', { token })).toBe('not-authorised');
  folder.write('data/config.json', { canonicalHost: 'galene.example.org' });
  timer.tick();
  await vi.waitFor(async () => expect(await enter(all, 'watch', { token })).toBe('angua'));
  folder.write('data/config.json', { canonicalHost: 'other.example.org' });
  timer.tick();
  await vi.waitFor(async () => expect(await enter(all, 'watch', { token })).toBe('not-authorised'));
});

test('a tokens’ file that cannot be read lets nobody in by it, and is logged', async () => {
  folder.write('groups/watch.json', { 'wildcard-user': { password: { type: 'wildcard' } } });
  folder.write('data/var/tokens.jsonl/no-file', 'x');
  const all = await installed();
  expect(await enter(all, 'watch', { token: 't', username: 'angua' })).toBe('not-authorised');
  expect(await enter(all, 'watch', { username: 'angua' })).toBe('angua');
  expect(log.lines.join('\n')).toContain('a token could not be looked up');
});

test('changes are told, by looking around from time to time, until it is closed', async () => {
  const all = await installed();
  const heard: string[] = [];
  all.onChanged((name) => heard.push(name));
  folder.write('groups/watch.json', {});
  timer.tick();
  await vi.waitFor(() => expect(heard).toEqual(['watch']));
  expect(timer.count()).toBe(2);
  all.close();
  expect(timer.count()).toBe(0);
});

test('old tokens are removed from time to time', async () => {
  const all = await open();
  const { token: _, ...draft } = groupToken({ expires: NOW - 8 * DAY });
  await all.tokens.put({ ...draft, token: 'old' });
  timer.tick();
  await vi.waitFor(async () => expect(await storage.groupToken('old')).toBeUndefined());
});

test('whether groups may be changed concerns them all, and is heard when it is another', async () => {
  folder.write('groups/watch.json', {});
  folder.write('groups/city/guild.json', {});
  const all = await installed();
  const heard: string[] = [];
  const forget = all.onChanged((name) => heard.push(name));
  folder.write('data/config.json', { writableGroups: true });
  timer.tick();
  await vi.waitFor(() => expect(heard.sort()).toEqual(['city/guild', 'watch']));
  expect(all.config.writableGroups).toBe(true);
  forget();
  const order = { part: { kind: 'group', group: 'watch' }, reach: 'server', expects: () => true } as const;
  expect(await all.administration.write(order, { comment: 'x' })).toEqual({ kind: 'done', isNew: false });
  expect(await all.find('watch')).toMatchObject({ description: { comment: 'x' } });
  expect(heard).toHaveLength(2);
});

test('a token is for a group as its file has it, and for a room by the room’s name', async () => {
  folder.write('groups/Watch.json', { 'auto-subgroups': true });
  folder.write('data/config.json', { writableGroups: true });
  const all = await installed();
  const order = (group: string) => ({ part: { kind: 'tokens', group }, reach: 'server', expects: () => true }) as const;
  const token = { username: 'ann', permissions: ['message'], expires: '2031-01-01T00:00:00Z' };
  for (const [said, meant] of [
    ['watch', 'Watch'],
    ['WATCH', 'Watch'],
    ['Watch/Night', 'Watch/night'],
    ['Attic', 'attic'],
    ['', ''],
  ] as const) {
    const made = await all.administration.makeToken(order(said), token);
    const secret = made.kind === 'done' ? (made.name ?? '') : '';
    expect([said, (await all.tokens.find(secret))?.group]).toEqual([said, meant]);
    await all.tokens.remove(secret);
  }
});
