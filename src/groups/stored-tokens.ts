import type { GroupToken, Storage, TokenTimes } from '../storage/port.ts';
import { MAX_TOKENS_OF_GROUP, TOKEN_AFTERLIFE, type TokenStore } from './token-store.ts';

export type TokenStorage = Pick<
  Storage,
  'putGroupToken' | 'groupToken' | 'editGroupToken' | 'groupTokens' | 'removeGroupToken' | 'expireGroupTokens'
>;

/** Tokens in Parlour's own storage. */
export class StoredTokens implements TokenStore {
  readonly #storage: TokenStorage;

  constructor(storage: TokenStorage) {
    this.#storage = storage;
  }

  find(token: string): Promise<GroupToken | undefined> {
    return this.#storage.groupToken(token);
  }

  put(token: GroupToken, now: number): Promise<boolean> {
    return this.#storage.putGroupToken(token, { limit: MAX_TOKENS_OF_GROUP, now });
  }

  edit(token: string, times: TokenTimes): Promise<GroupToken | undefined> {
    return this.#storage.editGroupToken(token, times);
  }

  list(group: string): Promise<readonly GroupToken[]> {
    return this.#storage.groupTokens(group);
  }

  remove(token: string): Promise<boolean> {
    return this.#storage.removeGroupToken(token);
  }

  purge(now: number): Promise<number> {
    return this.#storage.expireGroupTokens(now - TOKEN_AFTERLIFE);
  }
}
