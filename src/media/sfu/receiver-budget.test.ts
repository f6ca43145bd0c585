import { describe, expect, it } from 'vitest';
import { type PathReport, ReceiverBudget } from './receiver-budget.ts';

const STEP = 200;
const SOUND = 40_000;
const LEVELS = [SOUND + 100_000, SOUND + 800_000];

const report = (fields: Partial<PathReport> = {}): PathReport => ({
  ...{ sent: 500_000, loss: 0, overrun: undefined, estimate: undefined, least: 140_000, next: undefined },
  ...fields,
});

/** Reports the same for so long. */
function pass(budget: ReceiverBudget, fields: Partial<PathReport>, from: number, milliseconds: number): number {
  let now = from;
  for (; now <= from + milliseconds; now += STEP) budget.update(report(fields), now);
  return now;
}

/** A member at a path that carries so much, who gets the best of two sizes that the budget has room for. */
function watch(capacity: (now: number) => number, seconds: number) {
  const budget = new ReceiverBudget();
  const large: number[] = [];
  let history: number[] = [];
  for (let now = 0; now < seconds * 1_000; now += STEP) {
    const place = budget.limit >= (LEVELS[1] ?? 0) ? 1 : 0;
    const sent = LEVELS[place] ?? 0;
    history = [...history, Math.max(0, 1 - capacity(now) / sent)].slice(-5);
    // Reports are of the last second.
    const loss = history.reduce((sum, each) => sum + each, 0) / history.length;
    budget.update(report({ sent, loss, least: LEVELS[0] ?? 0, next: place === 0 ? LEVELS[1] : undefined }), now);
    if (place === 1) large.push(now);
  }
  return { large, budget };
}

/** Where one stretch of times ends and another begins. */
function beginnings(times: readonly number[]): readonly number[] {
  return times.filter((time, at) => time - (times[at - 1] ?? Number.NEGATIVE_INFINITY) > STEP);
}

describe('what one member can be sent', () => {
  it('has room for some cameras at once, and for more with each good second', () => {
    const budget = new ReceiverBudget();
    expect(budget.limit).toBe(3_000_000);
    pass(budget, {}, 0, 3_000);
    expect(budget.limit).toBeGreaterThan(20_000_000);
    expect(budget.isOpen).toBe(true);
    pass(budget, {}, 4_000, 60_000);
    expect(budget.limit).toBe(2 ** 30);
  });

  it('stays as it is while nobody says anything', () => {
    const budget = new ReceiverBudget();
    pass(budget, { loss: undefined, sent: 9_000_000 }, 0, 10_000);
    expect(budget.limit).toBe(3_000_000);
    expect(budget.isOpen).toBe(true);
  });

  it('tries again where all is paused, of which nobody can say that it arrives', () => {
    const budget = new ReceiverBudget();
    budget.update(report({ sent: 200_000, loss: 0.9, least: 0 }), 0);
    pass(budget, { sent: 0, loss: undefined, next: 150_000 }, 2_000, 8_000);
    expect(budget.limit).toBeGreaterThan(150_000);
  });

  it('shrinks at once to what arrives, but not beyond a part of it', () => {
    const half = new ReceiverBudget();
    half.update(report({ sent: 1_000_000, loss: 0.5 }), 0);
    expect(half.limit).toBeCloseTo(450_000);
    const all = new ReceiverBudget();
    all.update(report({ sent: 1_000_000, loss: 1 }), 0);
    expect(all.limit).toBeCloseTo(400_000);
    const few = new ReceiverBudget();
    few.update(report({ sent: 1_000_000, loss: 0.11 }), 0);
    expect(few.limit).toBeCloseTo(700_000);
    expect(few.isOpen).toBe(false);
  });

  it('shrinks to what they say that arrives', () => {
    const budget = new ReceiverBudget();
    budget.update(report({ sent: 1_000_000, overrun: 300_000 }), 0);
    expect(budget.limit).toBe(300_000);
  });

  it('hears nothing for a while after that, as reports are of before', () => {
    const budget = new ReceiverBudget();
    budget.update(report({ sent: 1_000_000, loss: 0.5 }), 0);
    pass(budget, { sent: 450_000, loss: 0.5 }, 200, 1_600);
    expect(budget.limit).toBeCloseTo(450_000);
    budget.update(report({ sent: 450_000, loss: 0.5 }), 2_000);
    expect(budget.limit).toBeCloseTo(202_500);
  });

  it('sends everything at its least before anything is stopped', () => {
    const budget = new ReceiverBudget();
    budget.update(report({ sent: 1_000_000, loss: 0.9, least: 500_000 }), 0);
    expect(budget.limit).toBeCloseTo(575_000);
    budget.update(report({ sent: 500_000, loss: 0.9, least: 500_000 }), 2_000);
    expect(budget.limit).toBeCloseTo(200_000);
  });

  it('stops nothing for an estimate alone', () => {
    const budget = new ReceiverBudget();
    for (let now = 0; now < 20_000; now += STEP) {
      budget.update(report({ sent: 200_000, overrun: 170_000, least: 200_000 }), now);
    }
    expect(budget.limit).toBeCloseTo(230_000);
    budget.update(report({ sent: 200_000, overrun: 90_000, loss: 0.3, least: 200_000 }), 30_000);
    expect(budget.limit).toBe(90_000);
  });

  it('counts what arrives as possible', () => {
    const budget = new ReceiverBudget();
    budget.update(report({ sent: 1_000_000, loss: 0.5 }), 0);
    pass(budget, { sent: 520_000 }, 2_000, 1_000);
    expect(budget.limit).toBe(520_000);
  });

  it('follows what they say that could be sent, step by step', () => {
    const budget = new ReceiverBudget();
    budget.update(report({ sent: 500_000, overrun: 100_000, least: 0 }), 0);
    const at = pass(budget, { sent: 90_000, estimate: 10_000_000 }, 2_000, 1_000);
    expect(budget.limit).toBeGreaterThan(110_000);
    expect(budget.limit).toBeLessThan(240_000);
    pass(budget, { sent: 90_000, estimate: 300_000 }, at, 3_000);
    expect(budget.limit).toBe(300_000);
  });

  it('tries what is better after a while, and keeps it where it arrives', () => {
    const { large, budget } = watch((now) => (now < 10_000 ? 320_000 : 5_000_000), 60);
    const last = beginnings(large).at(-1) ?? 0;
    expect(last).toBeGreaterThan(10_000);
    expect(last).toBeLessThan(40_000);
    expect(large.at(-1)).toBe(60_000 - STEP);
    expect(budget.limit).toBeGreaterThan(LEVELS[1] ?? 0);
  });

  it('waits twice as long after each try that fails', () => {
    const { large } = watch(() => 320_000, 400);
    const tries = beginnings(large).slice(1);
    const gaps = tries.slice(1).map((time, at) => time - (tries[at] ?? 0));
    expect(tries.length).toBeGreaterThan(3);
    expect(tries.length).toBeLessThan(8);
    for (const [at, gap] of gaps.slice(1).entries()) {
      expect(gap).toBeGreaterThan(Math.min(115_000, (gaps[at] ?? 0) * 1.5));
    }
    // A try that fails is over soon.
    expect(large.length * STEP).toBeLessThan(tries.length * 1_500 + 2_000);
  });

  it('tries nothing while packets are lost, though not too many', () => {
    const budget = new ReceiverBudget();
    budget.update(report({ sent: 1_000_000, loss: 0.5 }), 0);
    pass(budget, { sent: 400_000, loss: 0.07, next: 800_000 }, 2_000, 60_000);
    expect(budget.limit).toBeCloseTo(450_000);
  });

  it('asks for more where there is nothing that could be tried', () => {
    const budget = new ReceiverBudget();
    budget.update(report({ sent: 1_000_000, loss: 0.5 }), 0);
    pass(budget, { sent: 400_000 }, 2_000, 8_000);
    expect(budget.limit).toBeCloseTo(450_000 * 1.25);
    pass(budget, { sent: 400_000 }, 12_000, 9_000);
    expect(budget.limit).toBeGreaterThan(450_000 * 1.25 ** 3);
  });

  it('never goes below a little, whatever is said', () => {
    const budget = new ReceiverBudget();
    for (let now = 0; now < 60_000; now += STEP) budget.update(report({ sent: 50_000, loss: 1, least: 0 }), now);
    expect(budget.limit).toBe(32_000);
    budget.update(report({ sent: 0, overrun: 0, least: 0 }), 70_000);
    expect(budget.limit).toBe(32_000);
  });
});
