import { type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { JOSEError } from 'jose/errors';
import type { Identity } from '../core/identity.ts';
import { cleanName } from '../core/name.ts';
import { GUEST_PERMISSIONS, OPERATOR_PERMISSIONS, type Permission, type Rule } from '../core/permission.ts';

export type TokenAlgorithm = 'HS256' | 'HS384' | 'HS512';

export interface WebsiteTokensOptions {
  /** What the website signs with; not empty. */
  readonly secret: string;
  readonly algorithm: TokenAlgorithm;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Somebody whom the website vouches for. */
export interface Bearer {
  readonly identity: Identity;
  /** When the token was made, in seconds since 1970; nothing where it does not say. */
  readonly issuedAt: number | undefined;
}

/** What a token of BareRTC says beside the standard claims (`spec/barertc.md` 2.6). */
export interface WebsiteClaims {
  readonly sub: string;
  readonly op?: boolean;
  readonly vip?: boolean;
  readonly img?: string;
  readonly url?: string;
  readonly nick?: string;
  readonly emoji?: string;
  readonly gender?: string;
  readonly rules?: readonly string[];
}

const LIFETIME_SECONDS = 5 * 60;
const MAX_TOKEN_LENGTH = 16_384;
const MAX_CLAIM_LENGTH = 2000;

const RULES: Readonly<Record<string, Rule>> = {
  novideo: 'no-video',
  nobroadcast: 'no-broadcast',
  noimage: 'no-image',
  redcam: 'camera-explicit',
  nodvd: 'no-dark-video',
};

/**
 * The tokens by which a website signs its users in, and their renewal while they are here. The algorithm is pinned; a
 * token that has an `exp` is good until then.
 */
export class WebsiteTokens {
  readonly #key: Uint8Array;
  readonly #algorithm: TokenAlgorithm;
  readonly #now: () => number;

  constructor({ secret, algorithm, now }: WebsiteTokensOptions) {
    if (secret.trim() === '') throw new TypeError('With an empty secret anybody could sign for anybody.');
    this.#key = new TextEncoder().encode(secret);
    this.#algorithm = algorithm;
    this.#now = now;
  }

  /** Nothing for what is not, or not any more, a valid token with a name in it. */
  async verify(token: string): Promise<Bearer | undefined> {
    if (token.length > MAX_TOKEN_LENGTH) return undefined;
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: [this.#algorithm],
        currentDate: new Date(this.#now()),
      });
      const identity = identityOf(payload);
      return identity && { identity, issuedAt: payload.iat };
    } catch (error) {
      // A key shorter than the hash is a TypeError of the library's: the operator chose it, and others could read it.
      if (error instanceof JOSEError) return undefined;
      throw error;
    }
  }

  /** Good for five minutes. */
  sign(claims: WebsiteClaims, others: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const seconds = Math.floor(this.#now() / 1000);
    return new SignJWT({ ...others, ...claims })
      .setProtectedHeader({ alg: this.#algorithm, typ: 'JWT' })
      .setIssuedAt(seconds)
      .setNotBefore(seconds)
      .setExpirationTime(seconds + LIFETIME_SECONDS)
      .sign(this.#key);
  }

  /** The same person's next token; `permissions` are those of now, which an operator may have changed. */
  renew(identity: Identity, permissions: ReadonlySet<Permission>): Promise<string> {
    return this.sign(claimsOf({ ...identity, permissions }), identity.claims);
  }
}

/** Somebody as their token says. Whatever is no text of a sensible length is as good as not said. */
export function identityOf(payload: JWTPayload | WebsiteClaims): Identity | undefined {
  const sub = text(payload.sub);
  const name = cleanName(sub ?? '');
  if (sub === undefined || name === '') return undefined;
  const { op, vip } = payload;
  const claims = Object.fromEntries(
    ['iss', 'aud'].flatMap((key) => {
      const value = (payload as Readonly<Record<string, unknown>>)[key];
      return typeof value === 'string' || isTexts(value) ? [[key, value] as const] : [];
    }),
  );
  return {
    id: tokenIdentityId(sub),
    kind: 'token',
    durable: true,
    // A name from which something had to be taken is not what the website knows them by, and may be another's.
    ownsName: sub.normalize('NFC').trim() === name,
    name,
    permissions: permissionsOf({ op: op === true, vip: vip === true }),
    rules: new Set(rulesOf(payload.rules)),
    ...optional('nickname', cleanName(text(payload.nick) ?? '')),
    ...optional('avatarUrl', link(payload.img)),
    ...optional('profileUrl', link(payload.url)),
    ...optional('emoji', text(payload.emoji)),
    ...optional('gender', text(payload.gender)),
    ...(Object.keys(claims).length > 0 ? { claims } : {}),
  };
}

/**
 * Of the name as the website writes it, in its case of letters: two users of whom a room could make one name are still
 * two.
 */
export function tokenIdentityId(sub: string): string {
  return `t:${sub.normalize('NFC').trim()}`;
}

/** What the page of its bearer, and their next token, say. */
export function claimsOf(identity: Identity): WebsiteClaims {
  const names = Object.entries(RULES).flatMap(([name, rule]) => (identity.rules.has(rule) ? [name] : []));
  return {
    sub: identity.name,
    op: identity.permissions.has('op'),
    vip: identity.permissions.has('vip'),
    ...optional('img', identity.avatarUrl),
    ...optional('url', identity.profileUrl),
    ...optional('nick', identity.nickname),
    ...optional('emoji', identity.emoji),
    ...optional('gender', identity.gender),
    ...(names.length > 0 ? { rules: names } : {}),
  };
}

function permissionsOf({ op, vip }: { readonly op: boolean; readonly vip: boolean }): ReadonlySet<Permission> {
  const permissions = new Set<Permission>(op ? OPERATOR_PERMISSIONS : GUEST_PERMISSIONS);
  // An operator who is no VIP is not shown as one.
  if (!vip) permissions.delete('vip');
  else permissions.add('vip');
  return permissions;
}

function rulesOf(value: unknown): Rule[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((name) => {
    const rule = typeof name === 'string' && Object.hasOwn(RULES, name) ? RULES[name] : undefined;
    return rule ? [rule] : [];
  });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MAX_CLAIM_LENGTH
    ? value.toWellFormed()
    : undefined;
}

/** Where clients show a picture or lead to a profile: never a script. Relative to the website, if it is relative. */
function link(value: unknown): string | undefined {
  const url = text(value);
  if (url === undefined) return undefined;
  const scheme = /^([^/?#]*?):/.exec(url.replace(/[\s\p{C}]+/gu, ''));
  return !scheme || /^https?$/i.test(scheme[1] ?? '') ? url : undefined;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return (value ? { [key]: value } : {}) as { readonly [P in K]?: string };
}
