/** A file of a recorded stream, as it lies in its folder. */
export interface RecordingFile {
  /** Its name within the folder. */
  readonly file: string;
  readonly bytes: number;
  /** When what it begins with happened, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Absent where it is not known: the file grows, or was never finished. */
  readonly durationMs?: number;
  /** Who published the stream; empty where that was not said. */
  readonly publisher: string;
  readonly label: string;
  /** What all files have in common that were recorded together. */
  readonly session: string;
  /** It is being written now, as far as one can see. */
  readonly isGrowing: boolean;
}
