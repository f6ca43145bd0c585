import { describe, expect, test } from 'vitest';
import { MAX_PASSWORD_LENGTH, Passwords, type Verdict } from './passwords.ts';

const NOW = Date.UTC(2030, 0, 1);
/** So many wrong ones are heard, and then one more in so many milliseconds. */
const TRIES = 20;
const EVERY_MS = 6_000;

function setup() {
  const clock = { now: NOW };
  return { clock, passwords: new Passwords({ now: () => clock.now }) };
}

async function hashOf(passwords: Passwords, password: string): Promise<string> {
  const hash = await passwords.hash(password, 'home');
  if (hash === undefined) throw new Error('there was no hash');
  return hash;
}

/** Wrong without being hashed. */
const UNFIT = '';

async function fail(passwords: Passwords, times: number, household = 'home'): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (let count = 0; count < times; count++) verdicts.push(await passwords.check(UNFIT, 'a hash', household));
  return verdicts;
}

describe('a password', () => {
  test.each(['correct horse', ' blank ', '0', 'пароль 😀', 'x'.repeat(MAX_PASSWORD_LENGTH)])(
    '%j is right, and nothing that is nearly it',
    async (password) => {
      const { passwords } = setup();
      const hash = await hashOf(passwords, password);
      expect(await passwords.check(password, hash, 'home')).toBe('right');
      for (const other of [`${password} `, password.slice(1), password.toUpperCase() + password]) {
        expect(await passwords.check(other, hash, 'home')).toBe('wrong');
      }
    },
  );

  test('is hashed with argon2id and salt: no two hashes are alike, and none shows it', async () => {
    const { passwords } = setup();
    const hashes = [await hashOf(passwords, 'correct horse'), await hashOf(passwords, 'correct horse')];
    expect(hashes[0]).not.toBe(hashes[1]);
    for (const hash of hashes) {
      expect(hash).toMatch(/^\$argon2id\$/);
      expect(hash).not.toContain('horse');
    }
  });

  test.each([
    ['', false],
    [' ', true],
    ['x', true],
    ['x'.repeat(MAX_PASSWORD_LENGTH), true],
    ['x'.repeat(MAX_PASSWORD_LENGTH + 1), false],
  ])('%j fits: %s', (password, isFit) => {
    expect(Passwords.fits(password)).toBe(isFit);
  });

  test('that could be nobody’s is wrong', async () => {
    const { passwords } = setup();
    const hash = await hashOf(passwords, 'x');
    for (const unfit of ['', 'x'.repeat(MAX_PASSWORD_LENGTH + 1)]) {
      expect(await passwords.check(unfit, hash, 'home')).toBe('wrong');
    }
  });
});

describe('wrong passwords', () => {
  test('of one household are heard so often, and no more: not even the right one', async () => {
    const { passwords } = setup();
    const hash = await hashOf(passwords, 'right');
    expect(await fail(passwords, TRIES)).toEqual(Array(TRIES).fill('wrong'));
    expect(await fail(passwords, 2)).toEqual(['too-often', 'too-often']);
    expect(await passwords.check('right', hash, 'home')).toBe('too-often');
    expect(await passwords.check('right', hash, 'next door')).toBe('right');
  });

  test('are forgiven one by one as time passes', async () => {
    const { passwords, clock } = setup();
    await fail(passwords, TRIES);
    clock.now += EVERY_MS - 1;
    expect(await fail(passwords, 1)).toEqual(['too-often']);
    clock.now += 2;
    expect(await fail(passwords, 2)).toEqual(['wrong', 'too-often']);
    clock.now += 3 * EVERY_MS;
    expect(await fail(passwords, 4)).toEqual(['wrong', 'wrong', 'wrong', 'too-often']);
    clock.now += 2 * TRIES * EVERY_MS;
    expect(await fail(passwords, TRIES + 1)).toEqual([...Array(TRIES).fill('wrong'), 'too-often']);
  });

  test('are not what is counted where it is right', async () => {
    const { passwords } = setup();
    const hash = await hashOf(passwords, 'right');
    await fail(passwords, TRIES - 1);
    for (let count = 0; count < 3; count++) expect(await passwords.check('right', hash, 'home')).toBe('right');
    expect(await fail(passwords, 2)).toEqual(['wrong', 'too-often']);
  });
});

test('not too many wait for their turn; the next is told so at once, and the others have theirs', async () => {
  const { passwords } = setup();
  // What is no hash fails quickly, and takes a turn all the same.
  const broken = () => passwords.check('x', 'no hash', 'home').catch(() => 'broken' as const);
  const queue = Array.from({ length: 1002 }, broken);
  expect(await passwords.check('x', 'no hash', 'home')).toBe('too-often');
  expect(await passwords.hash('x', 'home')).toBeUndefined();
  expect(new Set(await Promise.all(queue))).toEqual(new Set(['broken']));
  const hash = await hashOf(passwords, 'x');
  expect(await passwords.check('x', hash, 'home')).toBe('right');
});
