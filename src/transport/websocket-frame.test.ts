import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textFrameBytes } from './websocket-frame.ts';

/** Reads a frame as RFC 6455 (5.2) has it. */
function read(bytes: Buffer): {
  readonly first: number | undefined;
  readonly headerLength: number;
  readonly text: string;
} {
  const short = bytes[1] ?? 0;
  const headerLength = short < 126 ? 2 : short === 126 ? 4 : 10;
  const length =
    headerLength === 2 ? short : headerLength === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  expect(bytes).toHaveLength(headerLength + length);
  return { first: bytes[0], headerLength, text: bytes.toString('utf8', headerLength) };
}

describe('a text frame', () => {
  test.each([
    [0, 2],
    [1, 2],
    [125, 2],
    [126, 4],
    [65_535, 4],
    [65_536, 10],
    [1_000_000, 10],
  ])('of %d bytes has a header of %d', (length, headerLength) => {
    const text = 'x'.repeat(length);
    expect(read(textFrameBytes({ text }))).toEqual({ first: 0x81, headerLength, text });
  });

  test('counts bytes, not characters', () => {
    for (const text of ['é'.repeat(63), '😀'.repeat(32), '名'.repeat(21_846), `${'x'.repeat(124)}é`]) {
      expect(read(textFrameBytes({ text })).text).toBe(text);
    }
    expect(read(textFrameBytes({ text: 'é'.repeat(63) })).headerLength).toBe(4);
  });

  test('is unmasked, and carries any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const bytes = textFrameBytes({ text });
        expect((bytes[1] ?? 0) & 0x80).toBe(0);
        expect(read(bytes).text).toBe(text);
      }),
    );
  });

  test('is made once for each frame, and for each frame its own', () => {
    const frame = { text: 'hello' };
    expect(textFrameBytes(frame)).toBe(textFrameBytes(frame));
    expect(textFrameBytes({ text: 'hello' })).not.toBe(textFrameBytes(frame));
  });
});
