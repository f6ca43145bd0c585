import type { Wanted } from '../../../src/core/stream.ts';
import type { ClientFrame, WireTarget } from '../../../src/dialects/parlour/wire.ts';
import type { Action, StreamAction, StreamRef, To, Wire } from './script.ts';

/** What an action needs of the world to be said. */
export interface Wording {
  /** The text of a new message, by which it is found again. */
  readonly marker: string;
  /** The nth latest message's id, or one nobody knows. */
  idOf(nth: number): number;
  /** Somebody's id on Camus' wire, or that of nobody. */
  clientIdOf(name: string): string;
  /** Somebody's id on Galène's wire, or that of nobody. */
  handleOf(name: string): string;
  /** The actor's own. */
  readonly handle: string;
  streamOf(ref: StreamRef): string;
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
    case 'galene':
      return galeneFrames(action, wording);
    default:
      return wire satisfies never;
  }
}

const NOTHING: readonly object[] = [];

function nativeFrames(action: Action, wording: Wording): readonly ClientFrame[] {
  const frame = nativeFrame(action, wording);
  return frame ? [{ ...frame, ref: 'r' }] : [];
}

function nativeFrame(action: Action, wording: Wording): ClientFrame | undefined {
  const { marker, idOf, handleOf } = wording;
  switch (action.do) {
    case 'grant':
      return { type: 'grant', name: action.name, permission: action.permission as never, on: action.on };
    case 'lock':
      return { type: 'lock', on: action.on, message: 'back soon' };
    case 'record':
      return { type: 'record', on: action.on };
    case 'room-data':
    case 'own-data':
      return { type: action.do, changes: { mood: action.value } };
    case 'clear':
      return { type: 'clear', ...(action.name === undefined ? {} : { by: handleOf(action.name) }) };
    case 'identify':
      return { type: 'identify', name: action.name };
    case 'caption':
      return { type: 'caption', text: marker };
    case 'note': {
      const { to, kind, echo } = action;
      return { type: 'note', kind, value: marker, echo, ...(to === undefined ? {} : { to }) };
    }
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
      return nativeStreamFrame(action, wording);
  }
}

function nativeStreamFrame(action: StreamAction, { streamOf }: Wording): ClientFrame {
  if (action.do === 'want') return { type: 'want', byLabel: { ...action.byLabel }, otherwise: action.otherwise };
  const stream = streamOf(action.stream);
  switch (action.do) {
    case 'publish': {
      const { label, sdp, replaces } = action;
      const instead = replaces === undefined ? {} : { replaces: streamOf({ whose: 'own', nth: replaces }) };
      return { type: 'publish', stream, label, sdp, ...instead };
    }
    case 'trickle':
      return { type: 'stream-candidate', stream, candidate: { candidate: '' } };
    case 'want-stream':
      return { type: 'want-stream', stream, ...(action.wanted ? { wanted: action.wanted } : {}) };
    case 'answer-stream':
      return { type: 'stream-answer', stream, sdp: action.sdp };
    case 'restart-stream':
      return { type: 'stream-restart', stream };
    case 'refuse-stream':
    case 'unpublish':
      return { type: action.do, stream };
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
    case 'ban':
    case 'set-operator':
    case 'mark-explicit':
    case 'cut-camera':
    case 'kick':
    case 'unban':
    case 'kick-all':
    case 'list-bans':
    case 'unmute-all':
    case 'help':
      return slashFrames(action);
    default:
      return NOTHING;
  }
}

type Slash = Extract<
  Action,
  {
    do:
      | 'ban'
      | 'set-operator'
      | 'mark-explicit'
      | 'cut-camera'
      | 'kick'
      | 'unban'
      | 'kick-all'
      | 'list-bans'
      | 'unmute-all'
      | 'help';
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

function galeneFrames(action: Action, wording: Wording): readonly object[] {
  const { marker, idOf, handleOf, handle } = wording;
  const onUser = (kind: string, name: string) => [{ type: 'useraction', kind, dest: handleOf(name) }];
  switch (action.do) {
    case 'post': {
      const id = action.id === undefined ? {} : { id: action.id };
      const dest = 'to' in action.at ? handleOf(action.at.to) : null;
      return [{ type: 'chat', kind: '', source: handle, dest, value: marker, ...id }];
    }
    case 'retract':
      return [{ type: 'groupaction', kind: 'clearchat', value: { id: String(idOf(action.nth)), userId: 'somebody' } }];
    case 'clear': {
      const value = action.name === undefined ? {} : { value: { userId: handleOf(action.name) } };
      return [{ type: 'groupaction', kind: 'clearchat', ...value }];
    }
    case 'kick':
    case 'identify':
      return onUser(action.do, action.name);
    case 'set-operator':
      return onUser(action.on ? 'op' : 'unop', action.name);
    case 'grant':
      return action.permission === 'caption'
        ? NOTHING
        : onUser(GRANTS[action.permission][action.on ? 0 : 1], action.name);
    case 'lock':
      return [{ type: 'groupaction', kind: action.on ? 'lock' : 'unlock', value: 'back soon' }];
    case 'record':
      return [{ type: 'groupaction', kind: action.on ? 'record' : 'unrecord' }];
    case 'room-data':
      return [{ type: 'groupaction', kind: 'setdata', value: { mood: action.value } }];
    case 'own-data':
      return [{ type: 'useraction', kind: 'setdata', dest: handle, value: { mood: action.value } }];
    case 'caption':
      return [{ type: 'chat', kind: 'caption', value: marker }];
    case 'note': {
      const { to, kind, echo } = action;
      return [
        { type: 'usermessage', kind, dest: to === undefined ? null : handleOf(to), value: marker, noecho: !echo },
      ];
    }
    case 'list-bans':
      return [{ type: 'groupaction', kind: 'subgroups' }];
    case 'ping':
      return [{ type: 'ping' }];
    case 'publish':
    case 'unpublish':
    case 'restart-stream':
    case 'refuse-stream':
    case 'trickle':
    case 'want':
    case 'want-stream':
    case 'answer-stream':
      return [galeneStreamFrame(action, wording)];
    default:
      return NOTHING;
  }
}

const GRANTS = { op: ['op', 'unop'], present: ['present', 'unpresent'], message: ['unshutup', 'shutup'] } as const;

function galeneStreamFrame(action: StreamAction, { streamOf, handle }: Wording): object {
  if (action.do === 'want') {
    const byLabel = Object.entries(action.byLabel).map(([label, wanted]) => [label, kindsOf(wanted)]);
    return { type: 'request', request: { ...Object.fromEntries(byLabel), '': kindsOf(action.otherwise) } };
  }
  const id = streamOf(action.stream);
  switch (action.do) {
    case 'publish': {
      const { label, sdp, replaces } = action;
      const replace = replaces === undefined ? null : streamOf({ whose: 'own', nth: replaces });
      return { type: 'offer', id, label, replace, source: handle, sdp };
    }
    case 'unpublish':
      return { type: 'close', id };
    case 'trickle':
      return { type: 'ice', id, candidate: { candidate: '', sdpMid: '0', sdpMLineIndex: 0 } };
    case 'want-stream':
      return { type: 'requestStream', id, request: action.wanted ? kindsOf(action.wanted) : null };
    case 'answer-stream':
      return { type: 'answer', id, sdp: action.sdp };
    case 'restart-stream':
      return { type: 'renegotiate', id };
    case 'refuse-stream':
      return { type: 'abort', id };
    default:
      return action satisfies never;
  }
}

function kindsOf({ audio, video }: Wanted): readonly string[] {
  const pictures = { none: [], low: ['video-low'], high: ['video', 'video-low'] }[video];
  return [...(audio ? ['audio'] : []), ...pictures];
}

function channelOf(at: To): string {
  return 'channel' in at ? at.channel : `@${at.to}`;
}
