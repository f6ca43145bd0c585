import type { GroupToken, TokenTimes } from '../storage/port.ts';

export type { GroupToken, TokenTimes } from '../storage/port.ts';

/** More tokens of one group than anybody lists. */
export const MAX_TOKENS_OF_GROUP = 1000;

/** How long a token is kept that has expired: an operator may want to prolong it (`spec/galene.md` 4.6). */
export const TOKEN_AFTERLIFE = 7 * 24 * 3_600_000;

/** Where stateful tokens are kept. Drivers: `token-file.ts` (an existing installation's) and `stored-tokens.ts`. */
export interface TokenStore {
  find(token: string): Promise<GroupToken | undefined>;
  /**
   * Makes or replaces. A group that has {@link MAX_TOKENS_OF_GROUP} loses the one that expired longest ago; where none
   * has, there is no room. Returns whether there was.
   */
  put(token: GroupToken, now: number): Promise<boolean>;
  /** The token as it is now; nothing where there is none. */
  edit(token: string, times: TokenTimes): Promise<GroupToken | undefined>;
  /** Of this very group; `''` has those of the whole server. By the time of their expiry. */
  list(group: string): Promise<readonly GroupToken[]>;
  /** Returns whether there was one. */
  remove(token: string): Promise<boolean>;
  /** Removes what expired longer ago than {@link TOKEN_AFTERLIFE}. Returns how many. */
  purge(now: number): Promise<number>;
}
