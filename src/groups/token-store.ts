import type { GroupToken, TokenTimes } from '../storage/port.ts';

export type { GroupToken, TokenTimes } from '../storage/port.ts';

/** More tokens of one group than anybody lists. */
export const MAX_TOKENS_OF_GROUP = 1000;

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
  remove(token: string): Promise<boolean>;
  /** Removes what expired 7 days ago. Returns how many. */
  purge(now: number): Promise<number>;
  close(): void;
}
