import type { Dialect } from '../dialect.ts';
import { decode } from './decode.ts';
import { encode, encodeKey, farewell } from './encode.ts';
import { routes } from './http.ts';

/** The native wire: for the web client and for bots. Nothing of it is lost over a lost connection. */
export const dialect: Dialect<undefined> = {
  name: 'parlour',
  mounts: [
    {
      path: '/ws',
      recognises: (frame) => frame.kind === 'text' && /"type"\s*:\s*"hello"/.test(frame.text.slice(0, 8192)),
    },
  ],
  limits: {
    frameBytes: 256 * 1024,
    frameBytesBeforeEntry: 16 * 1024,
    entryDeadlineMs: 15_000,
    resumable: true,
    frames: { burst: 400, perSecond: 60 },
  },
  // The website's tokens are good for five minutes.
  keepAlive: { everyMs: 60_000 },
  routes,
  open: () => undefined,
  decode: (_state, frame) => decode(frame),
  encodeKey,
  encode,
  farewell: (disconnect) => farewell(disconnect),
};
