import type { CameraChoice, DeviceChoice } from '../media/camera-choice.ts';
import type { Receive } from '../media/meeting/wanting.ts';
import { cell } from '../room/store.ts';
import { lasting } from './memory.ts';

/** What somebody set for this browser. */
export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  /** Lines about who came and went. */
  readonly passages: boolean;
  readonly devices: DeviceChoice;
  readonly camera: Partial<CameraChoice>;
  /** Of meetings. */
  readonly receive: Receive;
  /** With what one joined a meeting last. */
  readonly joining: { readonly camera: boolean; readonly microphone: boolean };
}

const KEY = 'parlour.settings';
const DEFAULTS: Settings = {
  theme: 'system',
  passages: true,
  devices: {},
  camera: {},
  receive: 'everything',
  joining: { camera: true, microphone: true },
};

export const settings = cell<Settings>({ ...DEFAULTS, ...lasting.read<Partial<Settings>>(KEY) });

export function changeSettings(change: Partial<Settings>): void {
  settings.dispatch({ ...settings.get(), ...change });
  lasting.write(KEY, settings.get());
}

/** The theme is an attribute of the page, which the design tokens look at. */
export function applyTheme(): void {
  const { theme } = settings.get();
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
