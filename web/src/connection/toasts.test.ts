import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Toasts } from './toasts.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', globalThis);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.clearAllTimers();
  vi.useRealTimers();
});

const texts = (toasts: Toasts) => toasts.state.get().map((toast) => toast.text);

test('go by themselves, each after its time, or when they are dismissed', () => {
  const toasts = new Toasts();
  toasts.show('one');
  vi.advanceTimersByTime(5_000);
  toasts.show('two', 'bad');
  expect(toasts.state.get().map((toast) => toast.tone)).toEqual(['info', 'bad']);
  vi.advanceTimersByTime(2_000);
  expect(texts(toasts)).toEqual(['two']);
  toasts.dismiss(toasts.state.get()[0]?.id ?? 0);
  expect(texts(toasts)).toEqual([]);
});

test('the same again replaces itself, and stays its whole time', () => {
  const toasts = new Toasts();
  toasts.show('one');
  toasts.show('two');
  vi.advanceTimersByTime(6_000);
  toasts.show('one');
  expect(texts(toasts)).toEqual(['two', 'one']);
  vi.advanceTimersByTime(6_000);
  expect(texts(toasts)).toEqual(['one']);
});

test('that are gone leave no timer, nor does the end of them all', () => {
  const toasts = new Toasts();
  for (const text of ['a', 'b', 'a', 'c', 'd', 'e', 'f']) toasts.show(text);
  expect(vi.getTimerCount()).toBe(texts(toasts).length);
  toasts.close();
  expect(vi.getTimerCount()).toBe(0);
  expect(texts(toasts)).toEqual([]);
});

test('are few, and never empty', () => {
  const toasts = new Toasts();
  toasts.show('');
  for (const text of ['a', 'b', 'c', 'd', 'e']) toasts.show(text);
  expect(texts(toasts)).toEqual(['b', 'c', 'd', 'e']);
});
