import type { Authority, GroupPart, Reach } from '../../../core/administration.ts';
import type { Desk } from '../../desk.ts';
import type { Route, RouteRequest, RouteResponse } from '../../http.ts';
import { answerOf, notThere, plain, unauthorised } from './api-answers.ts';
import { proofIn } from './api-credentials.ts';
import { carryOut } from './api-orders.ts';
import { type Asker, askerOf, originHeaders, preflightHeaders } from './api-origins.ts';
import { partAt } from './api-paths.ts';
import { expectationOf } from './api-preconditions.ts';
import { statisticsOf } from './api-statistics.ts';

const BODY_BYTES = 1024 * 1024;

const READ = ['HEAD', 'GET'] as const;
const METHODS: Readonly<Record<GroupPart['kind'], readonly string[]>> = {
  statistics: READ,
  groups: READ,
  users: READ,
  group: [...READ, 'PUT', 'DELETE'],
  user: [...READ, 'PUT', 'DELETE'],
  token: [...READ, 'PUT', 'DELETE'],
  tokens: [...READ, 'POST'],
  keys: ['PUT', 'DELETE'],
  password: ['PUT', 'POST', 'DELETE'],
};

/** The management API (`spec/galene.md` 3.5). */
export function apiRoutes(desk: Desk): readonly Route[] {
  return [{ path: '/galene-api/*', bodyBytes: BODY_BYTES, handle: (request) => respond(request, desk) }];
}

async function respond(request: RouteRequest, desk: Desk): Promise<RouteResponse> {
  const asker = askerOf(request, desk);
  const response = await answer(request, desk, asker);
  return { ...response, headers: { ...response.headers, ...originHeaders(request, asker) } };
}

/** One request, and what it is about. */
interface Asked {
  readonly request: RouteRequest;
  readonly desk: Desk;
  readonly part: GroupPart;
}

async function answer(request: RouteRequest, desk: Desk, asker: Asker): Promise<RouteResponse> {
  const { method } = request;
  const part = partAt(request.path);
  if (!part) return notThere();
  const methods = METHODS[part.kind];
  if (method === 'OPTIONS') return { status: 204, headers: asker === 'page' ? preflightHeaders(methods) : {} };
  // A browser sends a password that it knows to whatever page asks it to.
  if (asker === 'stranger' && !isReading(method)) {
    return plain(403, 'Pages of this site may not change anything here: allowAdminOrigin does not name it.');
  }
  const asked = { request, desk, part };
  const authority = await authorityOf(asked);
  if (authority.kind === 'refused') return refuse(authority.reason);
  if (!methods.includes(method)) return plain(405, 'This cannot be done here.', { allow: methods.join(', ') });
  return isReading(method) ? read(asked) : change(asked, authority.reach);
}

function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Who does not prove anything is nobody, and must not ask too often. */
async function authorityOf({ request: { headers, address }, desk, part }: Asked): Promise<Authority> {
  const proof = proofIn(headers.authorization);
  const authority = proof && (await desk.administration.admit(proof, part, address));
  // Administrators have much to do. Anybody may have a password of their own, and each change of one costs us something.
  if (authority?.kind === 'granted' && (authority.reach !== 'self' || desk.mayAsk(address))) return authority;
  const isTooOften = authority?.kind === 'granted' || authority?.reason === 'too-often' || !desk.mayAsk(address);
  return { kind: 'refused', reason: isTooOften ? 'too-often' : 'not-authorised' };
}

function refuse(reason: 'not-authorised' | 'too-often'): RouteResponse {
  if (reason === 'not-authorised') return unauthorised('Who administers this has to say so.');
  return plain(429, 'That was too often. Please wait a little.', { 'retry-after': '6' });
}

async function read({ request, desk: { administration }, part }: Asked): Promise<RouteResponse> {
  if (part.kind !== 'statistics') return answerOf(await administration.read(part), request);
  return answerOf({ kind: 'read', value: statisticsOf(await administration.measure()) }, request);
}

function change({ request, desk, part }: Asked, reach: Reach): Promise<RouteResponse> {
  return carryOut({ part, reach, expects: expectationOf(request.headers) }, request, desk.administration);
}
