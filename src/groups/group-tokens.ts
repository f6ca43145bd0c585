import type { Permission } from '../core/permission.ts';
import type { GroupDescription } from './description.ts';
import type { GroupToken, TokenTimes } from './token-store.ts';

/** Who asks for something about tokens, and where (`spec/galene.md` 1.10). */
export interface TokenAsker {
  readonly group: string;
  /** Absent for a room without a definition. */
  readonly description?: GroupDescription;
  readonly username: string;
  readonly permissions: ReadonlySet<Permission>;
}

export type TokenRefusal =
  | 'not-permitted'
  | 'malformed'
  | 'token-given'
  | 'other-group'
  | 'no-expiry'
  | 'username-taken'
  | 'permissions-lacking'
  | 'too-many'
  | 'unknown-token';

export type TokenAnswer =
  | { readonly kind: 'token'; readonly token: GroupToken }
  | { readonly kind: 'refused'; readonly reason: TokenRefusal };

export type TokenList =
  | { readonly kind: 'tokens'; readonly tokens: readonly GroupToken[] }
  | { readonly kind: 'refused'; readonly reason: TokenRefusal };

/** What members make of tokens. `value` is what the wire carries, unchecked. */
export interface GroupTokens {
  make(asker: TokenAsker, value: unknown): Promise<TokenAnswer>;
  edit(asker: TokenAsker, value: unknown): Promise<TokenAnswer>;
  list(asker: TokenAsker): Promise<TokenList>;
  /** For the website and tools: whatever is asked. */
  put(token: Omit<GroupToken, 'token'> & { readonly token?: string }): Promise<GroupToken | undefined>;
  change(token: string, times: TokenTimes): Promise<GroupToken | undefined>;
}
