import type { Dialect } from '../dialect.ts';
import { decode } from './decode.ts';
import { encode, encodeKey, farewell } from './encode.ts';
import { routes } from './http/routes.ts';
import { MOUNT } from './mount.ts';

/**
 * WHIP and WHEP (RFC 9725, `spec/galene.md` 2.16): a stream is published or played by HTTP requests alone. Who does is a
 * member like any other, for whom the endpoints speak; its frames never leave the server.
 */
export const dialect: Dialect<object> = {
  name: 'whip',
  mounts: [
    {
      path: MOUNT,
      // The door is for the endpoints, which do not knock.
      admit: async () => ({ refused: { status: '404 Not Found', body: '' } }),
      recognises: () => true,
    },
  ],
  limits: {
    // A description of a megabyte, with the ends of its lines as JSON has them.
    frameBytes: 4 * 1024 * 1024,
    frameBytesBeforeEntry: 64 * 1024,
    entryDeadlineMs: 30_000,
    resumable: false,
    // As many candidates as a request has.
    frames: { burst: 600, perSecond: 100 },
  },
  routes,
  open: () => ({}),
  decode,
  encodeKey,
  encode,
  farewell,
};
