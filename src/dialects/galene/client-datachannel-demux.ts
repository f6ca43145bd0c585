import type { DatachannelTransceiver } from './client-datachannel-transceiver.ts';
import { extensionText, parseRtp } from './client-rtp.ts';

/** A sender has a handful of them; more is somebody who makes them up. */
const MAX_SSRCS = 256;

/** Finds out which track a packet is of: by what was said, else by its own words, else by its codec (RFC 8843 9.2). */
export class Demux {
  readonly #bySsrc = new Map<number, DatachannelTransceiver>();
  #transceivers: readonly DatachannelTransceiver[] = [];

  /** What is agreed on now. */
  use(transceivers: readonly DatachannelTransceiver[]): void {
    this.#transceivers = transceivers.filter(({ isReceiving }) => isReceiving);
    this.#bySsrc.clear();
    for (const transceiver of this.#transceivers) {
      for (const ssrc of transceiver.agreement?.ssrcs ?? []) this.#bySsrc.set(ssrc, transceiver);
    }
  }

  find(bytes: Buffer): DatachannelTransceiver | undefined {
    if (bytes.length < 12) return undefined;
    const known = this.#bySsrc.get(bytes.readUInt32BE(8));
    if (known) return known;
    const found = this.#byWords(bytes);
    if (found && this.#bySsrc.size < MAX_SSRCS) this.#bySsrc.set(bytes.readUInt32BE(8), found);
    return found;
  }

  #byWords(bytes: Buffer): DatachannelTransceiver | undefined {
    const packet = parseRtp(bytes);
    if (!packet) return undefined;
    const named = this.#transceivers.find(({ agreement }) => {
      const mid = extensionText(packet, agreement?.midExtension);
      return mid !== undefined && mid === agreement?.mid;
    });
    if (named) return named;
    const likely = this.#transceivers.filter(({ agreement }) =>
      agreement?.codecs.some(({ payloadType }) => payloadType === packet.payloadType),
    );
    return likely.length === 1 ? likely[0] : undefined;
  }
}
