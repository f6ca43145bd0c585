import type { Event, RoomToken } from '../../core/event.ts';
import type { Frame, Viewer } from '../dialect.ts';
import { serverLine } from './encode-chat.ts';
import { errorFrame, frame, notice } from './frames.ts';
import type { GaleneState } from './state.ts';
import { errorText, joinFailure } from './words.ts';

/** What somebody asked for; most of it is told by what happens. */
export function answer(event: Extract<Event, { type: 'accepted' }>, { state }: Viewer<GaleneState>): readonly Frame[] {
  const { command, result } = event;
  if (command === 'leave') return [frame({ type: 'joined', kind: 'leave', group: state.group })];
  switch (result.kind) {
    case 'identity':
      return [notice(state, 'userinfo', { id: result.handle, username: result.name, address: result.address })];
    case 'room-tokens':
      return tokens(command, result.tokens, state);
    case 'subrooms':
      return [serverLine(state, subrooms(result.rooms))];
    default:
      return [];
  }
}

function tokens(command: string, list: readonly RoomToken[], state: GaleneState): readonly Frame[] {
  const values = list.map(wireToken);
  if (command === 'list-room-tokens') return [notice(state, 'tokenlist', values)];
  return values.map((value) => notice(state, 'token', value));
}

/** 4.6. Times are texts. */
function wireToken({ token, room, username, permissions, expires, notBefore, issuedAt, issuedBy }: RoomToken): object {
  const time = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());
  return {
    token,
    group: room,
    username,
    permissions,
    expires: time(expires),
    'not-before': time(notBefore),
    issuedAt: time(issuedAt),
    issuedBy,
  };
}

function subrooms(rooms: readonly { readonly name: string; readonly members: number }[]): string {
  if (rooms.length === 0) return 'No subgroups.';
  return rooms.map(({ name, members }) => `${name} (${members} ${members === 1 ? 'client' : 'clients'})`).join('\n');
}

export function refusal(event: Extract<Event, { type: 'refused' }>, state: GaleneState): readonly Frame[] {
  const { command, refusal: why, ref } = event;
  if (command === 'join') {
    const { group, askedName: username } = state;
    return [frame({ type: 'joined', group, username, ...joinFailure(why) })];
  }
  const text = errorText(command, why);
  if (text === undefined) return [];
  if (command === 'make-room-token' || command === 'edit-room-token' || command === 'list-room-tokens') {
    const kind = command === 'list-room-tokens' ? 'tokenlist' : 'token';
    const error = why.code === 'not-permitted' ? 'not-authorised' : 'error';
    return [notice(state, kind, text, { error })];
  }
  const abort = command === 'publish' && ref !== undefined ? [frame({ type: 'abort', id: ref })] : [];
  return [...abort, errorFrame(state, text)];
}
