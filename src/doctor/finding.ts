/** One thing that was looked at, in words for somebody who runs a server and is no expert. Without secrets. */
export interface Finding {
  readonly level: Level;
  readonly what: string;
  /** What to do about it. */
  readonly advice?: string;
}

/**
 * `warn`: it works, and not for everybody or not safely. `fail`: it does not work. `skip`: it could not be looked at.
 */
export type Level = 'ok' | 'warn' | 'fail' | 'skip';

export const ok = (what: string): Finding => ({ level: 'ok', what });
export const warn = (what: string, advice: string): Finding => ({ level: 'warn', what, advice });
export const fail = (what: string, advice: string): Finding => ({ level: 'fail', what, advice });
export const skip = (what: string): Finding => ({ level: 'skip', what });
