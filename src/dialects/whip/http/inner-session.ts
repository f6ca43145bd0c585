import type { Desk, Line } from '../../desk.ts';
import { MOUNT } from '../mount.ts';
import type { EndpointFrame, SessionFrame } from '../wire.ts';
import type { Gathering } from './gathering.ts';

export type Failure = Extract<SessionFrame, { type: 'refused' | 'ended' }>;
export type Reply = Failure | Extract<SessionFrame, { type: 'entered' | 'answer' }>;

const ANSWER_MS = 10_000;
/** Candidates that come later are not waited for, whatever came before. */
const GATHERING_MS = 3_000;
const MOST_CANDIDATES = 64;

const TOO_LATE: Failure = { type: 'ended', code: 'server-fault', text: 'No answer came in time.' };
const NO_ROOM: Failure = { type: 'refused', code: 'streams-too-many', text: 'There are too many connections.' };

/** The session that an endpoint speaks for, asked one thing after the other. */
export class InnerSession {
  readonly #line: Line | undefined;
  readonly #news: (frame: SessionFrame) => void;
  #ended: Failure | undefined;
  #reply: ((reply: Reply) => void) | undefined;
  #candidates: string[] = [];
  #gathered: (() => void) | undefined;

  /** `news` hears of what nobody asked for, its end included. */
  constructor(desk: Desk, options: { readonly address: string; news(frame: SessionFrame): void }) {
    this.#news = options.news;
    this.#line = desk.lines.open({
      mount: MOUNT,
      address: options.address,
      heard: (text) => this.#take(JSON.parse(text) as SessionFrame),
      ended: () => this.#end({ type: 'ended', code: 'left', text: 'The session is over.' }),
    });
    if (!this.#line) this.#ended = NO_ROOM;
  }

  say(frame: EndpointFrame): void {
    this.#line?.say(JSON.stringify(frame));
  }

  /** What is answered. One question at a time. */
  ask(frame: Extract<EndpointFrame, { type: 'join' | 'publish' | 'play' }>): Promise<Reply> {
    if (this.#ended) return Promise.resolve(this.#ended);
    this.#candidates = [];
    return new Promise((resolve) => {
      // A late answer would be taken for that of the next question.
      const timer = setTimeout(() => this.#end(TOO_LATE), ANSWER_MS);
      this.#reply = (reply) => {
        clearTimeout(timer);
        this.#reply = undefined;
        resolve(reply);
      };
      this.say(frame);
    });
  }

  /** The server's candidates since the latest question, once no more seem to come: clients cannot be told later. */
  candidates({ firstMs, quietMs }: Gathering): Promise<readonly string[]> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(quiet);
        clearTimeout(end);
        this.#gathered = undefined;
        resolve(this.#candidates);
      };
      const end = setTimeout(done, GATHERING_MS);
      let quiet = setTimeout(done, this.#candidates.length > 0 ? quietMs : firstMs);
      this.#gathered = () => {
        clearTimeout(quiet);
        if (this.#ended || this.#candidates.length >= MOST_CANDIDATES) done();
        else quiet = setTimeout(done, quietMs);
      };
    });
  }

  end(): void {
    this.#line?.end();
  }

  #take(frame: SessionFrame): void {
    switch (frame.type) {
      case 'entered':
      case 'answer':
      case 'refused':
        this.#reply?.(frame);
        return;
      case 'candidate':
        if (this.#candidates.length < MOST_CANDIDATES) this.#candidates.push(frame.candidate.candidate);
        this.#gathered?.();
        return;
      case 'ended':
        this.#end(frame);
        return;
      case 'flowing':
      case 'lost':
        this.#news(frame);
        return;
      default:
        frame satisfies never;
    }
  }

  #end(failure: Failure): void {
    if (this.#ended) return;
    this.#ended = failure;
    this.#reply?.(failure);
    this.#gathered?.();
    this.#news(failure);
  }
}
