import type { DatachannelPeer } from '../../../../src/dialects/galene/client-datachannel-peer.ts';
import { parseRtcp, type Rtcp } from '../../../../src/dialects/galene/client-rtcp.ts';

type Timed<Part> = Part & { readonly at: number };

/** What the server said by RTCP on one connection, and when. */
export class Reports {
  readonly #parts: Timed<Rtcp>[] = [];

  constructor(peer: DatachannelPeer) {
    peer.onRtcp((bytes) => {
      const at = performance.now();
      for (const part of parseRtcp(bytes)) this.#parts.push({ ...part, at });
    });
  }

  /** The parts of one packet have the same time. */
  of<Type extends Rtcp['type']>(type: Type, since = 0): Timed<Extract<Rtcp, { readonly type: Type }>>[] {
    return this.#parts.filter((part) => part.type === type && part.at >= since) as never;
  }
}
