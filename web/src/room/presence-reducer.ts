import { nameKey } from '../../../src/core/name.ts';
import type { RoomFrame, WireMessage } from '../../../src/dialects/parlour/wire.ts';
import { recorderOf } from './meeting-reducer.ts';
import type { Passage, RoomModel } from './room-model.ts';
import { channelKey, directKey, emptyThread, type Thread, type ThreadKey, withNewestPage } from './thread.ts';

type FrameOf<T extends RoomFrame['type']> = Extract<RoomFrame, { type: T }>;

const MAX_PASSAGES = 200;
/** A client says "typing" again every few seconds; after this long without it, it stopped. */
const TYPING_MS = 7_000;

/** Everything anew; threads keep what fits to it, and the reader stays where they were. */
export function reduceRoomFrame(room: RoomModel, frame: FrameOf<'room'>): RoomModel {
  const channels = Object.fromEntries(
    frame.channels.map(({ id }) => {
      const key = channelKey(id);
      const page = frame.messages.filter((message) => message.channel === id);
      return [key, withNewestPage(room.threads[key] ?? emptyThread({ channel: id }), page, undefined)];
    }),
  );
  const direct = Object.entries(room.threads).filter(([, thread]) => 'to' in thread.target);
  const threads: Record<ThreadKey, Thread> = { ...channels, ...Object.fromEntries(direct) };
  const first = frame.channels[0];
  return {
    ...room,
    entered: true,
    name: frame.name,
    title: frame.title,
    permitExplicit: frame.permitExplicit,
    meeting: frame.meeting,
    recordingBy: recorderOf(room, frame),
    channels: frame.channels,
    self: frame.self,
    members: Object.fromEntries(frame.members.map((member) => [member.id, member])),
    threads,
    open: threads[room.open] ? room.open : first ? channelKey(first.id) : '',
    lastRead: { ...readAtFirst(channels, room.lastRead), ...room.lastRead },
    typists: [],
    // Who comes back after a broken connection was welcomed before.
    enteredAfter: room.entered ? room.enteredAfter : lastId(frame.messages),
  };
}

/** To somebody new, what was said before they came is not "unread". */
function readAtFirst(
  channels: Readonly<Record<ThreadKey, Thread>>,
  lastRead: RoomModel['lastRead'],
): Record<ThreadKey, number> {
  const fresh = Object.values(channels).filter((thread) => lastRead[thread.key] === undefined);
  return Object.fromEntries(fresh.map((thread) => [thread.key, thread.lastId]));
}

function lastId(messages: readonly WireMessage[]): number {
  return messages.reduce((latest, message) => Math.max(latest, message.id), 0);
}

export function onMember(room: RoomModel, frame: FrameOf<'member'>, at: number): RoomModel {
  const { member } = frame;
  const members = { ...room.members, [member.id]: member };
  const self = room.self?.id === member.id ? { ...room.self, ...member } : room.self;
  const next = { ...room, members, self };
  if (!frame.joined || room.members[member.id] || member.id === room.self?.id) return next;
  return withPassage(next, { name: member.name, how: 'joined', at });
}

/** Our own line of the roster comes with more than others see of it. */
export function onSelf(room: RoomModel, { self }: FrameOf<'self'>): RoomModel {
  const members = room.members[self.id] ? { ...room.members, [self.id]: self } : room.members;
  return { ...room, self, members };
}

/** Somebody has another name: the conversation with them goes on under it. */
export function onRenamed(room: RoomModel, frame: FrameOf<'renamed'>): RoomModel {
  const [from, to] = [directKey(frame.from), directKey(frame.name)];
  const { [from]: thread, ...threads } = room.threads;
  const member = room.members[frame.id];
  const members = member ? { ...room.members, [frame.id]: { ...member, name: frame.name } } : room.members;
  if (!thread || from === to) return { ...room, members };
  const { [from]: read = 0, ...lastRead } = room.lastRead;
  return {
    ...room,
    members,
    threads: { ...threads, [to]: { ...thread, key: to, target: { to: frame.name } } },
    lastRead: { ...lastRead, [to]: Math.max(read, lastRead[to] ?? 0) },
    open: room.open === from ? to : room.open,
  };
}

export function onGone(room: RoomModel, frame: FrameOf<'gone'>, at: number): RoomModel {
  const { [frame.id]: member, ...members } = room.members;
  const typists = room.typists.filter((typist) => typist.memberId !== frame.id);
  const next = { ...room, members, typists };
  const name = frame.name ?? member?.name;
  if (!frame.how || name === undefined) return next;
  return withPassage(next, { name, how: frame.how, at });
}

function withPassage(room: RoomModel, passage: Pick<Passage, 'name' | 'how' | 'at'>): RoomModel {
  const id = (room.passages.at(-1)?.id ?? 0) + 1;
  const afterId = Object.values(room.threads).reduce((latest, thread) => Math.max(latest, thread.lastId), 0);
  return { ...room, passages: [...room.passages, { ...passage, id, afterId }].slice(-MAX_PASSAGES) };
}

export function onRelation(room: RoomModel, frame: FrameOf<'relation'>): RoomModel {
  if (!room.self) return room;
  const keys = frame.names.map(nameKey);
  const others = room.self.relations[frame.kind].filter((key) => !keys.includes(key));
  const relations = { ...room.self.relations, [frame.kind]: frame.on ? [...others, ...keys] : others };
  return { ...room, self: { ...room.self, relations } };
}

export function onTyping(room: RoomModel, frame: FrameOf<'typing'>, at: number): RoomModel {
  const thread = frame.channel === undefined ? directKey(frame.name) : channelKey(frame.channel);
  const others = room.typists.filter((typist) => typist.memberId !== frame.id || typist.thread !== thread);
  if (!frame.on) return others.length === room.typists.length ? room : { ...room, typists: others };
  const typist = { memberId: frame.id, name: frame.name, thread, until: at + TYPING_MS };
  return { ...room, typists: [...others, typist] };
}
