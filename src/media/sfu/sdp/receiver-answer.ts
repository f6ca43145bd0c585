import { repairType } from './codecs.ts';
import type { Description, Section, TransportParameters } from './description.ts';
import { type ExtensionIds, type ExtensionName, extensionIds } from './extensions.ts';
import { SdpError } from './sdp-error.ts';
import type { OfferedSection } from './write-offer.ts';

/** What a receiver's answer says to each section that was offered, in the same order. */
export interface ReceiverAnswer {
  /** Absent where every section was turned down. */
  readonly transport: TransportParameters | undefined;
  readonly candidates: readonly string[];
  readonly sections: readonly AnsweredSection[];
}

export interface AnsweredSection {
  /** They receive it. */
  readonly isTaken: boolean;
  readonly isRejected: boolean;
  readonly extensions: ExtensionIds;
  /** The payload type of what is sent again, where they kept that (RFC 4588). */
  readonly repair: number | undefined;
}

/** Throws an `SdpError` where it is no answer to this. */
export function readReceiverAnswer(answer: Description, offered: readonly OfferedSection[]): ReceiverAnswer {
  if (answer.sections.length !== offered.length) throw new SdpError('the answer has other media than the offer');
  const sections = offered.map((section, index) => answeredSection(section, answer.sections[index]));
  const live = answer.sections.filter(({ isRejected }) => !isRejected);
  const [first] = live;
  if (first && !first.transport) throw new SdpError('the answer lacks ICE credentials or a fingerprint');
  return { transport: first?.transport, candidates: live.flatMap(({ candidates }) => candidates), sections };
}

function answeredSection(offered: OfferedSection, answered: Section | undefined): AnsweredSection {
  if (answered?.mid !== offered.mid || answered.media !== offered.kind) {
    throw new SdpError('the answer has other media than the offer');
  }
  const knows = answered.formats.includes(String(offered.codec.payloadType));
  const isRejected = answered.isRejected || !knows;
  const receives = answered.direction === 'recvonly' || answered.direction === 'sendrecv';
  const extensions = offeredOnly(extensionIds(answered, forwarded(answered)), offered.extensions);
  return { isTaken: receives && !isRejected, isRejected, extensions, repair: keptRepair(offered, answered) };
}

/** Old clients, and those in Go, leave it out of their answers. */
function keptRepair({ codec, repairSsrc }: OfferedSection, answered: Section): number | undefined {
  const { payloadType, repair } = codec;
  return repairSsrc !== undefined && repairType(answered, payloadType) === repair ? repair : undefined;
}

/** Descriptors only where they may be long now and short then. */
function forwarded({ allowsMixed }: Section): readonly ExtensionName[] {
  const always = ['mid', 'audioLevel', 'videoOrientation'] as const;
  return allowsMixed ? [...always, 'dependencyDescriptor'] : always;
}

/** An answer may not add extensions, nor number them anew. */
function offeredOnly(answered: ExtensionIds, offered: ExtensionIds): ExtensionIds {
  const same = Object.entries(answered).filter(([name, id]) => offered[name as keyof ExtensionIds] === id);
  return Object.fromEntries(same);
}
