import { execFile } from 'node:child_process';
import { pbkdf2Sync } from 'node:crypto';
import { promisify } from 'node:util';
import { hash as bcryptHash } from 'bcryptjs';
import { afterAll, describe, expect, test } from 'vitest';
import { Passwords } from '../auth/passwords.ts';
import { BcryptThread } from './bcrypt.ts';
import { FieldProblem } from './fields.ts';
import { findLogin, hashPassword, parsePassword } from './password.ts';
import { NOW } from './testing/fixtures.ts';

const run = promisify(execFile);
const bcrypt = new BcryptThread();
afterAll(() => bcrypt.close());

const SALT = '0a0b0c0d';
const derived = (length: number) =>
  pbkdf2Sync('sybil', Buffer.from(SALT, 'hex'), 1000, length, 'sha256').toString('hex');
const PBKDF2 = { type: 'pbkdf2', hash: 'sha-256', key: derived(32), salt: SALT, iterations: 1000 };

function argon2(parameters: string): string {
  return `$argon2id$v=19$${parameters}$c29tZXNhbHRz$${'A'.repeat(43)}`;
}

function parse(value: unknown) {
  const warnings: string[] = [];
  const password = parsePassword(value, 'p', (warning) => warnings.push(warning));
  return { password, warnings };
}

function login(value: unknown) {
  const { password } = parse(value);
  return password === undefined ? {} : { password };
}

const fresh = () => new Passwords({ now: () => NOW });
const attempt = (password: string, passwords = fresh()) => ({ password, passwords, bcrypt, household: 'home' });

describe('a password fits what is kept of it', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['as it is', async () => 'sybil'],
    ['plainly', async () => ({ type: 'plain', key: 'sybil' })],
    ['by PBKDF2', async () => PBKDF2],
    ['by PBKDF2, in capitals and shorter', async () => ({ ...PBKDF2, key: derived(16).toUpperCase() })],
    ['by bcrypt', () => bcryptHash('sybil', 4).then((key) => ({ type: 'bcrypt', key }))],
    [
      'by bcrypt, as others write it',
      () => bcryptHash('sybil', 4).then((key) => ({ type: 'bcrypt', key: key.replace('$2b$', '$2a$') })),
    ],
    ['by argon2', async () => hashPassword('sybil', { passwords: fresh(), household: 'home' })],
  ])('%s', async (_, make) => {
    const kept = await make();
    expect(parse(kept).warnings).toEqual([]);
    const logins = [login(kept)];
    expect(await findLogin(logins, attempt('sybil'))).toEqual({ kind: 'right', login: logins[0] });
    for (const wrong of ['', 'Sybil', 'sybil ', 'x'.repeat(2000)]) {
      expect(await findLogin(logins, attempt(wrong))).toEqual({ kind: 'wrong' });
    }
  });

  test('and any password fits the wildcard', async () => {
    for (const password of ['', 'x', 'y'.repeat(2000)]) {
      expect(await findLogin([login({ type: 'wildcard' })], attempt(password))).toMatchObject({ kind: 'right' });
    }
  });

  test('and an empty one only what says so', async () => {
    expect(await findLogin([login('')], attempt(''))).toMatchObject({ kind: 'right' });
    for (const nobody of [undefined, null, {}]) {
      expect(parse(nobody)).toEqual({ password: undefined, warnings: [] });
      expect(await findLogin([login(nobody)], attempt(''))).toEqual({ kind: 'wrong' });
    }
  });
});

test.each<[object, string]>([
  [{ type: 'md5', key: 'x' }, 'is of no known type'],
  [{ key: 'x' }, 'is of no known type'],
  [{ type: 'plain' }, 'has no key'],
  [{ type: 'bcrypt', key: '$2a$08$short' }, 'has no key of bcrypt'],
  [{ type: 'bcrypt', key: `$2a$31$${'a'.repeat(53)}` }, 'has no key of bcrypt'],
  [{ type: 'argon2', key: argon2('m=999999999,t=2,p=1') }, 'has no key of argon2'],
  // A gigabyte, and minutes: as somebody might have their own password kept, for all to wait.
  [{ type: 'argon2', key: argon2('m=999999,t=1,p=1') }, 'could be checked in good time'],
  [{ type: 'argon2', key: argon2('m=65536,t=99,p=1') }, 'could be checked in good time'],
  [{ type: 'argon2', key: '$argon2id$v=19$m=19456,t=2,p=1$a$a' }, 'has no key of argon2'],
  [{ ...PBKDF2, hash: 'sha-1' }, 'has a hash other than sha-256'],
  [{ ...PBKDF2, key: '' }, 'has no key of 16 to 128 bytes'],
  [{ ...PBKDF2, key: 'xy'.repeat(16) }, 'has no key of 16 to 128 bytes'],
  [{ ...PBKDF2, salt: 7 }, 'has no salt'],
  [{ ...PBKDF2, iterations: 0 }, 'has no number of iterations'],
  [{ ...PBKDF2, iterations: 1e12 }, 'has no number of iterations'],
])('%j is nobody’s, which is said', (kept, reason) => {
  const { password, warnings } = parse(kept);
  expect(password).toBeUndefined();
  expect(warnings).toEqual([expect.stringContaining(reason)]);
});

test('what looks like a key of argon2 and is none fits nothing', async () => {
  const kept = { type: 'argon2', key: argon2('m=1,t=1,p=9') };
  expect(parse(kept).warnings).toEqual([]);
  expect(await findLogin([login(kept)], attempt('sybil'))).toEqual({ kind: 'wrong' });
});

test.each([7, true, ['x']])('%j makes the definition invalid', (kept) => {
  expect(() => parse(kept)).toThrow(FieldProblem);
});

describe('several passwords of one name', () => {
  test('are one attempt, and the right one says which login it is', async () => {
    const key = await bcryptHash('third', 4);
    const logins = [login('first'), login(PBKDF2), login({ type: 'bcrypt', key })];
    const passwords = fresh();
    for (const [password, index] of [
      ['first', 0],
      ['sybil', 1],
      ['third', 2],
    ] as const) {
      expect(await findLogin(logins, attempt(password, passwords))).toEqual({ kind: 'right', login: logins[index] });
    }
    const verdicts = [];
    for (let count = 0; count < 21; count++) verdicts.push((await findLogin(logins, attempt('no', passwords))).kind);
    expect(verdicts).toEqual([...Array(20).fill('wrong'), 'too-often']);
  });
});

test('wrong plain passwords are counted with those of accounts, and against their household alone', async () => {
  const passwords = fresh();
  for (let count = 0; count < 20; count++) await findLogin([login('sybil')], attempt('no', passwords));
  expect(await findLogin([login('sybil')], attempt('sybil', passwords))).toEqual({ kind: 'too-often' });
  expect(await passwords.check('x', 'a hash', 'home')).toBe('too-often');
  const next = { ...attempt('sybil', passwords), household: 'next door' };
  expect(await findLogin([login('sybil')], next)).toMatchObject({ kind: 'right' });
});

describe('the thread that does bcrypt', () => {
  test('leaves this one free meanwhile', async () => {
    const key = await bcryptHash('x', 12);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    expect(await bcrypt.compare('x', key)).toBe(true);
    clearInterval(timer);
    // Done here, it would let in a turn every 100 ms: three of them.
    expect(turns).toBeGreaterThan(20);
  });

  test('keeps the process alive for an answer, and no longer', async () => {
    const key = await bcryptHash('x', 4);
    const url = new URL('./bcrypt.ts', import.meta.url).href;
    const script = `import { BcryptThread } from '${url}'; console.log(await new BcryptThread().compare('x', '${key}'));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { timeout: 20_000 });
    expect(stdout.trim()).toBe('true');
  });

  test('says no to what is no hash, and when it is closed', async () => {
    const thread = new BcryptThread();
    expect(await thread.compare('x', 'no hash')).toBe(false);
    const key = await bcryptHash('x', 12);
    const pending = thread.compare('x', key);
    thread.close();
    expect(await pending).toBe(false);
    expect(await thread.compare('x', key)).toBe(false);
  });
});
