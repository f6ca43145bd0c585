import type { Dialect } from '../dialect.ts';
import { decode } from './decode.ts';
import { encode, encodeKey, farewell } from './encode.ts';
import { RwciState } from './state.ts';

/** RWCI (`spec/rwci.md`): accounts, public and direct messages. On any path that is no other wire's. */
export const dialect: Dialect<RwciState> = {
  name: 'rwci',
  mounts: [
    {
      path: '/ws',
      recognises: (frame) => frame.kind === 'text' && /"type"\s*:\s*"auth"/.test(frame.text.slice(0, 8192)),
    },
    { path: '*', recognises: () => true },
  ],
  limits: {
    frameBytes: 256 * 1024,
    frameBytesBeforeEntry: 16 * 1024,
    entryDeadlineMs: 60_000,
    resumable: false,
    oneTry: true,
    frames: { burst: 100, perSecond: 20 },
  },
  open: (context) => new RwciState(context),
  decode,
  encodeKey,
  encode,
  farewell,
};
