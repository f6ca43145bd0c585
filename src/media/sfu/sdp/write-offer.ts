import type { TrackKind } from '../../../core/stream.ts';
import type { OfferedCodec } from './codecs.ts';
import { type ExtensionIds, extensionLines } from './extensions.ts';
import {
  asText,
  codecLines,
  type Ends,
  formatsOf,
  needsMixed,
  sentLines,
  sessionLines,
  transportLines,
} from './write.ts';

/** One section of what is offered to a receiver. */
export interface OfferedSection {
  readonly mid: string;
  readonly kind: TrackKind;
  readonly codec: OfferedCodec;
  readonly extensions: ExtensionIds;
  readonly state: 'sending' | 'inactive' | 'rejected';
  readonly ssrc: number;
  /** Of what is sent again; absent for audio. */
  readonly repairSsrc?: number | undefined;
  /** The names under which the receiver's browser shows it: of the stream and of the track. */
  readonly msid: { readonly stream: string; readonly track: string };
}

/** An offer to a receiver (`spec/galene.md` 2.4). The canonical name is the same for all of one stream: lip sync. */
export function writeOffer(
  sections: readonly OfferedSection[],
  { ends, cname }: { readonly ends: Ends; readonly cname: string },
): string {
  const live = sections.filter(({ state }) => state !== 'rejected');
  const lines = sections.flatMap((section) => {
    const candidates = section === live[0] ? ends.candidates.map((candidate) => `a=${candidate}`) : [];
    return section.state === 'rejected' ? rejectedLines(section) : [...liveLines(section, ends, cname), ...candidates];
  });
  const allowsMixed = needsMixed(live.map(({ extensions }) => extensions));
  return asText([...sessionLines(ends, { bundle: live.map(({ mid }) => mid), allowsMixed }), ...lines]);
}

const PROTOCOL = 'UDP/TLS/RTP/SAVPF';

function liveLines(section: OfferedSection, ends: Ends, cname: string): string[] {
  const { mid, kind, codec, extensions, state } = section;
  return [
    `m=${kind} 9 ${PROTOCOL} ${formatsOf(codec)}`,
    ...transportLines(ends),
    `a=mid:${mid}`,
    ...codecLines(kind, codec),
    ...extensionLines(extensions),
    ...(state === 'sending' ? sendingLines(section, cname) : ['a=inactive']),
  ];
}

function sendingLines({ codec, ssrc, repairSsrc, msid }: OfferedSection, cname: string): readonly string[] {
  return sentLines(codec, { ssrc, repairSsrc, msid, cname });
}

function rejectedLines({ kind, codec, mid }: OfferedSection): string[] {
  return [`m=${kind} 0 ${PROTOCOL} ${codec.payloadType}`, 'c=IN IP4 0.0.0.0', `a=mid:${mid}`, 'a=inactive'];
}
