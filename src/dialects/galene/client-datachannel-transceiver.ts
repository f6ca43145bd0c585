import { type Codec, type CodecLists, isSameCodec, type MediaKind } from './client-codecs.ts';
import type { Encoding, TrackLike, TransceiverLike } from './client-peer.ts';
import {
  type Direction,
  type MediaSection,
  MID_EXTENSION,
  REPAIRED_RID_EXTENSION,
  RID_EXTENSION,
} from './client-sdp.ts';

/** With the numbers that Chromium uses (`spec/galene.md` 2.2). */
const VIDEO_EXTENSIONS = new Map([
  [MID_EXTENSION, 4],
  [RID_EXTENSION, 10],
  [REPAIRED_RID_EXTENSION, 11],
]);
const AUDIO_EXTENSIONS = new Map([[MID_EXTENSION, 4]]);

/** What both ends agreed on about a track: what a sender has to write, and a receiver may expect. */
export interface Agreement {
  readonly mid: string;
  readonly kind: MediaKind;
  /** As seen from here; `inactive` where nothing flows. */
  readonly direction: Direction;
  readonly codecs: readonly Codec[];
  /** Of the sender, as far as they are known: one for each size, in the order of `rids`. */
  readonly ssrcs: readonly number[];
  /** The sizes that the other end takes; empty without simulcast. */
  readonly rids: readonly string[];
  readonly midExtension: number | undefined;
  readonly ridExtension: number | undefined;
}

export interface TransceiverOptions {
  readonly kind: MediaKind;
  readonly track: TrackLike;
  readonly direction: Direction;
  readonly encodings: readonly Encoding[];
  readonly ssrcs: readonly number[];
}

/** One track of a connection, in one direction. */
export class DatachannelTransceiver implements TransceiverLike {
  readonly kind: MediaKind;
  readonly track: TrackLike;
  readonly #options: TransceiverOptions;
  #mid: string | null = null;
  #agreement: Agreement | undefined;

  constructor(options: TransceiverOptions) {
    this.#options = options;
    this.kind = options.kind;
    this.track = options.track;
  }

  get mid(): string | null {
    return this.#mid;
  }

  /** Undefined before the first answer. */
  get agreement(): Agreement | undefined {
    return this.#agreement;
  }

  /** Whether the other end sends. */
  get isReceiving(): boolean {
    return this.#agreement?.direction === 'recvonly';
  }

  /** The section of an offer. */
  offered(options: {
    readonly mid: string;
    readonly codecs: CodecLists;
    readonly cname: string;
    readonly stream: string;
  }): MediaSection {
    const { kind, track } = this;
    const { encodings, ssrcs, direction } = this.#options;
    const rids = encodings.flatMap(({ rid }) => rid ?? []);
    const isSimulcast = rids.length > 1;
    this.#mid = options.mid;
    return {
      ...{ kind, mid: options.mid, isRefused: false, direction, codecs: options.codecs[kind], cname: options.cname },
      extensions: kind === 'video' ? VIDEO_EXTENSIONS : AUDIO_EXTENSIONS,
      // With simulcast browsers say none at all (`spec/galene.md` 2.2).
      ssrcs: isSimulcast || direction === 'recvonly' ? [] : ssrcs,
      msid: direction === 'recvonly' ? undefined : [options.stream, track.id],
      ...(isSimulcast ? { rids, simulcast: 'send' } : { rids: [], simulcast: undefined }),
    };
  }

  /** Takes the answer to what was offered. */
  answered(section: MediaSection): void {
    if (this.#options.direction === 'recvonly') {
      const isSent = !section.isRefused && (section.direction === 'sendonly' || section.direction === 'sendrecv');
      this.#agreement = agreementOn(section, { direction: isSent ? 'recvonly' : 'inactive' });
      return;
    }
    const isTaken = !section.isRefused && (section.direction === 'recvonly' || section.direction === 'sendrecv');
    this.#agreement = {
      ...agreementOn(section, { direction: isTaken ? 'sendonly' : 'inactive' }),
      ...this.#sizesOf(section),
    };
  }

  /** In the order of the offer, whatever that of the answer is; the first alone where the answer names none. */
  #sizesOf(section: MediaSection): Pick<Agreement, 'rids' | 'ssrcs'> {
    const { encodings, ssrcs } = this.#options;
    const sizes = encodings.flatMap(({ rid = '' }, index) => {
      const ssrc = ssrcs[index];
      return ssrc !== undefined && section.rids.includes(rid) ? [{ rid, ssrc }] : [];
    });
    if (sizes.length === 0) return { rids: [], ssrcs: ssrcs.slice(0, 1) };
    return { rids: sizes.map(({ rid }) => rid), ssrcs: sizes.map(({ ssrc }) => ssrc) };
  }

  /** Takes an offer, and gives the section of the answer: what of it is known here, by the offerer's numbers. */
  accepted(section: MediaSection, codecs: CodecLists): MediaSection {
    this.#mid = section.mid;
    const known = section.codecs.filter((codec) => codecs[this.kind].some((own) => isSameCodec(codec, own)));
    const isRefused = section.isRefused || known.length === 0;
    const isSending = section.direction === 'sendonly' || section.direction === 'sendrecv';
    const direction = isSending && !isRefused ? 'recvonly' : 'inactive';
    const taken = { ...section, codecs: known };
    this.#agreement = agreementOn(taken, { direction });
    const extensions = new Map([...section.extensions].filter(([uri]) => VIDEO_EXTENSIONS.has(uri)));
    const answer = { ...taken, isRefused, direction, extensions, ssrcs: [], cname: '', msid: undefined } as const;
    // All sizes are taken: they are told apart by their packets.
    return { ...answer, simulcast: section.rids.length > 0 && !isRefused ? 'recv' : undefined };
  }
}

function agreementOn(
  { mid, kind, codecs, rids, ssrcs, extensions }: MediaSection,
  { direction }: { readonly direction: Direction },
): Agreement {
  return {
    ...{ mid, kind, direction, codecs, ssrcs, rids },
    midExtension: extensions.get(MID_EXTENSION),
    ridExtension: extensions.get(RID_EXTENSION),
  };
}
