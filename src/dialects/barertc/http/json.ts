import type { Desk } from '../../desk.ts';
import type { Route, RouteRequest, RouteResponse } from '../../http.ts';

/** Body of a request, an object, by the names that BareRTC's API gives to its fields. */
export type JsonBody = Readonly<Record<string, unknown>>;

export type JsonAnswer = { readonly status?: number } & Readonly<Record<string, unknown>>;

const BODY_BYTES = 1024 * 1024;
const MAX_ITEMS = 10_000;
const JSON_TYPE = /^application\/json\s*(;|$)/i;

/** Answers of these endpoints are read by people, too (`spec/barertc.md` 2.1). */
export function json(status: number, body: object, headers: Readonly<Record<string, string>> = {}): RouteResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: `${JSON.stringify(body, null, 2)}\n`,
  };
}

export function failure(status: number, error: string): RouteResponse {
  return json(status, { OK: false, Error: error });
}

/**
 * An endpoint that takes JSON by POST, in BareRTC's manner: a wrong method or type is a 400. `answer` gives the fields
 * of the response beside `OK`, or a whole response.
 */
export function jsonRoute(
  path: string,
  desk: Desk,
  answer: (body: JsonBody, request: RouteRequest) => Promise<RouteResponse>,
): Route {
  return {
    path,
    bodyBytes: BODY_BYTES,
    handle: async (request) => {
      if (!desk.mayAsk(request.address)) return failure(429, 'Too many requests. Please wait a moment.');
      if (request.method !== 'POST') return failure(400, 'This endpoint takes POST requests only.');
      if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) {
        return failure(400, 'The Content-Type must be application/json.');
      }
      const body = parseBody(request.body);
      return body ? answer(body, request) : failure(400, 'The body is no JSON object.');
    },
  };
}

function parseBody(text: string): JsonBody | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return value as JsonBody;
  } catch {
    return undefined;
  }
}

/** A field by its name in any case of letters, as the original's JSON reader has it. */
function field(body: JsonBody, name: string): unknown {
  if (Object.hasOwn(body, name)) return body[name];
  const key = Object.keys(body).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : body[key];
}

/** Thrown for a field of the wrong type; the route answers 400. */
export class FieldError extends Error {}

export function text(body: JsonBody, name: string): string {
  const value = field(body, name) ?? '';
  if (typeof value !== 'string') throw new FieldError(`${name} must be text.`);
  return value.toWellFormed();
}

export function texts(body: JsonBody, name: string): readonly string[] {
  const value = field(body, name) ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw new FieldError(`${name} must be a list of texts.`);
  }
  if (value.length > MAX_ITEMS) throw new FieldError(`${name} may have ${MAX_ITEMS} items.`);
  return value.map((item) => item.toWellFormed());
}

export function flag(body: JsonBody, name: string): boolean {
  const value = field(body, name) ?? false;
  if (typeof value !== 'boolean') throw new FieldError(`${name} must be true or false.`);
  return value;
}

export function whole(body: JsonBody, name: string): number {
  const value = field(body, name) ?? 0;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw new FieldError(`${name} must be a whole number.`);
  }
  return value;
}

export function object(body: JsonBody, name: string): JsonBody {
  const value = field(body, name) ?? {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new FieldError(`${name} must be an object.`);
  return value as JsonBody;
}

/** Turns a {@link FieldError} into a 400. */
export async function checked(answer: () => Promise<RouteResponse>): Promise<RouteResponse> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof FieldError) return failure(400, error.message);
    throw error;
  }
}
