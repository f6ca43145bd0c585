/** Holds a value that changes only through its reducer, and tells those who look. */
export class Store<S, A> {
  readonly #reduce: (state: S, action: A) => S;
  readonly #listeners = new Set<() => void>();
  #state: S;

  constructor(reduce: (state: S, action: A) => S, initial: S) {
    this.#reduce = reduce;
    this.#state = initial;
  }

  readonly get = (): S => this.#state;

  dispatch(action: A): void {
    const next = this.#reduce(this.#state, action);
    if (Object.is(next, this.#state)) return;
    this.#state = next;
    for (const listener of [...this.#listeners]) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

/** A store of a value that is simply set. */
export function cell<S>(initial: S): Store<S, S> {
  return new Store<S, S>((_, next) => next, initial);
}
