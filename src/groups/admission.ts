import type { Permission } from '../core/permission.ts';

/** What somebody who wants to enter a group says of themselves. */
export interface JoinClaim {
  /** Absent is legal with a token only. */
  readonly username?: string;
  readonly password?: string;
  /** Counts instead of the password where it is there. */
  readonly token?: string;
  /** Whose wrong passwords are counted; see `AddressRanges.household`. */
  readonly household: string;
}

export type AdmissionRefusal =
  | 'no-such-group'
  | 'not-authorised'
  | 'need-username'
  | 'duplicate-username'
  /** Too many wrong passwords, or too many people at once; Galène knows no such thing. */
  | 'too-often';

export type Admission =
  | {
      readonly kind: 'admitted';
      /** May be another than was asked for: a token's counts, and a configured user's is spelt as configured. */
      readonly username: string;
      readonly permissions: ReadonlySet<Permission>;
      readonly viaToken?: 'jwt' | 'stateful';
      /** Whether the name is proved: by a configured user's password, or by a signed token's `sub`. */
      readonly ownsName: boolean;
    }
  | { readonly kind: 'refused'; readonly reason: AdmissionRefusal };
