import type { TrackKind } from '../../../core/stream.ts';
import { CODEC_NAMES, type CodecName } from '../../port.ts';
import { type ChosenCodec, chooseCodec, numberedBy, type OfferedCodec } from './codecs.ts';
import type { Description, Section, TransportParameters } from './description.ts';
import { type ExtensionIds, type ExtensionName, extensionIds } from './extensions.ts';
import { bundled, hasDescriptors, isMedia } from './publisher-plan.ts';
import { SdpError } from './sdp-error.ts';

/** What becomes of the offer of somebody who would receive. */
export interface PlayerPlan {
  readonly transport: TransportParameters;
  readonly candidates: readonly string[];
  /** One for each section of the offer, in its order. */
  readonly sections: readonly PlayerSection[];
}

export type PlayerSection = SentSection | UnsentSection;

export interface SentSection {
  readonly state: 'sent';
  readonly kind: TrackKind;
  readonly section: Section;
  /** As publishers' tracks have it, by identity, and the same with the numbers of this offer. */
  readonly published: OfferedCodec;
  readonly codec: OfferedCodec;
  readonly extensions: ExtensionIds;
}

/** `inactive` keeps its place in the transport, `rejected` does not. */
export type UnsentSection =
  | { readonly state: 'inactive'; readonly section: Section; readonly codec: OfferedCodec }
  | { readonly state: 'rejected'; readonly section: Section };

/** A track that there is. */
export interface Playable {
  readonly kind: TrackKind;
  readonly codec: ChosenCodec;
}

/** Throws an `SdpError` where nothing of what there is can be sent to them. */
export function planPlayer(offer: Description, tracks: readonly Playable[]): PlayerPlan {
  const bundle = bundled(offer);
  const taken = new Set<TrackKind>();
  const sections = offer.sections.map((section): PlayerSection => {
    if (section.isRejected || !isMedia(section) || !bundle.has(section.mid)) return { state: 'rejected', section };
    const sent = taken.has(kindOf(section)) ? undefined : sentSection(section, tracks);
    if (sent) taken.add(sent.kind);
    return sent ?? unsentSection(section);
  });
  if (!sections.some(({ state }) => state === 'sent')) throw new SdpError(reasonOf(sections, tracks));
  // Sections that exist only within the bundle may have none of their own (RFC 8843 7.2.1).
  const transport = offer.sections.find((section) => bundle.has(section.mid) && section.transport)?.transport;
  if (!transport) throw new SdpError('the offer lacks ICE credentials or a fingerprint');
  return { transport, candidates: sections.flatMap(({ section }) => section.candidates), sections };
}

/** The codec of the first track that they know, by the payload type that they give it. */
function sentSection(section: Section, tracks: readonly Playable[]): SentSection | undefined {
  if (section.direction !== 'recvonly' && section.direction !== 'sendrecv') return undefined;
  const kind = kindOf(section);
  for (const track of tracks) {
    const published = track.codec.offered;
    const codec = track.kind === kind ? numberedBy(section, published) : undefined;
    const extensions = usableExtensions(section, track.codec.name);
    if (codec) return { state: 'sent', kind, section, published, codec, extensions };
  }
  return undefined;
}

function unsentSection(section: Section): UnsentSection {
  const known = chooseCodec(section, CODEC_NAMES);
  const codec = known && numberedBy(section, known.offered);
  return codec ? { state: 'inactive', section, codec } : { state: 'rejected', section };
}

const EXTENSIONS: Readonly<Record<TrackKind, readonly ExtensionName[]>> = {
  audio: ['mid', 'audioLevel'],
  video: ['mid', 'videoOrientation'],
};

/** What the one-byte form can carry: ids up to 14, and mids up to 16 bytes (RFC 8285 4.2). */
function usableExtensions(section: Section, codec: CodecName): ExtensionIds {
  const descriptor = hasDescriptors(section, codec) ? (['dependencyDescriptor'] as const) : [];
  const all = Object.entries(extensionIds(section, [...EXTENSIONS[kindOf(section)], ...descriptor]));
  const usable = all.filter(([name, id]) => id <= 14 && (name !== 'mid' || section.mid.length <= 16));
  return Object.fromEntries(usable);
}

function kindOf({ media }: Section): TrackKind {
  return media === 'audio' ? 'audio' : 'video';
}

function reasonOf(sections: readonly PlayerSection[], tracks: readonly Playable[]): string {
  if (tracks.length === 0) return 'there is nothing to receive of this stream';
  const wanted = sections.filter(({ section }) => isMedia(section)).map(({ section }) => kindOf(section));
  const isThere = tracks.some(({ kind }) => wanted.includes(kind));
  return isThere ? 'they know none of the codecs of this stream' : 'they offer to receive nothing that this stream has';
}
