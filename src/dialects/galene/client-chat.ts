import { type GaleneFrame, type Generation, timeOf } from './client-frames.ts';

/** A line of a `chat` or a `chathistory`. */
export interface ChatLine {
  readonly id: string | undefined;
  /** The client who wrote it; empty for the server. */
  readonly source: string;
  readonly username: string;
  /** Empty for everybody. */
  readonly dest: string;
  readonly kind: string;
  readonly value: unknown;
  /** Milliseconds since 1970. */
  readonly time: number | undefined;
  readonly privileged: boolean;
  readonly isHistory: boolean;
}

/** The history holds this many on the original server; another one may hold more, within reason. */
export const MAX_HISTORY = 1_000;

export function chatLineOf(generation: Generation, frame: GaleneFrame): ChatLine {
  const { id, source, username, dest, kind, value, privileged } = frame;
  // Before 0.4 a line of the history said who wrote it in `id`, and no `source` (`spec/galene.md` 0.2).
  const isOldHistory = generation === 'seed' && frame.type === 'chat' && !source && !!id;
  return {
    id: isOldHistory ? undefined : id,
    source: (isOldHistory ? id : source) ?? '',
    username: username ?? '',
    dest: dest ?? '',
    kind: kind ?? '',
    value,
    time: timeOf(frame),
    privileged: privileged === true,
    isHistory: isOldHistory || frame.type === 'chathistory',
  };
}
