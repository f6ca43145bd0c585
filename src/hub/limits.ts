import type { CommandType } from '../core/command.ts';
import type { Session } from './session.ts';
import { type Rate, TokenBucket } from './token-bucket.ts';

/** Kinds of commands that cost others something, each with a rate of its own per session. */
export type LimitedKind = 'enter' | 'post' | 'react' | 'relate' | 'presence' | 'typing' | 'open' | 'ask';

export type CommandRates = Readonly<Record<LimitedKind, Rate>>;

/** Posts as configured; the rest above what the known clients do (`spec/barertc.md` 1.6 and 1.7). */
export function commandRates(post: Rate): CommandRates {
  return {
    // On some wires one connection may log in again; all others are told that somebody went and came.
    enter: { burst: 20, perSecond: 0.5 },
    post,
    react: { burst: 30, perSecond: 3 },
    // After a reconnect, clients say each of their boots and mutes again.
    relate: { burst: 500, perSecond: 5 },
    presence: { burst: 30, perSecond: 2 },
    typing: { burst: 20, perSecond: 2 },
    open: { burst: 60, perSecond: 4 },
    ask: { burst: 60, perSecond: 10 },
  };
}

const KINDS: Partial<Record<CommandType, LimitedKind>> = {
  join: 'enter',
  'post-message': 'post',
  'post-image': 'post',
  'post-attachment': 'post',
  'retract-message': 'react',
  react: 'react',
  nudge: 'react',
  report: 'react',
  relate: 'relate',
  'block-all': 'relate',
  'set-presence': 'presence',
  'set-typing': 'typing',
  'open-camera': 'open',
  'fetch-history': 'ask',
  'list-threads': 'ask',
  'create-invitation': 'ask',
};

/** People of one household or school share an address: so many of them may talk at once. */
const PEOPLE_PER_ADDRESS = 50;

/** What all sessions of one address may post together. */
export function addressRate(post: Rate): Rate {
  return { burst: post.burst * PEOPLE_PER_ADDRESS, perSecond: post.perSecond * PEOPLE_PER_ADDRESS };
}

export function isPost(type: CommandType): boolean {
  return KINDS[type] === 'post';
}

/** Whether the session may do this now; takes from its allowance. */
export function allows(
  session: Session,
  type: CommandType,
  limits: { readonly rates: CommandRates; readonly now: number },
): boolean {
  const kind = KINDS[type];
  if (!kind) return true;
  const rate = limits.rates[kind];
  session.buckets ??= new Map();
  let bucket = session.buckets.get(kind);
  if (!bucket) {
    bucket = new TokenBucket(rate, limits.now);
    session.buckets.set(kind, bucket);
  }
  return bucket.take(rate, limits.now);
}
