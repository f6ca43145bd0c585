import { timingSafeEqual } from 'node:crypto';
import type { Desk } from '../../desk.ts';
import type { RouteRequest } from '../../http.ts';
import { cookie, cookieValues } from './visitors.ts';

const PURPOSE = 'camus form';
const HOUR_SECONDS = 3600;
const COOKIE = 'form';

/** What a form needs so that we know it for ours: its field, and the cookie that goes with it. */
export interface FormToken {
  readonly field: string;
  readonly cookie: string;
}

/** Good for an hour, in this browser alone. */
export async function formToken({ headers }: RouteRequest, desk: Desk): Promise<FormToken> {
  const nonce =
    cookieValues(headers.cookie ?? '', COOKIE).find((value) => /^[0-9a-f]{32}$/.test(value)) ?? desk.newId();
  return {
    field: await desk.seal(PURPOSE, { nonce }, HOUR_SECONDS),
    cookie: cookie(COOKIE, nonce, { path: '/', desk }),
  };
}

/** Whether a form is one that we gave to this browser: other people's pages can send forms in its name. */
export async function isOwnForm(fields: URLSearchParams, { headers }: RouteRequest, desk: Desk): Promise<boolean> {
  const sealed = (await desk.unseal(PURPOSE, fields.get('csrf_token') ?? '')) as
    | { readonly nonce?: unknown }
    | undefined;
  const { nonce } = sealed ?? {};
  return typeof nonce === 'string' && cookieValues(headers.cookie ?? '', COOKIE).some((value) => isSame(value, nonce));
}

function isSame(...texts: readonly [string, string]): boolean {
  const [one, other] = texts.map((text) => Buffer.from(text)) as [Buffer, Buffer];
  return one.byteLength === other.byteLength && timingSafeEqual(one, other);
}

/** Of a form, or of JSON, whose pages need no token: other people's cannot send it. */
export function fieldsOf({ body, headers }: RouteRequest): {
  readonly fields: URLSearchParams;
  readonly isJson: boolean;
} {
  const type = headers['content-type'] ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) return { fields: new URLSearchParams(body), isJson: false };
  try {
    const value: unknown = JSON.parse(body);
    const entries = Object.entries(typeof value === 'object' && value !== null ? value : {});
    return { fields: new URLSearchParams(entries.map(([key, one]) => [key, String(one ?? '')])), isJson: true };
  } catch {
    return { fields: new URLSearchParams(), isJson: true };
  }
}
