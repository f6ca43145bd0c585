import {
  type Ask,
  ConnectionLostError,
  type ParlourClient,
  RefusedError,
} from '../../../src/dialects/parlour/client.ts';
import type { ServerFrameOf } from '../../../src/dialects/parlour/wire.ts';
import { t } from '../i18n/t.ts';
import type { Toasts } from './toasts.ts';

export type Answer = ServerFrameOf<'ok'>;

/** Asks the server; what it refuses is told to the person. */
export class Server {
  readonly client: ParlourClient;
  readonly #toasts: Toasts;

  constructor(client: ParlourClient, toasts: Toasts) {
    this.client = client;
    this.#toasts = toasts;
  }

  /** Rejects after telling why. */
  async ask(ask: Ask): Promise<Answer> {
    try {
      return await this.client.ask(ask);
    } catch (error) {
      this.#toasts.show(errorText(error), 'bad');
      throw error;
    }
  }

  /** For what needs no answer: `true` where the server did it. */
  async tell(ask: Ask): Promise<boolean> {
    try {
      await this.ask(ask);
      return true;
    } catch {
      return false;
    }
  }

  /** As `tell`, without a word where it fails. */
  async tellQuietly(ask: Ask): Promise<void> {
    await this.client.ask(ask).catch(() => undefined);
  }
}

export function errorText(error: unknown): string {
  if (error instanceof RefusedError) return error.message;
  if (error instanceof ConnectionLostError) return t('connection.lost');
  return error instanceof Error && error.message !== '' ? error.message : t('error.unknown');
}
