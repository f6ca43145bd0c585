import type { RoomFrame, WireMember, WireMessage, WireSelf } from '../../../src/dialects/parlour/wire.ts';
import type { RoomAction } from './room-action.ts';
import { emptyRoom, type RoomModel } from './room-model.ts';
import { roomReducer } from './room-reducer.ts';

/** For tests: frames and rooms with little said and the rest filled in. */
export const NOON = Date.UTC(2026, 0, 5, 12);

type WithoutSeq<F> = F extends { seq: number } ? Omit<F, 'seq'> : never;

export function frame(content: WithoutSeq<RoomFrame>, at = NOON): RoomAction {
  return { type: 'frame', frame: { seq: 1, ...content } as RoomFrame, at };
}

export function member(name: string, more: Partial<WireMember> = {}): WireMember {
  const id = `id-${name}`;
  return { id, name, status: 'online', dnd: false, camera: 0, operator: false, vip: false, joinedAt: 0, ...more };
}

export function self(name: string): WireSelf {
  const relations = { mute: [], block: [], boot: [], invite: [] };
  return { ...member(name), permissions: ['message', 'present'], rules: [], relations };
}

export function message(id: number, more: Partial<WireMessage> = {}): WireMessage {
  return { id, channel: 'lobby', from: 'bob', at: NOON + id, text: `text ${id}`, reactions: [], ...more };
}

export function roomFrame(messages: readonly WireMessage[] = [], others: readonly string[] = ['bob']): RoomAction {
  const channel = (id: string) => ({ id, name: id, icon: '', description: '', welcome: [], vip: false, photos: true });
  return frame({
    type: 'room',
    name: 'lobby',
    title: 'Lobby',
    channels: [channel('lobby'), channel('offtopic')],
    self: self('me'),
    members: [member('me'), ...others.map((name) => member(name))],
    messages: [...messages],
    permitExplicit: false,
    meeting: { description: '', locked: false, data: {} },
  });
}

export function reduce(actions: readonly RoomAction[], from: RoomModel = emptyRoom()): RoomModel {
  return actions.reduce(roomReducer, from);
}
