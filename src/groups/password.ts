/** How a password is kept (`spec/galene.md` 4.4). `argon2` is our own form, which Galène does not read. */
export type GroupPassword =
  | { readonly type: 'plain'; readonly key: string }
  | {
      readonly type: 'pbkdf2';
      readonly hash: 'sha-256';
      /** Hexadecimal, like the salt. */
      readonly key: string;
      readonly salt: string;
      readonly iterations: number;
    }
  | { readonly type: 'bcrypt'; readonly key: string }
  | { readonly type: 'argon2'; readonly key: string }
  /** Any password is right. */
  | { readonly type: 'wildcard' };
