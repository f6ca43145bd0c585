/**
 * A ban: of somebody, by name and, where it was known, by the identity behind it (and a guest by their address, since
 * nothing else tells them from the next one); or, without a name, of all who come from some addresses.
 */
export interface Sanction {
  readonly id: string;
  readonly room: string;
  readonly name?: string;
  readonly identityId?: string;
  /** An address or a range in CIDR notation. */
  readonly addresses?: string;
  readonly reason: string;
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly expiresAt: number;
}

/** How long a ban may last, in hours: a hundred years. */
export const MAX_BAN_HOURS = 876_000;
export const DEFAULT_BAN_HOURS = 24;
