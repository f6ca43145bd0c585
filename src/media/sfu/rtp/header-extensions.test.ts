import { describe, expect, it } from 'vitest';
import { extensionText, findExtension, foundAt, foundLength } from './header-extensions.ts';
import { headerOf, rtp } from './testing/packets.ts';

function dataOf(packet: Buffer, id: number): number[] | undefined {
  const found = findExtension(packet, headerOf(packet), id);
  return found < 0 ? undefined : [...packet.subarray(foundAt(found), foundAt(found) + foundLength(found))];
}

describe.each([{ twoByteForm: false }, { twoByteForm: true }])('an extension ($twoByteForm)', ({ twoByteForm }) => {
  it('is found among others', () => {
    const packet = rtp({
      twoByteForm,
      extensions: [
        [2, [1, 2, 3]],
        [10, 'h'],
        [13, [1]],
      ],
    });
    expect(dataOf(packet, 2)).toEqual([1, 2, 3]);
    expect(dataOf(packet, 13)).toEqual([1]);
    expect(dataOf(packet, 3)).toBeUndefined();
    expect(extensionText(packet, headerOf(packet), 10)).toBe('h');
  });

  it('is found behind padding, and no further than the block goes', () => {
    const packet = rtp({ twoByteForm, extensions: [[1, [5]]], payload: [0x21, 1, 2, 3] });
    expect(dataOf(packet, 2)).toBeUndefined();
    const padded = Buffer.from(packet);
    padded.copy(padded, 17, 16, 18);
    padded[16] = 0;
    if (!twoByteForm) expect(dataOf(padded, 1)).toEqual([5]);
  });

  it('counts as absent where its length leads out of the block', () => {
    const packet = rtp({ twoByteForm, extensions: [[1, [5, 6]]], payload: Buffer.alloc(300) });
    packet[twoByteForm ? 17 : 16] = twoByteForm ? 200 : 0x1f;
    expect(dataOf(packet, 1)).toBeUndefined();
  });
});

describe('extensions', () => {
  it('may have ids and lengths that only the two-byte form has', () => {
    const packet = rtp({
      twoByteForm: true,
      extensions: [
        [200, 'x'.repeat(40)],
        [15, []],
      ],
    });
    expect(dataOf(packet, 200)).toHaveLength(40);
    expect(dataOf(packet, 15)).toEqual([]);
  });

  it('end at id 15 in the one-byte form', () => {
    const packet = rtp({
      extensions: [
        [15, [1]],
        [3, [2]],
      ],
    });
    expect(dataOf(packet, 3)).toBeUndefined();
    expect(dataOf(packet, 15)).toBeUndefined();
  });

  it('of a form that nobody knows are absent', () => {
    const packet = rtp({ extensions: [[3, [2]]] });
    packet.writeUInt16BE(0x1234, 12);
    expect(dataOf(packet, 3)).toBeUndefined();
  });

  it('are no names where they have no letters', () => {
    const packet = rtp({ extensions: [[4, [0, 1]]] });
    expect(extensionText(packet, headerOf(packet), 4)).toBeUndefined();
  });
});
