import type { Command, Request } from '../../core/command.ts';
import { cleanName } from '../../core/name.ts';
import { mayRead } from '../../core/view.ts';
import type { Decoded, Frame, InboundFrame, Viewer } from '../dialect.ts';
import { identityOf } from './addresses.ts';
import { messageFrame } from './encode.ts';
import type { CamusState } from './state.ts';
import { type ClientMessage, fieldOf, GROUND_CONTROL, isClientId, NO_NAME, parseMessage, ROOM } from './wire.ts';

const NOTHING: Decoded = { requests: [] };
/** The server's address as it is sometimes taken to be (1.12). */
const ALIAS = 'ground-control';

/** What the server alone says. The original's clients believe it of anybody: one word, and all of them hang up. */
const SERVERS_OWN: ReadonlySet<string> = new Set(['room-info', 'ice-servers']);

/** `spec/camus.md` 1.3 and 1.4. What is malformed, or for nobody, goes nowhere without a word. */
export function decode(state: CamusState, inbound: InboundFrame, viewer: Viewer<CamusState>): Decoded {
  const message = inbound.kind === 'text' && !state.gone ? parseMessage(inbound.text) : undefined;
  if (!message) return NOTHING;
  const { receiver } = message;
  if (receiver === GROUND_CONTROL || receiver === ALIAS) return toServer(state, message, viewer);
  if (SERVERS_OWN.has(message.type ?? '')) return NOTHING;
  if (receiver === ROOM) return toRoom(message, viewer);
  return isClientId(receiver) ? toOne(receiver, message, viewer) : NOTHING;
}

function toServer(state: CamusState, message: ClientMessage, viewer: Viewer<CamusState>): Decoded {
  const { type, data } = message;
  switch (type) {
    case 'ping':
      state.knowsItself = true;
      return { requests: [], replies: [fromServer(state, 'pong', data)] };
    case 'get-ice-servers':
      return { requests: [], replies: [fromServer(state, 'ice-servers', state.context.settings.iceServers(state.id))] };
    case 'get-room-info':
      // Now the others are told: before the newcomer has anything to send, so that calls begin without glare (1.7).
      state.awaitsRoster ||= !viewer.member;
      return within(viewer, { type: 'show-roster' });
    case 'profile':
      return profile(data, viewer);
    case 'bye':
      state.gone = true;
      return { requests: [{ command: { type: 'leave' } }] };
    case 'pong':
    case 'greeting':
      return NOTHING;
    default:
      return { requests: [], replies: [fromServer(state, 'error', `Unknown message type: ${type ?? 'None'}`)] };
  }
}

/** A name, or an empty one, at which all are told again who is there. */
function profile(data: unknown, viewer: Viewer<CamusState>): Decoded {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return NOTHING;
  const said = fieldOf(data, 'username');
  const name = typeof said === 'string' ? cleanName(said) : '';
  const { member } = viewer;
  if (!member) return { requests: entry(viewer, name) };
  return { requests: [{ command: { type: 'rename', name: name || member.name } }] };
}

function toRoom({ type, data }: ClientMessage, viewer: Viewer<CamusState>): Decoded {
  if (type === undefined) return NOTHING;
  if (type !== 'text') return within(viewer, { type: 'relay', to: 'all', kind: type, payload: JSON.stringify(data) });
  const text = fieldOf(data, 'text');
  if (typeof text !== 'string') return NOTHING;
  const time = fieldOf(data, 'time');
  const target = { kind: 'channel', channel: defaultChannel(viewer) } as const;
  return within(viewer, {
    type: 'post-message',
    target,
    body: { kind: 'text', text, breaks: true },
    ...(typeof time === 'number' && Number.isSafeInteger(time) ? { sentAt: time } : {}),
  });
}

function toOne(clientId: string, { type, data }: ClientMessage, viewer: Viewer<CamusState>): Decoded {
  if (type === undefined) return NOTHING;
  // Nobody speaks under another's name.
  const said =
    type === 'text' && typeof data === 'object' && data !== null && viewer.member
      ? { ...data, from: viewer.member.name }
      : data;
  const to = { identityId: identityOf(clientId) };
  return within(viewer, { type: 'relay', to, kind: type, payload: JSON.stringify(said) });
}

/** Whoever is not in the room yet comes in first. */
function within(viewer: Viewer<CamusState>, command: Command): Decoded {
  return { requests: [...(viewer.member ? [] : entry(viewer, '')), { command }] };
}

/** By the page's cookie, which is proof enough: the page has asked for the password. */
function entry({ state }: Viewer<CamusState>, name: string): Request[] {
  return [
    {
      command: {
        type: 'join',
        room: state.room,
        name: name || NO_NAME,
        credentials: { visitor: state.id, admitted: true },
        ephemeral: true,
        presence: {},
        relations: {},
        abilities: { video: 'mesh', direct: false },
        resumeKey: state.key,
      },
    },
  ];
}

/** The first that they may read. Before they are in the room nobody knows; then it is whatever the room has first. */
function defaultChannel({ member, room }: Viewer): string {
  const readable = room?.channels.find((channel) => member && mayRead(channel, member));
  return readable?.id ?? 'lobby';
}

function fromServer(state: CamusState, type: string, data: unknown): Frame {
  return messageFrame({ sender: GROUND_CONTROL, receiver: state.id, type, data });
}
