import type { KeyObject } from 'node:crypto';

export type KeyAlgorithm = 'HS256' | 'HS384' | 'HS512' | 'ES256' | 'RS256';

/** What a group's authorisation server signs with (`spec/galene.md` 4.5). */
export interface GroupKey {
  readonly alg: KeyAlgorithm;
  readonly kid?: string;
  readonly key: KeyObject;
}
