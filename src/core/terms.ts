/** What whoever made a room decided about how people meet there (`spec/galene.md` 4.2). */
export interface RoomTerms {
  readonly description: string;
  /** Locked whenever no operator is present. */
  readonly autolock: boolean;
  /** For operators and whoever is with them: without one, nobody comes in and nobody stays. */
  readonly autokick: boolean;
  /** Operators may record. */
  readonly recording: boolean;
  /** From and until when people may come in; milliseconds since 1970. Operators may at any time. */
  readonly notBefore?: number;
  readonly expires?: number;
  /** Newcomers are shown no messages that are older, in milliseconds; 0 is no limit. */
  readonly historyAgeMs: number;
  /** Where clients prove who somebody is, and where people go to do so, instead of asking for a password. */
  readonly authServer?: string;
  readonly authPortal?: string;
  /** Whether people can give themselves another password where they came in by one. */
  readonly passwordsChangeable?: boolean;
}

export const NO_TERMS: RoomTerms = {
  description: '',
  autolock: false,
  autokick: false,
  recording: false,
  historyAgeMs: 0,
};
