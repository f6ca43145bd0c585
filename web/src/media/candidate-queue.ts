const MAX_CANDIDATES = 256;

/** Candidates that came before the description they belong to. */
export class CandidateQueue {
  #waiting: RTCIceCandidateInit[] = [];

  put(candidate: RTCIceCandidateInit): void {
    if (this.#waiting.length < MAX_CANDIDATES) this.#waiting.push(candidate);
  }

  take(): readonly RTCIceCandidateInit[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }
}
