export type TranscriptLine =
  | {
      readonly kind: 'channel';
      readonly channel: string;
      readonly author: string;
      readonly text: string;
      /** Milliseconds since 1970. */
      readonly at: number;
    }
  | {
      readonly kind: 'direct';
      readonly author: string;
      readonly recipient: string;
      readonly text: string;
      readonly at: number;
    };

/** What is said, for the record. Whose messages are written is the driver's to know. Driver: `text-files.ts`. */
export interface Transcripts {
  /** Never fails, and never waits: what cannot be written is lost. */
  write(line: TranscriptLine): void;
  /** Resolves when everything is written, or when that takes too long. */
  close(): Promise<void>;
}

export const NO_TRANSCRIPTS: Transcripts = { write: () => {}, close: () => Promise.resolve() };
