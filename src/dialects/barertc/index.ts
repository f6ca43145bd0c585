import type { Dialect } from '../dialect.ts';
import { decode } from './decode.ts';
import { encode, encodeKey, farewell } from './encode.ts';
import { adminRoutes } from './http/admin.ts';
import { pageRoutes } from './http/page.ts';
import { pollRoute } from './http/poll.ts';
import { userRoutes } from './http/user.ts';
import { BareState } from './state.ts';
import { whoFrame, whoKey } from './who.ts';

/** Room for a picture of 8 MiB written as a list of numbers, which is how web clients send it. */
const FRAME_BYTES = 36 * 1024 * 1024;

/** BareRTC, all generations of its clients (`spec/barertc.md`). */
export const dialect: Dialect<BareState> = {
  name: 'barertc',
  mounts: [
    {
      path: '/ws',
      recognises: (frame) => frame.kind === 'text' && /"action"\s*:/i.test(frame.text.slice(0, 65_536)),
    },
  ],
  limits: {
    frameBytes: FRAME_BYTES,
    frameBytesBeforeEntry: 1024 * 1024,
    entryDeadlineMs: 120_000,
    resumable: false,
    // One `unwatch` for each who leaves, and dozens of candidates for each camera that is opened (1.7).
    frames: { burst: 2000, perSecond: 200 },
  },
  keepAlive: { everyMs: 30_000 },
  routes: (desk) => [...adminRoutes(desk), ...userRoutes(desk), pollRoute(desk), ...pageRoutes(desk)],
  open: (context) => new BareState(context),
  decode,
  encodeKey,
  encode,
  roster: { key: whoKey, encode: whoFrame },
  farewell: (disconnect) => farewell(disconnect),
};
