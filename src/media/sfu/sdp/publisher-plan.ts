import type { CodecName } from '../../port.ts';
import { type ChosenCodec, chooseCodec } from './codecs.ts';
import type { Description, Section, TransportParameters } from './description.ts';
import { type ExtensionIds, type ExtensionName, extensionIds } from './extensions.ts';
import { SdpError } from './sdp-error.ts';

/** What becomes of a publisher's offer. */
export interface PublisherPlan {
  readonly transport: TransportParameters;
  readonly candidates: readonly string[];
  /** One for each section of the offer, in its order. */
  readonly sections: readonly PlannedSection[];
}

export type PlannedSection = ReceivedSection | OtherSection;

export interface ReceivedSection {
  readonly state: 'received';
  readonly media: 'audio' | 'video';
  readonly section: Section;
  readonly codec: ChosenCodec;
  readonly extensions: ExtensionIds;
  /** Empty without simulcast. */
  readonly rids: readonly string[];
}

/** `inactive` keeps its place in the transport, `rejected` does not. */
export interface OtherSection {
  readonly state: 'inactive' | 'rejected';
  readonly section: Section;
  readonly codec?: ChosenCodec | undefined;
}

export interface PlanOptions {
  readonly codecs: readonly CodecName[];
  /** Only these are received, where it is given (`spec/galene.md` 1.15). */
  readonly mids?: readonly string[] | undefined;
}

/** Throws an `SdpError` where nothing of what is offered can be received. */
export function planPublisher(offer: Description, options: PlanOptions): PublisherPlan {
  const bundle = bundled(offer);
  const sections = offer.sections.map((section) => planSection(section, bundle, options));
  const first = sections.find(({ state }) => state !== 'rejected');
  if (!first) throw new SdpError('none of the codecs that are offered may be used here');
  const offers = sections.some(({ section }) => sends(section) && isWanted(section, options));
  if (offers && !sections.some(({ state }) => state === 'received')) {
    throw new SdpError('none of the codecs that are offered may be used here');
  }
  const { transport, candidates } = first.section;
  if (!transport) throw new SdpError('the description lacks ICE credentials or a fingerprint');
  return { transport, candidates, sections };
}

/** Without a bundle each section has a transport of its own: there we take the first that is of use. */
export function bundled(offer: Description): ReadonlySet<string> {
  if (offer.bundle.length > 0) return new Set(offer.bundle);
  const first = offer.sections.find((section) => isMedia(section) && !section.isRejected);
  return new Set(first ? [first.mid] : []);
}

function planSection(section: Section, bundle: ReadonlySet<string>, options: PlanOptions): PlannedSection {
  if (section.isRejected || !isMedia(section) || !bundle.has(section.mid)) return { state: 'rejected', section };
  const codec = chooseCodec(section, options.codecs);
  if (!codec) return { state: 'rejected', section };
  if (!sends(section) || !isWanted(section, options)) return { state: 'inactive', section, codec };
  const media = section.media === 'audio' ? 'audio' : 'video';
  const extensions = extensionIds(section, wantedExtensions(section, codec));
  const rids = extensions.rid === undefined ? [] : section.rids;
  return { state: 'received', media, section, codec, extensions, rids };
}

/** The mid of audio only where nothing else says whose packets they are (`spec/galene.md` 2.3). */
function wantedExtensions(section: Section, { name }: ChosenCodec): readonly ExtensionName[] {
  if (section.media === 'video') {
    const video = ['mid', 'rid', 'repairedRid', 'videoOrientation'] as const;
    return hasDescriptors(section, name) ? [...video, 'dependencyDescriptor'] : video;
  }
  return section.ssrcs.length > 0 ? ['audioLevel'] : ['mid', 'audioLevel'];
}

export function isMedia({ media, protocol }: Section): boolean {
  return (media === 'audio' || media === 'video') && protocol.endsWith('/SAVPF');
}

function sends({ direction, isRejected }: Section): boolean {
  return !isRejected && (direction === 'sendonly' || direction === 'sendrecv');
}

function isWanted({ mid }: Section, { mids }: PlanOptions): boolean {
  return mids === undefined || mids.includes(mid);
}

/** Of AV1 alone, which needs them to be sent in part; those of keyframes are too long for the short form. */
export function hasDescriptors({ allowsMixed }: Section, codec: CodecName): boolean {
  return codec === 'av1' && allowsMixed;
}
