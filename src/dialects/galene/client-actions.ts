import type { Values } from './client-frames.ts';

/** A time as an action says it: RFC 3339, or milliseconds from now. */
export type Expiry = string | number;

/** What an operator has the server do with the group (`spec/galene.md` 1.10). */
export type GroupAction =
  | { readonly kind: 'clearchat'; readonly value?: { readonly id?: string; readonly userId?: string } }
  | { readonly kind: 'lock' | 'unlock'; readonly value?: string }
  | { readonly kind: 'record' | 'unrecord' | 'subgroups' | 'listtokens' }
  /** A null takes the key away. */
  | { readonly kind: 'setdata'; readonly value: Values }
  | { readonly kind: 'maketoken'; readonly value: TokenRequest }
  | { readonly kind: 'edittoken'; readonly value: TokenChange };

export interface TokenRequest {
  readonly group: string;
  readonly expires: Expiry;
  readonly username?: string;
  readonly 'not-before'?: Expiry;
  readonly permissions: readonly string[];
}

export interface TokenChange {
  readonly token: string;
  readonly expires?: Expiry;
  readonly 'not-before'?: Expiry;
}

/** What is to be done to somebody (`spec/galene.md` 1.11). */
export type UserAction =
  | { readonly kind: 'op' | 'unop' | 'present' | 'unpresent' | 'shutup' | 'unshutup' | 'identify' }
  /** With what they are told. */
  | { readonly kind: 'kick'; readonly value?: string }
  /** Of oneself only; a null takes the key away. `setstatus` is what the seed calls it. */
  | { readonly kind: 'setdata' | 'setstatus'; readonly value: Values };

export interface ChatOptions {
  /** `me`, `caption`; none unless said. */
  readonly kind?: string;
  /** The id of who alone is to read it. */
  readonly dest?: string;
  /** Whether one wants no copy of it. */
  readonly noecho?: true;
  readonly id?: string;
}

export interface UserMessageOptions {
  readonly dest?: string;
  readonly value?: unknown;
  readonly noecho?: true;
}
