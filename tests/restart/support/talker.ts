import { type ClientEvent, historyAfter } from '../../../src/dialects/parlour/client.ts';
import type { WireMessage } from '../../../src/dialects/parlour/wire.ts';
import { type NativeGuest, type NativeOptions, startNative } from '../../support/native.ts';

export const LOBBY = { channel: 'lobby' } as const;

export interface Acknowledged {
  readonly id: number;
  readonly text: string;
}

/** Somebody who talks without a pause, remembers what was acknowledged, and fills every gap in what they read. */
export class Talker {
  readonly guest: NativeGuest;
  readonly name: string;
  readonly acknowledged: Acknowledged[] = [];
  /** Message texts by id, from frames and history. */
  readonly read = new Map<number, string>();
  #latest = 0;
  #filling: Promise<void> = Promise.resolve();
  #talking = false;
  #talk: Promise<void> = Promise.resolve();

  constructor(wsUrl: string, options: NativeOptions) {
    this.name = options.name;
    this.guest = startNative(wsUrl, options);
    this.guest.client.on((event) => this.#heard(event));
  }

  start(): void {
    this.#talking = true;
    this.#talk = this.#talkOn();
  }

  /** Resolves when the last message is acknowledged, and every gap is filled. */
  async stop(): Promise<void> {
    this.#talking = false;
    await this.#talk;
    await this.#filling;
  }

  /** Resolves when so many more messages were acknowledged. */
  moreThan(count: number): Promise<void> {
    const goal = this.acknowledged.length + count;
    return this.guest.until(() => this.acknowledged.length > goal);
  }

  async #talkOn(): Promise<void> {
    for (let count = 0; this.#talking; count++) {
      const text = `${this.name} ${count}`;
      const { messageId } = await this.guest.client.post({ target: LOBBY, text });
      this.acknowledged.push({ id: messageId, text });
    }
  }

  #heard(event: ClientEvent): void {
    if (event.type === 'welcome' && !event.welcome.recovered) this.#fill(this.#latest);
    if (event.type === 'frame' && event.frame.type === 'message') this.#take([event.frame.message]);
  }

  #fill(after: number): void {
    this.#filling = this.#filling
      .then(() => historyAfter(this.guest.client, LOBBY, after))
      .then((messages) => this.#take(messages));
  }

  #take(messages: readonly WireMessage[]): void {
    for (const { id, text = '' } of messages) {
      this.read.set(id, text);
      this.#latest = Math.max(this.#latest, id);
    }
  }
}
