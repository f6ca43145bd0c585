import type { RouteRequest, RouteResponse } from '../../http.ts';
import { parseFragment } from '../sdp.ts';
import { failed, plain } from './answers.ts';
import { bearerOf, isSame } from './bearer.ts';
import type { Begun, Resources } from './begin.ts';

const FRAGMENT_TYPE = 'application/trickle-ice-sdpfrag';

/** Somebody says more of what they publish or play, or ends it. */
export async function change(request: RouteRequest, resources: Resources): Promise<RouteResponse> {
  const begun = resources.get(request.parameters.id ?? '');
  if (!begun || begun.path !== request.path) return plain(404, 'It is over, or never was.');
  const token = bearerOf(request);
  if (token === false || !isSame(begun.bearer, token)) return plain(403, 'It is not yours.');
  const condition = request.headers['if-match'];
  if (condition !== undefined && !begun.resource.meets(condition)) return stale();
  if (request.method === 'DELETE') {
    begun.resource.close();
    return { status: 200 };
  }
  return patch(request, begun);
}

function stale(): RouteResponse {
  return plain(412, 'It has changed since.');
}

async function patch({ headers, body }: RouteRequest, { resource }: Begun): Promise<RouteResponse> {
  if (headers['content-type']?.toLowerCase() !== FRAGMENT_TYPE) {
    return plain(415, `What changes is ${FRAGMENT_TYPE}.`, { 'accept-patch': FRAGMENT_TYPE });
  }
  const fragment = parseFragment(body);
  if (!fragment) return plain(400, 'The fragment cannot be read.');
  if (resource.isCurrent(fragment)) {
    resource.trickle(fragment);
    return { status: 204 };
  }
  // Candidates name the way that they are of; who begins another must know which one it replaces (RFC 9725 4.3).
  const condition = headers['if-match'];
  if (condition === undefined) return plain(428, 'A restart needs If-Match.');
  const restarted = await resource.restart(fragment, condition);
  if (restarted === 'stale') return stale();
  if (!('fragment' in restarted)) return failed(restarted);
  return {
    status: 200,
    headers: { 'content-type': FRAGMENT_TYPE, etag: resource.etag },
    body: restarted.fragment,
  };
}
