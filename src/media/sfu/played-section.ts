import type { Wanted } from '../../core/stream.ts';
import type { DownTrack } from './down-track.ts';
import type { PublishedTrack } from './published-track.ts';
import type { ReceiverMedia } from './receiver-media.ts';
import type { ExtensionIds } from './sdp/extensions.ts';
import type { SentSection } from './sdp/player-plan.ts';
import type { SentTrack } from './sdp/write.ts';
import { type Choice, choose } from './selection.ts';

/**
 * One section in which a player receives: what is sent in it may change with the publisher's tracks and with what is
 * wanted, how it is sent stays as it was answered.
 */
export class PlayedSection {
  readonly planned: SentSection;
  readonly down: DownTrack;

  /** There is a track of its codec, or it would not have been planned. */
  constructor(planned: SentSection, tracks: readonly PublishedTrack[], media: ReceiverMedia) {
    const track = tracks.find((each) => fits(planned, each));
    if (!track) throw new Error('nothing of what there is can be sent in this section');
    const { section, codec } = planned;
    this.planned = planned;
    this.down = media.newTrack(track, { mid: section.mid, payloadType: codec.payloadType });
  }

  /** Another offer of theirs leaves it as it is: the packets may go on. */
  continuesAs({ section, published, codec, extensions }: SentSection): boolean {
    const { planned } = this;
    const isSame = section.mid === planned.section.mid && published === planned.published;
    const hasSameTypes = codec.payloadType === planned.codec.payloadType && codec.repair === planned.codec.repair;
    return isSame && hasSameTypes && sameIds(extensions, planned.extensions);
  }

  /** Sends what is wanted of what there is now, where the way is open. */
  update(tracks: readonly PublishedTrack[], wanted: Wanted, { isOpen }: { readonly isOpen: boolean }): void {
    const choice = this.#choose(tracks, wanted);
    if (!choice) {
      this.down.stop();
      return;
    }
    this.down.choose(choice.track, choice.quality);
    const { extensions, codec } = this.planned;
    if (isOpen) this.down.start({ extensions, repair: codec.repair });
  }

  /** As the answer says it. */
  sent(stream: string, cname: string): SentTrack {
    const { ssrc, repairSsrc } = this.down;
    return { ssrc, repairSsrc, cname, msid: { stream, track: `${this.planned.kind}-${ssrc}` } };
  }

  #choose(tracks: readonly PublishedTrack[], wanted: Wanted): Choice | undefined {
    const usable = tracks.filter((track) => fits(this.planned, track));
    return choose(usable, wanted, NONE)[this.planned.kind];
  }
}

const NONE: ReadonlySet<number> = new Set();

function fits({ kind, published }: SentSection, track: PublishedTrack): boolean {
  return track.kind === kind && track.codec.offered === published;
}

function sameIds(a: ExtensionIds, b: ExtensionIds): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as ReadonlySet<keyof ExtensionIds>;
  return [...names].every((name) => a[name] === b[name]);
}
