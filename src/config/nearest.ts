/** The known word that a mistyped one most likely stands for; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const normal = normalise(word);
  let best: string | undefined;
  // A third of the letters may be wrong: more than that is another word.
  let bestDistance = Math.floor(word.length / 3) + 1;
  for (const candidate of known) {
    const distance = editDistance(normal, normalise(candidate));
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function normalise(word: string): string {
  return word.toLowerCase().replaceAll(/[-_]/g, '');
}

/** Letters to add, to drop, to replace or to swap with their neighbour. */
function editDistance(a: string, b: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = entry(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? entry(before, j - 2) + 1 : replaced;
      next.push(Math.min(replaced, swapped, entry(row, j) + 1, entry(next, j - 1) + 1));
    }
    [before, row] = [row, next];
  }
  return entry(row, b.length);
}

function entry(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
