import type { RtpHeader } from './header.ts';
import { extensionText } from './header-extensions.ts';

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

/** How many SSRCs of one connection are remembered, those that are passed over included. */
const MOST = 64;

/** Who sends which packets of a publisher's connection: learned from the first packets, then known by SSRC. */
export class SourceTable {
  #sections: readonly SourceSection[];
  /** Null is somebody whose packets are passed over: a repair, or one that another took the place of. */
  readonly #known = new Map<number, KnownSource | null>();

  constructor(sections: readonly SourceSection[]) {
    this.#sections = sections;
  }

  /** Undefined for repairs, for what belongs to no section, and for senders that another one took the place of. */
  identify(packet: Uint8Array, header: RtpHeader): KnownSource | undefined {
    const known = this.#known.get(header.ssrc);
    if (known === undefined) return this.#learn(packet, header);
    return known ?? undefined;
  }

  /** For RTCP, which names SSRCs only. */
  bySsrc(ssrc: number): KnownSource | undefined {
    return this.#known.get(ssrc) ?? undefined;
  }

  /** After a renegotiation. Sources of sections that are still there stay what they are. */
  update(sections: readonly SourceSection[]): void {
    this.#sections = sections;
    for (const [ssrc, source] of this.#known) {
      if (source === null || !this.#isStillTrue(source)) this.#known.delete(ssrc);
    }
  }

  #isStillTrue({ section, mid, rid, layer }: KnownSource): boolean {
    const now = this.#sections[section];
    return now?.mid === mid && now.rids[layer] === rid;
  }

  #learn(packet: Uint8Array, header: RtpHeader): KnownSource | undefined {
    const index = this.#sectionOf(packet, header);
    const section = this.#sections[index];
    if (section === undefined) return undefined;
    if (this.#isRepair(section, packet, header)) return this.#passOver(header.ssrc);
    if (!section.payloadTypes.includes(header.payloadType)) return undefined;
    const { rid: id } = section.extensions;
    const rid = section.rids.length === 0 || id === undefined ? undefined : extensionText(packet, header, id);
    const layer = section.rids.length === 0 ? 0 : section.rids.indexOf(rid ?? '');
    if (layer < 0) return undefined;
    return this.#take({ ssrc: header.ssrc, mid: section.mid, section: index, layer, rid });
  }

  /** By what the description says, the mid of the packet, or a payload type that only one section has (RFC 8843 9.2). */
  #sectionOf(packet: Uint8Array, header: RtpHeader): number {
    const declared = this.#sections.findIndex((section) => declares(section, header.ssrc));
    if (declared >= 0) return declared;
    let hasMid = false;
    for (const [index, { mid, extensions }] of this.#sections.entries()) {
      const said = extensions.mid === undefined ? undefined : extensionText(packet, header, extensions.mid);
      if (said === mid) return index;
      hasMid ||= said !== undefined;
    }
    if (hasMid) return -1;
    const only = this.#sections.filter(({ payloadTypes }) => payloadTypes.includes(header.payloadType));
    return only.length === 1 && only[0] ? this.#sections.indexOf(only[0]) : -1;
  }

  #isRepair(section: SourceSection, packet: Uint8Array, header: RtpHeader): boolean {
    if (section.repairSsrcs?.includes(header.ssrc)) return true;
    const { repairedRid } = section.extensions;
    return repairedRid !== undefined && extensionText(packet, header, repairedRid) !== undefined;
  }

  #take(source: KnownSource): KnownSource | undefined {
    const before = this.#placeOf(source);
    if (!this.#hasRoom()) return undefined;
    if (before) this.#known.set(before.ssrc, null);
    this.#known.set(source.ssrc, source);
    return source;
  }

  #placeOf({ section, layer }: KnownSource): KnownSource | undefined {
    for (const known of this.#known.values()) {
      if (known !== null && known.section === section && known.layer === layer) return known;
    }
    return undefined;
  }

  #passOver(ssrc: number): undefined {
    if (this.#hasRoom()) this.#known.set(ssrc, null);
  }

  /** Makes room by forgetting the longest known of those that are passed over. */
  #hasRoom(): boolean {
    if (this.#known.size < MOST) return true;
    for (const [ssrc, source] of this.#known) {
      if (source === null) return this.#known.delete(ssrc);
    }
    return false;
  }
}

function declares({ ssrcs, repairSsrcs = [] }: SourceSection, ssrc: number): boolean {
  return ssrcs.includes(ssrc) || repairSsrcs.includes(ssrc);
}
