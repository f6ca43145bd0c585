import type { Desk, RoomCard } from '../../desk.ts';
import { onCanonicalHost, type Route, type RouteRequest, type RouteResponse, withQuery } from '../../http.ts';
import { isGroupName } from '../names.ts';
import { apiRoutes } from './api.ts';
import { groupPage, notFound } from './pages.ts';
import { RECORDINGS_BODY_BYTES, recordings } from './recordings.ts';
import { baseOf, statusOf } from './status.ts';

const GROUP = '/group/';

/** `spec/galene.md` 3.2 to 3.4: what its clients ask for over HTTP. */
export function routes(desk: Desk): readonly Route[] {
  const route = (path: string, handle: (request: RouteRequest) => Promise<RouteResponse> | RouteResponse): Route => ({
    path,
    // Nothing is posted here, but whoever tries is told so rather than cut off.
    bodyBytes: 16 * 1024,
    handle: async (request) => {
      const { method } = request;
      if (method !== 'GET' && method !== 'HEAD') return { status: 405, headers: { allow: 'GET, HEAD' } };
      if (!desk.mayAsk(request.address)) return { status: 429 };
      const response = elsewhere(request, desk) ?? (await handle(request));
      return withOrigin(response, request, desk);
    },
  });
  const recorded = async (request: RouteRequest): Promise<RouteResponse> => {
    if (!desk.mayAsk(request.address)) return { status: 429 };
    return elsewhere(request, desk) ?? recordings(request, desk);
  };
  return [
    route('/recordings', (request) => moved(request, '/recordings/')),
    { path: '/recordings/*', bodyBytes: RECORDINGS_BODY_BYTES, handle: recorded },
    route('/public-groups.json', (request) => publicGroups(request, desk)),
    route('/group/*', (request) => group(request, desk)),
    ...apiRoutes(desk),
  ];
}

async function publicGroups(request: RouteRequest, desk: Desk): Promise<RouteResponse> {
  const cards = await desk.rooms.list();
  const statuses = cards.map((card) => statusOf(card, { base: baseOf(request, desk), isPublic: true }));
  return json(statuses.sort((one, other) => (one.name < other.name ? -1 : 1)));
}

async function group(request: RouteRequest, desk: Desk): Promise<RouteResponse> {
  const rest = pathOf(request.path);
  if (rest === undefined) return notFound();
  const [, name = '', file] = /^(.*?)(?:\/(\.[^/]*)?)?$/s.exec(rest) ?? [];
  // Parts that begin with a dot are ours alone.
  if (!isGroupName(name) || /(^|\/)\./.test(name)) return notFound();
  const isPage = rest.endsWith('/') && file === undefined;
  if (!isPage && file === undefined) return moved(request, `${request.path}/`);
  if (file === '.status.json') return moved(request, request.path.replace(/\.json$/, ''));
  const card = await desk.rooms.find(name);
  if (!card) return notFound();
  if (file === '.status') {
    return json(statusOf(named(card, name), { base: baseOf(request, desk), isPublic: card.isPublic }));
  }
  if (file !== undefined) return notFound();
  const { redirect } = card.group ?? {};
  return redirect === undefined ? groupPage(request, desk, card) : { status: 308, headers: { location: redirect } };
}

/** A group without a definition is called as it was asked for: rooms' names are in lower case. */
function named(card: RoomCard, name: string): RoomCard {
  return card.group ? card : { ...card, name };
}

function pathOf(path: string): string | undefined {
  try {
    return decodeURIComponent(path.slice(GROUP.length));
  } catch {
    return undefined;
  }
}

/** With its query, in which a token may be (7.1, 17). */
function moved({ query }: RouteRequest, path: string): RouteResponse {
  return { status: 308, headers: { location: withQuery(path, query) } };
}

/** `canonicalHost` of an installation: others are sent there. */
function elsewhere(request: RouteRequest, desk: Desk): RouteResponse | undefined {
  if (request.path === '/public-groups.json') return undefined;
  const location = onCanonicalHost(request, desk.settings.galene.canonicalHost);
  return location === undefined ? undefined : { status: 301, headers: { location } };
}

/** Front ends on other sites that the installation allows may read what everybody may. */
function withOrigin(response: RouteResponse, { headers }: RouteRequest, desk: Desk): RouteResponse {
  const { origin } = headers;
  const isAllowed = origin !== undefined && desk.settings.galene.allowOrigin.includes(origin);
  const allowed: Record<string, string> = isAllowed ? { 'access-control-allow-origin': origin } : {};
  return { ...response, headers: { ...response.headers, vary: 'Origin', ...allowed } };
}

function json(value: unknown): RouteResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-cache' },
    body: JSON.stringify(value),
  };
}
