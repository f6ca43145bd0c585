import type { StreamChoice } from '../../../core/stream.ts';
import type { Desk } from '../../desk.ts';
import type { RouteRequest, RouteResponse } from '../../http.ts';
import { objectionTo } from '../sdp.ts';
import { failed, linksTo, plain } from './answers.ts';
import { bearerOf, type Digest, digestOf } from './bearer.ts';
import { type Patience, Resource } from './resource.ts';

/** What was begun, by the last part of its address, which nobody can guess. */
export type Resources = Map<string, Begun>;

export interface Begun {
  readonly resource: Resource;
  /** Of its address. */
  readonly path: string;
  /** Whose it is. */
  readonly bearer: Digest;
}

export interface Beginning {
  readonly desk: Desk;
  readonly request: RouteRequest;
  readonly kind: 'whip' | 'whep';
  readonly resources: Resources;
  readonly patience: Patience;
}

const GROUP = '/group/';

/** Somebody posts an offer, to publish or to play. */
export async function begin(beginning: Beginning): Promise<RouteResponse> {
  const { desk, request, kind } = beginning;
  const room = roomOf(request.path);
  const card = room === undefined ? undefined : await desk.rooms.find(room);
  if (room === undefined || !card) return plain(404, 'There is no such group.');
  if (request.headers['content-type']?.toLowerCase() !== 'application/sdp') {
    return plain(415, 'An offer is application/sdp.', { 'accept-post': 'application/sdp' });
  }
  const objection = objectionTo(request.body, kind === 'whip' ? 'send' : 'receive');
  if (objection !== undefined) return plain(400, objection);
  const token = bearerOf(request);
  if (token === false) return failed({ code: 'token-invalid', text: 'The token cannot be read.' });
  const redirect = card.group?.redirect;
  if (redirect !== undefined) return { status: 308, headers: { location: `${redirect.replace(/\/$/, '')}/.${kind}` } };
  return open(beginning, room, token);
}

async function open(beginning: Beginning, room: string, token: string | undefined): Promise<RouteResponse> {
  const { desk, request, kind, resources, patience } = beginning;
  const id = desk.newId();
  const clientId = desk.newId();
  const path = `${request.path}/${id}`;
  const resource = new Resource({
    ...{ desk, address: request.address, clientId, room, token, patience },
    name: kind,
    choice: kind === 'whep' ? choiceOf(request.query) : undefined,
    gone: () => resources.delete(id),
  });
  resources.set(id, { resource, path, bearer: digestOf(token) });
  const begun = await resource.begin(request.body);
  if (!('answer' in begun)) return failed(begun);
  const link = linksTo(desk.iceServers(clientId));
  return {
    status: 201,
    headers: {
      'content-type': 'application/sdp',
      location: path,
      etag: resource.etag,
      'accept-patch': 'application/trickle-ice-sdpfrag',
      ...(link === '' ? {} : { link }),
    },
    body: begun.answer,
  };
}

/** Which stream a player wants. A label of nothing is one, too: what comes by WHIP has none. */
function choiceOf(query: URLSearchParams): StreamChoice {
  const stream = query.get('stream');
  const publisher = query.get('user');
  const label = query.get('label');
  return {
    ...(stream === null ? {} : { stream }),
    ...(publisher === null ? {} : { publisher }),
    ...(label === null ? {} : { label }),
  };
}

function roomOf(path: string): string | undefined {
  try {
    return decodeURIComponent(path.slice(GROUP.length, path.lastIndexOf('/')));
  } catch {
    return undefined;
  }
}
