import type { PartOrder } from '../../../core/administration.ts';
import type { GroupAdministration } from '../../desk.ts';
import type { RouteRequest, RouteResponse } from '../../http.ts';
import { answerTo, plain } from './api-answers.ts';

const JSON_TYPE = 'application/json';
const KEYS_TYPE = 'application/jwk-set+json';
const TEXT_TYPE = 'text/plain';
/** Deeper than anything that a group is made of. */
const MAX_DEPTH = 16;

/** Carries out PUT, POST and DELETE (`spec/galene.md` 3.5). */
export async function carryOut(
  order: PartOrder,
  request: RouteRequest,
  administration: GroupAdministration,
): Promise<RouteResponse> {
  const { method, body } = request;
  if (method === 'DELETE') return answerTo(await administration.remove(order));
  const type = typeOf(order, method);
  if (mediaType(request) !== type) return plain(415, `This takes ${type}.`, { accept: type });
  if (type === TEXT_TYPE) return answerTo(await administration.setPassword(order, body));
  const content = parse(body);
  if (!content) return plain(400, 'That is not JSON, or it is too deep.');
  const change =
    method === 'POST'
      ? await administration.makeToken(order, content.value)
      : await administration.write(order, content.value);
  return answerTo(change);
}

function typeOf({ part }: PartOrder, method: string): string {
  if (part.kind === 'keys') return KEYS_TYPE;
  return part.kind === 'password' && method === 'POST' ? TEXT_TYPE : JSON_TYPE;
}

/** In lower case, without its parameters. */
function mediaType({ headers }: RouteRequest): string {
  return (headers['content-type'] ?? '').split(';', 1).join('').trim().toLowerCase();
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isShallow(value, MAX_DEPTH) ? { value } : undefined;
  } catch {
    return undefined;
  }
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((one) => isShallow(one, depth - 1));
}
