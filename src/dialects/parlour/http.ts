import { type Refusal, refusalText } from '../../core/errors.ts';
import type { Desk, RoomCard } from '../desk.ts';
import type { Route, RouteRequest, RouteResponse } from '../http.ts';

const BODY_BYTES = 16 * 1024;

/** What the native wire serves beside its frames: rooms for everybody, channels for the website. */
export function routes(desk: Desk): readonly Route[] {
  return [
    { path: '/api/rooms', bodyBytes: BODY_BYTES, handle: (request) => rooms(desk, request) },
    { path: '/api/channels', bodyBytes: BODY_BYTES, handle: (request) => channels(desk, request) },
    { path: '/api/announce', bodyBytes: BODY_BYTES, handle: (request) => announce(desk, request) },
  ];
}

/** GET lists the public rooms; POST makes one: `name`, `password`, `public`, `guest_limit`. */
async function rooms(desk: Desk, request: RouteRequest): Promise<RouteResponse> {
  if (!desk.mayAsk(request.address)) return refused({ code: 'too-fast' });
  if (request.method === 'GET') return json(200, { rooms: (await desk.rooms.list()).map(shown) });
  if (request.method !== 'POST') return wrongMethod('GET, POST');
  const body = bodyOf(request);
  if (!body || typeof body.name !== 'string') return refused({ code: 'bad-frame' });
  if (!desk.settings.guestsAllowed) return refused({ code: 'token-required' });
  const made = await desk.rooms.create(
    {
      title: body.name,
      password: typeof body.password === 'string' ? body.password : '',
      guestLimit: typeof body.guest_limit === 'number' ? body.guest_limit : 0,
      isPublic: body.public === true,
    },
    request.address,
  );
  return 'refused' in made ? refused(made.refused) : json(201, { name: made.name, url: `/r/${made.name}` });
}

function shown({ name, title, members, guestLimit, hasPassword, activeAt }: RoomCard): object {
  return { name, title, members, guestLimit, password: hasPassword, activeAt };
}

/** With the website's key: POST makes a channel, DELETE deletes one; `room` is the default one unless said. */
async function channels(desk: Desk, request: RouteRequest): Promise<RouteResponse> {
  const { method } = request;
  if (method !== 'POST' && method !== 'DELETE') return wrongMethod('POST, DELETE');
  const asked = keyed(desk, request);
  if ('status' in asked) return asked;
  const { body } = asked;
  const room = typeof body.room === 'string' ? body.room : undefined;
  const text = (key: string) => (typeof body[key] === 'string' ? { [key]: body[key] as string } : {});
  const flag = (key: string) => (typeof body[key] === 'boolean' ? { [key]: body[key] as boolean } : {});
  const id = typeof body.id === 'string' ? body.id : '';
  const reply =
    method === 'DELETE'
      ? await desk.administer({ type: 'delete-channel', id }, room)
      : await desk.administer(
          {
            ...{ type: 'create-channel', name: typeof body.name === 'string' ? body.name : id },
            ...(id === '' ? {} : { id }),
            ...text('description'),
            ...text('icon'),
            ...flag('vip'),
            ...flag('photos'),
          },
          room,
        );
  if ('refused' in reply) return refused(reply.refused);
  const { accepted } = reply;
  return json(method === 'POST' ? 201 : 200, accepted.kind === 'about' ? { id: id || accepted.name } : {});
}

/** With the website's key: a notice to everybody in a room. */
async function announce(desk: Desk, request: RouteRequest): Promise<RouteResponse> {
  if (request.method !== 'POST') return wrongMethod('POST');
  const asked = keyed(desk, request);
  if ('status' in asked) return asked;
  const { text, room } = asked.body;
  if (typeof text !== 'string') return refused({ code: 'bad-frame' });
  const reply = await desk.administer({ type: 'announce', text }, typeof room === 'string' ? room : undefined);
  return 'refused' in reply ? refused(reply.refused) : json(200, {});
}

type Body = Readonly<Record<string, unknown>>;

/** The body of somebody who has the website's key: `Authorization: Bearer KEY`. */
function keyed(desk: Desk, request: RouteRequest): { readonly body: Body } | RouteResponse {
  if (!desk.mayAsk(request.address)) return refused({ code: 'too-fast' });
  const [, key = ''] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
  if (!desk.isApiKey(key)) return json(401, { error: { code: 'not-permitted', message: 'The API key is not right.' } });
  const body = bodyOf(request);
  return body ? { body } : refused({ code: 'bad-frame' });
}

/** Only of type JSON, which pages of other origins cannot send without asking. */
function bodyOf(request: RouteRequest): Body | undefined {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) return undefined;
  try {
    const value: unknown = JSON.parse(request.body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : undefined;
  } catch {
    return undefined;
  }
}

const STATUS: Partial<Record<Refusal['code'], number>> = {
  'too-fast': 429,
  'room-exists': 409,
  'channel-exists': 409,
  'room-unknown': 404,
  'channel-unknown': 404,
  'rooms-closed': 403,
  'token-required': 403,
  'channel-fixed': 409,
};

function refused(refusal: Refusal): RouteResponse {
  return json(STATUS[refusal.code] ?? 400, { error: { code: refusal.code, message: refusalText(refusal) } });
}

function wrongMethod(allow: string): RouteResponse {
  const body = { error: { code: 'bad-request', message: `Use ${allow}.` } };
  const answer = json(405, body);
  return { ...answer, headers: { ...answer.headers, allow } };
}

function json(status: number, body: object): RouteResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
