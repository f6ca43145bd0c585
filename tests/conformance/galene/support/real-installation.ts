import { pbkdf2Sync } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hash } from 'bcryptjs';
import { generate } from 'selfsigned';

export const HOST = 'chat.example.org';
/** With which the site's own server signs who may come in. */
export const PORTAL_KEY = Buffer.alloc(32, 7);
export const INVITED = 'old-invitation-of-galene';
const TOKEN = { group: 'tea', username: 'nobby', permissions: ['present', 'message'], expires: '2100-01-01T00:00:00Z' };

/** What somebody has who has run Galène for years: every form of everything, as its programs and its operators wrote it. */
export async function writeRealInstallation(folder: string): Promise<{ readonly ca: string }> {
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
  const write = async (name: string, content: unknown) => {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  };
  await write('groups/tea.json', await tea());
  await chmod(join(folder, 'groups', 'tea.json'), 0o640);
  await write('groups/seed.json', SEED);
  await write('groups/night/watch.json', WATCH);
  await write('groups/portal.json', PORTAL);
  await write('groups/.hidden.json', '{ not for anybody');
  await write('groups/README.txt', 'Ask Vimes.');
  await write('data/config.json', CONFIG);
  await write('data/ice-servers.json', ICE);
  await write('data/var/tokens.jsonl', `${JSON.stringify({ token: INVITED, ...TOKEN })}\n`);
  await write('data/cert.pem', pems.cert);
  await write('data/key.pem', pems.private);
  await write('static/galene.html', '<!doctype html><title>Galène</title><script src="/galene.js"></script>');
  await write('static/galene.js', "'use strict';");
  await write('static/stats.html', '<!doctype html><title>Statistics</title><script src="/stats.js"></script>');
  await write('static/change-password.html', '<!doctype html><title>Change password</title>');
  await write('recordings/tea/2024-01-02T03:04:05.678-vimes.webm', 'a film');
  return { ca: pems.cert };
}

function pbkdf2(password: string) {
  const salt = '0badcafe';
  const key = pbkdf2Sync(password, Buffer.from(salt, 'hex'), 4096, 32, 'sha256').toString('hex');
  return { type: 'pbkdf2', hash: 'sha-256', key, salt, iterations: 4096 };
}

async function tea(): Promise<string> {
  const key = (await hash('sybil', 8)).replace('$2b$', '$2a$');
  const definition = {
    public: true,
    displayName: 'Tea Time',
    description: 'For <i>all</i> who are thirsty',
    contact: 'vimes@example.org',
    'allow-recording': true,
    'unrestricted-tokens': true,
    codecs: ['vp8', 'vp9', 'opus', 'theora'],
    users: {
      vimes: { password: { type: 'bcrypt', key }, permissions: 'op' },
      fred: { password: pbkdf2('pints'), permissions: 'present' },
      cheery: { password: 'axe', permissions: ['message', 'caption'] },
      carrot: { password: { type: 'plain', key: 'iron' }, permissions: 'admin' },
    },
    'wildcard-user': { password: { type: 'wildcard' }, permissions: 'message' },
  };
  return `${JSON.stringify(definition, null, 4)}\n`;
}

const SEED = {
  op: [{ username: 'vimes', password: 'sybil' }],
  presenter: [{ username: 'fred', password: pbkdf2('pints') }],
  other: [{}],
  'allow-subgroups': true,
  'allow-anonymous': true,
  'max-clients': 50,
};

const WATCH = {
  displayName: 'The Night Watch',
  'auto-subgroups': true,
  autolock: true,
  users: { vimes: { password: 'sybil', permissions: 'op' } },
  'wildcard-user': { password: { type: 'plain', key: 'bucket' }, permissions: 'present' },
};

const PORTAL = {
  authServer: 'https://auth.example.org/',
  authPortal: 'https://portal.example.org/',
  authKeys: [{ kty: 'oct', alg: 'HS256', k: PORTAL_KEY.toString('base64url'), kid: '20240101' }],
};

const CONFIG = {
  canonicalHost: HOST,
  proxyURL: `https://${HOST}/`,
  writableGroups: true,
  allowOrigin: ['https://friend.example.org'],
  allowAdminOrigin: ['https://admin.example.org'],
  users: { root: { password: pbkdf2('hunter2'), permissions: 'admin' } },
};

const ICE = [
  { urls: ['stun:stun.example.org'] },
  { urls: ['turn:turn.example.org:443'], username: 'galene', credential: 'secret' },
];

/** Every file below, with its mode and what is in it. */
export async function snapshot(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = paths.map(async (path) => {
    const mode = ((await stat(path)).mode & 0o777).toString(8);
    return [path.slice(folder.length + 1), `${mode} ${await readFile(path, 'utf8')}`] as const;
  });
  return Object.fromEntries(await Promise.all(contents));
}
