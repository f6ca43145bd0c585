import type { Permission, Rule } from './permission.ts';

/** Who somebody proved to be, before they enter a room. */
export interface Identity {
  /** Unique and, where `durable`, the same at every visit. Messages, relations and takebacks are owned by it. */
  readonly id: string;
  readonly kind: 'guest' | 'account' | 'token';
  /** Whether nobody else may bear the name: whoever does, as a guest, gives way. */
  readonly ownsName?: boolean;
  /** Whether the id outlives the connection, so that things may be stored under it. */
  readonly durable: boolean;
  /** Whether the account was made just now. */
  readonly isNew?: true;
  /** The name asked for; the room decides ("name 2"). */
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly rules: ReadonlySet<Rule>;
  readonly nickname?: string;
  readonly avatarUrl?: string;
  readonly profileUrl?: string;
  readonly emoji?: string;
  readonly gender?: string;
  /** The user of a group's definition whose password they said. */
  readonly groupLogin?: { readonly group: string; readonly user: string };
  /** What else a website's token said, to be said again when it is renewed. */
  readonly claims?: Readonly<Record<string, string | readonly string[]>>;
}
