import type { ServerFrameOf } from '../../../../src/dialects/parlour/wire.ts';
import type { Sayings } from './sayings.ts';
import type { SizeWanted } from './wanting.ts';

/** What is asked of single streams, beside what is wanted of all: as they are looked at. */
export class Looks {
  readonly #sayings: Sayings;
  readonly #sizes = new Map<string, SizeWanted>();

  constructor(sayings: Sayings) {
    this.#sayings = sayings;
  }

  /** Nothing where it is as wanted of all. */
  of(stream: string): SizeWanted | undefined {
    return this.#sizes.get(stream);
  }

  /** Returns whether that is something else than before. */
  ask(stream: string, size: SizeWanted): boolean {
    if ((this.#sizes.get(stream) ?? 'high') === size) return false;
    this.#sizes.set(stream, size);
    this.#sayings.say({ type: 'want-stream', stream, wanted: { audio: true, video: size } });
    return true;
  }

  /** As the server does: what was asked of a stream holds for the one in its place. */
  inherit({ stream, replaces }: Pick<ServerFrameOf<'stream-offer'>, 'stream' | 'replaces'>): void {
    if (replaces === undefined) return;
    const size = this.#sizes.get(replaces);
    this.#sizes.delete(replaces);
    if (size) this.#sizes.set(stream, size);
  }

  /** As of all, from now on. */
  withdraw(stream: string): void {
    if (this.#sizes.delete(stream)) this.#sayings.say({ type: 'want-stream', stream });
  }

  /** It is over. */
  forget(stream: string): void {
    this.#sizes.delete(stream);
  }

  forgetAll(): void {
    this.#sizes.clear();
  }
}
