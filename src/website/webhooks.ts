import { setTimeout as delay } from 'node:timers/promises';
import { nameKey } from '../core/name.ts';
import { type Profile, type Report, WebhookError, type Website } from './port.ts';
import { type Address, addressOf, discard, post, readJson } from './post.ts';
import { readProfile } from './profile.ts';

export interface WebhookLog {
  warn(details: object, message: string): void;
}

export interface WebhooksOptions {
  /** Addresses; empty for none. */
  readonly report: string;
  readonly profile: string;
  /** Comes with everything, so that the website knows who asks. */
  readonly apiKey: string;
  readonly timeoutMs: number;
  readonly log: WebhookLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits; may end early, or reject, once the signal is aborted. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

type Answer = Profile | { readonly error: string };

/** Before the second try, and before the third. */
const PAUSES_MS: readonly number[] = [1000, 5000];
const MAX_REPORTS = 100;
/** Characters of each part of a report. */
const MAX_PART_LENGTH = 100_000;
const MAX_QUESTIONS = 50;
const MAX_ANSWER_BYTES = 256 * 1024;
const CACHED_MS = 30_000;
const MAX_CACHED = 500;
const CLOSE_MS = 2000;

/** The website, told and asked by POST requests to addresses that the operator configured (`spec/barertc.md` 2.7). */
export class Webhooks implements Website {
  readonly #options: WebhooksOptions;
  readonly #report: Address | undefined;
  readonly #profile: Address | undefined;
  readonly #closing = new AbortController();
  readonly #reports = new Set<Promise<void>>();
  readonly #questions = new Set<Promise<Answer>>();
  /** By name key, in the order in which they were asked. */
  readonly #answers = new Map<string, { readonly answer: Promise<Answer>; readonly until: number }>();

  /** Throws where an address is none. */
  constructor(options: WebhooksOptions) {
    this.#options = options;
    this.#report = options.report === '' ? undefined : addressOf(options.report);
    this.#profile = options.profile === '' ? undefined : addressOf(options.profile);
  }

  get takesReports(): boolean {
    return this.#report !== undefined;
  }

  get hasProfiles(): boolean {
    return this.#profile !== undefined;
  }

  async report(report: Report): Promise<void> {
    const address = this.#report;
    if (!address) throw new WebhookError('off');
    const body = { Action: 'report', APIKey: this.#options.apiKey, Report: reportOnWire(report) };
    await this.#tracked(this.#reports, { limit: MAX_REPORTS, action: 'report', address }, () =>
      this.#postAgain(address, body),
    );
  }

  async profile(username: string): Promise<Answer | undefined> {
    const address = this.#profile;
    if (!address) return undefined;
    const key = nameKey(username);
    const known = this.#answers.get(key);
    if (known && known.until > this.#options.now()) return known.answer;
    const body = { Action: 'profile', APIKey: this.#options.apiKey, Username: username };
    const answer = this.#tracked(this.#questions, { limit: MAX_QUESTIONS, action: 'profile', address }, async () =>
      readProfile(await post(this.#posting(address, body), (response) => readJson(response, MAX_ANSWER_BYTES))),
    );
    this.#remember(key, answer);
    return answer;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const done = new AbortController();
    const all = Promise.allSettled([...this.#reports, ...this.#questions]);
    const late = delay(CLOSE_MS, undefined, { signal: done.signal }).catch(() => {});
    await Promise.race([all, late]);
    done.abort();
  }

  async #postAgain(address: Address, body: object): Promise<void> {
    for (const pause of PAUSES_MS) {
      try {
        return await post(this.#posting(address, body), discard);
      } catch (error) {
        if (!isPassing(error)) throw error;
      }
      await this.#pause(pause);
    }
    await post(this.#posting(address, body), discard);
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#closing;
    const sleep = this.#options.sleep ?? ((time: number) => delay(time, undefined, { signal }));
    try {
      await sleep(ms, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    if (signal.aborted) throw new WebhookError('closed');
  }

  #posting(address: Address, body: object) {
    return { address, body, timeoutMs: this.#options.timeoutMs, signal: this.#closing.signal };
  }

  /** One line for each that fails: where it went and how it ended, never what was in it. */
  async #tracked<T>(
    underWay: Set<Promise<T>>,
    { limit, action, address }: { readonly limit: number; readonly action: string; readonly address: Address },
    work: () => Promise<T>,
  ): Promise<T> {
    if (this.#closing.signal.aborted) throw new WebhookError('closed');
    if (underWay.size >= limit) throw new WebhookError('busy');
    const working = work();
    underWay.add(working);
    try {
      return await working;
    } catch (error) {
      const { problem, status } = error instanceof WebhookError ? error : { problem: 'fault', status: undefined };
      this.#options.log.warn({ action, host: address.host, problem, status }, 'a webhook failed');
      throw error;
    } finally {
      underWay.delete(working);
    }
  }

  /** What failed is asked again at once. */
  #remember(key: string, answer: Promise<Answer>): void {
    const entry = { answer, until: this.#options.now() + CACHED_MS };
    this.#answers.delete(key);
    this.#answers.set(key, entry);
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= MAX_CACHED) break;
      this.#answers.delete(oldest);
    }
    answer.catch(() => {
      if (this.#answers.get(key) === entry) this.#answers.delete(key);
    });
  }
}

/** What may go better the next time. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof WebhookError)) return false;
  const { problem, status = 0 } = error;
  return problem === 'timed-out' || problem === 'unreachable' || (problem === 'status' && status >= 500);
}

function reportOnWire(report: Report) {
  const part = (text: string) => text.slice(0, MAX_PART_LENGTH).toWellFormed();
  return {
    FromUsername: part(report.from),
    AboutUsername: part(report.about),
    Channel: part(report.channel),
    Timestamp: part(report.timestamp),
    Reason: part(report.reason),
    Message: part(report.message),
    Comment: part(report.comment),
  };
}
