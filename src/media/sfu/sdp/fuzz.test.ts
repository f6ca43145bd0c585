import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CODEC_NAMES } from '../../port.ts';
import { usableCandidate } from './candidates.ts';
import chromium from './fixtures/chromium.json' with { type: 'json' };
import { parseDescription } from './parse.ts';
import { planPublisher } from './publisher-plan.ts';
import { SdpError } from './sdp-error.ts';
import { writeAnswer } from './write-answer.ts';

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

const transport = {
  ufrag: 'ours',
  pwd: 'a-password-that-is-long-enough',
  fingerprint: { algorithm: 'sha-256', value: Array(32).fill('AB').join(':') },
  setup: 'active',
} as const;

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

describe('descriptions with every kind of damage', () => {
  it('are answered with a description of as many sections, or rejected with a text', () => {
    let answered = 0;
    fc.assert(
      fc.property(damaged, (sdp) => {
        const result = answerOrReason(sdp);
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
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => void answerOrReason(`v=0\r\n${text}`)),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (candidate) => void usableCandidate({ candidate })));
  });
});
