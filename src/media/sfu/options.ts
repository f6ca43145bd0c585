/** What the composition root says of forwarding. */
export interface SfuOptions {
  /** Processes that forward: one for each core to spare. At least 1. */
  readonly workers: number;
  /** All addresses of the machine where it is left out. */
  readonly bindAddress?: string;
  /**
   * A range of UDP ports, shared out among the workers; or ports that each carry all connections of one worker, of
   * which there are then no more than ports. Any free port where it is left out. Side doors are as many ports again.
   */
  readonly ports?:
    | { readonly begin: number; readonly end: number }
    | { readonly shared: readonly number[]; readonly sideDoors?: readonly number[] };
  /** Addresses that lead here from outside (NAT), told to browsers beside our own. */
  readonly announced: readonly string[];
  /** Never talk to browsers but over TURN. */
  readonly relayOnly?: boolean;
  /** STUN and TURN servers that our own connections use; asked for whenever one is made. */
  iceServers(): readonly IceServer[];
  /** A process that is silent for so long counts as dead, and is ended. 10,000 where it is left out. */
  readonly patienceMs?: number;
  readonly log: SfuLog;
}

export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** As `pino` has it. */
export interface SfuLog {
  info(details: object, text: string): void;
  warn(details: object, text: string): void;
  error(details: object, text: string): void;
}
