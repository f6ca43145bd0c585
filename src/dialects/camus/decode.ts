import type { Command, Request } from '../../core/command.ts';
import type { Identity } from '../../core/identity.ts';
import type { Member } from '../../core/member.ts';
import type { Target } from '../../core/message.ts';
import { cleanName } from '../../core/name.ts';
import { canSee, mayRead } from '../../core/view.ts';
import type { Decoded, Frame, InboundFrame, Viewer } from '../dialect.ts';
import { identityOf, isInMesh } from './addresses.ts';
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
  return text(data, { kind: 'channel', channel: defaultChannel(viewer) }, viewer);
}

/** What people read. Whatever it says of who wrote it is nothing to us. */
function text(data: unknown, target: Target, viewer: Viewer<CamusState>): Decoded {
  const said = fieldOf(data, 'text');
  if (typeof said !== 'string') return NOTHING;
  const time = fieldOf(data, 'time');
  return within(viewer, {
    type: 'post-message',
    target,
    body: { kind: 'text', text: said, breaks: true },
    ...(typeof time === 'number' && Number.isSafeInteger(time) ? { sentAt: time } : {}),
  });
}

function toOne(clientId: string, { type, data }: ClientMessage, viewer: Viewer<CamusState>): Decoded {
  if (type === undefined) return NOTHING;
  const identityId = identityOf(clientId);
  if (type !== 'text')
    return within(viewer, { type: 'relay', to: { identityId }, kind: type, payload: JSON.stringify(data) });
  // A direct message like all others: filters, mutes and transcripts know of it.
  const reader = readerWith(identityId, viewer);
  return reader ? text(data, { kind: 'member', name: reader.name }, viewer) : NOTHING;
}

/** Of this wire, and seen: to others, texts are lost without a word, as signals are. */
function readerWith(identityId: Identity['id'], { member: self, room }: Viewer): Member | undefined {
  if (!self || !room) return undefined;
  for (const member of room.members()) {
    if (member.identity.id === identityId) return isInMesh(member) && canSee(room, self, member) ? member : undefined;
  }
  return undefined;
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
