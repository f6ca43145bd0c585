const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

const words = new Intl.RelativeTimeFormat('en', { style: 'short' });

/** "5 min. ago"; nothing for what was less than a minute ago. Both in milliseconds since 1970. */
export function timeAgo(at: number, now: number): string {
  for (const [unit, length] of UNITS) {
    const count = Math.floor((now - at) / length);
    if (count >= 1) return words.format(-count, unit);
  }
  return '';
}
