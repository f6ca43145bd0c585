import type { CodecName } from '../../port.ts';
import type { ExtensionPlan } from './extension-plan.ts';
import type { RtpHeader } from './header.ts';
import type { TrackClock } from './publisher-clock.ts';
import type { SenderReportFields } from './rtcp.ts';
import type { Scratch } from './scratch.ts';

/** What a receiver's track may be fed from: one layer of one publisher's track. Known by its identity. */
export interface RewriterSource {
  readonly clock: TrackClock;
}

export interface RewriterOptions {
  readonly ssrc: number;
  readonly payloadType: number;
  readonly codec: CodecName;
  /** Random, so that what others can guess is little. 16 and 32 bits. */
  readonly firstSequence: number;
  readonly firstTimestamp: number;
  readonly scratch: Scratch;
}

/** A packet as it came in: the header was read from it, the info is `packetInfo` of it. */
export interface IncomingPacket {
  packet: Buffer;
  readonly header: RtpHeader;
  info: number;
}

/**
 * One track as one receiver gets it: one SSRC with unbroken sequence numbers and timestamps, whatever it is fed from.
 * All packets it gives are views of the scratch, good until the next one is written.
 */
export class Rewriter<Source extends RewriterSource> {
  constructor(options: RewriterOptions) {
    throw new Error(`not yet ${options}`);
  }

  /** Whose packets are sent now. */
  get source(): Source | undefined {
    throw new Error('not yet');
  }

  /** Whose packets are sent from their next keyframe on; as long as there is one, a keyframe of it is wanted. */
  get pending(): Source | undefined {
    throw new Error('not yet');
  }

  /**
   * Feeds it from another source: from its next keyframe on, or the next packet if it is audio, and from the old one
   * until then. Switching to what is sent already takes a pending switch back.
   */
  switchTo(source: Source, extensions: ExtensionPlan): void {
    throw new Error(`not yet ${source} ${extensions}`);
  }

  /** Sends nothing more, and waits for no keyframe, until the next `switchTo`. */
  pause(): void {
    throw new Error('not yet');
  }

  /** The packet for the receiver, or nothing where they are not to have it (another layer, before the keyframe). */
  forward(source: Source, incoming: IncomingPacket, now: number): Buffer | undefined {
    throw new Error(`not yet ${source} ${incoming} ${now}`);
  }

  /**
   * A packet of the source that is being sent which this receiver is not to have (a temporal layer): those after it
   * close the gap. Where the gap was already shown to the receiver, gives an empty packet to send in its place.
   */
  drop(source: Source, incoming: IncomingPacket, now: number): Buffer | undefined {
    throw new Error(`not yet ${source} ${incoming} ${now}`);
  }

  /** Where a packet came from that the receiver asks for again; undefined where it was long ago or never sent. */
  originOf(sequence: number): { readonly source: Source; readonly sequence: number } | undefined {
    throw new Error(`not yet ${sequence}`);
  }

  /** The same packet once more, from the cache of its source. Changes nothing but the counts of the sender report. */
  again(source: Source, incoming: IncomingPacket): Buffer | undefined {
    throw new Error(`not yet ${source} ${incoming}`);
  }

  /** What the receiver is to be told now; undefined before anything was sent or the publisher's first report came. */
  senderReport(now: number): SenderReportFields | undefined {
    throw new Error(`not yet ${now}`);
  }
}
