import { createHmac } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, describe as group, test } from 'vitest';
import { iceServersFor, parseIceServers } from './ice-servers.ts';
import { Installation, NO_CONFIG, parseConfig } from './installation.ts';
import { type Folder, NOW, type TestLog, temporaryFolder, testLog } from './testing/fixtures.ts';

let folder: Folder;
let log: TestLog;
let installation: Installation;
beforeEach(() => {
  folder = temporaryFolder();
  log = testLog();
  installation = new Installation({ folder: folder.path, log });
});
afterEach(() => folder.remove());

const parsed = (content: unknown) => parseConfig(JSON.stringify(content), () => {});

group('config.json', () => {
  test('says all that its fields say', () => {
    const content = {
      users: { root: { password: 'x', permissions: 'admin' } },
      writableGroups: true,
      allowOrigin: ['https://a.example.org'],
      allowAdminOrigin: ['https://b.example.org'],
      proxyURL: 'https://galene.example.org/',
      canonicalHost: 'galene.example.org:8443',
      admin: [{ username: 'old' }],
    };
    expect(parsed(content)).toEqual({
      kind: 'read',
      value: {
        users: [{ name: 'root', password: { type: 'plain', key: 'x' }, permissions: 'admin' }],
        writableGroups: true,
        allowOrigin: ['https://a.example.org'],
        allowAdminOrigin: ['https://b.example.org'],
        proxyUrl: 'https://galene.example.org/',
        canonicalHost: 'galene.example.org:8443',
      },
    });
    expect(parsed({})).toEqual({ kind: 'read', value: NO_CONFIG });
  });

  test.each<[unknown, string]>([
    [{ writableGroup: true }, 'writableGroup: is not a known field'],
    [{ writableGroups: 1 }, 'writableGroups: must be true or false'],
    [{ allowOrigin: 'x' }, 'allowOrigin: must be a list'],
    [{ proxyURL: 'galene' }, 'proxyURL: must be an http or https URL'],
    [{ canonicalHost: 'https://galene/' }, 'canonicalHost: must be a host'],
    [{ users: { root: { permissions: 'root' } } }, 'users.root.permissions: root is no known set'],
  ])('%j is invalid', (content, problem) => {
    expect(parsed(content)).toEqual({ kind: 'invalid', problem: expect.stringContaining(problem) });
  });

  test('is optional, and what was valid last stays until the file is gone', async () => {
    await installation.look();
    expect([installation.config, installation.isUnreadable, log.lines]).toEqual([NO_CONFIG, false, []]);
    folder.write('config.json', { canonicalHost: 'one.example.org' });
    await installation.look();
    expect(installation.config.canonicalHost).toBe('one.example.org');
    folder.write('config.json', '{"canonicalHost": ');
    for (let count = 0; count < 3; count++) await installation.look();
    expect(installation.config.canonicalHost).toBe('one.example.org');
    expect(log.lines).toEqual([expect.stringMatching(/config\.json.*is not JSON/)]);
    rmSync(join(folder.path, 'config.json'));
    await installation.look();
    expect(installation.config).toEqual(NO_CONFIG);
  });

  test('that was never valid is known to be so', async () => {
    folder.write('config.json', '{');
    await installation.look();
    expect([installation.config, installation.isUnreadable]).toEqual([NO_CONFIG, true]);
  });
});

group('ice-servers.json', () => {
  test('is what clients get', async () => {
    const servers = [
      { urls: ['stun:stun.example.org'] },
      { urls: 'turn:turn.example.org?transport=tcp', username: 'u', credential: 'p', credentialType: 'password' },
    ];
    folder.write('ice-servers.json', servers);
    await installation.look();
    expect(installation.iceServers({ name: 'id', now: NOW })).toEqual([
      { urls: ['stun:stun.example.org'] },
      { urls: ['turn:turn.example.org?transport=tcp'], username: 'u', credential: 'p' },
    ]);
    folder.write('ice-servers.json', []);
    await installation.look();
    expect(installation.iceServers({ name: 'id', now: NOW })).toEqual([]);
  });

  test('may have a secret, of which everybody gets a login for a day and nobody the secret', () => {
    const text = JSON.stringify([
      { urls: ['turn:a'], credential: 'hush', credentialType: 'hmac-sha1' },
      { urls: ['turn:b'], username: 'galene', credential: 'hush', credentialType: 'hmac-sha1' },
    ]);
    const entries = parseIceServers(text, () => {});
    if (entries.kind === 'invalid') throw new Error(entries.problem);
    const login = (username: string) => ({
      username,
      credential: createHmac('sha1', 'hush').update(username).digest('base64'),
    });
    const until = NOW / 1000 + 86_400;
    expect(iceServersFor(entries.value, { name: 'id', now: NOW })).toEqual([
      { urls: ['turn:a'], ...login(`${until}:id`) },
      { urls: ['turn:b'], ...login(`${until}:galene`) },
    ]);
  });

  test.each<[unknown, string]>([
    [{}, 'the file: must be a list'],
    [[{}], '[0].urls: must be stun or turn URLs'],
    [[{ urls: ['http://x'] }], '[0].urls: must be stun or turn URLs'],
    [[{ urls: ['turn:x'] }, 7], '[1]: must be an object'],
    [[{ urls: ['turn:x'], credential: {} }], '[0].credential: must be a text'],
  ])('%j is invalid', (content, problem) => {
    expect(parseIceServers(JSON.stringify(content), () => {})).toEqual({ kind: 'invalid', problem });
  });

  test('leaves out a server whose kind of login we cannot make', () => {
    const warnings: string[] = [];
    const text = JSON.stringify([{ urls: ['turn:x'], credentialType: 'oauth', credential: {} }]);
    expect(parseIceServers(text, (warning) => warnings.push(warning))).toEqual({ kind: 'read', value: [] });
    expect(warnings).toEqual([expect.stringContaining('[0].credentialType')]);
  });
});

test('whatever is in these files, reading them does not throw', () => {
  const kinds = (text: string) => {
    for (const parse of [parseConfig, parseIceServers]) {
      if (!['read', 'invalid'].includes(parse(text, () => {}).kind)) return false;
    }
    return true;
  };
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json({ maxDepth: 5 })), kinds), { numRuns: 300 });
});

group('passwd', () => {
  const root = { name: 'root', password: { type: 'plain', key: 'a:b' }, permissions: 'admin' };

  test('names administrators, where config.json has no users', async () => {
    folder.write('passwd', 'root:a:b\r\n\nnonsense\n:nobody\nempty:\n');
    await installation.look();
    expect(installation.config).toEqual({ ...NO_CONFIG, users: [root] });
    expect(log.lines.map((line) => /line \d: .*(?=")/.exec(line)?.[0])).toEqual(
      [3, 4, 5].map((line) => `line ${line}: is no user:password`),
    );
    expect(log.lines.join()).not.toContain('nobody');
    folder.write('config.json', { writableGroups: true });
    await installation.look();
    expect(installation.config).toEqual({ ...NO_CONFIG, writableGroups: true, users: [root] });
    folder.write('config.json', { users: { other: { password: 'x', permissions: 'admin' } } });
    await installation.look();
    expect(installation.config.users.map(({ name }) => name)).toEqual(['other']);
  });
});
