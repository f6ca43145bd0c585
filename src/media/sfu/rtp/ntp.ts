import type { NtpTime } from './rtcp.ts';

/** Milliseconds of the server's clock as the time of a sender report. */
export function ntpOf(now: number): NtpTime {
  throw new Error(`not yet ${now}`);
}

export function msOf(ntp: NtpTime): number {
  throw new Error(`not yet ${ntp}`);
}

/** The middle 32 bits, which reports quote. */
export function middleOf(ntp: NtpTime): number {
  throw new Error(`not yet ${ntp}`);
}
