import type { ChannelId } from './ids.ts';

/** A named thread in a room. */
export interface Channel {
  readonly id: ChannelId;
  readonly name: string;
  /** A CSS class or emoji; clients that know neither ignore it. */
  readonly icon: string;
  readonly description: string;
  /** Markdown, shown to everybody who enters. */
  readonly welcome: readonly string[];
  /** Read and written by VIPs and operators only. */
  readonly vip: boolean;
  readonly photos: boolean;
  /** How many of the latest messages a newcomer is shown. */
  readonly newcomerMessages: number;
}
