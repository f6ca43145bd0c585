import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CODEC_NAMES, type CodecName } from '../../port.ts';
import { usableCandidate } from './candidates.ts';
import chromium from './fixtures/chromium.json' with { type: 'json' };
import { parseDescription } from './parse.ts';
import { planPlayer } from './player-plan.ts';
import { planPublisher } from './publisher-plan.ts';
import { SdpError } from './sdp-error.ts';
import { writeAnswer } from './write-answer.ts';
import { writePlayAnswer } from './write-play-answer.ts';

const captured = fc.constantFrom(...Object.values(chromium));

/** What a line may become: gone, said twice, cut, with another character, or with the end of another. */
const damage = fc.record({
  at: fc.nat(400),
  kind: fc.constantFrom('drop', 'double', 'cut', 'character', 'swap'),
  where: fc.nat(120),
  character: fc.string({ minLength: 1, maxLength: 3, unit: 'binary' }),
});

const damaged = fc.tuple(captured, fc.array(damage, { minLength: 1, maxLength: 12 })).map(([sdp, damages]) => {
  const lines = sdp.split('\r\n');
  for (const { at, kind, where, character } of damages) {
    const index = at % lines.length;
    const line = lines[index] ?? '';
    const other = lines[where % lines.length] ?? '';
    const cut = line.slice(0, where % (line.length + 1));
    const changed = {
      drop: [],
      double: [line, line],
      cut: [cut],
      character: [cut + character + line.slice(cut.length + 1)],
      swap: [line.slice(0, 4) + other.slice(4)],
    };
    lines.splice(index, 1, ...changed[kind as keyof typeof changed]);
  }
  return lines.join('\r\n');
});

const TRACKS = ['opus', 'vp8', 'h264', 'av1', 'vp9'].flatMap((name) => publishedAs(name as CodecName));

const transport = {
  ufrag: 'ours',
  pwd: 'a-password-that-is-long-enough',
  fingerprint: { algorithm: 'sha-256', value: Array(32).fill('AB').join(':') },
  setup: 'active',
} as const;

/** A track of this codec, from what Chromium offers. */
function publishedAs(name: CodecName) {
  const { sections } = planPublisher(parseDescription(chromium['plain-offer']), { codecs: [name] });
  return sections.flatMap((section) =>
    section.state === 'received' ? { kind: section.media, codec: section.codec } : [],
  );
}

/** The answer, or the rejection; anything else that is thrown is ours to mend. */
function answerOrReason(sdp: string): string | SdpError {
  try {
    const { sections } = planPublisher(parseDescription(sdp), { codecs: CODEC_NAMES });
    return writeAnswer(sections, { transport, candidates: [], session: { id: '1', version: 1 } });
  } catch (error) {
    if (error instanceof SdpError) return error;
    throw error;
  }
}

/** The same of somebody who would receive. */
function playAnswerOrReason(sdp: string): string | SdpError {
  try {
    const { sections } = planPlayer(parseDescription(sdp), TRACKS);
    const track = { ssrc: 5, repairSsrc: 6, msid: { stream: 's', track: 't' }, cname: 'c' };
    const answered = sections.map((planned) => (planned.state === 'sent' ? { planned, track } : { planned }));
    return writePlayAnswer(answered, { transport, candidates: [], session: { id: '1', version: 1 } });
  } catch (error) {
    if (error instanceof SdpError) return error;
    throw error;
  }
}

describe('descriptions with every kind of damage', () => {
  it.each([
    ['published', answerOrReason],
    ['to be received', (sdp: string) => playAnswerOrReason(sdp.replaceAll('a=sendonly', 'a=recvonly'))],
  ])('are answered with a description of as many sections, or rejected with a text: %s', (_what, answerTo) => {
    let answered = 0;
    fc.assert(
      fc.property(damaged, (sdp) => {
        const result = answerTo(sdp);
        if (result instanceof SdpError) {
          expect(result.message).not.toBe('');
          return;
        }
        answered += 1;
        expect(parseDescription(result).sections).toHaveLength(parseDescription(sdp).sections.length);
        // Nothing of theirs makes a line of ours.
        for (const line of result.split('\r\n')) expect(line).toMatch(/^$|^[a-z]=[ -~]*$/);
      }),
      { numRuns: 500 },
    );
    expect(answered).toBeGreaterThan(50);
  });

  it('and whatever else is said never throws anything but that', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        answerOrReason(`v=0\r\n${text}`);
        playAnswerOrReason(`v=0\r\n${text}`);
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (candidate) => void usableCandidate({ candidate })));
  });
});
