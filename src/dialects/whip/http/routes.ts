import type { Desk } from '../../desk.ts';
import { onCanonicalHost, type Route, type RouteRequest, type RouteResponse } from '../../http.ts';
import { failed, linksTo, plain, preflight, withOrigin } from './answers.ts';
import type { Resources } from './begin.ts';
import { begin } from './begin.ts';
import { change } from './change.ts';
import type { Patience } from './resource.ts';

/** As much as a description may have, and a fragment of one. */
const OFFER_BYTES = 1024 * 1024;
const FRAGMENT_BYTES = 64 * 1024;
const PATIENCE: Patience = { firstMs: 30_000, lostMs: 10_000 };

const ENDPOINT_METHODS = 'OPTIONS, POST';
const RESOURCE_METHODS = 'OPTIONS, PATCH, DELETE';
const SDP = { 'accept-post': 'application/sdp' };
const FRAGMENT = { 'accept-patch': 'application/trickle-ice-sdpfrag' };

/** `spec/galene.md` 2.16 and RFC 9725: beside the page of each group, where streams come from and go to. */
export function routes(desk: Desk, patience: Patience = PATIENCE): readonly Route[] {
  const resources: Resources = new Map();
  const endpoint = (kind: 'whip' | 'whep') =>
    route(desk, `/group/**/.${kind}`, OFFER_BYTES, (request) => {
      if (request.method === 'OPTIONS') return preflight(ENDPOINT_METHODS, { ...SDP, ...iceLinks(desk) });
      if (request.method !== 'POST') return notHere(ENDPOINT_METHODS);
      return elsewhere(request, desk) ?? begin({ desk, request, kind, resources, patience });
    });
  const resource = (kind: 'whip' | 'whep') =>
    route(desk, `/group/**/.${kind}/:id`, FRAGMENT_BYTES, (request) => {
      // Before the token is looked at: browsers ask without it (7.1, 19).
      if (request.method === 'OPTIONS') return preflight(RESOURCE_METHODS, FRAGMENT);
      if (request.method !== 'PATCH' && request.method !== 'DELETE') return notHere(RESOURCE_METHODS);
      return elsewhere(request, desk) ?? change(request, resources);
    });
  return [endpoint('whip'), endpoint('whep'), resource('whip'), resource('whep')];
}

function route(
  desk: Desk,
  path: string,
  bodyBytes: number,
  handle: (request: RouteRequest) => Promise<RouteResponse> | RouteResponse,
): Route {
  return {
    path,
    bodyBytes,
    handle: async (request) => {
      const mayAsk = desk.mayAsk(request.address);
      const response = mayAsk ? await handle(request) : failed({ code: 'too-fast', text: 'Please wait a moment.' });
      return withOrigin(response, request, desk);
    },
  };
}

function iceLinks(desk: Desk): Readonly<Record<string, string>> {
  const link = linksTo(desk.iceServers(desk.newId()));
  return link === '' ? {} : { link };
}

function notHere(methods: string): RouteResponse {
  return plain(405, 'That cannot be done here.', { allow: methods });
}

/** `canonicalHost` of an installation. Who is sent there posts there. */
function elsewhere(request: RouteRequest, desk: Desk): RouteResponse | undefined {
  const location = onCanonicalHost(request, desk.settings.galene.canonicalHost);
  return location === undefined ? undefined : { status: 308, headers: { location } };
}
