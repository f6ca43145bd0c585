import type { Channel } from './channel.ts';
import type { ChannelId, MessageId } from './ids.ts';
import type { Author, Message } from './message.ts';
import { nameKey } from './name.ts';

/** How many of the latest messages are remembered, over all channels and direct threads, beside the newcomers' ones. */
const REMEMBERED_MESSAGES = 512;
/** How many ids that authors gave to messages which were retracted since are remembered; storage has the rest. */
const RETRACTED_POSTS = 512;
/** Pairs of people of whom one has written to the other. */
const MAX_CORRESPONDENCES = 50_000;

/** What a room remembers of what was said: the rest is in storage. */
export class MessageMemory {
  readonly #remembered = new Map<MessageId, Message>();
  readonly #byClientId = new Map<string, PostedAs>();
  readonly #retracted = new Map<string, PostedAs>();
  readonly #correspondences = new Set<string>();
  #recent: ReadonlyMap<ChannelId, Message[]> = new Map();
  /** How many messages of each channel newcomers are shown. */
  #limits: ReadonlyMap<ChannelId, number> = new Map();

  constructor(channels: readonly Channel[]) {
    this.setChannels(channels);
  }

  /** Channels that stay keep their latest messages. */
  setChannels(channels: readonly Channel[]): void {
    const recent = this.#recent;
    this.#recent = new Map(channels.map(({ id }) => [id, recent.get(id) ?? []]));
    this.#limits = new Map(channels.map(({ id, newcomerMessages }) => [id, newcomerMessages]));
  }

  remember(message: Message): void {
    this.#remembered.set(message.id, message);
    if (message.clientId !== undefined) {
      this.#byClientId.set(clientKey(message.author, message.clientId), { id: message.id, at: message.at });
    }
    if (message.target.kind === 'channel') {
      const recent = this.#recent.get(message.target.channel);
      const limit = this.#limits.get(message.target.channel) ?? 0;
      if (recent && limit > 0) {
        recent.push(message);
        if (recent.length > limit * 2 + 16) recent.splice(0, recent.length - limit * 2);
      }
    }
    for (const [id, oldest] of this.#remembered) {
      if (this.#remembered.size <= REMEMBERED_MESSAGES) break;
      this.#remembered.delete(id);
      if (oldest.clientId !== undefined) this.#byClientId.delete(clientKey(oldest.author, oldest.clientId));
    }
  }

  /** Puts a message's new state in the place of the old, where it is remembered. */
  amend(message: Message): void {
    if (this.#remembered.has(message.id)) this.#remembered.set(message.id, message);
    this.#editRecent(message, (recent, index) => recent.splice(index, 1, message));
  }

  forget(message: Message): void {
    this.#remembered.delete(message.id);
    if (message.clientId !== undefined) this.#byClientId.delete(clientKey(message.author, message.clientId));
    this.#editRecent(message, (recent, index) => recent.splice(index, 1));
  }

  /** Forgets what it said, but not that it was said: its author may not know yet, and send it again. */
  retract(message: Message): void {
    this.forget(message);
    if (message.clientId === undefined) return;
    this.#retracted.set(clientKey(message.author, message.clientId), { id: message.id, at: message.at });
    const [oldest] = this.#retracted.keys();
    if (this.#retracted.size > RETRACTED_POSTS && oldest !== undefined) this.#retracted.delete(oldest);
  }

  /** Forgets what was said in a channel that is gone. */
  forgetChannel(channel: ChannelId): void {
    for (const message of this.#remembered.values()) {
      if (message.target.kind === 'channel' && message.target.channel === channel) this.retract(message);
    }
  }

  /** Forgets the direct messages of somebody that are remembered. */
  forgetDirect(who: { readonly identityId: string; readonly name?: string }): void {
    const key = who.name === undefined ? undefined : nameKey(who.name);
    const isTheirs = (side: Author | undefined) =>
      side !== undefined && (side.identityId === who.identityId || nameKey(side.name) === key);
    for (const message of this.#remembered.values()) {
      if (message.recipient && (isTheirs(message.author) || isTheirs(message.recipient))) this.retract(message);
    }
  }

  /** All that is remembered of what was said to everybody. */
  inChannels(): readonly Message[] {
    return [...this.#remembered.values()].filter(({ target }) => target.kind === 'channel');
  }

  get(id: MessageId): Message | undefined {
    return this.#remembered.get(id);
  }

  postedAs(author: Author, clientId: string): PostedAs | undefined {
    const key = clientKey(author, clientId);
    return this.#byClientId.get(key) ?? this.#retracted.get(key);
  }

  /** The latest messages of one thread that are remembered, oldest first. */
  latestIn(thread: { readonly channel: ChannelId } | { readonly sides: readonly [string, string] }, count: number) {
    const isIn = (message: Message): boolean => {
      if ('channel' in thread)
        return message.target.kind === 'channel' && message.target.channel === thread.channel && !message.shadow;
      const [one, other] = thread.sides;
      const { author, recipient } = message;
      if (!recipient) return false;
      return (
        (author.identityId === one && recipient.identityId === other) ||
        (author.identityId === other && recipient.identityId === one && !message.shadow)
      );
    };
    return [...this.#remembered.values()].filter(isIn).slice(-count);
  }

  /** Notes that one wrote to the other, who may answer from then on whatever the first one's "do not disturb" says. */
  noteCorrespondence(from: Author, to: Author): void {
    if (this.#correspondences.size >= MAX_CORRESPONDENCES) this.#correspondences.clear();
    this.#correspondences.add(`${from.identityId}\n${to.identityId}`);
  }

  hasWritten(from: Author, to: Author): boolean {
    return this.#correspondences.has(`${from.identityId}\n${to.identityId}`);
  }

  /** The latest messages of a channel, oldest first; up to twice as many as newcomers are shown. */
  recent(channel: ChannelId): readonly Message[] {
    return this.#recent.get(channel) ?? [];
  }

  #editRecent(message: Message, edit: (recent: Message[], index: number) => void): void {
    if (message.target.kind !== 'channel') return;
    const recent = this.#recent.get(message.target.channel);
    const index = recent?.findIndex((other) => other.id === message.id) ?? -1;
    if (recent && index >= 0) edit(recent, index);
  }
}

/** A message that was posted under an id of its author's. */
export interface PostedAs {
  readonly id: MessageId;
  /** Milliseconds since 1970. */
  readonly at: number;
}

function clientKey(author: Author, clientId: string): string {
  return `${author.identityId}\n${clientId}`;
}
