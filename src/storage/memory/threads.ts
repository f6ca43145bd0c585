import type { Thread } from '../../core/event.ts';
import type { Message } from '../../core/message.ts';
import { nameKey } from '../../core/name.ts';
import type { MessageQuery, Page, ThreadKey, Threads, ThreadsQuery } from '../port.ts';

/** One page of these messages, which are in order of their ids. */
export function pageOf(messages: readonly Message[], query: MessageQuery): Page {
  const { thread, before = Number.POSITIVE_INFINITY, after, limit } = query;
  const range = messages.filter(
    (message) => message.id < before && message.id > (after ?? -1) && belongsTo(message, thread),
  );
  const page = after === undefined ? range.slice(Math.max(0, range.length - limit)) : range.slice(0, limit);
  return { messages: page, more: range.length > limit };
}

export function belongsTo(message: Message, thread: ThreadKey): boolean {
  if (thread.kind === 'channel') {
    return message.target.kind === 'channel' && message.target.channel === thread.channel && !message.shadow;
  }
  return otherSides(message, thread.identityId).some((name) => nameKey(name) === thread.peer);
}

/** The other side's name, as an identity sees it; where it wrote to itself both names, the one written to last. */
function otherSides(message: Message, identityId: string): string[] {
  const { author, recipient, shadow } = message;
  const names: string[] = [];
  if (!recipient) return names;
  if (recipient.identityId === identityId && !shadow) names.push(author.name);
  if (author.identityId === identityId) names.push(recipient.name);
  return names;
}

/** Of messages in order of their ids. One message to oneself may be the last of two threads: these are by name. */
export function threadsOf(messages: readonly Message[], identityId: string, query: ThreadsQuery): Threads {
  const { sort, offset, limit } = query;
  const threads = new Map<string, Thread>();
  for (const message of messages) {
    for (const name of otherSides(message, identityId)) {
      threads.set(nameKey(name), { name, lastMessageId: message.id, lastAt: message.at });
    }
  }
  const sorted = [...threads].sort(([key, one], [otherKey, other]) => {
    const byName = compareTexts(key, otherKey);
    if (sort === 'a-z') return byName;
    if (sort === 'z-a') return -byName;
    const byAge = one.lastMessageId - other.lastMessageId;
    return (sort === 'oldest' ? byAge : -byAge) || byName;
  });
  return { threads: sorted.slice(offset, offset + limit).map(([, thread]) => thread), count: sorted.length };
}

/** By code points, which is the order of the bytes in UTF-8; JavaScript's own is another one beyond U+FFFF. */
export function compareTexts(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
