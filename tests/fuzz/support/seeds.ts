/** Those that every run tries, and, with `FUZZ=COUNT`, as many new ones; the test's title says which. */
export function seeds(known: readonly number[]): readonly number[] {
  const more = Number(process.env.FUZZ ?? 0);
  return [...known, ...Array.from({ length: more }, () => Math.floor(Math.random() * 2 ** 31))];
}
