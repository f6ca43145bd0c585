import type { Command, CommandType, JoinCommand } from '../core/command.ts';
import type { Session } from './session.ts';
import { type Rate, TokenBucket, TokenBuckets } from './token-bucket.ts';

/** Kinds of commands that cost others something, each with a rate of its own per session and per household. */
export type LimitedKind =
  | 'enter'
  | 'post'
  | 'image'
  | 'react'
  | 'relate'
  | 'presence'
  | 'typing'
  | 'rename'
  | 'open'
  | 'ask'
  | 'caption'
  | 'note'
  | 'stream';

export type CommandRates = Readonly<Record<LimitedKind, Rate>>;

export interface RateSettings {
  readonly posts: Rate;
  readonly images: Rate;
  /** How many people's rates one household has: who connects anew has a new session, but the same address. */
  readonly peoplePerAddress: number;
  readonly loginsPerAddress: Rate;
}

/** Posts as configured; the rest above what the known clients do (`spec/barertc.md` 1.6 and 1.7). */
export function commandRates({ posts, images }: Pick<RateSettings, 'posts' | 'images'>): CommandRates {
  return {
    // On some wires one connection may log in again; all others are told that somebody went and came.
    enter: { burst: 20, perSecond: 0.5 },
    post: posts,
    image: images,
    react: { burst: 30, perSecond: 3 },
    // After a reconnect, clients say each of their boots and mutes again.
    relate: { burst: 500, perSecond: 5 },
    presence: { burst: 30, perSecond: 2 },
    typing: { burst: 20, perSecond: 2 },
    // What others decided about a name is kept for each of them.
    rename: { burst: 20, perSecond: 0.1 },
    open: { burst: 60, perSecond: 4 },
    ask: { burst: 60, perSecond: 10 },
    // Several a sentence, as it is heard.
    caption: { burst: 40, perSecond: 10 },
    // Candidates of clients that connect to each other; layouts that change with the window.
    note: { burst: 200, perSecond: 20 },
    // Each may lead to an offer for everybody.
    stream: { burst: 40, perSecond: 4 },
  };
}

const KINDS: Partial<Record<CommandType, LimitedKind>> = {
  join: 'enter',
  resume: 'enter',
  'post-message': 'post',
  'post-image': 'image',
  'post-attachment': 'post',
  'retract-message': 'react',
  react: 'react',
  nudge: 'react',
  report: 'react',
  relate: 'relate',
  'block-all': 'relate',
  'set-presence': 'presence',
  'set-typing': 'typing',
  'set-lock': 'presence',
  'set-room-data': 'presence',
  'set-own-data': 'presence',
  grant: 'presence',
  'clear-messages': 'ask',
  identify: 'ask',
  caption: 'caption',
  record: 'presence',
  'pass-note': 'note',
  publish: 'stream',
  'request-streams': 'note',
  'restart-stream': 'stream',
  'play-stream': 'stream',
  'request-stream': 'note',
  'make-room-token': 'ask',
  'edit-room-token': 'ask',
  'list-room-tokens': 'ask',
  'open-camera': 'open',
  'fetch-history': 'ask',
  'list-threads': 'ask',
  'create-invitation': 'ask',
  rename: 'rename',
  'show-roster': 'presence',
  'set-password': 'presence',
  'create-channel': 'ask',
  'delete-channel': 'ask',
  announce: 'post',
};

/** What is passed on to all costs as much as what is posted; of what is relayed to one of them, frames are counted. */
function kindOf(command: Command): LimitedKind | undefined {
  const isToAll =
    (command.type === 'relay' && command.to === 'all') || (command.type === 'pass-note' && command.to === undefined);
  return isToAll ? 'post' : KINDS[command.type];
}

/** As many as the longest lists of most people have. */
const RELATIONS_PER_LOGIN = 500;

/** What sessions, and all sessions of one household together, may do. */
export class Limits {
  readonly #rates: CommandRates;
  readonly #households: ReadonlyMap<LimitedKind, TokenBuckets>;

  constructor(settings: RateSettings) {
    this.#rates = commandRates(settings);
    const { peoplePerAddress: people } = settings;
    this.#households = new Map(
      (Object.entries(this.#rates) as [LimitedKind, Rate][]).map(([kind, rate]) => [
        kind,
        new TokenBuckets(kind === 'enter' ? settings.loginsPerAddress : times(rate, people)),
      ]),
    );
  }

  /** Whether the session may do this now; takes from its allowance, and from its household's. */
  allows(session: Session, command: Command, now: number): boolean {
    const kind = kindOf(command);
    if (kind === undefined) return true;
    return this.takes(session, kind, now) && (command.type !== 'join' || this.#takesRelations(session, command, now));
  }

  /** Long lists of whom somebody blocks count as further logins of their household. */
  #takesRelations(session: Session, { relations }: JoinCommand, now: number): boolean {
    const names = Object.values(relations).reduce((sum, list) => sum + list.length, 0);
    const logins = Math.floor(names / RELATIONS_PER_LOGIN);
    return logins === 0 || (this.#households.get('enter')?.take(session.household, now, logins) ?? true);
  }

  takes(session: Session, kind: LimitedKind, now: number): boolean {
    const rate = this.#rates[kind];
    session.buckets ??= new Map();
    let bucket = session.buckets.get(kind);
    if (!bucket) {
      bucket = new TokenBucket(rate, now);
      session.buckets.set(kind, bucket);
    }
    return bucket.take(rate, now) && (this.#households.get(kind)?.take(session.household, now) ?? true);
  }

  /** Forgets who has not done anything for long. */
  sweep(now: number): void {
    for (const buckets of this.#households.values()) buckets.sweep(now);
  }
}

function times(rate: Rate, people: number): Rate {
  return { burst: rate.burst * people, perSecond: rate.perSecond * people };
}
