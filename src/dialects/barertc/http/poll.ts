import type { Desk, Poll } from '../../desk.ts';
import type { Route, RouteResponse } from '../../http.ts';
import { membersOf } from '../byte-field.ts';
import { errorFrame, frameOf } from '../frames.ts';
import { ACTIONS } from '../wire.ts';
import { failure, json } from './json.ts';

/** Room for a picture of 8 MiB as a list of numbers, as on a socket. */
const BODY_BYTES = 36 * 1024 * 1024;

interface PollRequest {
  readonly username: string;
  readonly sessionId: string;
  /** A frame as on a socket. */
  readonly frame: string;
  readonly action: string;
}

/**
 * `spec/barertc.md` 2.3: a session in requests, for those whose network lets no socket through. The secret of the
 * session and the name must belong together; a guess concerns nobody but who made it.
 */
export function pollRoute(desk: Desk): Route {
  return {
    path: '/poll',
    bodyBytes: BODY_BYTES,
    handle: async ({ method, body, address }) => {
      if (!desk.mayAsk(address)) return failure(429, 'Too many requests. Please wait a moment.');
      if (method !== 'POST') return failure(400, 'This endpoint takes POST requests only.');
      const request = parse(body);
      if (!request) return answer(400, [spoken('The request is not understood.')]);
      if (request.username === '' && request.sessionId === '') return begin(desk, address, request);
      return goOn(desk, request);
    },
  };
}

async function begin(desk: Desk, address: string, request: PollRequest): Promise<RouteResponse> {
  if (request.action !== ACTIONS.login) return answer(400, [spoken('You must log in first.')]);
  const poll = desk.polls.open(address);
  if (!poll) return answer(503, [spoken('Too many people are here. Please try again later.')]);
  const frames = await poll.exchange(request.frame);
  if (poll.member) return answer(200, frames, poll);
  poll.end();
  return answer(200, frames);
}

async function goOn(desk: Desk, { username, sessionId, frame, action }: PollRequest): Promise<RouteResponse> {
  const poll = sessionId === '' ? undefined : desk.polls.find(sessionId);
  const isTheirs = poll && (!poll.member || poll.member.name === username);
  if (!poll || !isTheirs) return answer(400, GOODBYE);
  const wasOpen = poll.isOpen;
  const frames = await poll.exchange(action === ACTIONS.ping ? undefined : frame);
  if (!wasOpen && frames.length === 0) return answer(400, GOODBYE);
  return answer(200, frames, poll);
}

const GOODBYE: readonly string[] = [
  spoken('Your session is over. Please log in again.'),
  frameOf({ action: ACTIONS.disconnect }).text,
];

function spoken(text: string): string {
  return errorFrame({ text }).text;
}

function answer(status: number, frames: readonly string[], poll?: Poll): RouteResponse {
  const name = poll?.member?.name;
  const whose = poll && name !== undefined ? { username: name, session_id: poll.id } : {};
  const head = JSON.stringify({ ...whose, messages: [] }).slice(0, -2);
  // The frames are JSON already.
  const { headers } = json(status, {});
  return { status, ...(headers ? { headers } : {}), body: `${head}${frames.join(',')}]}` };
}

/** A picture of some megabytes is not taken apart here: the frame goes on as it is written. */
function parse(body: string): PollRequest | undefined {
  const members = membersOf(body);
  const frame = members?.get('msg') ?? '';
  const action = membersOf(frame)?.get('action');
  const username = textIn(members?.get('username') ?? '""');
  const sessionId = textIn(members?.get('session_id') ?? '""');
  if (action === undefined || username === undefined || sessionId === undefined) return undefined;
  return { username, sessionId, frame, action: textIn(action) ?? '' };
}

function textIn(written: string): string | undefined {
  try {
    const value: unknown = JSON.parse(written);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
