import type { PartChange, PartReading } from '../../../core/administration.ts';
import type { RouteRequest, RouteResponse } from '../../http.ts';
import { etag, readingOutcome } from './api-preconditions.ts';

/** One line in words. */
export function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): RouteResponse {
  const type = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' };
  return { status, headers: { ...type, ...headers }, body: `${text}\n` };
}

export function notThere(): RouteResponse {
  return plain(404, 'There is no such thing here.');
}

/** `spec/galene.md` 3.4. */
export function unauthorised(text: string): RouteResponse {
  return plain(401, text, { 'www-authenticate': 'basic realm="/galene-api/"' });
}

export function answerOf(reading: PartReading, { headers }: RouteRequest): RouteResponse {
  if (reading.kind === 'absent') return notThere();
  if (reading.kind === 'unreadable') return plain(500, `The group's definition makes no sense: ${reading.problem}.`);
  const { value, tag } = reading;
  const version = { 'cache-control': 'no-cache', ...(tag === undefined ? {} : { etag: etag(tag) }) };
  switch (readingOutcome(headers, tag)) {
    case 'mismatch':
      return mismatch();
    case 'unmodified':
      return { status: 304, headers: version };
    default:
      return {
        status: 200,
        headers: { ...version, 'content-type': 'application/json' },
        body: `${JSON.stringify(value)}\n`,
      };
  }
}

/** What became of an order; 201 where something is there that was not. */
export function answerTo(change: PartChange): RouteResponse {
  switch (change.kind) {
    case 'done':
      return changed(change);
    case 'absent':
      return notThere();
    case 'mismatch':
      return mismatch();
    case 'read-only':
      return unauthorised('Groups cannot be changed here: config.json does not say that they are writable.');
    case 'beyond-reach':
      return plain(403, 'Nobody gives away more than they administer.');
    case 'taken':
      return plain(409, 'Something else has this name.');
    case 'full':
      return plain(409, 'There is no room for more.');
    case 'malformed':
      return plain(400, `That makes no sense: ${change.problem}.`);
    case 'failed':
      return plain(500, `That did not work: ${change.problem}.`);
    default:
      return change satisfies never;
  }
}

/** The name of a new token is no path, although it stands where one should (3.5). */
function changed({ isNew, name }: Extract<PartChange, { kind: 'done' }>): RouteResponse {
  const headers = { 'cache-control': 'no-cache', ...(name === undefined ? {} : { location: name }) };
  return { status: isNew ? 201 : 204, headers };
}

function mismatch(): RouteResponse {
  return plain(412, 'It is not, or no longer, as you expect it to be.');
}
