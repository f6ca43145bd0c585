import { createHash, timingSafeEqual } from 'node:crypto';
import type { RouteRequest } from '../../http.ts';

/** What is kept of a token: enough to know it again. */
export type Digest = Buffer;

/** The request's token; undefined without one, `false` where something else is shown. */
export function bearerOf({ headers }: RouteRequest): string | undefined | false {
  const shown = headers.authorization?.trim() ?? '';
  // Clients send the word alone where they have no key.
  if (shown === '' || /^bearer$/i.test(shown)) return undefined;
  return /^bearer +([\w.~+/=-]{1,8192})$/i.exec(shown)?.[1] ?? false;
}

export function digestOf(token: string | undefined): Digest {
  return createHash('sha256')
    .update(token ?? '')
    .digest();
}

/** Tells nothing by the time it takes. */
export function isSame(digest: Digest, token: string | undefined): boolean {
  return timingSafeEqual(digest, digestOf(token));
}
