import { ConnectionLostError, historyBefore } from '../../../src/dialects/parlour/client.ts';
import type { WireTarget } from '../../../src/dialects/parlour/wire.ts';
import type { RoomAction } from '../room/room-action.ts';
import type { RoomModel } from '../room/room-model.ts';
import type { Store } from '../room/store.ts';
import { isDirect, type PendingImage, type PendingMessage, targetKey } from '../room/thread.ts';
import { errorText, type Server } from './server.ts';
import type { Toasts } from './toasts.ts';

const PAGE = 50;
/** At most so many direct threads are loaded on entering, to tell how much in them is new. */
const MAX_PRELOADED = 12;
const TYPING_AGAIN_MS = 3_500;

export interface TalkOptions {
  readonly room: Store<RoomModel, RoomAction>;
  readonly server: Server;
  readonly toasts: Toasts;
  readonly newId: () => string;
  readonly now: () => number;
}

/** Messages: sent, taken back, reacted to, loaded. */
export class Talk {
  readonly #options: TalkOptions;
  readonly #loading = new Set<string>();
  #typingSaid: { readonly key: string; readonly at: number } | undefined;

  constructor(options: TalkOptions) {
    this.#options = options;
  }

  /** Shows a thread; what was never loaded of it is loaded. */
  open(target: WireTarget): void {
    const { room } = this.#options;
    room.dispatch({ type: 'open-thread', target });
    const thread = room.get().threads[targetKey(target)];
    if (thread?.past === 'unknown' && (isDirect(thread.key) || thread.messages.length === 0))
      void this.loadNewest(target);
  }

  post(target: WireTarget, text: string): void {
    this.#send(target, { clientId: this.#options.newId(), at: this.#options.now(), text, status: 'sending' });
  }

  postImage(target: WireTarget, image: PendingImage): void {
    this.#send(target, { clientId: this.#options.newId(), at: this.#options.now(), image, status: 'sending' });
  }

  retry(target: WireTarget, message: PendingMessage): void {
    const { error: _, ...again } = message;
    this.#send(target, { ...again, status: 'sending' });
  }

  /** After a reload: the server knows by their ids which of them it has. */
  resendPending(): void {
    for (const thread of Object.values(this.#options.room.get().threads)) {
      for (const message of thread.pending) {
        if (message.status === 'sending') this.#send(thread.target, message);
      }
    }
  }

  discard(target: WireTarget, message: PendingMessage): void {
    this.#options.room.dispatch({ type: 'discard', key: targetKey(target), clientId: message.clientId });
  }

  retract(messageId: number): void {
    void this.#options.server.tell({ type: 'retract', messageId });
  }

  react(messageId: number, emoji: string, change: { readonly on: boolean }): void {
    void this.#options.server.tell({ type: 'react', messageId, emoji, on: change.on });
  }

  /** At each keystroke; said to others now and then. */
  typing(target: WireTarget): void {
    const key = targetKey(target);
    const now = this.#options.now();
    const said = this.#typingSaid;
    if (said?.key === key && now - said.at < TYPING_AGAIN_MS) return;
    this.#typingSaid = { key, at: now };
    if (this.#isOpen()) void this.#options.server.tellQuietly({ type: 'typing', target, on: true });
  }

  stoppedTyping(target: WireTarget): void {
    if (this.#typingSaid?.key !== targetKey(target)) return;
    this.#typingSaid = undefined;
    if (this.#isOpen()) void this.#options.server.tellQuietly({ type: 'typing', target, on: false });
  }

  async loadOlder(target: WireTarget): Promise<void> {
    const { room, server } = this.#options;
    const thread = room.get().threads[targetKey(target)];
    if (!thread || thread.past === 'complete') return;
    const first = thread.messages[0];
    if (!first) return this.loadNewest(target);
    await this.#load(thread.key, async () => {
      const page = await historyBefore(server.client, target, first.id, PAGE);
      // Meanwhile the thread may have been told anew.
      if (room.get().threads[thread.key]?.messages[0]?.id !== first.id) return;
      room.dispatch({ type: 'older-page', target, ...page });
    });
  }

  async loadNewest(target: WireTarget): Promise<void> {
    const { room, server } = this.#options;
    await this.#load(targetKey(target), async () => {
      const page = await historyBefore(server.client, target, undefined, PAGE);
      room.dispatch({ type: 'newest-page', target, ...page });
    });
  }

  /** After entering: which direct threads there are, and what is new in them. */
  async loadThreads(): Promise<void> {
    const { room, server } = this.#options;
    const { threads } = await server.client.ask({ type: 'threads' }).catch(() => ({ threads: undefined }));
    if (!threads) return;
    room.dispatch({ type: 'threads', threads });
    const stale = Object.values(room.get().threads)
      .filter((thread) => isDirect(thread.key))
      .filter((thread) => {
        const unread = thread.lastId > (room.get().lastRead[thread.key] ?? 0);
        const behind = thread.messages.length > 0 && (thread.messages.at(-1)?.id ?? 0) < thread.lastId;
        return unread || behind || thread.key === room.get().open;
      })
      .sort((one, other) => other.lastAt - one.lastAt);
    for (const thread of stale.slice(0, MAX_PRELOADED)) await this.loadNewest(thread.target);
  }

  #isOpen(): boolean {
    return this.#options.server.client.state.kind === 'open';
  }

  async #load(key: string, run: () => Promise<void>): Promise<void> {
    if (this.#loading.has(key)) return;
    this.#loading.add(key);
    try {
      await run();
    } catch (error) {
      if (!(error instanceof ConnectionLostError)) this.#options.toasts.show(errorText(error), 'bad');
    } finally {
      this.#loading.delete(key);
    }
  }

  #send(target: WireTarget, message: PendingMessage): void {
    const { room, server } = this.#options;
    const { clientId, text, image } = message;
    const key = targetKey(target);
    room.dispatch({ type: 'pend', target, message });
    const body = image ? { attachment: image.attachment, fileName: image.fileName } : { text: text ?? '' };
    server.client.post({ target, id: clientId, ...body }).then(
      ({ messageId }) => room.dispatch({ type: 'posted', key, clientId, messageId }),
      (error: unknown) => {
        if (server.client.state.kind === 'closed') return;
        room.dispatch({ type: 'not-posted', key, clientId, error: errorText(error) });
      },
    );
  }
}
