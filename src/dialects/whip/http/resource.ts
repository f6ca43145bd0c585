import type { StreamChoice, StreamId } from '../../../core/stream.ts';
import type { Desk } from '../../desk.ts';
import { credentialsOf, type Fragment, fragmentOf, turnedDown, withCandidates, withTransport } from '../sdp.ts';
import type { SessionFrame } from '../wire.ts';
import { type Gathering, gatheringOf } from './gathering.ts';
import { type Failure, InnerSession } from './inner-session.ts';

export interface ResourceOptions {
  readonly desk: Desk;
  /** Whose requests these are. */
  readonly address: string;
  /** By which other clients know them; what they publish is called so, too. */
  readonly clientId: string;
  readonly room: string;
  readonly name: string;
  readonly token: string | undefined;
  /** What is to be played; who has none of it publishes. */
  readonly choice: StreamChoice | undefined;
  readonly patience: Patience;
  /** It is over. */
  gone(): void;
}

/** In milliseconds. */
export interface Patience {
  /** Until something of a publisher arrives. */
  readonly firstMs: number;
  /** Until it arrives again. */
  readonly lostMs: number;
}

const MOST_WAITING = 4;
const TOO_FAST: Failure = { type: 'refused', code: 'too-fast', text: 'Please wait until it has been restarted.' };

/** One publisher or player, as long as its requests find it. Closed by `DELETE`, or as its stream or session ends. */
export class Resource {
  /** Of the description that there is now. */
  etag: string;
  readonly #options: ResourceOptions;
  readonly #session: InnerSession;
  #offer = '';
  #stream: StreamId;
  #ufrag: string | undefined;
  #failure: Failure | undefined;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(options: ResourceOptions) {
    this.#options = options;
    this.#stream = options.clientId;
    this.etag = newEtag(options.desk);
    this.#session = new InnerSession(options.desk, { address: options.address, news: (frame) => this.#hear(frame) });
  }

  /** Enters, and gives the answer to the offer; or why not, and then it is over. */
  async begin(offer: string): Promise<{ readonly answer: string } | Failure> {
    const { clientId: id, room, name, token, choice } = this.#options;
    const secret = token === undefined ? {} : { token };
    const wish = choice === undefined ? {} : { choice };
    const reply = await this.#session.ask({ type: 'join', id, room, name, ...secret, ...wish });
    const described = reply.type === 'entered' ? await this.#describe(offer) : reply;
    if ('answer' in described) return described;
    const failure = described.type === 'answer' ? this.#over() : described;
    this.#end(failure);
    return failure;
  }

  /** Whether an `If-Match` names the description that there is now. */
  meets(condition: string): boolean {
    return condition.split(',').some((each) => each.trim() === '*' || each.trim() === this.etag);
  }

  /** Whether a fragment is of the way that there is. */
  isCurrent({ credentials }: Fragment): boolean {
    return credentials === undefined || credentials.ufrag === this.#ufrag;
  }

  trickle({ candidates }: Fragment): void {
    const ufrag = this.#ufrag === undefined ? {} : { usernameFragment: this.#ufrag };
    for (const { candidate, mid } of candidates) {
      const place = mid === undefined ? {} : { sdpMid: mid };
      this.#session.say({ type: 'candidate', stream: this.#stream, candidate: { candidate, ...place, ...ufrag } });
    }
  }

  /**
   * Another way, if the condition is still met when its turn comes. Gives the fragment that answers; or why not, and then
   * things are as they were, unless it is over.
   */
  async restart(fragment: Fragment, condition: string): Promise<{ readonly fragment: string } | Failure | 'stale'> {
    if (this.#waiting >= MOST_WAITING) return TOO_FAST;
    this.#waiting += 1;
    const done = this.#turn.then(async () => (this.meets(condition) ? this.#restart(fragment) : 'stale'));
    this.#turn = done.finally(() => {
      this.#waiting -= 1;
    });
    return done;
  }

  close(): void {
    this.#end({ type: 'ended', code: 'left', text: 'It was deleted.' });
  }

  async #restart(fragment: Fragment): Promise<{ readonly fragment: string } | Failure> {
    const described = await this.#describe(withTransport(this.#offer, fragment));
    return 'answer' in described ? { fragment: fragmentOf(described.answer) } : described;
  }

  async #describe(offer: string): Promise<{ readonly answer: string } | Failure> {
    const { choice } = this.#options;
    const isAgain = this.#offer !== '';
    const reply = await this.#session.ask(
      choice
        ? { type: 'play', choice: isAgain ? { stream: this.#stream } : choice, sdp: offer }
        : { type: 'publish', stream: this.#stream, sdp: offer },
    );
    if (reply.type === 'entered') return this.#over();
    if (reply.type !== 'answer') return reply;
    const missing = choice || isAgain ? [] : turnedDown(offer, reply.sdp);
    if (missing.length > 0) return unfit(missing);
    this.#offer = offer;
    this.#stream = reply.stream;
    this.#ufrag = credentialsOf(offer)?.ufrag;
    this.etag = newEtag(this.#options.desk);
    if (!choice) this.#await(this.#options.patience.firstMs);
    const candidates = await this.#session.candidates(this.#gathering(reply.sdp));
    return this.#failure ?? { answer: withCandidates(reply.sdp, candidates) };
  }

  #gathering(answer: string): Gathering {
    const gathering = gatheringOf(this.#options.desk, this.#options.clientId);
    return /^a=candidate:/m.test(answer) ? { ...gathering, firstMs: gathering.quietMs } : gathering;
  }

  #over(): Failure {
    return this.#failure ?? { type: 'ended', code: 'server-fault', text: 'Something went wrong on the server.' };
  }

  #hear(frame: SessionFrame): void {
    if (frame.type === 'flowing') clearTimeout(this.#timer);
    if (frame.type === 'flowing') this.#timer = undefined;
    // It is said again and again, as long as it is so.
    if (frame.type === 'lost' && this.#timer === undefined) this.#await(this.#options.patience.lostMs);
    if (frame.type === 'ended') this.#end(frame);
  }

  /** Who does not come (back) by then is gone. */
  #await(milliseconds: number): void {
    if (this.#failure) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#end({ type: 'ended', code: 'timed-out', text: 'Nothing arrived.' }),
      milliseconds,
    );
  }

  #end(failure: Failure): void {
    if (this.#failure) return;
    this.#failure = failure;
    clearTimeout(this.#timer);
    this.#options.gone();
    // The room may be in the middle of saying it.
    queueMicrotask(() => this.#session.end());
  }
}

/** An encoder whose pictures nobody takes is better told so than left without. */
function unfit(kinds: readonly string[]): Failure {
  const text = `The codecs of the ${kinds.join(' and ')} are not taken here.`;
  return { type: 'refused', code: 'stream-unfit', text };
}

function newEtag(desk: Desk): string {
  return `"${desk.newId()}"`;
}
