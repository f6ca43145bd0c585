/** What was seen of everything that one member is sent, over the last second. */
export interface PathReport {
  /** Bits per second, over all connections. */
  readonly sent: number;
  /** 0 to 1; undefined where nobody said anything of it. */
  readonly loss: number | undefined;
  /**
   * Bits per second that arrive by their own word, where they say that it is less than what is sent on one of the
   * connections: the sum of the lesser of both.
   */
  readonly overrun: number | undefined;
  /** Bits per second that they say could be sent, over all connections; where all of them say it. */
  readonly estimate: number | undefined;
  /** Bits per second that everything that is wanted takes at the least. */
  readonly least: number;
  /** Bits per second that the next better thing to send would make; where there is any. */
  readonly next: number | undefined;
}

/** What nobody doubts yet: some cameras at once, and more with each good second. Bits per second. */
const START = 3_000_000;
const LEAST = 32_000;
const MOST = 2 ** 30;
/** Of so little nobody says that it arrives. */
const SILENT = 8_000;

/** A path that loses more is full (`spec/galene.md` 2.11). While something is tried, half of that is enough. */
const FULL = 0.1;
const FULL_ON_TRIAL = 0.05;
const CALM = 0.05;
/** One report may be of a moment without a network: what is sent is not cut further at once than to this part. */
const HARDEST_CUT = 0.4;
/** What arrived is not cut to all of it, as queues have to empty. */
const CUT = 0.7;
const ROOM = 0.9;
/** Milliseconds in which reports may still be of before the cut, and what was cut may still come. */
const QUIET = 2_000;
/** How long something is tried before it counts as good, and how long it takes until something is tried again. */
const TRIAL = 3_000;
const SOONEST = 8_000;
const LATEST = 120_000;
/** How long the last word holds where there is no newer one. */
const LASTS = 3_000;
/** Factors per second. */
const OPENING = 2;
const FOLLOWING = 1.5;
/** So that there is room for what varies. */
const LEAST_ROOM = 1.15;
/** What is tried has a little more room than it takes on average; and where nothing can be tried, more is asked for. */
const TRIAL_ROOM = 1.15;
const BLIND_STEP = 1.25;

type State =
  /** Nothing was ever wrong: it is not known what the limit is. */
  | { readonly kind: 'open' }
  | { readonly kind: 'holding'; readonly calmSince: number }
  | { readonly kind: 'trying'; readonly since: number; readonly before: number };

/**
 * How much one member can be sent, over all their connections, which share one way. Shrinks at once where it is too
 * much; grows where what is sent arrives, by trying the next better thing and, each time that fails, waiting longer.
 */
export class ReceiverBudget {
  #state: State = { kind: 'open' };
  #limit = START;
  #interval = SOONEST;
  #quietUntil = Number.NEGATIVE_INFINITY;
  #at: number | undefined;
  #heard = { loss: 0, at: Number.NEGATIVE_INFINITY };

  /** Bits per second. */
  get limit(): number {
    return this.#limit;
  }

  get isOpen(): boolean {
    return this.#state.kind === 'open';
  }

  /** To be called some times a second, with times in milliseconds. */
  update(report: PathReport, now: number): void {
    const seconds = Math.min(1, (now - (this.#at ?? now)) / 1_000);
    this.#at = now;
    if (now < this.#quietUntil) return;
    if (this.#isFull(report)) this.#shrink(report, now);
    else this.#grow(report, { now, seconds });
  }

  #isFull({ loss = 0, overrun }: PathReport): boolean {
    return overrun !== undefined || loss > (this.#state.kind === 'trying' ? FULL_ON_TRIAL : FULL);
  }

  #shrink(report: PathReport, now: number): void {
    const state = this.#state;
    if (state.kind === 'trying') {
      this.#limit = state.before;
      this.#interval = Math.min(LATEST, this.#interval * 2);
    } else {
      this.#limit = Math.max(LEAST, Math.min(this.#limit, this.#cut(report)));
    }
    this.#quietUntil = now + QUIET;
    this.#state = { kind: 'holding', calmSince: now };
  }

  /**
   * Nothing is stopped before everything was sent at its least for a while, nor because of an estimate alone: those of
   * browsers are at most one and a half times what comes, and that is little by then.
   */
  #cut(report: PathReport): number {
    const { loss = 0 } = report;
    const least = report.least * LEAST_ROOM;
    return this.#limit > least || loss <= FULL ? Math.max(least, arriving(report)) : arriving(report);
  }

  #grow(report: PathReport, time: { readonly now: number; readonly seconds: number }): void {
    const { now, seconds } = time;
    const { sent, estimate } = report;
    const loss = report.loss ?? this.#assumed(report, now);
    if (loss === undefined) return;
    if (report.loss !== undefined) this.#heard = { loss, at: now };
    if (this.#state.kind === 'open') {
      if (loss < CALM) this.#raise(this.#limit * OPENING ** seconds);
      return;
    }
    if (loss >= CALM) {
      if (this.#state.kind === 'holding') this.#state = { kind: 'holding', calmSince: now };
      return;
    }
    // What arrives is possible.
    this.#raise(sent);
    if (estimate !== undefined) this.#raise(Math.min(estimate, this.#limit * FOLLOWING ** seconds));
    this.#try(report, now);
  }

  /** Reports come when they come; of almost nothing there are none. */
  #assumed({ sent }: PathReport, now: number): number | undefined {
    if (this.#state.kind === 'open') return undefined;
    if (sent < SILENT) return 0;
    return now - this.#heard.at < LASTS ? this.#heard.loss : undefined;
  }

  #try({ next }: PathReport, now: number): void {
    const state = this.#state;
    if (state.kind === 'trying' && now - state.since >= TRIAL) {
      // The next may follow soon.
      this.#interval = Math.max(SOONEST, this.#interval / 2);
      this.#state = { kind: 'holding', calmSince: now - this.#interval + 1_000 };
    }
    if (state.kind !== 'holding' || now - state.calmSince < this.#interval) return;
    if (next === undefined) {
      this.#raise(this.#limit * BLIND_STEP);
      this.#state = { kind: 'holding', calmSince: now - this.#interval + TRIAL };
      return;
    }
    this.#state = { kind: 'trying', since: now, before: this.#limit };
    this.#raise(next * TRIAL_ROOM);
  }

  #raise(limit: number): void {
    this.#limit = Math.min(MOST, Math.max(this.#limit, limit));
  }
}

function arriving({ sent, loss = 0, overrun }: PathReport): number {
  const byLoss = loss > FULL ? Math.max(sent * HARDEST_CUT, Math.min(sent * (1 - loss) * ROOM, sent * CUT)) : sent;
  return overrun === undefined ? byLoss : Math.min(overrun, byLoss);
}
