import { nameKey } from '../../../src/core/name.ts';
import type { WireMessage, WireTarget } from '../../../src/dialects/parlour/wire.ts';

/** `channel:ID` or `dm:NAME-KEY`. */
export type ThreadKey = string;

/** A message of our own that the server has not confirmed yet. */
export interface PendingMessage {
  readonly clientId: string;
  readonly at: number;
  readonly text?: string;
  readonly image?: PendingImage;
  readonly status: 'sending' | 'failed';
  readonly error?: string;
}

export interface PendingImage {
  readonly attachment: string;
  readonly fileName: string;
  /** An object URL. */
  readonly previewUrl: string;
}

/** A channel or a direct conversation, as far as it is known here. */
export interface Thread {
  readonly key: ThreadKey;
  readonly target: WireTarget;
  /** Sorted by id, without gaps, each once. */
  readonly messages: readonly WireMessage[];
  readonly pending: readonly PendingMessage[];
  /** Whether there is more before the first message: not asked yet, yes, or no. */
  readonly past: 'unknown' | 'more' | 'complete';
  /** Of the latest message, known or not; 0 where there is none. */
  readonly lastId: number;
  readonly lastAt: number;
}

export function targetKey(target: WireTarget): ThreadKey {
  return 'channel' in target ? channelKey(target.channel) : directKey(target.to);
}

export function channelKey(channel: string): ThreadKey {
  return `channel:${channel}`;
}

export function directKey(name: string): ThreadKey {
  return `dm:${nameKey(name)}`;
}

export function isDirect(key: ThreadKey): boolean {
  return key.startsWith('dm:');
}

/** The thread a message belongs to, as its reader sees it. */
export function targetOf(message: WireMessage): WireTarget {
  if (message.channel !== undefined) return { channel: message.channel };
  return { to: message.own ? (message.to ?? '') : message.from };
}

export function emptyThread(target: WireTarget): Thread {
  return { key: targetKey(target), target, messages: [], pending: [], past: 'unknown', lastId: 0, lastAt: 0 };
}

/** Sorted by id, each id once; where both have one, the one of `added`. */
export function mergeMessages(known: readonly WireMessage[], added: readonly WireMessage[]): readonly WireMessage[] {
  const [only] = added;
  const last = known.at(-1);
  if (added.length === 1 && only && (!last || only.id > last.id)) return [...known, only];
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of added) byId.set(message.id, message);
  return [...byId.values()].sort((one, other) => one.id - other.id);
}

/** Takes messages up at the end, and their pending forms out. */
export function withArrived(thread: Thread, arrived: readonly WireMessage[]): Thread {
  const confirmed = new Set(arrived.map((message) => message.clientId));
  return withLatest({
    ...thread,
    messages: mergeMessages(thread.messages, arrived),
    pending: thread.pending.some((pending) => confirmed.has(pending.clientId))
      ? thread.pending.filter((pending) => !confirmed.has(pending.clientId))
      : thread.pending,
  });
}

/**
 * Takes up the newest page. What is known and older stays only if the page reaches back to it, else there would be a
 * gap; what the page should have and has not was taken back meanwhile.
 */
export function withNewestPage(thread: Thread, page: readonly WireMessage[], more: boolean | undefined): Thread {
  const [first] = page;
  if (!first) return more === false ? { ...thread, messages: [], past: 'complete' } : thread;
  const touches = thread.messages.some((message) => message.id >= first.id);
  const older = touches ? thread.messages.filter((message) => message.id < first.id) : [];
  const kept = withArrived({ ...thread, messages: older }, page);
  if (older.length > 0) return kept;
  return { ...kept, past: more === undefined ? 'unknown' : more ? 'more' : 'complete' };
}

export function withOlderPage(thread: Thread, page: readonly WireMessage[], more: boolean): Thread {
  return { ...thread, messages: mergeMessages(page, thread.messages), past: more ? 'more' : 'complete' };
}

function withLatest(thread: Thread): Thread {
  const last = thread.messages.at(-1);
  if (!last || last.id < thread.lastId) return thread;
  return { ...thread, lastId: last.id, lastAt: last.at };
}
