import { hash, verify } from '@node-rs/argon2';
import { Allowance } from './allowance.ts';
import { FairTurns } from './fair-turns.ts';

export const MAX_PASSWORD_LENGTH = 256;
/** Hashes take memory and a processor. A class that logs in together waits for some seconds; more need not wait. */
const TURNS = { atOnce: 2, waitingOfOne: 1000, waitingOfAll: 5000 } as const;
/** Wrong passwords of one household: so many at once, and one more in so many milliseconds. */
const WRONG_AT_ONCE = 20;
const WRONG_EVERY_MS = 6_000;

export type Verdict = 'right' | 'wrong' | 'too-often';

/** Checks and hashes passwords, with argon2id as it comes (19 MiB, 2 passes): some tens of milliseconds each. */
export class Passwords {
  readonly #wrong: Allowance;
  readonly #turns = new FairTurns(TURNS);

  constructor(options: { readonly now: () => number }) {
    this.#wrong = new Allowance({ atOnce: WRONG_AT_ONCE, everyMs: WRONG_EVERY_MS, now: options.now });
  }

  /** Whether it could be anybody's. */
  static fits(password: string): boolean {
    return password !== '' && password.length <= MAX_PASSWORD_LENGTH;
  }

  /** Nothing where too many want the same. */
  hash(password: string, household: string): Promise<string | undefined> {
    return this.#turns.run(household, () => hash(password));
  }

  /** `household` is whose tries are counted: many wrong ones, and no more are heard for a while. */
  async check(password: string, kept: string, household: string): Promise<Verdict> {
    if (!this.#wrong.isLeft(household)) return 'too-often';
    if (!Passwords.fits(password)) return this.#count(false, household);
    return this.checkInTurn(() => verify(kept, password), household);
  }

  /** The same turns, and the same count of wrong ones, for a password that is kept in another way. */
  async checkInTurn(isRight: () => Promise<boolean>, household: string): Promise<Verdict> {
    if (!this.#wrong.isLeft(household)) return 'too-often';
    const verdict = await this.#turns.run(household, async () => {
      // Others of the household may have been wrong while this one waited.
      if (!this.#wrong.isLeft(household)) return 'too-often';
      return this.#count(await isRight(), household);
    });
    return verdict ?? 'too-often';
  }

  /** Where to check costs nothing, nobody has to wait for their turn; wrong ones are counted all the same. */
  checkAtOnce(isRight: () => boolean, household: string): Verdict {
    return this.#wrong.isLeft(household) ? this.#count(isRight(), household) : 'too-often';
  }

  #count(isRight: boolean, household: string): Verdict {
    if (!isRight) this.#wrong.use(household);
    return isRight ? 'right' : 'wrong';
  }
}
