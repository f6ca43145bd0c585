import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Ask } from '../../../src/dialects/parlour/client.ts';
import { OwnPresence } from './own-presence.ts';
import type { Server } from './server.ts';

const IDLE_MS = 5 * 60_000;
let page: EventTarget;
let said: Ask[];
let presence: OwnPresence;

beforeEach(() => {
  vi.useFakeTimers();
  page = new EventTarget();
  vi.stubGlobal('window', {
    addEventListener: page.addEventListener.bind(page),
    removeEventListener: page.removeEventListener.bind(page),
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
  });
  said = [];
  const tell = async (ask: Ask) => {
    said.push(ask);
    return true;
  };
  presence = new OwnPresence({ tell, tellQuietly: tell } as unknown as Server);
});
afterEach(() => {
  presence.close();
  expect(vi.getTimerCount(), 'timers left over').toBe(0);
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const sign = () => page.dispatchEvent(new Event('pointermove'));
const says = (status: string, dnd = false) => ({ type: 'presence', status, dnd });

describe('who does nothing', () => {
  test('is idle after a while, and online with the first sign of life', () => {
    vi.advanceTimersByTime(IDLE_MS);
    expect(said).toEqual([says('idle')]);
    sign();
    expect(said).toEqual([says('idle'), says('online')]);
  });

  test('each sign of life puts it off', () => {
    for (let minute = 0; minute < 10; minute++) {
      vi.advanceTimersByTime(60_000);
      sign();
    }
    expect(said).toEqual([]);
    vi.advanceTimersByTime(IDLE_MS);
    expect(said).toEqual([says('idle')]);
  });

  test('but said what they do, does that', () => {
    presence.setStatus('lunch');
    vi.advanceTimersByTime(2 * IDLE_MS);
    sign();
    expect(said).toEqual([says('lunch')]);
  });
});

test('being disturbed and the status are said together', () => {
  presence.setDoNotDisturb({ on: true });
  presence.setStatus('busy');
  presence.setDoNotDisturb({ on: false });
  expect(said).toEqual([says('online', true), says('busy', true), says('busy')]);
});

describe('on entering', () => {
  test('a new page takes over what the server knows', () => {
    presence.resync({ status: 'lunch', dnd: true }, { fresh: true });
    expect(presence.state.get()).toEqual({ status: 'lunch', dnd: true });
    expect(said).toEqual([]);
  });

  test('a new page is not idle', () => {
    presence.resync({ status: 'idle', dnd: false }, { fresh: true });
    expect(presence.state.get().status).toBe('online');
    expect(said).toEqual([says('online')]);
  });

  test('a page that was there tells a server that forgot', () => {
    presence.setStatus('lunch');
    presence.resync({ status: 'online', dnd: false }, { fresh: false });
    expect(said).toEqual([says('lunch'), says('lunch')]);
  });

  test('where both agree nothing is said', () => {
    presence.resync({ status: 'online', dnd: false }, { fresh: false });
    expect(said).toEqual([]);
  });
});
