import { describe, expect, it } from 'vitest';
import { ntpOf } from './ntp.ts';
import { Reception } from './reception.ts';

function make() {
  const reception = new Reception({ ssrc: 5, clockRate: 90_000 });
  /** One packet every 10 ms. */
  const receive = (sequence: number, delay = 0) =>
    reception.receive(sequence & 0xffff, sequence * 900, sequence * 10 + delay);
  return { reception, receive };
}

describe('what arrived of a source', () => {
  it('is told apart', () => {
    const { receive } = make();
    expect([10, 11, 14, 13, 13, 12, 15, 14].map((sequence) => receive(sequence))).toEqual([
      'next',
      'next',
      'ahead',
      'late',
      'duplicate',
      'late',
      'next',
      'duplicate',
    ]);
  });

  it('is reported with its losses, of the interval and in all', () => {
    const { reception, receive } = make();
    expect(reception.report(0)).toBeUndefined();
    for (let sequence = 0; sequence < 100; sequence += 1) if (sequence % 10 !== 5) receive(sequence);
    expect(reception.report(1000)).toMatchObject({
      ssrc: 5,
      fractionLost: 25,
      cumulativeLost: 10,
      highestSequence: 99,
    });
    for (let sequence = 100; sequence < 200; sequence += 1) receive(sequence);
    expect(reception.report(2000)).toMatchObject({ fractionLost: 0, cumulativeLost: 10 });
    expect(reception.totals()).toMatchObject({ packets: 190, lost: 10, duplicates: 0, reordered: 0, loss: 0 });
  });

  it('counts what came before the first from there on', () => {
    const { reception, receive } = make();
    for (const sequence of [10, 9, 8, 12]) receive(sequence);
    expect(reception.report(0)).toMatchObject({ highestSequence: 12, cumulativeLost: 1 });
  });

  it('counts on beyond 16 bits', () => {
    const { reception, receive } = make();
    for (let sequence = 65_000; sequence < 66_000; sequence += 1) receive(sequence);
    expect(reception.report(0)).toMatchObject({ highestSequence: 65_999, cumulativeLost: 0 });
  });

  it('loses less than nothing where there are duplicates', () => {
    const { reception, receive } = make();
    for (const sequence of [1, 2, 2, 2]) receive(sequence);
    expect(reception.report(0)).toMatchObject({ cumulativeLost: -2, fractionLost: 0 });
    expect(reception.totals()).toMatchObject({ lost: 0, duplicates: 2 });
  });

  it('has no jitter where packets come evenly, and as much as they are uneven', () => {
    const even = make();
    for (let sequence = 0; sequence < 200; sequence += 1) even.receive(sequence, 40);
    expect(even.reception.totals().jitterMs).toBeCloseTo(0, 1);
    const uneven = make();
    for (let sequence = 0; sequence < 400; sequence += 1) uneven.receive(sequence, (sequence % 2) * 5);
    expect(uneven.reception.totals().jitterMs).toBeCloseTo(5, 1);
    expect(uneven.reception.report(0)?.jitter).toBeGreaterThan(440);
  });

  it('quotes the last report of the source, and how long ago that was', () => {
    const { reception, receive } = make();
    receive(1);
    expect(reception.report(50)).toMatchObject({ lastSr: 0, delaySinceLastSr: 0 });
    reception.senderReport(ntpOf(1_000_500), 100);
    const report = reception.report(600);
    expect(report?.delaySinceLastSr).toBe(32_768);
    expect((report?.lastSr ?? 0) & 0xffff).toBe(0x8000);
  });

  it('begins anew where two packets in a row are far away, and not for one', () => {
    const { reception, receive } = make();
    for (let sequence = 10_000; sequence < 10_100; sequence += 1) receive(sequence);
    expect(receive(30_000)).toBe('stray');
    expect(receive(10_100)).toBe('next');
    expect(receive(9_000)).toBe('stray');
    expect(receive(9_001)).toBe('restarted');
    expect(receive(9_002)).toBe('next');
    expect(reception.report(0)).toMatchObject({ highestSequence: 9_002, cumulativeLost: 0, fractionLost: 0 });
  });
});
