import type { NtpTime } from './rtcp.ts';

/** From 1900, where NTP's time begins, to 1970, in seconds. */
const EPOCH = 2_208_988_800;

/** Milliseconds of the server's clock as the time of a sender report. */
export function ntpOf(now: number): NtpTime {
  const seconds = Math.floor(now / 1000);
  const fraction = Math.min(0xffffffff, Math.floor(((now - seconds * 1000) / 1000) * 2 ** 32));
  return { seconds: (seconds + EPOCH) >>> 0, fraction };
}

export function msOf({ seconds, fraction }: NtpTime): number {
  return (seconds - EPOCH) * 1000 + (fraction / 2 ** 32) * 1000;
}

/** The middle 32 bits, which reports quote. */
export function middleOf({ seconds, fraction }: NtpTime): number {
  return (((seconds & 0xffff) << 16) | (fraction >>> 16)) >>> 0;
}
