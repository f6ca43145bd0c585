import type { Desk, RoomCard } from '../../desk.ts';
import { type RouteRequest, type RouteResponse, withQuery } from '../../http.ts';
import { isGroupName } from '../names.ts';
import { notFound } from './pages.ts';
import { groupOf, recordingsPath, redeemed, ticketFor, type Viewer, viewerOf } from './recording-access.ts';
import { formToken, isMeant } from './recording-deletion.ts';
import { recordingResponse } from './recording-response.ts';
import { sessionsOf } from './recording-sessions.ts';
import { OURS_ALONE, recordingsPage } from './recordings-html.ts';
import { listPage } from './recordings-list.ts';
import { playerPage } from './recordings-player.ts';

const FOLDER = '/recordings/';
const TICKET = '.ticket';
/** A form may name all files of a recording. */
export const RECORDINGS_BODY_BYTES = 256 * 1024;
const MAX_DELETED = 1000;

interface Visit {
  readonly request: RouteRequest;
  readonly room: RoomCard;
  readonly desk: Desk;
}

/** `spec/galene.md` 3.2: what was recorded, for those who may record. */
export async function recordings(request: RouteRequest, desk: Desk): Promise<RouteResponse> {
  const rest = decoded(request.path.slice(FOLDER.length));
  if (rest === '') return problem(400, desk, 'Bad group name');
  if (rest === undefined) return notFound();
  const slash = rest.lastIndexOf('/');
  const [group, file] = [rest.slice(0, Math.max(0, slash)), rest.slice(slash + 1)];
  // Without a slash at its end, it is a group all the same, unless that would be a file.
  const isWhole = file === '' || file === TICKET || isFileName(file);
  const name = isWhole ? group : rest;
  // Parts that begin with a dot are ours alone.
  if (!isGroupName(name) || /(^|\/)\./.test(name)) return notFound();
  const room = await desk.rooms.find(name);
  if (!room) return notFound();
  const place = recordingsPath(room);
  // The browser's cookie is for this very path. Programs may write the name of a file as they like.
  if (name !== groupOf(room) || !isWhole || (file === '' && request.path !== place)) {
    return moved(request, `${place}${isWhole ? encodeURIComponent(file) : ''}`);
  }
  const visit = { request, room, desk };
  if (file === TICKET) return ticket(visit);
  return file === '' ? folder(visit) : oneFile(visit, file);
}

/** In an address, other names are those of groups. */
function isFileName(file: string): boolean {
  return /^[^.].*\.(webm|mkv)$/s.test(file);
}

async function folder(visit: Visit): Promise<RouteResponse> {
  const { request, room, desk } = visit;
  const word = request.query.get('ticket');
  if (word !== null) return enter(visit, word);
  if (!['GET', 'HEAD', 'POST'].includes(request.method)) return wrongMethod('GET, HEAD, POST');
  const viewer = await viewerOf(request, room, desk);
  if (typeof viewer === 'string') return stranger(viewer, visit);
  return request.method === 'POST' ? change(visit, viewer) : look(visit, viewer);
}

async function look({ request, room, desk }: Visit, viewer: Viewer): Promise<RouteResponse> {
  const { title } = desk.settings;
  const sessions = sessionsOf(await desk.recordings.list(room));
  const wanted = request.query.get('session');
  const session = sessions.find(({ id }) => id === wanted);
  if (session) return playerPage({ room, title, session }, keeping(viewer));
  if (wanted !== null) return problem(404, desk, 'There is no such recording any more.');
  const page = /^[1-9]\d{0,5}$/.test(request.query.get('page') ?? '') ? Number(request.query.get('page')) : 1;
  const token = await formToken(viewer, room, desk);
  return listPage({ room, title, sessions, page, token }, keeping(viewer));
}

/** `q=delete&filename=F`; here, several `filename`s may come at once. */
async function change({ request, room, desk }: Visit, viewer: Viewer): Promise<RouteResponse> {
  const fields = new URLSearchParams(request.body);
  if (!(await isMeant(request, fields, { viewer, room, desk }))) {
    return problem(403, desk, 'This form did not come from here, or it is too old. Please open the list again.');
  }
  const files = fields.getAll('filename');
  if (fields.get('q') !== 'delete' || files.length === 0 || files.length > MAX_DELETED) {
    return problem(400, desk, 'There is nothing here that could be done.');
  }
  let count = 0;
  for (const file of files) if (await desk.recordings.remove(room, file)) count++;
  if (count === 0) return problem(404, desk, 'There is no such recording any more.');
  return { status: 303, headers: { ...OURS_ALONE, location: recordingsPath(room), ...keeping(viewer) } };
}

async function oneFile(visit: Visit, file: string): Promise<RouteResponse> {
  const { request, room, desk } = visit;
  if (request.method !== 'GET' && request.method !== 'HEAD') return wrongMethod('GET, HEAD');
  const viewer = await viewerOf(request, room, desk);
  if (typeof viewer === 'string') return stranger(viewer, visit);
  const recording = await desk.recordings.open(room, file);
  if (!recording) return problem(404, desk, 'There is no such recording any more.');
  const response = await recordingResponse(request, { file, recording, now: desk.now() });
  return { ...response, headers: { ...OURS_ALONE, ...response.headers, ...keeping(viewer) } };
}

/** For our own client, whose session says who somebody is: the address of the page, with a word that lets them in. */
async function ticket({ request, room, desk }: Visit): Promise<RouteResponse> {
  if (request.method !== 'POST') return wrongMethod('POST');
  const session = sessionIn(request);
  if (session === undefined) return json(400, { error: { code: 'bad-request', message: 'Say {"session": "…"}.' } });
  const word = await ticketFor(session, room, desk);
  const message = 'You may not record in this room, or are not there.';
  if (word === undefined) return json(403, { error: { code: 'not-permitted', message } });
  return json(200, { url: `${recordingsPath(room)}?ticket=${encodeURIComponent(word)}` });
}

/** Only of type JSON, which pages of other origins cannot send without asking. */
function sessionIn({ headers, body }: RouteRequest): string | undefined {
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) return undefined;
  try {
    const value = JSON.parse(body) as { readonly session?: unknown } | null;
    return typeof value?.session === 'string' && value.session !== '' ? value.session : undefined;
  } catch {
    return undefined;
  }
}

/** Leads on to an address that says nothing. */
async function enter({ request, room, desk }: Visit, word: string): Promise<RouteResponse> {
  if (request.method !== 'GET') return wrongMethod('GET');
  const cookie = await redeemed(word, room, desk);
  return {
    status: 303,
    headers: {
      ...OURS_ALONE,
      location: recordingsPath(room),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      ...(cookie === undefined ? {} : { 'set-cookie': cookie }),
    },
  };
}

function stranger(access: 'nobody' | 'too-often', { room, desk }: Visit): RouteResponse {
  if (access === 'too-often') return problem(429, desk, 'Too many wrong passwords. Please wait a moment.');
  const realm = `Recordings of ${room.group?.name ?? room.name}`.replace(/[^\x20-\x7e]|["\\]/g, '_');
  const text = 'Please open the recordings from the room once more, or sign in as somebody who may record there.';
  return problem(401, desk, text, { 'www-authenticate': `basic realm="${realm}", charset="UTF-8"` });
}

function keeping({ cookie }: Viewer): Readonly<Record<string, string>> {
  return cookie === '' ? {} : { 'set-cookie': cookie };
}

function problem(
  status: number,
  desk: Desk,
  heading: string,
  headers: Readonly<Record<string, string>> = {},
): RouteResponse {
  const content = '<p><a href="./">To the recordings</a></p>';
  return recordingsPage(status, { title: desk.settings.title, heading, content }, headers);
}

function json(status: number, body: object): RouteResponse {
  const headers = { ...OURS_ALONE, 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
  return { status, headers, body: JSON.stringify(body) };
}

function wrongMethod(allow: string): RouteResponse {
  return { status: 405, headers: { ...OURS_ALONE, allow } };
}

/** To the address of the room as it is written: its cookie is for that one. */
function moved({ query }: RouteRequest, path: string): RouteResponse {
  return { status: 308, headers: { ...OURS_ALONE, location: withQuery(path, query) } };
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
