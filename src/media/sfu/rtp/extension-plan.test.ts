import { describe, expect, it } from 'vitest';
import { planExtensions, writeExtensions } from './extension-plan.ts';
import { headerOf, received, rtp } from './testing/packets.ts';

/** The receiver's packet: what is written behind a plain header, with a payload to see that it stays whole. */
function forwarded(packet: Buffer, plan: ReturnType<typeof planExtensions>) {
  const out = Buffer.alloc(256);
  const start = writeExtensions(plan, { packet, header: headerOf(packet) }, out);
  out[0] = start > 12 ? 0x90 : 0x80;
  out.write('payload', start);
  const read = received(out.subarray(0, start + 7));
  if (!read) throw new Error('nothing was written');
  expect(read.payload.toString()).toBe('payload');
  return read;
}

const published = [
  [1, [0x85]],
  [3, [0, 7]],
  [4, 'theirs'],
  [10, 'h'],
  [13, [2]],
] as const;

describe('what a receiver gets of the extensions', () => {
  const plan = planExtensions({
    from: { audioLevel: 1, videoOrientation: 13 },
    to: { audioLevel: 6, videoOrientation: 5 },
    mid: { id: 9, value: 'v1' },
  });

  it.each([false, true])('is what is forwarded, under the ids of theirs (two-byte form: %s)', (twoByteForm) => {
    const read = forwarded(rtp({ extensions: published, twoByteForm }), plan);
    expect(read.text(9)).toBe('v1');
    expect(read.extension(6)).toEqual(Buffer.from([0x85]));
    expect(read.extension(5)).toEqual(Buffer.from([2]));
  });

  it('tells nothing of mid and rid, nor of anything else', () => {
    const read = forwarded(rtp({ extensions: published }), plan);
    expect(read.bytes.toString('latin1')).not.toContain('theirs');
    for (const id of [1, 2, 3, 4, 7, 8, 10, 11, 12, 13, 14]) expect(read.extension(id)).toBeUndefined();
  });

  it('is their mid alone where the packet has none of them', () => {
    const read = forwarded(rtp({ extensions: [[4, 'theirs']] }), plan);
    expect(read.text(9)).toBe('v1');
    expect(read.header.payloadStart).toBe(12 + 4 + 4);
    expect(forwarded(rtp(), plan).text(9)).toBe('v1');
  });

  it('is no block at all where there is nothing', () => {
    expect(forwarded(rtp({ extensions: published }), planExtensions({})).header.payloadStart).toBe(12);
    const onlyLevel = planExtensions({ from: { audioLevel: 1 }, to: { audioLevel: 1 } });
    expect(forwarded(rtp({ extensions: [[4, 'x']] }), onlyLevel).header.payloadStart).toBe(12);
  });

  it('leaves out what only one of the two has', () => {
    const oneSided = planExtensions({ from: { audioLevel: 1 }, to: { videoOrientation: 5 } });
    expect(forwarded(rtp({ extensions: published }), oneSided).header.payloadStart).toBe(12);
  });

  it('has a bound however often an extension is said', () => {
    const many = Array.from({ length: 200 }, () => [1, Array(16).fill(7)] as const);
    expect(forwarded(rtp({ extensions: many }), plan).header.payloadStart).toBeLessThanOrEqual(128);
  });

  it('cannot be planned with ids or names that do not fit the form', () => {
    expect(() => planExtensions({ mid: { id: 15, value: 'a' } })).toThrow(RangeError);
    expect(() => planExtensions({ mid: { id: 1, value: 'a'.repeat(17) } })).toThrow(RangeError);
    expect(() => planExtensions({ from: { audioLevel: 1 }, to: { audioLevel: 15 } })).toThrow(RangeError);
  });
});
