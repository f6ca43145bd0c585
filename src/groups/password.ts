import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { verify } from '@node-rs/argon2';
import type { Passwords, Verdict } from '../auth/passwords.ts';
import { isSameSecret } from '../auth/secrets.ts';
import { FieldProblem, textOf } from './fields.ts';

/** How a password is kept (`spec/galene.md` 4.4). `argon2` is our own form, which Galène does not read. */
export type GroupPassword =
  | { readonly type: 'plain'; readonly key: string }
  | {
      readonly type: 'pbkdf2';
      readonly hash: 'sha-256';
      /** Hexadecimal, like the salt. */
      readonly key: string;
      readonly salt: string;
      readonly iterations: number;
    }
  | { readonly type: 'bcrypt'; readonly key: string }
  | { readonly type: 'argon2'; readonly key: string }
  /** Any password is right. */
  | { readonly type: 'wildcard' };

/** What costs time is bounded, or one line of a file would hold up all who log in. */
const MAX_ITERATIONS = 5_000_000;
const MAX_BCRYPT_COST = 14;
/** Longer ones are wrong, whatever is kept. */
export const MAX_PASSWORD = 1024;

const HEX = /^(?:[0-9a-f]{2})*$/i;
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;
/** Salt and key of at least 8 and 12 bytes, as it is meant to be. */
const ARGON2 = /^\$argon2(?:id|i|d)\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=\d{1,2}\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{16,}$/;
/** In KiB; and as often as that many of them are gone through, which takes about two seconds. */
const MAX_ARGON2_MEMORY = 256 * 1024;
const MAX_ARGON2_WORK = 512 * 1024;

/** Checks what is kept with bcrypt; see `bcrypt.ts`. */
export interface Bcrypt {
  compare(password: string, hash: string): Promise<boolean>;
}

/**
 * What a definition has for a password; nothing where nobody can log in with it. Throws {@link FieldProblem} for another
 * type of JSON; a form that we cannot check is a warning, because it concerns one user and not the group.
 */
export function parsePassword(
  value: unknown,
  path: string,
  warn: (warning: string) => void,
): GroupPassword | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return { type: 'plain', key: textOf(value, path) };
  if (typeof value !== 'object' || Array.isArray(value)) throw new FieldProblem(path, 'must be a text or an object');
  const fields = new Map(Object.entries(value));
  if (fields.size === 0) return undefined;
  const password = formOf(fields);
  if (typeof password !== 'string') return password;
  warn(`${path}: ${password}; nobody can log in with it`);
  return undefined;
}

/** The password, or what is wrong with it. */
function formOf(fields: ReadonlyMap<string, unknown>): GroupPassword | string {
  const type = fields.get('type');
  if (type === 'wildcard') return { type };
  const key = fields.get('key');
  if (type === 'pbkdf2') return pbkdf2Of(fields);
  if (type !== 'plain' && type !== 'bcrypt' && type !== 'argon2') return 'is of no known type';
  if (typeof key !== 'string' || key.length > MAX_PASSWORD) return 'has no key';
  if (type === 'bcrypt' && !isBcrypt(key)) return `has no key of bcrypt, with a cost from 4 to ${MAX_BCRYPT_COST}`;
  if (type === 'argon2' && !isArgon2(key)) return 'has no key of argon2 that could be checked in good time';
  return { type, key };
}

function pbkdf2Of(fields: ReadonlyMap<string, unknown>): GroupPassword | string {
  const [key, salt, iterations] = ['key', 'salt', 'iterations'].map((name) => fields.get(name));
  if (fields.get('hash') !== 'sha-256') return 'has a hash other than sha-256';
  // An empty key would be equal to that of any password.
  if (typeof key !== 'string' || !HEX.test(key) || key.length < 32 || key.length > 256) {
    return 'has no key of 16 to 128 bytes, hexadecimal';
  }
  if (typeof salt !== 'string' || !HEX.test(salt) || salt.length > 1024) return 'has no salt, hexadecimal';
  if (
    typeof iterations !== 'number' ||
    !Number.isInteger(iterations) ||
    iterations < 1 ||
    iterations > MAX_ITERATIONS
  ) {
    return `has no number of iterations from 1 to ${MAX_ITERATIONS}`;
  }
  return { type: 'pbkdf2', hash: 'sha-256', key, salt, iterations };
}

function isBcrypt(key: string): boolean {
  const cost = Number(BCRYPT.exec(key)?.[1]);
  return cost >= 4 && cost <= MAX_BCRYPT_COST;
}

/** Whoever has a password may choose how their next one is kept: what it costs, all who log in wait for. */
function isArgon2(key: string): boolean {
  const [memory, passes] = (ARGON2.exec(key) ?? []).slice(1).map(Number);
  if (memory === undefined || passes === undefined) return false;
  return memory <= MAX_ARGON2_MEMORY && memory * passes <= MAX_ARGON2_WORK;
}

export interface Attempt {
  readonly password: string;
  readonly household: string;
  readonly passwords: Passwords;
  readonly bcrypt: Bcrypt;
}

export type Found<T> = { readonly kind: 'right'; readonly login: T } | { readonly kind: 'wrong' | 'too-often' };

/**
 * The first of these logins that the password fits. However many there are, they are one attempt, and have one turn
 * where any of them costs time.
 */
export async function findLogin<T extends { readonly password?: GroupPassword }>(
  logins: readonly T[],
  attempt: Attempt,
): Promise<Found<T>> {
  const { password, passwords, household, bcrypt } = attempt;
  const cheap = logins.find((login) => fitsAtOnce(password, login.password));
  // Whoever may come with any password has not guessed one.
  if (cheap?.password?.type === 'wildcard') return { kind: 'right', login: cheap };
  const dear = cheap || password.length > MAX_PASSWORD ? [] : logins.filter((login) => isDear(login.password));
  if (dear.length === 0)
    return found(
      passwords.checkAtOnce(() => cheap !== undefined, household),
      cheap,
    );
  let login: T | undefined;
  const verdict = await passwords.checkInTurn(async () => {
    for (const one of dear) if (!login && (await fits(password, one.password, bcrypt))) login = one;
    return login !== undefined;
  }, household);
  return found(verdict, login);
}

function found<T>(verdict: Verdict, login: T | undefined): Found<T> {
  if (verdict !== 'right') return { kind: verdict };
  return login === undefined ? { kind: 'wrong' } : { kind: 'right', login };
}

function isDear(kept: GroupPassword | undefined): boolean {
  return kept !== undefined && kept.type !== 'plain' && kept.type !== 'wildcard';
}

function fitsAtOnce(password: string, kept: GroupPassword | undefined): boolean {
  if (kept?.type === 'wildcard') return true;
  return kept?.type === 'plain' && isSameSecret(password, kept.key);
}

const derive = promisify(pbkdf2);

async function fits(password: string, kept: GroupPassword | undefined, bcrypt: Bcrypt): Promise<boolean> {
  switch (kept?.type) {
    case 'pbkdf2': {
      const { key, salt, iterations } = kept;
      const derived = await derive(password, Buffer.from(salt, 'hex'), iterations, key.length / 2, 'sha256');
      return isSameSecret(derived.toString('hex'), key.toLowerCase());
    }
    case 'bcrypt':
      return bcrypt.compare(password, kept.key);
    case 'argon2':
      // It throws for what it cannot read.
      return verify(kept.key, password).catch(() => false);
    default:
      return false;
  }
}

/** A new password as we keep it; nothing where too many want the same. */
export async function hashPassword(
  password: string,
  { passwords, household }: { readonly passwords: Passwords; readonly household: string },
): Promise<GroupPassword | undefined> {
  const key = await passwords.hash(password, household);
  return key === undefined ? undefined : { type: 'argon2', key };
}
