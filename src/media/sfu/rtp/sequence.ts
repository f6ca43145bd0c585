/** How far `a` is ahead of `b` on the circle of sequence numbers: -32768 to 32767. */
export function sequenceDistance(a: number, b: number): number {
  return ((a - b) << 16) >> 16;
}

/** The same for timestamps, in ticks. */
export function timestampDistance(a: number, b: number): number {
  return (a - b) | 0;
}
