/** Farther away than this, a picture jumps to where it belongs. Seconds. */
const JUMP = 0.4;
/** Nearer than this it is left alone; once it is corrected, until it is nearer than the second. */
const ENOUGH = 0.03;
const EXACT = 0.01;
/** At most so much faster or slower, which one hardly hears. */
const MOST = 0.2;
/** What is too fast by so much is made slower by as much. */
const STRENGTH = 2;

export type Correction = { readonly kind: 'jump' } | { readonly kind: 'pace'; readonly factor: number };

/** What brings a video to where the others are. `drift`: by how many seconds it is ahead; `factor`: its pace now. */
export function correctionFor(drift: number, factor: number): Correction {
  const distance = Math.abs(drift);
  if (distance > JUMP) return { kind: 'jump' };
  if (distance < (factor === 1 ? ENOUGH : EXACT)) return { kind: 'pace', factor: 1 };
  const change = Math.max(-MOST, Math.min(MOST, -drift * STRENGTH));
  return { kind: 'pace', factor: 1 + change };
}
