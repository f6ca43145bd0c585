import type { StreamSighting } from './sighting.ts';

/** The streams that a client has by what it said and was told: what would break it, or tell it too much, throws. */
export class HeldStreams {
  /** Received. */
  readonly down = new Set<string>();
  /** Sent: whether it was answered. */
  readonly #up = new Map<string, boolean>();
  /** What it said something about in this step: to be told that it is closed gives nothing away. */
  readonly #asked = new Set<string>();

  published(id: string): void {
    if (!this.#up.has(id)) this.#up.set(id, false);
  }

  unpublished(id: string): void {
    this.#up.delete(id);
  }

  asked(id: string): void {
    this.#asked.add(id);
  }

  refused(id: string): void {
    this.#asked.add(id);
    this.down.delete(id);
  }

  /** A step is over. */
  rest(): void {
    this.#asked.clear();
  }

  /** `replayed`: what was missed is told, and some of it not for the first time. */
  take(sighting: StreamSighting, { self, replayed }: { readonly self: string; readonly replayed: boolean }): void {
    const { id } = sighting;
    switch (sighting.kind) {
      case 'stream-offered': {
        const { name, replaces } = sighting;
        if (name === self && !replayed) throw new Error(`${id} is their own, and is offered to them.`);
        if (replaces !== undefined && !this.down.delete(replaces) && !replayed) {
          throw new Error(`${id} replaces ${replaces}, which they do not have.`);
        }
        this.down.add(id);
        return;
      }
      case 'stream-closed':
        if (!this.down.delete(id) && !replayed && !this.#asked.has(id)) {
          throw new Error(`${id} is closed, and they do not have it.`);
        }
        return;
      case 'stream-candidate':
        if (replayed || this.down.has(id) || this.#up.get(id)) return;
        throw new Error(`A candidate came for ${id}, which was neither offered to them nor answered.`);
      case 'stream-answered':
        if (!this.#up.has(id) && !replayed) throw new Error(`${id} is answered, and they do not send it.`);
        this.#up.set(id, true);
        return;
      case 'stream-ended':
        if (!this.#up.delete(id) && !replayed) throw new Error(`${id} is ended, and they do not send it.`);
        return;
      case 'stream-restart':
        if (!this.#up.has(id) && !replayed) throw new Error(`${id} is to be restarted, and they do not send it.`);
        return;
      default:
        sighting satisfies never;
    }
  }
}
