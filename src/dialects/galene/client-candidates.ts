import type { CandidateInit } from './client-frames.ts';

/** Nobody has more ways to be reached than this; what comes above it before a description is not kept. */
const MAX_WAITING = 100;

/** Candidates that wait until there is something they belong to: an offer that was sent, a description that came. */
export class Candidates {
  readonly #deliver: (candidate: CandidateInit) => void;
  #waiting: CandidateInit[] = [];
  #isOpen = false;

  constructor(deliver: (candidate: CandidateInit) => void) {
    this.#deliver = deliver;
  }

  add(candidate: CandidateInit): void {
    if (this.#isOpen) this.#deliver(candidate);
    else if (this.#waiting.length < MAX_WAITING) this.#waiting.push(candidate);
  }

  hold(): void {
    this.#isOpen = false;
  }

  release(): void {
    this.#isOpen = true;
    for (const candidate of this.#waiting.splice(0)) this.#deliver(candidate);
  }
}
