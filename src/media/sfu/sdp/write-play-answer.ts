import { extensionLines } from './extensions.ts';
import type { PlayerSection, SentSection } from './player-plan.ts';
import {
  asText,
  codecLines,
  type Ends,
  formatsOf,
  needsMixed,
  type SentTrack,
  sentLines,
  sessionLines,
  transportLines,
} from './write.ts';

/** A section with what is sent in it. */
export type AnsweredPlay =
  | { readonly planned: SentSection; readonly track: SentTrack }
  | { readonly planned: Exclude<PlayerSection, SentSection> };

/** The answer to who would receive: what we have is sent with their numbers, and the rest keeps its place. */
export function writePlayAnswer(sections: readonly AnsweredPlay[], ends: Ends): string {
  const live = sections.filter(({ planned }) => planned.state !== 'rejected');
  const lines = sections.flatMap((section) => {
    const candidates = section === live[0] ? ends.candidates.map((candidate) => `a=${candidate}`) : [];
    return [...sectionLines(section, ends), ...candidates];
  });
  const allowsMixed = needsMixed(
    sections.flatMap(({ planned }) => (planned.state === 'sent' ? planned.extensions : [])),
  );
  const bundle = live.map(({ planned }) => planned.section.mid);
  return asText([...sessionLines(ends, { bundle, allowsMixed }), ...lines]);
}

function sectionLines(answered: AnsweredPlay, ends: Ends): readonly string[] {
  const { planned } = answered;
  const { media, protocol, formats, mid } = planned.section;
  if (planned.state === 'rejected') {
    return [`m=${media} 0 ${protocol} ${formats[0] ?? '0'}`, 'c=IN IP4 0.0.0.0', `a=mid:${mid}`, 'a=inactive'];
  }
  return [
    `m=${media} 9 ${protocol} ${formatsOf(planned.codec)}`,
    ...transportLines(ends),
    `a=mid:${mid}`,
    ...codecLines(media, planned.codec),
    ...('track' in answered ? sendingLines(answered) : ['a=inactive']),
  ];
}

function sendingLines({ planned, track }: Extract<AnsweredPlay, { track: SentTrack }>): readonly string[] {
  return [...extensionLines(planned.extensions), ...sentLines(planned.codec, track)];
}
