import type { Desk, RoomCard } from '../../desk.ts';
import type { Route, RouteRequest, RouteResponse } from '../../http.ts';
import { fieldsOf, formToken, isOwnForm } from './forms.ts';
import { landing } from './home.ts';
import { clientPage, joinForm, page, roomTable } from './html.ts';
import { cookieFor, visitorsIn } from './visitors.ts';

const BODY_BYTES = 16 * 1024;

/** `spec/camus.md` 2: the pages beside the wire. */
export function pageRoutes(desk: Desk): readonly Route[] {
  const route = (path: string, handle: (request: RouteRequest) => Promise<RouteResponse> | RouteResponse): Route => ({
    path,
    bodyBytes: BODY_BYTES,
    handle: async (request) => {
      if (!desk.mayAsk(request.address)) return page(429, { title: desk.settings.title, heading: 'Too many requests' });
      return handle(request);
    },
  });
  return [
    ...(desk.settings.camus.home ? [route('/', (request) => landing(request, desk))] : []),
    route('/rooms', (request) => landing(request, desk)),
    route('/public', (request) => publicRooms(request, desk)),
    route('/about', () => redirect(302, desk.settings.camus.home ? '/#about' : '/rooms#about')),
    route('/chat', () => redirect(307, '/')),
    route('/room/:name', (request) => roomPage(request, desk)),
    route('/chat/:name', (request) => roomPage(request, desk)),
  ];
}

function redirect(status: number, location: string): RouteResponse {
  return { status, headers: { location } };
}

async function publicRooms({ method }: RouteRequest, desk: Desk): Promise<RouteResponse> {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, headers: { allow: 'GET' } };
  const rooms = await desk.rooms.list();
  const content = roomTable(rooms, desk.now());
  return page(200, { title: desk.settings.title, heading: 'Public rooms', content });
}

async function roomPage(request: RouteRequest, desk: Desk): Promise<RouteResponse> {
  const { method, parameters } = request;
  const { title, guestsAllowed } = desk.settings;
  if (!['GET', 'HEAD', 'POST'].includes(method)) return { status: 405, headers: { allow: 'GET, POST' } };
  const room = await desk.rooms.find(parameters.name ?? '');
  if (!room)
    return page(404, { title, heading: 'There is no such room', content: '<p><a href="/rooms">Make one</a></p>' });
  if (!guestsAllowed)
    return page(403, { title, heading: 'Please sign in', content: '<p>Guests are not let in here.</p>' });
  if (room.guestLimit > 0 && room.members >= room.guestLimit && !(await isThere(room, request, desk))) return full();
  if (!room.hasPassword) return entrance(room, request, desk);
  return method === 'POST' ? byPassword(room, request, desk) : askPassword(room, request, desk, { status: 200 });
}

/**
 * Whether this browser has a page that counts among those who are there: loading it again needs no further place, and
 * the room itself refuses whoever would be one too many.
 */
async function isThere(room: RoomCard, { headers }: RouteRequest, desk: Desk): Promise<boolean> {
  const visitors = await visitorsIn(headers.cookie ?? '', room, desk);
  return visitors.some(({ key }) => ['connected', 'lost'].includes(desk.sessionState(key)));
}

function full(): RouteResponse {
  return {
    status: 418,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    body: 'Guest limit already reached',
  };
}

async function byPassword(room: RoomCard, request: RouteRequest, desk: Desk): Promise<RouteResponse> {
  const { fields, isJson } = fieldsOf(request);
  if (!isJson && !(await isOwnForm(fields, request, desk))) return askPassword(room, request, desk, { status: 200 });
  const verdict = await desk.rooms.checkPassword(room.name, fields.get('password') ?? '', request.address);
  if (verdict === 'right') return entrance(room, request, desk);
  return verdict === 'wrong'
    ? askPassword(room, request, desk, { status: 401, alert: 'Invalid password' })
    : askPassword(room, request, desk, { status: 429, alert: 'Too many wrong passwords. Please wait a moment.' });
}

async function askPassword(
  room: RoomCard,
  request: RouteRequest,
  desk: Desk,
  answer: { readonly status: number; readonly alert?: string },
): Promise<RouteResponse> {
  const token = await formToken(request, desk);
  const content = joinForm({
    token: token.field,
    action: room.name,
    ...(answer.alert === undefined ? {} : { alert: answer.alert }),
  });
  const heading = `Enter ${room.title}`;
  return page(answer.status, { title: desk.settings.title, heading, content }, { 'set-cookie': token.cookie });
}

/** The page of the client. Whoever only asks whether it is there becomes nobody. */
async function entrance(room: RoomCard, request: RouteRequest, desk: Desk): Promise<RouteResponse> {
  const { path, headers, method } = request;
  const cookies = headers.cookie ?? '';
  const identity: Record<string, string> =
    method === 'HEAD' ? {} : { 'set-cookie': await cookieFor({ room, path, cookies }, desk) };
  const { script } = desk.settings.camus;
  return clientPage({ room, title: desk.settings.title, ...(script === undefined ? {} : { script }) }, identity);
}
