/** What a receiver's losses allow (`spec/galene.md` 2.11), in bits per second. */
export class LossBasedRate {
  /** For each report block. `fractionLost` is in 256ths, as in the block. */
  report(report: { readonly fractionLost: number; readonly usedBitrate: number }, now: number): void {
    throw new Error(`not yet ${report} ${now}`);
  }

  allowed(now: number): number {
    throw new Error(`not yet ${now}`);
  }
}
