/** When to ask a source for a keyframe: not more often than twice a second, and until it comes. */
export class KeyframeRequests {
  /** Somebody cannot go on without one. */
  want(): void {
    throw new Error('not yet');
  }

  /** Each packet of the source, with its `packetInfo`. */
  received(info: number, now: number): void {
    throw new Error(`not yet ${info} ${now}`);
  }

  /** True if a PLI is to be sent now, which then counts as sent. To be asked after `want` and every 100 ms or so. */
  take(now: number): boolean {
    throw new Error(`not yet ${now}`);
  }
}
