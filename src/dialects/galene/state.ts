import type { SessionContext } from '../dialect.ts';
import type { Generation } from './generation.ts';
import { generationOf } from './generation.ts';

/** At most this many of one's own messages wait to be told without an echo. */
const MAX_UNECHOED = 200;

/** What a connection has said of itself, and was told. */
export class GaleneState {
  readonly context: SessionContext;
  /** Which clients they are, known from the handshake on. */
  generation: Generation | undefined;
  /** The client's own. */
  id = '';
  /** As they wrote it: clients compare it. */
  group = '';
  /** The name asked for, for the answer to a join that fails. */
  askedName = '';
  /** When the latest frame arrived, milliseconds since 1970. */
  heardAt: number;
  /** What they were last told they may do. */
  toldPermissions = '';
  /** How the connection ends, where it broke the wire. */
  end: { readonly code: number; readonly text: string } | undefined;
  #sent = 0;
  readonly #unechoed = new Set<string>();

  constructor(context: SessionContext) {
    this.context = context;
    this.heardAt = context.now();
  }

  greet(id: string, version: readonly string[] | undefined): Generation {
    this.id = id;
    this.generation = generationOf(version, this.context.settings.galene.permissions);
    return this.generation;
  }

  /** Of clients that have not said so yet, the latest. */
  get variant(): Generation {
    return this.generation ?? generationOf(['2'], 'array');
  }

  /** An id of their own for a message that has none. */
  nextMessageId(): string {
    this.#sent += 1;
    return String(this.#sent);
  }

  withoutEcho(clientId: string): void {
    if (this.#unechoed.size < MAX_UNECHOED) this.#unechoed.add(clientId);
  }

  isUnechoed(clientId: string | undefined): boolean {
    return clientId !== undefined && this.#unechoed.has(clientId);
  }

  forgetUnechoed(clientId: string | undefined): void {
    if (clientId !== undefined) this.#unechoed.delete(clientId);
  }
}
