import type { ClientFrame, WireTarget } from '../../../src/dialects/parlour/wire.ts';
import type { Action, To, Wire } from './script.ts';

/** What an action needs of the world to be said. */
export interface Wording {
  /** The text of a new message, by which it is found again. */
  readonly marker: string;
  /** The nth latest message's id, or one nobody knows. */
  idOf(nth: number): number;
  /** Somebody's id on Camus' wire, or that of nobody. */
  clientIdOf(name: string): string;
}

/** The frames that say it on a wire; none where the wire has no word for it. */
export function framesOf(wire: Wire, action: Action, wording: Wording): readonly object[] {
  switch (wire) {
    case 'parlour':
      return nativeFrames(action, wording);
    case 'barertc':
      return bareFrames(action, wording);
    case 'camus':
      return camusFrames(action, wording);
    case 'rwci':
      return rwciFrames(action, wording);
    default:
      return wire satisfies never;
  }
}

const NOTHING: readonly object[] = [];

function nativeFrames(action: Action, wording: Wording): readonly ClientFrame[] {
  const frame = nativeFrame(action, wording);
  return frame ? [{ ...frame, ref: 'r' }] : [];
}

function nativeFrame(action: Action, { marker, idOf }: Wording): ClientFrame | undefined {
  switch (action.do) {
    case 'post':
      return {
        type: 'post',
        target: action.at as WireTarget,
        text: marker,
        ...(action.id === undefined ? {} : { id: action.id }),
      };
    case 'post-image':
      return { type: 'post', target: action.at as WireTarget, attachment: 'unknown', fileName: `${marker}.png` };
    case 'retract':
      return { type: 'retract', messageId: idOf(action.nth) };
    case 'react':
      return { type: 'react', messageId: idOf(action.nth), emoji: action.emoji, on: action.on };
    case 'type':
      return { type: 'typing', target: action.at as WireTarget, on: action.on };
    case 'be': {
      const { do: _, ...presence } = action;
      return { type: 'presence', ...presence };
    }
    case 'relate':
      return { type: 'relate', kind: action.kind, names: [...action.names], on: action.on };
    case 'block-all':
      return action.names.length === 0
        ? undefined
        : { type: 'relate', kind: 'block', names: [...action.names], on: true };
    case 'open':
      return { type: 'open-camera', name: action.name };
    case 'watch':
      return { type: 'watching', name: action.name, on: action.on };
    case 'signal':
      return { type: 'signal', name: action.name, kind: action.kind, payload: '{"sdp":""}' };
    case 'history':
      return {
        type: 'history',
        target: action.at as WireTarget,
        limit: action.limit,
        ...(action.from === 'oldest' ? { after: 0 } : {}),
      };
    case 'kick':
      return { type: 'kick', name: action.name, reason: 'enough' };
    case 'ban':
      return { type: 'ban', name: action.name, hours: action.hours };
    case 'unban':
      return { type: 'unban', name: action.name };
    case 'set-operator':
      return { type: 'operator', name: action.name, on: action.on };
    case 'mark-explicit':
    case 'cut-camera':
      return { type: action.do, name: action.name };
    case 'list-bans':
      return { type: 'bans' };
    case 'list-threads':
      return { type: 'threads' };
    case 'invite':
      return { type: 'invite', role: 'guest' };
    case 'ping':
      return { type: 'ping' };
    case 'rename':
      return { type: 'rename', name: action.name };
    case 'nudge':
    case 'relay':
    case 'unmute-all':
    case 'kick-all':
    case 'report':
    case 'help':
      return undefined;
    default:
      return action satisfies never;
  }
}

function bareFrames(action: Action, { marker, idOf }: Wording): readonly object[] {
  switch (action.do) {
    case 'post':
      return [{ action: 'message', channel: channelOf(action.at), message: marker }];
    case 'post-image':
      return [
        { action: 'file', channel: channelOf(action.at), message: `${marker}.png`, bytes: [...Buffer.from(marker)] },
      ];
    case 'retract':
      return [{ action: 'takeback', msgID: idOf(action.nth) }];
    case 'react':
      return [{ action: 'react', msgID: idOf(action.nth), message: action.emoji }];
    case 'nudge':
      return [{ action: 'react', msgID: -451, message: action.name }];
    case 'be':
      return [{ action: 'me', video: action.camera ?? 0, dnd: action.dnd, status: action.status }];
    case 'relate':
      return relationFrames(action);
    case 'block-all':
      return [{ action: 'blocklist', usernames: action.names }];
    case 'open':
      return [{ action: 'open', username: action.name }];
    case 'watch':
      return [{ action: action.on ? 'watch' : 'unwatch', username: action.name }];
    case 'signal':
      return action.kind === 'candidate'
        ? [{ action: 'candidate', username: action.name, candidate: '{}' }]
        : [{ action: 'sdp', username: action.name, description: '{}' }];
    case 'report':
      return [{ action: 'report', channel: 'lobby', username: action.name, reason: 'Spam', message: 'x' }];
    case 'ping':
      return [{ action: 'ping' }];
    case 'type':
    case 'rename':
    case 'relay':
    case 'history':
    case 'list-threads':
    case 'invite':
      return NOTHING;
    default:
      return slashFrames(action);
  }
}

type Slash = Exclude<
  Action,
  {
    do:
      | 'post'
      | 'post-image'
      | 'retract'
      | 'react'
      | 'nudge'
      | 'be'
      | 'relate'
      | 'block-all'
      | 'open'
      | 'watch'
      | 'signal'
      | 'report'
      | 'type'
      | 'rename'
      | 'relay'
      | 'history';
  }
>;

/** Without a channel: who is no operator is told so, and nobody else hears of it. */
function slashFrames(action: Slash): readonly object[] {
  return [{ action: 'message', message: slashText(action) }];
}

function slashText(action: Slash): string {
  const quoted = 'name' in action ? JSON.stringify(action.name) : '';
  switch (action.do) {
    case 'ban':
      return `/ban ${quoted} ${Math.ceil(action.hours)} spam`;
    case 'set-operator':
      return `/${action.on ? 'op' : 'deop'} ${quoted}`;
    case 'mark-explicit':
      return `/nsfw ${quoted}`;
    case 'cut-camera':
      return `/cut ${quoted}`;
    case 'kick':
    case 'unban':
      return `/${action.do} ${quoted}`;
    case 'kick-all':
      return '/kickall';
    case 'list-bans':
      return '/bans';
    default:
      return `/${action.do}`;
  }
}

const WORDS = {
  mute: ['mute', 'unmute'],
  boot: ['boot', 'unboot'],
  // What was blocked or invited stays so.
  block: ['block', undefined],
  invite: ['video-invite', undefined],
} as const;

function relationFrames({ kind, names, on }: Extract<Action, { do: 'relate' }>): readonly object[] {
  const action = WORDS[kind][on ? 0 : 1];
  if (!action) return NOTHING;
  if (kind === 'invite') return [{ action, usernames: names }];
  return names.slice(0, 1).map((username) => ({ action, username }));
}

const SERVER = 'ground control';

function camusFrames(action: Action, { marker, clientIdOf }: Wording): readonly object[] {
  switch (action.do) {
    case 'post':
      if ('to' in action.at) return NOTHING;
      return [{ receiver: 'room', type: 'text', data: { from: 'somebody else', time: 1, text: marker } }];
    case 'rename':
      return [{ receiver: SERVER, type: 'profile', data: { username: action.name } }];
    case 'signal': {
      const type = action.kind === 'candidate' ? 'icecandidate' : 'offer';
      return [{ receiver: clientIdOf(action.name), type, data: {} }];
    }
    case 'relay':
      return [{ receiver: 'room', type: 'anything', data: [] }];
    case 'ping':
      return [{ receiver: SERVER, type: 'ping', data: 1 }];
    case 'list-bans':
      return [{ receiver: SERVER, type: 'get-room-info' }];
    case 'nudge':
      return [{ receiver: SERVER, type: 'profile', data: { username: '' } }];
    default:
      return NOTHING;
  }
}

function rwciFrames(action: Action, { marker }: Wording): readonly object[] {
  switch (action.do) {
    case 'post':
      if ('to' in action.at) return [{ type: 'direct_message', message: marker, recipient: action.at.to }];
      return [{ type: 'message', message: marker, channel: action.at.channel }];
    case 'type':
      return [{ type: 'typing', username: 'somebody else' }];
    case 'list-bans':
      return [{ type: 'user_list' }, { type: 'channel_list' }];
    default:
      return NOTHING;
  }
}

function channelOf(at: To): string {
  return 'channel' in at ? at.channel : `@${at.to}`;
}
