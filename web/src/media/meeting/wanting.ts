import type { WireWanted } from '../../../../src/dialects/parlour/wire.ts';
import { SCREEN_LABEL } from './meeting-ports.ts';

/** What somebody wants to receive of a meeting. */
export type Receive = 'everything' | 'screens' | 'audio' | 'nothing';

const EVERYTHING: WireWanted = { audio: true, video: 'high' };
const SOUND: WireWanted = { audio: true, video: 'none' };
const NOTHING: WireWanted = { audio: false, video: 'none' };

/** What is asked of the server for all streams; as the choices of Galène's client (`spec/galene.md` 1.7). */
export function wantOf(receive: Receive): { byLabel: Record<string, WireWanted>; otherwise: WireWanted } {
  switch (receive) {
    case 'everything':
      return { byLabel: {}, otherwise: EVERYTHING };
    case 'screens':
      return { byLabel: { [SCREEN_LABEL]: EVERYTHING }, otherwise: SOUND };
    case 'audio':
      return { byLabel: {}, otherwise: SOUND };
    case 'nothing':
      return { byLabel: {}, otherwise: NOTHING };
    default:
      return receive satisfies never;
  }
}

/** How somebody looks at a tile. */
export interface Look {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Device pixels for each CSS pixel. */
  readonly ratio: number;
  readonly onScreen: boolean;
}

/** CSS pixels times the device's ratio: what the small size of a camera fills. */
const SMALL_PIXELS = 320 * 240;

/**
 * Which size of its picture is wanted of a stream; of one that has none by itself, nothing else. Off the screen the
 * small one goes on: it is there at once when somebody scrolls to it, and its sound is heard meanwhile.
 */
export function sizeWanted({ width, height, ratio, onScreen }: Look): 'low' | 'high' {
  if (!onScreen) return 'low';
  return width * height * ratio * ratio <= SMALL_PIXELS ? 'low' : 'high';
}

/** Whether the choice lets pictures of this label come at all. */
export function hasPictures(receive: Receive, label: string): boolean {
  return receive === 'everything' || (receive === 'screens' && label === SCREEN_LABEL);
}
