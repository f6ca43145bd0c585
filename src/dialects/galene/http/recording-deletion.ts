import type { Desk, RoomCard } from '../../desk.ts';
import type { RouteRequest } from '../../http.ts';
import { byPassword, type Viewer } from './recording-access.ts';
import { baseOf } from './status.ts';

const PURPOSE = 'galene recordings form';
/** A page is left open over a day's work. */
const FORM_SECONDS = 12 * 3600;

/** The field by which a form is known for ours, and for this person's. */
export function formToken(viewer: Viewer, room: RoomCard, desk: Desk): Promise<string> {
  return desk.seal(PURPOSE, { room: room.name, key: viewer.key }, FORM_SECONDS);
}

/**
 * Whether somebody means what is posted in their name. The original believes every form, of whatever page
 * (`spec/galene.md` 7.1, 18). Here it is one of ours, or comes of a program with a password: those say neither from
 * which page they come nor to which site they go.
 */
export async function isMeant(
  request: RouteRequest,
  fields: URLSearchParams,
  { viewer, room, desk }: { readonly viewer: Viewer; readonly room: RoomCard; readonly desk: Desk },
): Promise<boolean> {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined && site !== 'same-origin') return false;
  if (origin !== undefined && !isOwn(origin, request, desk)) return false;
  const token = fields.get('token');
  if (token === null) {
    if (origin !== undefined || site !== undefined) return false;
    // A cookie does not make a program: browsers add it by themselves.
    return viewer.hasPassword || typeof (await byPassword(request, room, desk)) === 'object';
  }
  const form = (await desk.unseal(PURPOSE, token)) as { readonly room?: string; readonly key?: string } | undefined;
  return form?.room === room.name && form.key === viewer.key;
}

function isOwn(origin: string, request: RouteRequest, desk: Desk): boolean {
  const host = URL.parse(origin)?.host;
  return host !== undefined && (host === request.headers.host?.toLowerCase() || host === baseOf(request, desk).host);
}
