/** What the people behind the website are told; all of it as it is sent (`spec/barertc.md` 2.7). */
export interface Report {
  readonly from: string;
  readonly about: string;
  readonly channel: string;
  /** RFC 3339. */
  readonly timestamp: string;
  readonly reason: string;
  readonly message: string;
  readonly comment: string;
}

/** What the website says about somebody. */
export interface Profile {
  readonly headline: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

/** The website that the chat belongs to, as far as the chat asks or tells it something. Driver: `webhooks.ts`. */
export interface Website {
  readonly takesReports: boolean;
  readonly hasProfiles: boolean;
  /** Resolves when it is delivered, after several tries if need be; rejects with {@link WebhookError}. */
  report(report: Report): Promise<void>;
  /**
   * Undefined where the website is not asked for profiles; `error` where it answers that it has none, in its words.
   * Rejects with {@link WebhookError}.
   */
  profile(username: string): Promise<Profile | { readonly error: string } | undefined>;
  /** Gives up what is under way, within two seconds. */
  close(): Promise<void>;
}

/**
 * `off`: no address is configured. `busy`: too much is waiting already. `closed`: we are stopping.
 * `status`: the answer was not 200. `invalid`: the answer was 200 and nonsense, or too large.
 */
export type WebhookProblem = 'off' | 'busy' | 'closed' | 'timed-out' | 'unreachable' | 'status' | 'invalid';

export class WebhookError extends Error {
  override readonly name = 'WebhookError';
  readonly problem: WebhookProblem;
  /** Of the answer, where there was one. */
  readonly status: number | undefined;

  constructor(problem: WebhookProblem, options: { readonly status?: number; readonly cause?: unknown } = {}) {
    super(options.status === undefined ? problem : `${problem} ${options.status}`, { cause: options.cause });
    this.problem = problem;
    this.status = options.status;
  }
}

/** For a chat without a website. */
export const NO_WEBSITE: Website = {
  takesReports: false,
  hasProfiles: false,
  report: () => Promise.reject(new WebhookError('off')),
  profile: () => Promise.resolve(undefined),
  close: () => Promise.resolve(),
};
