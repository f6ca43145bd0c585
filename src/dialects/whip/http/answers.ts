import type { DisconnectCode, RefusalCode } from '../../../core/errors.ts';
import type { Desk, IceServer } from '../../desk.ts';
import type { RouteRequest, RouteResponse } from '../../http.ts';

const STATUSES: Partial<Readonly<Record<RefusalCode | DisconnectCode, number>>> = {
  'room-unknown': 404,
  'stream-unknown': 404,
  'login-failed': 401,
  'token-invalid': 401,
  'token-required': 401,
  'room-password': 401,
  'name-required': 401,
  'name-taken': 401,
  'stream-unfit': 406,
  'too-fast': 429,
  'room-full': 503,
  'streams-too-many': 503,
  'streams-too-many-here': 503,
  'media-off': 503,
  'server-stopping': 503,
  'handle-taken': 503,
  'server-fault': 500,
  'storage-failed': 500,
};
/** After so many seconds it may be otherwise. */
const RETRY_AFTER: Readonly<Record<number, string>> = { 404: '5', 429: '5', 503: '10' };

/** All other reasons are somebody's will: who is banned, or before a locked door. */
export function failed({ code, text }: { readonly code: string; readonly text: string }): RouteResponse {
  const statuses: Readonly<Record<string, number>> = STATUSES;
  const status = Object.hasOwn(statuses, code) ? (statuses[code] ?? 403) : 403;
  const later = code === 'room-unknown' ? undefined : RETRY_AFTER[status];
  return plain(status, text, {
    ...(status === 401 ? { 'www-authenticate': 'Bearer realm="group"' } : {}),
    ...(later === undefined ? {} : { 'retry-after': later }),
  });
}

export function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): RouteResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: `${text}\n` };
}

/** RFC 9725 4.6: each server's addresses one by one. */
export function linksTo(servers: readonly IceServer[]): string {
  return servers
    .flatMap(({ urls, username, credential }) => {
      const login =
        username === undefined || credential === undefined
          ? ''
          : `; username=${quoted(username)}; credential=${quoted(credential)}; credential-type="password"`;
      return urls.filter((url) => /^[\w:.?=&%[\]-]+$/.test(url)).map((url) => `<${url}>; rel="ice-server"${login}`);
    })
    .join(', ');
}

function quoted(text: string): string {
  return `"${text.replace(/[^ -~]/g, '').replace(/["\\]/g, '\\$&')}"`;
}

/** Pages of the same host, and of those that the installation allows (`spec/galene.md` 3.4), may publish and play. */
export function withOrigin(response: RouteResponse, { headers }: RouteRequest, desk: Desk): RouteResponse {
  const { origin } = headers;
  const allowed: Record<string, string> = isAllowed(origin, headers.host, desk)
    ? {
        'access-control-allow-origin': origin ?? '',
        'access-control-expose-headers': 'Location, ETag, Link, Retry-After, WWW-Authenticate',
      }
    : {};
  return { ...response, headers: { ...response.headers, vary: 'Origin', ...allowed } };
}

function isAllowed(origin: string | undefined, host: string | undefined, desk: Desk): boolean {
  if (origin === undefined) return false;
  if (desk.settings.galene.allowOrigin.includes(origin)) return true;
  return host !== undefined && URL.parse(origin)?.host === host.toLowerCase();
}

/** Asked for by browsers, without the token that the request will have. */
export function preflight(methods: string, more: Readonly<Record<string, string>>): RouteResponse {
  return {
    status: 204,
    headers: {
      allow: methods,
      'access-control-allow-methods': methods,
      'access-control-allow-headers': 'Authorization, Content-Type, If-Match',
      'access-control-max-age': '600',
      ...more,
    },
  };
}
