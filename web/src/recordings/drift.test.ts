import { describe, expect, test } from 'vitest';
import { correctionFor } from './drift.ts';

describe('what is not where it belongs', () => {
  test('jumps where it is far away', () => {
    expect([correctionFor(0.5, 1), correctionFor(-30, 1)]).toEqual([{ kind: 'jump' }, { kind: 'jump' }]);
  });

  test('is left alone where it is near', () => {
    expect(correctionFor(0.02, 1)).toEqual({ kind: 'pace', factor: 1 });
  });

  test.each([0.3, 0.1, 0.05, -0.05, -0.1, -0.3])('%d s away, it comes near within a few seconds', (start) => {
    let [drift, factor] = [start, 1];
    for (let tick = 0; tick < 30; tick++) {
      const correction = correctionFor(drift, factor);
      if (correction.kind === 'jump') throw new Error('It jumped.');
      factor = correction.factor;
      expect(Math.abs(factor - 1)).toBeLessThanOrEqual(0.2);
      drift += (factor - 1) * 0.1;
    }
    expect(Math.abs(drift)).toBeLessThan(0.03);
    expect(correctionFor(0.009, factor)).toEqual({ kind: 'pace', factor: 1 });
  });
});
