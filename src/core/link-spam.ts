import { linksIn } from './links.ts';
import { MAX_TEXT_LENGTH } from './message.ts';
import { nameKey } from './name.ts';

export interface LinkSpamOptions {
  /** To how many people the same link may go. */
  readonly maxThreads: number;
  /** How long after it was last sent a link is forgotten, in milliseconds. */
  readonly timeLimitMs: number;
}

export interface DirectText {
  /** Names of the author and of who is to get it. */
  readonly sender: string;
  readonly partner: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** `first`: to be kicked. `again`: to be banned. Neither message is to be delivered. */
export type LinkVerdict = 'fine' | 'first' | 'again';

interface Sent {
  /** Name keys; one more than are allowed, at most. */
  readonly partners: Set<string>;
  readonly at: number;
}

/** How long somebody counts as having been warned, from their latest offence on. */
const OFFENCE_MS = 7 * 24 * 60 * 60 * 1000;
const MAX_OFFENDERS = 10_000;
/** As many as fit into one message, so that a flood of other links does not make us forget the one that matters. */
const MAX_LINKS_PER_SENDER = Math.ceil(MAX_TEXT_LENGTH / '://x'.length);
/** Which link went to whom, of all senders; beyond, whoever sent none for the longest time is forgotten. */
const MAX_DELIVERIES = 100_000;

/**
 * Who sends the same link to many people directly (`spec/barertc.md` 1.9.12). How often it goes to the same person
 * does not count. In memory, and bounded: what was used last is kept.
 */
export class LinkSpam {
  readonly #options: LinkSpamOptions;
  /** By name key, then by link; each in the order of its last use. */
  readonly #senders = new Map<string, Map<number, Sent>>();
  readonly #offences = new Map<string, number>();
  #size = 0;

  constructor(options: LinkSpamOptions) {
    this.#options = options;
  }

  /** How much is remembered: each link counts once for each person that it went to. */
  get size(): number {
    return this.#size;
  }

  check({ sender, partner, text, at }: DirectText): LinkVerdict {
    this.#forgetExpired(at);
    const links = linksIn(text.slice(0, MAX_TEXT_LENGTH));
    if (links.size === 0) return 'fine';
    const key = nameKey(sender);
    let isSpam = false;
    for (const link of this.#newFirst(key, links)) {
      const partners = this.#record(key, link, { partner: nameKey(partner), at });
      isSpam ||= partners > this.#options.maxThreads;
    }
    this.#evict();
    return isSpam ? this.#offend(key, at) : 'fine';
  }

  /** Known ones are noted last, so that new ones in the same message cannot crowd them out. */
  #newFirst(sender: string, links: ReadonlySet<number>): readonly number[] {
    const known = this.#senders.get(sender);
    if (!known) return [...links];
    return [...[...links].filter((link) => !known.has(link)), ...[...links].filter((link) => known.has(link))];
  }

  /** To how many people it went by now. */
  #record(sender: string, link: number, { partner, at }: { readonly partner: string; readonly at: number }): number {
    const links = this.#senders.get(sender) ?? new Map<number, Sent>();
    const known = links.get(link);
    this.#drop(links, link);
    const partners = known && !this.#isExpired(known, at) ? known.partners : new Set<string>();
    if (partners.size <= this.#options.maxThreads) partners.add(partner);
    links.set(link, { partners, at });
    this.#size += partners.size;
    this.#senders.delete(sender);
    this.#senders.set(sender, links);
    const oldest = links.size > MAX_LINKS_PER_SENDER ? firstKey(links) : undefined;
    if (oldest !== undefined) this.#drop(links, oldest);
    return partners.size;
  }

  #offend(sender: string, at: number): LinkVerdict {
    const last = this.#offences.get(sender);
    this.#offences.delete(sender);
    this.#offences.set(sender, at);
    const oldest = this.#offences.size > MAX_OFFENDERS ? firstKey(this.#offences) : undefined;
    if (oldest !== undefined) this.#offences.delete(oldest);
    return last !== undefined && at - last < OFFENCE_MS ? 'again' : 'first';
  }

  #forgetExpired(now: number): void {
    for (const [sender, links] of this.#senders) {
      for (const [link, sent] of links) {
        if (!this.#isExpired(sent, now)) break;
        this.#drop(links, link);
      }
      if (links.size > 0) break;
      this.#senders.delete(sender);
    }
    for (const [sender, at] of this.#offences) {
      if (now - at < OFFENCE_MS) break;
      this.#offences.delete(sender);
    }
  }

  #isExpired(sent: Sent, now: number): boolean {
    return now - sent.at > this.#options.timeLimitMs;
  }

  #evict(): void {
    for (const [sender, links] of this.#senders) {
      if (this.#size <= MAX_DELIVERIES) return;
      for (const link of links.keys()) this.#drop(links, link);
      this.#senders.delete(sender);
    }
  }

  #drop(links: Map<number, Sent>, link: number): void {
    this.#size -= links.get(link)?.partners.size ?? 0;
    links.delete(link);
  }
}

function firstKey<K>(map: ReadonlyMap<K, unknown>): K | undefined {
  for (const key of map.keys()) return key;
  return undefined;
}
