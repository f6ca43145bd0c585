import { type Ask, ConnectionLostError } from '../../../../src/dialects/parlour/client.ts';

/** What waits for the connection. More means that it will not come back in time to matter. */
const MAX_KEPT = 256;

/**
 * Tells the server, over lost connections: what was sent and not answered is said again when the session goes on.
 * Everything about streams may be said twice: an offer is answered again, a candidate is one that is known.
 */
export class Sayings {
  readonly #ask: (ask: Ask) => Promise<unknown>;
  #lost: { readonly ask: Ask; readonly refused: (error: unknown) => void }[] = [];

  constructor(ask: (ask: Ask) => Promise<unknown>) {
    this.#ask = ask;
  }

  say(ask: Ask, refused: (error: unknown) => void = () => undefined): void {
    this.#ask(ask).catch((error: unknown) => {
      if (!(error instanceof ConnectionLostError)) refused(error);
      else if (this.#lost.length < MAX_KEPT) this.#lost.push({ ask, refused });
    });
  }

  /** The session goes on. */
  again(): void {
    const lost = this.#lost;
    this.#lost = [];
    for (const { ask, refused } of lost) this.say(ask, refused);
  }

  /** The session is a new one, which knows nothing of what was spoken about. */
  forget(): void {
    this.#lost = [];
  }
}
