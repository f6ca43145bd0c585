import type { RtpHeader } from './header.ts';

/** Which extensions a receiver gets, made once per pair of connections. Use `planExtensions`. */
export interface ExtensionPlan {
  /** What is put before the others: the receiver's mid, ready to be copied. */
  readonly prefix: Uint8Array;
  /** The receiver's id by the publisher's id; 0 is "not forwarded". */
  readonly ids: Uint8Array;
  readonly forwardsAny: boolean;
}

/** Extension ids of a section, by what they are for; absent where they were not negotiated. */
export interface ForwardedExtensions {
  readonly audioLevel?: number;
  readonly videoOrientation?: number;
}

export interface ExtensionPlanOptions {
  /** Ids as the publisher has them, 1 to 255. */
  readonly from?: ForwardedExtensions;
  /** Ids as the receiver has them, 1 to 14. */
  readonly to?: ForwardedExtensions;
  /** The receiver's own mid (up to 16 bytes) and the id of that extension. */
  readonly mid?: { readonly id: number; readonly value: string };
}

/** Whatever is not named is not forwarded: mid and rid of the publisher above all. */
export function planExtensions(options: ExtensionPlanOptions): ExtensionPlan {
  throw new Error(`not yet ${options}`);
}

/**
 * Writes the extensions of a packet into `out` at `at`, with the four bytes before them; returns where they end, `at`
 * itself where there are none. Needs up to 4 + 4 * 64 bytes.
 */
export function writeExtensions(
  plan: ExtensionPlan,
  source: { readonly packet: Uint8Array; readonly header: RtpHeader },
  target: { readonly out: Uint8Array; readonly at: number },
): number {
  throw new Error(`not yet ${plan} ${source} ${target}`);
}
