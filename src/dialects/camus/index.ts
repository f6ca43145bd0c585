import type { Dialect } from '../dialect.ts';
import { decode } from './decode.ts';
import { admit } from './door.ts';
import { encode, encodeKey, farewell, roster } from './encode.ts';
import { home } from './http/home.ts';
import { pageRoutes } from './http/pages.ts';
import { CamusState } from './state.ts';

const isTheirs = () => true;

/** Camus (`spec/camus.md`): group video rooms, from browser to browser. */
export const dialect: Dialect<CamusState> = {
  name: 'camus',
  mounts: [
    { path: '/room/:name/ws', admit, recognises: isTheirs },
    { path: '/chat/:name/ws', admit, recognises: isTheirs },
  ],
  limits: {
    frameBytes: 256 * 1024,
    frameBytesBeforeEntry: 64 * 1024,
    entryDeadlineMs: 120_000,
    resumable: true,
    // Long enough for its clients, who try again after 5 s; short enough that nobody is listed who is gone (1.10).
    graceMs: 15_000,
    oneTry: true,
    frames: { burst: 400, perSecond: 100 },
  },
  keepAlive: { everyMs: 30_000 },
  routes: pageRoutes,
  home,
  open: (context, pass = {}) => new CamusState(context, pass),
  begin: (state) => [{ command: { type: 'resume', session: state.key } }],
  decode,
  encodeKey,
  encode,
  roster: { key: () => null, encode: roster, repeats: true },
  farewell,
};
