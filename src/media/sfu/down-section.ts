import type { TrackKind } from '../../core/stream.ts';
import type { AgreedTrack, DownTrack } from './down-track.ts';
import type { PublishedTrack } from './published-track.ts';
import type { OfferedCodec } from './sdp/codecs.ts';
import type { ExtensionIds } from './sdp/extensions.ts';
import type { AnsweredSection } from './sdp/receiver-answer.ts';
import type { OfferedSection } from './sdp/write-offer.ts';

/** One section of what a receiver is offered. It keeps its place for ever, and is used again where the kind is right. */
export class DownSection {
  readonly mid: string;
  readonly kind: TrackKind;
  #state: OfferedSection['state'] = 'inactive';
  #codec: OfferedCodec;
  #extensions: ExtensionIds = {};
  #ssrc = 0;
  #repairSsrc: number | undefined;
  #down: DownTrack | undefined;
  #taken: AgreedTrack | undefined;

  constructor(mid: string, track: PublishedTrack) {
    this.mid = mid;
    this.kind = track.kind;
    this.#codec = track.codec.offered;
  }

  get down(): DownTrack | undefined {
    return this.#down;
  }

  get isSending(): boolean {
    return this.#state === 'sending';
  }

  /** Another track can have it. */
  get isFree(): boolean {
    return this.#state === 'inactive';
  }

  get payloadType(): number {
    return this.#codec.payloadType;
  }

  /** A track that needs no other description than what is sent here: it can take over without an offer. */
  fits({ codec, extensions }: PublishedTrack): boolean {
    return codec.offered === this.#codec && sameNames(extensionsFor(extensions), this.#extensions);
  }

  send(down: DownTrack, { codec, extensions }: PublishedTrack): void {
    this.#state = 'sending';
    this.#codec = codec.offered;
    this.#extensions = extensionsFor(extensions);
    this.#ssrc = down.ssrc;
    this.#repairSsrc = down.repairSsrc;
    this.#down = down;
    this.#taken = undefined;
  }

  silence(): void {
    this.#down?.stop();
    this.#down = undefined;
    this.#taken = undefined;
    if (this.#state === 'sending') this.#state = 'inactive';
  }

  offered(stream: string): OfferedSection {
    return {
      mid: this.mid,
      kind: this.kind,
      codec: this.#codec,
      extensions: this.#extensions,
      state: this.#state,
      ssrc: this.#ssrc,
      repairSsrc: this.#repairSsrc,
      msid: { stream, track: `${this.kind}-${this.#ssrc}` },
    };
  }

  /** What they said to it. A section they turned down is of no use any more. */
  answered({ isTaken, isRejected, extensions, repair }: AnsweredSection): void {
    if (this.#state === 'sending' && isTaken) {
      this.#taken = { extensions, repair };
      return;
    }
    this.silence();
    if (isRejected) this.#state = 'rejected';
  }

  /** The way to them is open. */
  start(): void {
    if (this.#taken) this.#down?.start(this.#taken);
  }
}

/** Ours: the same in all sections, as those share a transport. */
const IDS = { mid: 1, audioLevel: 2, videoOrientation: 3, dependencyDescriptor: 4 } as const;

/** The mid always, the others where the publisher sends them. */
function extensionsFor({ audioLevel, videoOrientation, dependencyDescriptor }: ExtensionIds): ExtensionIds {
  return {
    mid: IDS.mid,
    ...(audioLevel === undefined ? {} : { audioLevel: IDS.audioLevel }),
    ...(videoOrientation === undefined ? {} : { videoOrientation: IDS.videoOrientation }),
    ...(dependencyDescriptor === undefined ? {} : { dependencyDescriptor: IDS.dependencyDescriptor }),
  };
}

function sameNames(a: ExtensionIds, b: ExtensionIds): boolean {
  const isSame = a.audioLevel === b.audioLevel && a.videoOrientation === b.videoOrientation;
  return isSame && a.dependencyDescriptor === b.dependencyDescriptor;
}
