/** The widest that two moments may be apart which belong together, in seconds, where both happen once a second. */
const WIDEST = 0.45;

/** Of each moment, how long after that of the others which belongs to it; those without are left out. In seconds. */
export function apart(
  moments: readonly number[],
  others: readonly number[],
  { widest = WIDEST }: { readonly widest?: number } = {},
): readonly number[] {
  return moments.flatMap((moment) => {
    const between = others.map((other) => moment - other).sort((a, b) => Math.abs(a) - Math.abs(b))[0];
    return between !== undefined && Math.abs(between) < widest ? between : [];
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
