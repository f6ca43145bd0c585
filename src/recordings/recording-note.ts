/** What a file says of its recording, so that it can be told what it is wherever it is copied to. */
export interface RecordingNote {
  /** When what it begins with happened, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly publisher: string;
  readonly label: string;
  readonly session: string;
}

/**
 * Names of the tags that say so; players show the first two, too. What a file began with is there to a millisecond,
 * so that files of one session can be laid side by side.
 */
export const NOTE_TAGS = {
  publisher: 'ARTIST',
  date: 'DATE_RECORDED',
  label: 'PARLOUR_LABEL',
  session: 'PARLOUR_SESSION',
  startedAt: 'PARLOUR_STARTED_MS',
} as const;

/** Of each text, in characters: the head of a file is read in one piece. */
export const LONGEST_NOTE = 200;
