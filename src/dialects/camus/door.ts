import type { Desk } from '../desk.ts';
import type { Admission, Knock } from '../dialect.ts';
import { type Visitor, visitorsIn } from './http/visitors.ts';
import type { Pass } from './state.ts';

/** A page that was loaded within this time, in milliseconds, connects for the first time. */
const FRESH_MS = 30_000;

/** `spec/camus.md` 1.1: an unknown room is 404, and who has no page of it 403. */
export async function admit({ parameters, headers }: Knock, desk: Desk): Promise<Admission> {
  const room = await desk.rooms.find(parameters.name ?? '');
  if (!room) return { refused: { status: '404 Not Found', body: 'Not Found' } };
  const visitors = await visitorsIn(headers.cookie ?? '', room, desk);
  const visitor = whoConnects(visitors, desk);
  if (!visitor) return { refused: { status: '403 Forbidden', body: 'Forbidden' } };
  return { pass: { id: visitor.id, key: visitor.key, room: room.name } satisfies Pass };
}

/**
 * Of the pages that one browser has of the room, the one that connects: a page that was just loaded, or else one whose
 * connection was lost. One that seems to be connected still has lost its connection without our noticing.
 */
function whoConnects(visitors: readonly Visitor[], desk: Desk): Visitor | undefined {
  const newest = visitors.at(-1);
  if (!newest) return undefined;
  const now = desk.now();
  if (now - newest.at < FRESH_MS && desk.sessionState(newest.key) === 'none') return newest;
  // Pages that said goodbye do not come back: where one was loaded anew, it is the new one that seems connected.
  const present = visitors.filter(({ key }) => desk.sessionState(key) !== 'over');
  const lost = present.findLast(({ key }) => desk.sessionState(key) === 'lost');
  const unused = present.findLast(({ key }) => desk.sessionState(key) === 'none');
  return lost ?? unused ?? (present.length > 1 ? undefined : (present[0] ?? newest));
}
