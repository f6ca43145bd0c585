import { jwtVerify } from 'jose';
import { JOSEError } from 'jose/errors';
import type { GroupKey } from './keys.ts';

export interface JwtContext {
  readonly keys: readonly GroupKey[];
  /** As its definition has it. */
  readonly group: string;
  /** The host that tokens must name, where there is one. */
  readonly canonicalHost?: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export type JwtVerdict =
  /** It may be a stateful token. */
  | { readonly kind: 'no-jwt' }
  | { readonly kind: 'refused' }
  /** An empty `username` leaves the name to the bearer. */
  | { readonly kind: 'valid'; readonly username: string; readonly permissions: readonly string[] };

const LEEWAY_SECONDS = 5;
export const MAX_TOKEN_LENGTH = 16_384;
const MAX_WORDS = 64;
const REFUSED = { kind: 'refused' } as const;

/** What a signed token says for this group (`spec/galene.md` 4.5). What parses as one and does not hold is refused. */
export async function verifyJwt(token: string, context: JwtContext): Promise<JwtVerdict> {
  if (token.length > MAX_TOKEN_LENGTH) return REFUSED;
  const header = headerOf(token);
  if (!header) return { kind: 'no-jwt' };
  const { alg, kid } = header;
  const candidates = context.keys.filter((key) => key.alg === alg && (kid === undefined || key.kid === kid));
  for (const candidate of candidates) {
    const claims = await claimsOf(token, candidate, context.now);
    if (claims) return isFor(claims, context) ? bearerOf(claims) : REFUSED;
  }
  return REFUSED;
}

type Claims = Readonly<Record<string, unknown>>;

/** Three parts, of which the first two are objects. */
function headerOf(token: string): Claims | undefined {
  const parts = token.split('.');
  const [header, payload] = parts.slice(0, 2).map(objectOf);
  if (parts.length !== 3 || !header || !payload) return undefined;
  return { alg: header.alg, ...(typeof header.kid === 'string' && header.kid !== '' ? { kid: header.kid } : {}) };
}

function objectOf(part: string): Claims | undefined {
  if (!/^[\w-]+$/.test(part)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

async function claimsOf(token: string, { alg, key }: GroupKey, now: number): Promise<Claims | undefined> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [alg],
      requiredClaims: ['exp'],
      clockTolerance: LEEWAY_SECONDS,
      currentDate: new Date(now),
    });
    const { iat = 0 } = payload;
    // `jose` looks at the time of issue only where a token has an age.
    return iat - LEEWAY_SECONDS > now / 1000 ? undefined : payload;
  } catch (error) {
    if (error instanceof JOSEError) return undefined;
    throw error;
  }
}

function isFor(claims: Claims, context: JwtContext): boolean {
  const { aud } = claims;
  const audiences = (Array.isArray(aud) ? aud : [aud]).slice(0, MAX_WORDS);
  const withSubgroups = claims['include-subgroups'] === true;
  return audiences.some((audience) => typeof audience === 'string' && isAudience(audience, withSubgroups, context));
}

function isAudience(audience: string, withSubgroups: boolean, { group, canonicalHost }: JwtContext): boolean {
  const url = URL.canParse(audience) ? new URL(audience) : undefined;
  if (!url || (canonicalHost !== undefined && !isHost(url, canonicalHost))) return false;
  const path = decoded(url.pathname);
  if (path === `/group/${group}/`) return true;
  // `/group/` alone is the whole server.
  return withSubgroups && path !== undefined && /^\/group\/(.*\/)?$/.test(path) && `/group/${group}/`.startsWith(path);
}

/** As the URL would have it: in lower case, without the port that goes without saying. */
function isHost(url: URL, host: string): boolean {
  const canonical = `${url.protocol}//${host}/`;
  return URL.canParse(canonical) && new URL(canonical).host === url.host;
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function bearerOf({ sub = '', permissions = [] }: Claims): JwtVerdict {
  if (typeof sub !== 'string' || !Array.isArray(permissions)) return REFUSED;
  const words = permissions.slice(0, MAX_WORDS).filter((word) => typeof word === 'string');
  return { kind: 'valid', username: sub, permissions: words };
}
