import type { IceServer } from './options.ts';
import type { PipeNetwork } from './pipe-config.ts';
import type { Scratch } from './rtp/scratch.ts';
import type { SideDoor } from './side-door/side-door.ts';

/** What all connections of one process share. */
export interface Site {
  readonly network: PipeNetwork;
  iceServers(): readonly IceServer[];
  /** For those whose checks the library refuses. */
  readonly sideDoor: SideDoor;
  /** Milliseconds since 1970, with fractions; never goes back. */
  now(): number;
  /** A whole number from 0 to 2^32 - 1. */
  random(): number;
  /** What is written into it is sent before the next is written. */
  readonly scratch: Scratch;
  /** An error of ours, met while a packet was dealt with: the packet is lost, nothing else. */
  failed(error: unknown, where: string): void;
}
