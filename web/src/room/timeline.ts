import { nameKey } from '../../../src/core/name.ts';
import type { WireMessage } from '../../../src/dialects/parlour/wire.ts';
import type { Passage } from './room-model.ts';
import type { PendingMessage, Thread } from './thread.ts';

/** What stands in a conversation, from top to bottom. */
export type TimelineItem =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'unread'; readonly key: string }
  | { readonly kind: 'welcome'; readonly key: string }
  | { readonly kind: 'passages'; readonly key: string; readonly passages: readonly Passage[] }
  /** `lead` begins a group: with avatar, name and time. */
  | { readonly kind: 'message'; readonly key: string; readonly message: WireMessage; readonly lead: boolean }
  | { readonly kind: 'pending'; readonly key: string; readonly message: PendingMessage; readonly lead: boolean };

export interface TimelineOptions {
  readonly passages: readonly Passage[];
  /** "New messages" stands after this message; 0 is nowhere. */
  readonly divider: number;
  /** Keys of the names of those who are not heard. */
  readonly unheard?: readonly string[];
  /** The welcome stands after this message; absent: there is none. */
  readonly welcomeAfter?: number;
}

/** Messages of one author closer than this stand together. */
const GROUP_MS = 5 * 60_000;

export function timeline(thread: Thread, options: TimelineOptions): readonly TimelineItem[] {
  const builder = new Builder();
  // What stands before the first message that is loaded stands nowhere.
  const first = thread.past === 'more' ? (thread.messages[0]?.id ?? 0) : 0;
  const passages = options.passages.filter((passage) => passage.afterId >= first);
  let next = 0;
  let welcomed = options.welcomeAfter === undefined;
  let divided = options.divider === 0 || options.divider < first;
  const before = (id: number) => {
    const due: Passage[] = [];
    for (let passage = passages[next]; passage && passage.afterId < id; passage = passages[++next]) due.push(passage);
    if (!welcomed && (options.welcomeAfter ?? 0) < id) {
      builder.add({ kind: 'welcome', key: 'welcome' });
      welcomed = true;
    }
    if (due.length > 0) builder.passages(due);
    if (!divided && id > options.divider && id !== Number.POSITIVE_INFINITY) {
      builder.add({ kind: 'unread', key: 'unread' });
      divided = true;
    }
  };
  const unheard = new Set(options.unheard);
  for (const message of thread.messages) {
    if (!message.own && unheard.has(nameKey(message.from))) continue;
    before(message.id);
    builder.message(message);
  }
  before(Number.POSITIVE_INFINITY);
  for (const pending of thread.pending) builder.pending(pending);
  return builder.items;
}

class Builder {
  readonly items: TimelineItem[] = [];
  #day = '';
  #author = '';
  #at = 0;

  add(item: TimelineItem): void {
    this.items.push(item);
    this.#author = '';
  }

  message(message: WireMessage): void {
    const lead = this.#lead(message.own ? OWN : message.from, message.at);
    this.items.push({ kind: 'message', key: message.clientId ?? `m${message.id}`, message, lead });
  }

  pending(message: PendingMessage): void {
    const lead = this.#lead(OWN, message.at);
    this.items.push({ kind: 'pending', key: message.clientId, message, lead });
  }

  passages(passages: readonly Passage[]): void {
    const [first] = passages;
    if (first) this.#startDay(first.at);
    this.add({ kind: 'passages', key: `p${first?.id}`, passages });
  }

  #lead(author: string, at: number): boolean {
    this.#startDay(at);
    const lead = author !== this.#author || at - this.#at > GROUP_MS;
    this.#author = author;
    this.#at = at;
    return lead;
  }

  #startDay(at: number): void {
    const day = new Date(at).toDateString();
    if (day === this.#day) return;
    this.#day = day;
    this.add({ kind: 'day', key: `d${day}`, at });
  }
}

/** No name can be this. */
const OWN = '\u0000own';
