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
  readonly hasAudio: boolean;
}

export type SizeWanted = WireWanted['video'];

/** Device pixels: what the small size of a camera fills. */
const SMALL_PIXELS = 320 * 240;
/** A tile that changes a little must not change its stream back and forth. */
const CLEARLY_LARGER = 1.3;

/**
 * Which size of its picture is wanted of a stream, where `before` was. Off the screen none is, as long as its sound
 * remains: a stream of which nothing is wanted ends.
 */
export function sizeWanted({ width, height, ratio, onScreen, hasAudio }: Look, before: SizeWanted): SizeWanted {
  if (!onScreen) return hasAudio ? 'none' : 'low';
  const bound = before === 'high' ? SMALL_PIXELS : SMALL_PIXELS * CLEARLY_LARGER;
  return width * height * ratio * ratio <= bound ? 'low' : 'high';
}

/** How long somebody must not look at a tile before its picture is not sent any more. Milliseconds. */
export const UNSEEN_AFTER_MS = { scrolled: 3_000, hidden: 20_000 } as const;

/** Whether the choice lets pictures of this label come at all. */
export function hasPictures(receive: Receive, label: string): boolean {
  return receive === 'everything' || (receive === 'screens' && label === SCREEN_LABEL);
}
