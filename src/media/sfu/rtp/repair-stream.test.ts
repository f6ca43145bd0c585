import { describe, expect, it } from 'vitest';
import { RepairStream } from './repair-stream.ts';
import { Scratch } from './scratch.ts';
import { received, rtp } from './testing/packets.ts';

/** A packet of a track, written into the scratch as the rewriter does. */
function scene(fields: Parameters<typeof rtp>[0] = {}, size = 200) {
  const scratch = new Scratch(size);
  const repairs = new RepairStream({ ssrc: 99, payloadType: 97, firstSequence: 0xffff, scratch });
  const again = (sequence = 0x1234) => {
    const packet = rtp({ payloadType: 96, sequence, timestamp: 5000, marker: true, ...fields });
    packet.copy(scratch.bytes);
    return received(repairs.wrap(scratch.view(packet.length)));
  };
  return { again, repairs };
}

describe('what is sent again as a stream of its own', () => {
  it('is the packet, with its number before the payload and another in its place', () => {
    const packet = scene({ payload: [7, 8, 9] }).again();
    expect(packet?.payload).toEqual(Buffer.from([0x12, 0x34, 7, 8, 9]));
    expect(packet?.header).toMatchObject({
      ssrc: 99,
      payloadType: 97,
      sequence: 0xffff,
      timestamp: 5000,
      marker: true,
    });
  });

  it('keeps the extensions, and what is empty', () => {
    const packet = scene({ extensions: [[3, 'mid']], payload: [] }).again();
    expect(packet?.text(3)).toBe('mid');
    expect(packet?.payload).toEqual(Buffer.from([0x12, 0x34]));
  });

  it('is numbered on, past the end of the numbers', () => {
    const { again } = scene();
    expect([again(), again(), again()].map((packet) => packet?.header.sequence)).toEqual([0xffff, 0, 1]);
  });

  it('is nothing where two bytes more are too many', () => {
    expect(scene({ payload: Buffer.alloc(30) }, 43).again()).toBeUndefined();
    expect(scene({ payload: Buffer.alloc(30) }, 44).again()?.payload).toHaveLength(32);
  });

  it('is given up where it is not heard: where all of it is asked for again', () => {
    const { again, repairs } = scene();
    const numbers = Array.from({ length: 40 }, (_, i) => 0xfff0 + i);
    for (const number of numbers) again(number & 0xffff);
    expect(repairs.isHeard).toBe(true);
    // Some are lost on the way, too, and asked for any number of times.
    for (let i = 0; i < 100; i += 1) again((numbers[i % 20] ?? 0) & 0xffff);
    expect(repairs.isHeard).toBe(true);
    for (const number of numbers.slice(20)) again(number & 0xffff);
    expect(repairs.isHeard).toBe(false);
  });
});
