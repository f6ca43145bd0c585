/** A ban. It holds for a name and, where it was known, for the identity behind it. */
export interface Sanction {
  readonly id: string;
  readonly room: string;
  readonly name: string;
  readonly identityId?: string;
  readonly reason: string;
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly expiresAt: number;
}

/** How long a ban may last, in hours: a hundred years. */
export const MAX_BAN_HOURS = 876_000;
export const DEFAULT_BAN_HOURS = 24;
