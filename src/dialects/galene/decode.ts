import type { Command } from '../../core/command.ts';
import { WireError } from '../../core/errors.ts';
import type { Decoded, InboundFrame, Viewer } from '../dialect.ts';
import { groupAction, userAction } from './decode-actions.ts';
import { stream } from './decode-streams.ts';
import { homeOf } from './encode-chat.ts';
import { asks, frame, memberCalled, NOTHING, replies, soft } from './frames.ts';
import { isGroupName, withoutSlash } from './names.ts';
import type { GaleneState } from './state.ts';
import { type ClientMessage, FieldError, flagIn, objectIn, parseMessage, textIn, textsIn } from './wire.ts';

/** `spec/galene.md` 1. What cannot be read costs its sender an error and nothing else. */
export function decode(state: GaleneState, inbound: InboundFrame, viewer: Viewer<GaleneState>): Decoded {
  state.heardAt = state.context.now();
  const message = inbound.kind === 'text' ? parseMessage(inbound.text) : undefined;
  if (!state.generation && message?.type !== 'handshake') fail(state, 1002, 'you must handshake first');
  if (!message) return soft(state, 'malformed message');
  try {
    return dispatch(state, message, viewer);
  } catch (error) {
    if (error instanceof FieldError) return soft(state, `malformed message: ${error.message}`);
    throw error;
  }
}

function dispatch(state: GaleneState, message: ClientMessage, viewer: Viewer<GaleneState>): Decoded {
  switch (message.type) {
    case 'handshake':
      return handshake(state, message);
    case 'ping':
      return replies(frame({ type: 'pong' }));
    case 'pong':
      return NOTHING;
    case 'join':
      return join(state, message, viewer);
    case 'chat':
    case 'usermessage':
    case 'useraction':
    case 'groupaction':
      return talk(state, message, viewer);
    case 'request':
    case 'requestStream':
    case 'offer':
    case 'answer':
    case 'ice':
    case 'renegotiate':
    case 'close':
    case 'abort':
      return viewer.member ? stream(state, message, viewer) : soft(state, 'join a group first');
    default:
      return fail(state, 1002, 'unexpected message');
  }
}

/** The peer broke the wire as its clients know it: told why, and the connection closed (1.12). */
function fail(state: GaleneState, code: number, text: string): never {
  state.end = { code, text };
  throw new WireError(text, { severity: 'close' });
}

function handshake(state: GaleneState, message: ClientMessage): Decoded {
  if (state.generation) return fail(state, 1002, 'unexpected message');
  const id = textIn(message, 'id') ?? '';
  const generation = state.greet(id.slice(0, 128), textsIn(message, 'version'));
  const greeting = frame({ type: 'handshake', version: generation.version });
  if (!generation.isUnknown) return replies(greeting);
  const value = 'This server does not know your version of the protocol; perhaps your client needs upgrading.';
  return replies(greeting, frame({ type: 'usermessage', kind: 'warning', dest: id, privileged: true, value }));
}

// --- joining ----------------------------------------------------------------------------------------------------------

function join(state: GaleneState, message: ClientMessage, viewer: Viewer<GaleneState>): Decoded {
  const kind = textIn(message, 'kind');
  if (kind === 'leave') {
    if (!viewer.member) fail(state, 1000, 'you are not joined');
    return asks({ type: 'leave', stay: true });
  }
  if (kind !== 'join') fail(state, 1002, 'unknown kind');
  if (viewer.member) fail(state, 1002, 'already joined');
  const group = withoutSlash(textIn(message, 'group') ?? '');
  // Clients compare the name with what they said.
  state.group = textIn(message, 'group') ?? '';
  state.askedName = textIn(message, 'username') ?? '';
  if (!isGroupName(group)) return notJoined(state, 'illegal group name');
  if (state.id === '') return notJoined(state, 'internal server error');
  return asks(entry(state, message, group));
}

function notJoined(state: GaleneState, value: string): Decoded {
  return replies(frame({ type: 'joined', kind: 'fail', group: state.group, username: state.askedName, value }));
}

function entry(state: GaleneState, message: ClientMessage, group: string): Command {
  const token = textIn(message, 'token');
  const password = textIn(message, 'password');
  const data = objectIn(message, 'data');
  // A name of nothing is nobody's; with a token, none at all is a question whether it has one (1.5).
  const said = fieldOf(message);
  return {
    type: 'join',
    room: group,
    name: said ?? (token ? '' : NO_NAME),
    credentials: {
      ...(token ? { roomToken: token } : {}),
      ...(password === undefined ? {} : { anyPassword: password }),
    },
    ephemeral: true,
    presence: {},
    relations: {},
    abilities: { video: 'none', direct: true },
    handle: state.id,
    ...(data ? { data } : {}),
  };
}

/** Who enters without a name is called so. */
const NO_NAME = 'anonymous';

function fieldOf(message: ClientMessage): string | undefined {
  const name = textIn(message, 'username');
  return name === '' ? NO_NAME : name;
}

// --- talking ----------------------------------------------------------------------------------------------------------

function talk(state: GaleneState, message: ClientMessage, viewer: Viewer<GaleneState>): Decoded {
  const { member } = viewer;
  if (!member) return soft(state, 'join a group first');
  const source = textIn(message, 'source') ?? '';
  const username = textIn(message, 'username');
  if (source !== '' && source !== state.id) fail(state, 1002, 'spoofed client id');
  if (username !== undefined && username !== member.name) fail(state, 1002, 'spoofed username');
  switch (message.type) {
    case 'chat':
      return chat(state, message, viewer);
    case 'usermessage':
      return userMessage(state, message, viewer);
    case 'useraction':
      return userAction(state, message, viewer) ?? fail(state, actionCode(state), 'unknown user action');
    default:
      return groupAction(state, message) ?? fail(state, actionCode(state), 'unknown group action');
  }
}

/** 1.14: old clients were told that they broke the wire. */
function actionCode({ variant }: GaleneState): number {
  return variant.isRecent ? 1000 : 1002;
}

function chat(state: GaleneState, message: ClientMessage, viewer: Viewer<GaleneState>): Decoded {
  const kind = textIn(message, 'kind') ?? '';
  const value = textIn(message, 'value') ?? '';
  if (kind === 'caption') return asks({ type: 'caption', text: value });
  const dest = textIn(message, 'dest') ?? '';
  const target = dest === '' ? undefined : memberCalled(viewer, dest);
  if (dest !== '' && !target) return soft(state, 'user unknown');
  if (target && !target.abilities.direct) return soft(state, "this user doesn't chat");
  const id = textIn(message, 'id') ?? '';
  const clientId = id === '' ? `n:${state.nextMessageId()}` : `g:${id.slice(0, 60)}`;
  if (flagIn(message, 'noecho')) state.withoutEcho(clientId);
  return asks({
    type: 'post-message',
    target: target ? { kind: 'member', name: target.name } : { kind: 'channel', channel: homeOf(viewer) ?? '' },
    body: { kind: 'text', text: kind === 'me' ? `/me ${value}` : value, breaks: true },
    clientId,
  });
}

function userMessage(state: GaleneState, message: ClientMessage, viewer: Viewer<GaleneState>): Decoded {
  const dest = textIn(message, 'dest') ?? '';
  const target = dest === '' ? undefined : memberCalled(viewer, dest);
  if (dest !== '' && !target) return soft(state, 'user unknown');
  return asks({
    type: 'pass-note',
    kind: textIn(message, 'kind') ?? '',
    payload: JSON.stringify(message.fields.get('value') ?? null),
    echo: !flagIn(message, 'noecho'),
    ...(target ? { to: target.name } : {}),
  });
}
