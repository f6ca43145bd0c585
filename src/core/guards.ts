import type { MessageFilter } from './filter.ts';
import type { LinkSpamOptions } from './link-spam.ts';
import type { Rule } from './permission.ts';

/** What the operator set up against bad manners; see `[moderation]` and `[messages]` of the configuration. */
export interface RoomGuards {
  readonly filters: readonly MessageFilter[];
  /** Absent: links may go to any number of people. */
  readonly linkSpam?: LinkSpamOptions & { readonly banHours: number };
  /** What single people may not do, by name key. */
  readonly rules: ReadonlyMap<string, ReadonlySet<Rule>>;
  /** Whether images may be sent directly where neither side is an operator. */
  readonly directPhotos: boolean;
  /** Whether direct messages are stored. */
  readonly keepDirect: boolean;
}

export const NO_GUARDS: RoomGuards = { filters: [], rules: new Map(), directPhotos: true, keepDirect: true };
