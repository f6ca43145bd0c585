import { describe, expect, test } from 'vitest';
import { Outbox } from './outbox.ts';

function outbox() {
  const changes: number[] = [];
  return { box: new Outbox((bytes) => changes.push(bytes)), changes };
}

test('frames wait in order, and are counted', () => {
  const { box, changes } = outbox();
  expect(box.isOpen).toBe(false);
  box.open(0, 10);
  box.push({ text: 'a' }, 1);
  box.push({ text: 'bb' }, 2);
  expect(box.bytes).toBe(3);
  expect(box.take().map(({ text }) => text)).toEqual(['a', 'bb']);
  expect([box.bytes, box.isOpen]).toEqual([0, false]);
  expect(changes.reduce((sum, bytes) => sum + bytes, 0)).toBe(0);
  expect(box.take()).toEqual([]);
});

test('cleared, nothing waits, and no roster is due', () => {
  const { box, changes } = outbox();
  box.open(0, 10);
  box.push({ text: 'a' }, 7);
  box.rosterDue = true;
  box.clear();
  expect([box.bytes, box.isOpen, box.rosterDue]).toEqual([0, false, false]);
  expect(changes).toEqual([7, -7]);
});

describe('a connection is stuck', () => {
  test('since it stopped taking anything; not while nothing waits', () => {
    const { box } = outbox();
    expect(box.stuckFor(5_000, 0)).toBe(0);
    box.open(1_000, 500);
    expect(box.stuckFor(1_000, 500)).toBe(0);
    expect(box.stuckFor(31_000, 500)).toBe(30_000);
    box.take();
    expect(box.stuckFor(31_000, 500)).toBe(0);
  });

  test('anew since it last took something, however little', () => {
    const { box } = outbox();
    box.open(0, 500);
    expect(box.stuckFor(20_000, 499)).toBe(0);
    expect(box.stuckFor(30_000, 499)).toBe(10_000);
    expect(box.stuckFor(40_000, 100)).toBe(0);
    expect(box.stuckFor(70_000, 100)).toBe(30_000);
  });

  test('however much more is given to it meanwhile', () => {
    const { box } = outbox();
    box.open(0, 500);
    box.push({ text: 'a' }, 1);
    expect(box.stuckFor(10_000, 800)).toBe(10_000);
  });

  test('anew after it was free again', () => {
    const { box } = outbox();
    box.open(0, 500);
    box.take();
    box.open(50_000, 500);
    expect(box.stuckFor(60_000, 500)).toBe(10_000);
  });
});
