import type { RoomFrame, WireMember } from '../../../src/dialects/parlour/wire.ts';
import type { RoomModel } from './room-model.ts';
import { isDirect, type Thread, type ThreadKey } from './thread.ts';

type FrameOf<T extends RoomFrame['type']> = Extract<RoomFrame, { type: T }>;

export function onMeeting(room: RoomModel, frame: FrameOf<'meeting'>): RoomModel {
  const { title, meeting } = frame;
  return { ...room, title, meeting, recordingBy: recorderOf(room, frame) };
}

/** It is said when it begins; other changes leave it as it is. */
function recorderOf(room: RoomModel, { meeting, recordingBy }: FrameOf<'meeting'>): string | undefined {
  if (meeting.recordingSince === undefined) return undefined;
  const goesOn = meeting.recordingSince === room.meeting.recordingSince;
  return recordingBy ?? (goesOn ? room.recordingBy : undefined);
}

/** What was said in the channels is taken back: all of it, or these messages. */
export function onCleared(room: RoomModel, { all, messageIds }: FrameOf<'cleared'>): RoomModel {
  const ids = new Set(messageIds);
  const threads: Record<ThreadKey, Thread> = {};
  for (const thread of Object.values(room.threads)) {
    const everything = all && !isDirect(thread.key);
    const messages = everything ? [] : thread.messages.filter((message) => !ids.has(message.id));
    const same = messages.length === thread.messages.length;
    threads[thread.key] = same ? thread : { ...thread, messages, ...(everything ? { past: 'complete' } : {}) };
  }
  return { ...room, threads };
}

export function hasHandUp(member: Pick<WireMember, 'data'>): boolean {
  return Boolean(member.data?.raisehand);
}

/** Keeps those who raise a hand in the order in which they did, as far as we saw it. */
export function withHands(room: RoomModel): RoomModel {
  const up = Object.values(room.members).filter(hasHandUp);
  const before = room.hands.filter((id) => up.some((member) => member.id === id));
  const fresh = up.filter(({ id }) => !before.includes(id)).sort((one, other) => one.joinedAt - other.joinedAt);
  if (fresh.length === 0 && before.length === room.hands.length) return room;
  return { ...room, hands: [...before, ...fresh.map(({ id }) => id)] };
}
