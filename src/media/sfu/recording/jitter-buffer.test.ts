import { describe, expect, it } from 'vitest';
import { JitterBuffer, LONGEST_WAIT, type QueuedPacket } from './jitter-buffer.ts';

function packet(sequence: number, at = 0): QueuedPacket {
  return { sequence: sequence & 0xffff, timestamp: 0, isLast: false, info: 0, payload: Buffer.alloc(0), at };
}

/** Numbers, with a `!` where something before them is missing. */
function drain(buffer: JitterBuffer, now: number, options?: { readonly all: true }): readonly string[] {
  const taken: string[] = [];
  for (;;) {
    const next = buffer.take(now, options);
    if (!next) return taken;
    taken.push(`${next.isAfterGap ? '!' : ''}${next.packet.sequence}`);
  }
}

describe('JitterBuffer', () => {
  it('puts packets in order, around the circle, each once', () => {
    const buffer = new JitterBuffer();
    for (const sequence of [65_534, 0, 65_535, 0, 2, 1]) buffer.put(packet(sequence));
    expect(drain(buffer, 0)).toEqual(['65534', '65535', '0', '1', '2']);
    buffer.put(packet(1));
    buffer.put(packet(3));
    expect(drain(buffer, 0)).toEqual(['3']);
  });

  it('waits for what is missing, and for no longer than it is fetched', () => {
    const buffer = new JitterBuffer();
    buffer.put(packet(1, 0));
    buffer.put(packet(3, 10));
    expect(drain(buffer, 10 + LONGEST_WAIT - 1)).toEqual(['1']);
    buffer.put(packet(2, 900));
    buffer.put(packet(6, 950));
    expect(drain(buffer, 950)).toEqual(['2', '3']);
    expect(drain(buffer, 949 + LONGEST_WAIT)).toEqual([]);
    expect(drain(buffer, 950 + LONGEST_WAIT)).toEqual(['!6']);
  });

  it('waits for nothing at the end', () => {
    const buffer = new JitterBuffer();
    for (const sequence of [1, 3, 4, 7]) buffer.put(packet(sequence));
    expect(drain(buffer, 0, { all: true })).toEqual(['1', '!3', '4', '!7']);
  });

  it('does not wait where too much has come meanwhile, and holds no more than a bound', () => {
    const buffer = new JitterBuffer();
    buffer.put(packet(0));
    expect(drain(buffer, 0)).toEqual(['0']);
    for (let sequence = 2; sequence < 2_500; sequence += 1) buffer.put(packet(sequence));
    expect(buffer.isFull).toBe(true);
    expect(drain(buffer, 0)).toHaveLength(2_498);
    for (let sequence = 2_501; sequence < 9_000; sequence += 1) buffer.put(packet(sequence));
    expect(drain(buffer, 0, { all: true }).length).toBeLessThanOrEqual(4_096);
  });

  it('goes over to where its source began anew', () => {
    const buffer = new JitterBuffer();
    buffer.put(packet(5));
    buffer.put(packet(20_000));
    buffer.put(packet(20_001));
    expect(drain(buffer, 0)).toEqual(['!20000', '20001']);
  });
});
