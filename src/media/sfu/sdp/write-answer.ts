import type { ChosenCodec, OfferedCodec } from './codecs.ts';
import { extensionLines } from './extensions.ts';
import type { OtherSection, PlannedSection, ReceivedSection } from './publisher-plan.ts';
import { asText, codecLines, type Ends, needsMixed, sessionLines, transportLines } from './write.ts';

/** The answer to a publisher (`spec/galene.md` 2.3): all that we take is received, with the offerer's numbers. */
export function writeAnswer(sections: readonly PlannedSection[], ends: Ends): string {
  const live = sections.filter(({ state }) => state !== 'rejected');
  const first = live[0];
  const received = sections.flatMap((planned) => (planned.state === 'received' ? planned.extensions : []));
  const lines = sections.flatMap((planned) => sectionLines(planned, ends, { isFirst: planned === first }));
  return asText([
    ...sessionLines(ends, { bundle: live.map(({ section }) => section.mid), allowsMixed: needsMixed(received) }),
    ...lines,
  ]);
}

function sectionLines(planned: PlannedSection, ends: Ends, { isFirst }: { readonly isFirst: boolean }): string[] {
  if (planned.state === 'rejected') return rejectedLines(planned);
  const candidates = isFirst ? ends.candidates.map((candidate) => `a=${candidate}`) : [];
  return [...liveLines(planned, ends), ...candidates];
}

function liveLines(planned: PlannedSection, ends: Ends): string[] {
  const { section, codec } = planned;
  const { media, protocol, mid } = section;
  const payloadType = codec?.payloadType ?? 0;
  return [
    `m=${media} 9 ${protocol} ${payloadType}`,
    ...transportLines(ends),
    `a=mid:${mid}`,
    ...(codec ? codecLines(media, withoutRepair(codec)) : []),
    ...(planned.state === 'received' ? receivedLines(planned) : ['a=inactive']),
  ];
}

/** Publishers send again what is asked for in the same stream (`spec/galene.md` 2.3). */
function withoutRepair({ payloadType, offered: { map, parameters } }: ChosenCodec): OfferedCodec {
  return { payloadType, map, ...(parameters === undefined ? {} : { parameters }) };
}

function receivedLines({ extensions, rids }: ReceivedSection): string[] {
  const simulcast = rids.length > 0 ? [`a=simulcast:recv ${rids.join(';')}`] : [];
  return [...extensionLines(extensions), ...rids.map((rid) => `a=rid:${rid} recv`), ...simulcast, 'a=recvonly'];
}

function rejectedLines({ section }: OtherSection): string[] {
  const { media, protocol, formats, mid } = section;
  return [`m=${media} 0 ${protocol} ${formats[0] ?? '0'}`, 'c=IN IP4 0.0.0.0', `a=mid:${mid}`, 'a=inactive'];
}
