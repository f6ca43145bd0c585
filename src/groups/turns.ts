/** Work on one thing after the other, as it was asked for; on different things at the same time. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Rejects as the work does. */
  take<T>(thing: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(thing) ?? Promise.resolve();
    const result = before.then(work);
    const settled = result.then(
      () => {},
      () => {},
    );
    this.#last.set(thing, settled);
    void settled.then(() => {
      if (this.#last.get(thing) === settled) this.#last.delete(thing);
    });
    return result;
  }
}
