import { SCREEN_LABEL } from './meeting-ports.ts';

/** Bits per second of the small size, for small tiles and narrow ways (`spec/galene.md` 2.2). */
const LOW_MAX_BITRATE = 100_000;
/** Of a screen, on which there is something to read. */
const LOW_SCREEN_MAX_BITRATE = 200_000;
const SIMULCAST_FROM = 3;

export type Sizes = 'one' | 'two';

/**
 * Two people see each other large: a second size would be sent for nobody. With more, who has little room gets the
 * small one, and the others lose nothing by it.
 */
export function sizesFor({ people }: { readonly people: number }): Sizes {
  return people >= SIMULCAST_FROM ? 'two' : 'one';
}

/** In the order in which browsers want them: the largest first. */
export function encodingsOf({
  sizes,
  label,
}: {
  readonly sizes: Sizes;
  readonly label: string;
}): RTCRtpEncodingParameters[] {
  if (sizes === 'one') return [{}];
  const maxBitrate = label === SCREEN_LABEL ? LOW_SCREEN_MAX_BITRATE : LOW_MAX_BITRATE;
  return [{ rid: 'h' }, { rid: 'l', scaleResolutionDownBy: 2, maxBitrate }];
}
