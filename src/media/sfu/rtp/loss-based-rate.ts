const START = 512_000;
const LEAST = 9_600;
const MOST = 2 ** 30;
const FORGOTTEN_MS = 30_000;

/** What a receiver's losses allow (`spec/galene.md` 2.11), in bits per second. */
export class LossBasedRate {
  #allowed = START;
  #reportedAt = Number.NEGATIVE_INFINITY;

  /** For each report block. `fractionLost` is in 256ths, as in the block. */
  report({ fractionLost, usedBitrate }: { readonly fractionLost: number; readonly usedBitrate: number }, now: number) {
    const before = this.allowed(now);
    const loss = fractionLost / 256;
    this.#reportedAt = now;
    this.#allowed = Math.min(MOST, Math.max(LEAST, before * factor(loss, usedBitrate / before)));
  }

  allowed(now: number): number {
    return now - this.#reportedAt > FORGOTTEN_MS ? START : this.#allowed;
  }
}

/** What nobody uses tells nothing of what would be possible. */
function factor(loss: number, used: number): number {
  if (loss > 0.1) return 1 - loss / 2;
  return loss < 0.02 && used >= 0.75 ? 1.05 : 1;
}
