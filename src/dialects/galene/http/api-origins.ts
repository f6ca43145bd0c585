import type { Desk } from '../../desk.ts';
import type { RouteRequest } from '../../http.ts';

/** Where the page is from that asks: nowhere for a program, or a page of ours, of a friend's, or of anybody's. */
export type Asker = 'program' | 'page' | 'stranger';

/** `allowAdminOrigin` names the friends (`spec/galene.md` 3.4). */
export function askerOf({ headers }: RouteRequest, { settings }: Pick<Desk, 'settings'>): Asker {
  const { origin, host } = headers;
  if (origin === undefined) return 'program';
  const { allowAdminOrigin, proxyUrl } = settings.galene;
  if (allowAdminOrigin.includes(origin)) return 'page';
  const hosts = [settings.publicUrl, proxyUrl].map((url) => URL.parse(url ?? '')?.host);
  const own = URL.parse(origin)?.host;
  return own !== undefined && (own === host?.toLowerCase() || hosts.includes(own)) ? 'page' : 'stranger';
}

export function originHeaders({ headers: { origin } }: RouteRequest, asker: Asker): Readonly<Record<string, string>> {
  if (asker !== 'page' || origin === undefined) return { vary: 'Origin' };
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    // Without these, a page could not tell what it has to send with its next change, or which token it got.
    'access-control-expose-headers': 'ETag, Location',
  };
}

/** For a browser that asks before it asks. */
export function preflightHeaders(methods: readonly string[]): Readonly<Record<string, string>> {
  return {
    'access-control-allow-methods': ['OPTIONS', ...methods].join(', '),
    'access-control-allow-headers': 'Authorization, Content-Type, If-Match, If-None-Match',
    'access-control-max-age': '600',
  };
}
