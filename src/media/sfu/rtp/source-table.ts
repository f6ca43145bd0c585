import type { RtpHeader } from './header.ts';

/** What a publisher's description says of one section that it sends. */
export interface SourceSection {
  readonly mid: string;
  /** Payload types that were agreed on in this section. */
  readonly payloadTypes: readonly number[];
  /** In the order of the description, the best first; empty where it is no simulcast. */
  readonly rids: readonly string[];
  /** Those of `a=ssrc` that are for media; empty where the description names none. */
  readonly ssrcs: readonly number[];
  /** Those that repeat others (the second of each `ssrc-group:FID`). */
  readonly repairSsrcs?: readonly number[];
  /** Extension ids of the section. */
  readonly extensions: {
    readonly mid?: number;
    readonly rid?: number;
    readonly repairedRid?: number;
  };
}

/** One sender of packets: a layer of a section. A layer that comes with a new SSRC is a new one. */
export interface KnownSource {
  readonly ssrc: number;
  readonly mid: string;
  /** The section's place in the table, and the layer's place among its rids (0 where it is no simulcast). */
  readonly section: number;
  readonly layer: number;
  readonly rid: string | undefined;
}

/** Who sends which packets of a publisher's connection: learned from the first packets, then known by SSRC. */
export class SourceTable {
  constructor(sections: readonly SourceSection[]) {
    throw new Error(`not yet ${sections}`);
  }

  /** Undefined for repairs, for what belongs to no section, and for senders that another one took the place of. */
  identify(packet: Uint8Array, header: RtpHeader): KnownSource | undefined {
    throw new Error(`not yet ${packet} ${header}`);
  }

  /** For RTCP, which names SSRCs only. */
  bySsrc(ssrc: number): KnownSource | undefined {
    throw new Error(`not yet ${ssrc}`);
  }

  /** After a renegotiation. Sources of sections that are still there stay what they are. */
  update(sections: readonly SourceSection[]): void {
    throw new Error(`not yet ${sections}`);
  }
}
