/** How much passed within the last second. */
export class RateMeter {
  add(bytes: number, now: number): void {
    throw new Error(`not yet ${bytes} ${now}`);
  }

  /** Bits per second. */
  bitrate(now: number): number {
    throw new Error(`not yet ${now}`);
  }

  packetsPerSecond(now: number): number {
    throw new Error(`not yet ${now}`);
  }
}
