import type { Dialect, InboundFrame } from '../dialect.ts';
import { decode } from './decode.ts';
import { encode, encodeKey, farewell } from './encode.ts';
import { routes } from './http/routes.ts';
import { GaleneState } from './state.ts';
import { parseMessage } from './wire.ts';

/**
 * What its clients say first. But `handshake`, all of it is said too early: whoever does is told so, rather than kept
 * waiting for another wire.
 */
const FIRST: ReadonlySet<string> = new Set([
  'handshake',
  'join',
  'request',
  'requestStream',
  'offer',
  'answer',
  'ice',
  'renegotiate',
  'abort',
  'chat',
  'usermessage',
  'useraction',
  'groupaction',
]);

/** Galène (`spec/galene.md`): groups with permissions, whose streams the server forwards. */
export const dialect: Dialect<GaleneState> = {
  name: 'galene',
  mounts: [{ path: '/ws', recognises }],
  limits: {
    frameBytes: 1024 * 1024,
    frameBytesBeforeEntry: 64 * 1024,
    // Its clients connect before anybody has said a name, and stay.
    entryDeadlineMs: 0,
    resumable: false,
    // Candidates of a dozen streams at once; layouts that change.
    frames: { burst: 600, perSecond: 100 },
  },
  keepAlive: { everyMs: 10_000, silentMs: 45_000 },
  routes,
  open: (context) => new GaleneState(context),
  decode,
  encodeKey,
  encode,
  farewell,
};

function recognises(frame: InboundFrame): boolean {
  if (frame.kind !== 'text') return false;
  const message = parseMessage(frame.text);
  return message !== undefined && FIRST.has(message.type);
}
