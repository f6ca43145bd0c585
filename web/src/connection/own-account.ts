import type { ParlourClient } from '../../../src/dialects/parlour/client.ts';
import { t } from '../i18n/t.ts';
import type { RoomAction } from '../room/room-action.ts';
import type { RoomModel } from '../room/room-model.ts';
import type { Store } from '../room/store.ts';
import type { Identities } from './identities.ts';

export interface OwnAccountOptions {
  readonly client: Pick<ParlourClient, 'ask' | 'token' | 'jwt'>;
  readonly room: Store<RoomModel, RoomAction>;
  readonly identities: Identities;
}

/** Our name, and the password that keeps it. What the server refuses rejects, for the form to show. */
export class OwnAccount {
  readonly #options: OwnAccountOptions;

  constructor(options: OwnAccountOptions) {
    this.#options = options;
  }

  /** Whether the website says who we are: then name and password are its business. */
  get isOfWebsite(): boolean {
    return this.#options.client.jwt !== undefined;
  }

  /** Another password, or the first one, which makes an account of a guest. */
  async setPassword(change: { readonly current?: string; readonly password: string }): Promise<void> {
    await this.#options.client.ask({ type: 'password', ...change });
    this.#options.room.dispatch({ type: 'account-made' });
    // Tokens of before do not hold any more.
    this.remember();
  }

  /** In the group whose password one said at the door. */
  async setGroupPassword(
    { group, user }: { readonly group: string; readonly user: string },
    { current = '', password }: { readonly current?: string; readonly password: string },
  ): Promise<void> {
    const path = [...group.split('/').map(encodeURIComponent), '.users', encodeURIComponent(user)].join('/');
    const response = await fetch(`/galene-api/v0/.groups/${path}/.password`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', authorization: `Basic ${inBase64(`:${current}`)}` },
      // The browser shall not ask for a password by itself.
      credentials: 'omit',
      body: password,
    });
    if (response.status === 401) throw new Error(t('account.wrong'));
    if (!response.ok) throw new Error(response.status === 429 ? t('account.slowly') : await response.text());
  }

  /** The server says afterwards under which name we are known. */
  async rename(name: string): Promise<void> {
    await this.#options.client.ask({ type: 'rename', name });
  }

  /** For the next visit of this browser. */
  remember(): void {
    const { client, identities } = this.#options;
    if (client.token !== undefined && this.#name !== '') identities.remember({ name: this.#name, token: client.token });
  }

  /** This browser knows nothing of the account any more. */
  forget(): void {
    this.#options.identities.forget(this.#name);
  }

  get #name(): string {
    return this.#options.room.get().self?.name ?? '';
  }
}

function inBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
