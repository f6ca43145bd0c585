import type { Thread } from '../../core/event.ts';
import type { Message } from '../../core/message.ts';
import { nameKey } from '../../core/name.ts';
import type { MessageQuery, Page, ThreadKey } from '../port.ts';

/** One page of these messages, which are in order of their ids. */
export function pageOf(messages: readonly Message[], query: MessageQuery): Page {
  const { thread, before = Number.POSITIVE_INFINITY, after, limit } = query;
  const range = messages.filter(
    (message) => message.id < before && message.id > (after ?? -1) && belongsTo(message, thread),
  );
  const page = after === undefined ? range.slice(Math.max(0, range.length - limit)) : range.slice(0, limit);
  return { messages: page, more: range.length > limit };
}

function belongsTo(message: Message, thread: ThreadKey): boolean {
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

/** The latest first, by name where one message to oneself is the last of two; of messages in order of their ids. */
export function threadsOf(messages: readonly Message[], identityId: string, limit: number): Thread[] {
  const threads = new Map<string, Thread>();
  for (const message of messages) {
    for (const name of otherSides(message, identityId)) {
      threads.set(nameKey(name), { name, lastMessageId: message.id, lastAt: message.at });
    }
  }
  return [...threads]
    .sort(([key, one], [otherKey, other]) => other.lastMessageId - one.lastMessageId || (key < otherKey ? -1 : 1))
    .slice(0, limit)
    .map(([, thread]) => thread);
}
