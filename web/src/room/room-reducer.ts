import type { RoomFrame, WireTarget } from '../../../src/dialects/parlour/wire.ts';
import { onCleared, onMeeting, withHands } from './meeting-reducer.ts';
import { onGone, onMember, onRelation, onRenamed, onSelf, onTyping, reduceRoomFrame } from './presence-reducer.ts';
import type { KnownThread, RoomAction } from './room-action.ts';
import type { RoomModel } from './room-model.ts';
import {
  emptyThread,
  type PendingMessage,
  type Thread,
  type ThreadKey,
  targetKey,
  targetOf,
  withArrived,
  withNewestPage,
  withOlderPage,
} from './thread.ts';

/** Pure: the same room and action make the same next room. What it does not know leaves the room as it is. */
export function roomReducer(room: RoomModel, action: RoomAction): RoomModel {
  switch (action.type) {
    case 'frame':
      return reduceFrame(room, action.frame, action.at);
    case 'open-thread':
      return openThread(room, action.target);
    case 'attend':
      return action.on === room.attentive ? room : markRead({ ...room, attentive: action.on });
    case 'account-made':
      return room.self ? { ...room, self: { ...room.self, account: true } } : room;
    case 'older-page':
      return inThread(room, action.target, (thread) => withOlderPage(thread, action.messages, action.more));
    case 'newest-page':
      return markRead(inThread(room, action.target, (thread) => withNewestPage(thread, action.messages, action.more)));
    case 'threads':
      return action.threads.reduce(knowThread, room);
    case 'pend':
      return { ...inThread(room, action.target, (thread) => withPending(thread, action.message)), divider: 0 };
    case 'posted':
      return editPending(room, action.key, (thread) =>
        thread.messages.some((message) => message.id === action.messageId) ? without(thread, action.clientId) : thread,
      );
    case 'not-posted':
      return editPending(room, action.key, (thread) => withFailure(thread, action.clientId, action.error));
    case 'discard':
      return editPending(room, action.key, (thread) => without(thread, action.clientId));
    case 'trim':
      return editPending(room, action.key, (thread) => trimmed(thread, action.keep));
    case 'tick':
      return expireTypists(room, action.at);
  }
}

function reduceFrame(room: RoomModel, frame: RoomFrame, at: number): RoomModel {
  switch (frame.type) {
    case 'room':
      return withHands(markRead(reduceRoomFrame(room, frame)));
    case 'member':
      return withHands(onMember(room, frame, at));
    case 'gone':
      return withHands(onGone(room, frame, at));
    case 'renamed':
      return onRenamed(room, frame);
    case 'self':
      return withHands(onSelf(room, frame));
    case 'relation':
      return onRelation(room, frame);
    case 'meeting':
      return onMeeting(room, frame);
    case 'cleared':
      return onCleared(room, frame);
    case 'typing':
      return onTyping(room, frame, at);
    case 'message':
      return onMessage(room, frame);
    case 'channel':
      return { ...room, channels: [...room.channels.filter(({ id }) => id !== frame.channel.id), frame.channel] };
    case 'channel-gone':
      return withoutChannel(room, frame.id);
    case 'retracted':
      return editMessages(room, frame.messageId, (thread) => ({
        ...thread,
        messages: thread.messages.filter((message) => message.id !== frame.messageId),
      }));
    case 'reaction':
      return editMessages(room, frame.messageId, (thread) => withReaction(thread, frame));
    default:
      // Cameras and notices are not of the room's model.
      return room;
  }
}

/** Who read there reads in the first channel from now on. */
function withoutChannel(room: RoomModel, id: string): RoomModel {
  const key = targetKey({ channel: id });
  const channels = room.channels.filter((channel) => channel.id !== id);
  const { [key]: _, ...threads } = room.threads;
  const next = { ...room, channels, threads };
  const [first] = channels;
  return room.open === key && first ? openThread(next, { channel: first.id }) : next;
}

function onMessage(room: RoomModel, frame: Extract<RoomFrame, { type: 'message' }>): RoomModel {
  const { message } = frame;
  const target = targetOf(message);
  const key = targetKey(target);
  const arrived = inThread(room, target, (thread) => withArrived(thread, [message]));
  const typists = room.typists.filter((typist) => typist.thread !== key || typist.name !== message.from);
  const next = typists.length === room.typists.length ? arrived : { ...arrived, typists };
  if (message.own) return { ...next, lastRead: { ...next.lastRead, [key]: message.id } };
  const firstUnseen = key === room.open && !room.attentive && room.divider === 0;
  return markRead(firstUnseen ? { ...next, divider: room.lastRead[key] ?? 0 } : next);
}

function withReaction(thread: Thread, frame: Extract<RoomFrame, { type: 'reaction' }>): Thread {
  const messages = thread.messages.map((message) => {
    if (message.id !== frame.messageId) return message;
    const before = message.reactions.find((reaction) => reaction.emoji === frame.emoji);
    const others = (before?.by ?? []).filter((name) => name !== frame.by);
    const by = frame.on ? [...others, frame.by] : others;
    const reactions = before
      ? message.reactions.map((reaction) => (reaction === before ? { emoji: frame.emoji, by } : reaction))
      : [...message.reactions, { emoji: frame.emoji, by }];
    return { ...message, reactions: reactions.filter((reaction) => reaction.by.length > 0) };
  });
  return { ...thread, messages };
}

function openThread(room: RoomModel, target: WireTarget): RoomModel {
  const key = targetKey(target);
  const thread = room.threads[key] ?? emptyThread(target);
  const read = room.lastRead[key] ?? 0;
  const unread = thread.lastId > read && read > 0;
  return markRead({
    ...room,
    threads: { ...room.threads, [key]: thread },
    open: key,
    divider: unread ? read : 0,
  });
}

/** The reader saw the end of the open thread. */
function markRead(room: RoomModel): RoomModel {
  const thread = room.threads[room.open];
  if (!thread || !room.attentive || thread.lastId <= (room.lastRead[room.open] ?? 0)) return room;
  return { ...room, lastRead: { ...room.lastRead, [room.open]: thread.lastId } };
}

function knowThread(room: RoomModel, known: KnownThread): RoomModel {
  return inThread(room, { to: known.name }, (thread) => ({
    ...thread,
    lastId: Math.max(thread.lastId, known.lastMessageId),
    lastAt: Math.max(thread.lastAt, known.lastAt),
  }));
}

function inThread(room: RoomModel, target: WireTarget, change: (thread: Thread) => Thread): RoomModel {
  const key = targetKey(target);
  return { ...room, threads: { ...room.threads, [key]: change(room.threads[key] ?? emptyThread(target)) } };
}

function editPending(room: RoomModel, key: ThreadKey, change: (thread: Thread) => Thread): RoomModel {
  const thread = room.threads[key];
  const next = thread && change(thread);
  return !next || next === thread ? room : { ...room, threads: { ...room.threads, [key]: next } };
}

function editMessages(room: RoomModel, messageId: number, change: (thread: Thread) => Thread): RoomModel {
  const holder = Object.values(room.threads).find((thread) =>
    thread.messages.some((message) => message.id === messageId),
  );
  return holder ? { ...room, threads: { ...room.threads, [holder.key]: change(holder) } } : room;
}

function withPending(thread: Thread, message: PendingMessage): Thread {
  const others = thread.pending.filter((pending) => pending.clientId !== message.clientId);
  return { ...thread, pending: [...others, message] };
}

function withFailure(thread: Thread, clientId: string, error: string): Thread {
  return {
    ...thread,
    pending: thread.pending.map((pending) =>
      pending.clientId === clientId ? { ...pending, status: 'failed', error } : pending,
    ),
  };
}

function without(thread: Thread, clientId: string): Thread {
  return { ...thread, pending: thread.pending.filter((pending) => pending.clientId !== clientId) };
}

/** A room that is open for days must not grow for days: the oldest can be loaded again. Direct threads, too. */
function trimmed(thread: Thread, keep: number): Thread {
  if (thread.messages.length <= keep) return thread;
  return { ...thread, messages: thread.messages.slice(-keep), past: 'more' };
}

function expireTypists(room: RoomModel, at: number): RoomModel {
  const typists = room.typists.filter((typist) => typist.until > at);
  return typists.length === room.typists.length ? room : { ...room, typists };
}
