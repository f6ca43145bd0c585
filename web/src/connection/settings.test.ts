import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeStorage } from './testing/fake-memory.ts';

let storage: FakeStorage;
let dataset: Record<string, string>;

beforeEach(() => {
  storage = new FakeStorage();
  dataset = {};
  vi.stubGlobal('window', { localStorage: storage });
  vi.stubGlobal('document', { documentElement: { dataset } });
  vi.resetModules();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** As a page does that is loaded anew. */
const load = () => import('./settings.ts');

test('begin with what most want, and are remembered', async () => {
  const { changeSettings, settings } = await load();
  expect(settings.get()).toEqual({
    theme: 'system',
    passages: true,
    devices: {},
    camera: {},
    receive: 'everything',
    joining: { camera: true, microphone: true },
  });
  changeSettings({ theme: 'dark', devices: { camera: 'c1' } });
  vi.resetModules();
  const later = await load();
  expect(later.settings.get()).toMatchObject({ theme: 'dark', passages: true, devices: { camera: 'c1' }, camera: {} });
});

test('the theme is told to the page, unless it is that of the device', async () => {
  const { applyTheme, changeSettings } = await load();
  changeSettings({ theme: 'light' });
  applyTheme();
  expect(dataset).toEqual({ theme: 'light' });
  changeSettings({ theme: 'system' });
  applyTheme();
  expect(dataset).toEqual({});
});
