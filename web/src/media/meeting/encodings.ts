import { CAMERA_LABEL } from './meeting-ports.ts';

/** Of the small size that those with small tiles get (`spec/galene.md` 2.2). */
const LOW_MAX_BITRATE = 100_000;
const SIMULCAST_FROM = 3;

export type Sizes = 'one' | 'two';

/** Two people see each other large: a second size would be sent for nobody. Screens are for reading. */
export function sizesFor({ label, people }: { readonly label: string; readonly people: number }): Sizes {
  return label === CAMERA_LABEL && people >= SIMULCAST_FROM ? 'two' : 'one';
}

/** In the order in which browsers want them: the largest first. */
export function encodingsOf(sizes: Sizes): RTCRtpEncodingParameters[] {
  if (sizes === 'one') return [{}];
  return [{ rid: 'h' }, { rid: 'l', scaleResolutionDownBy: 2, maxBitrate: LOW_MAX_BITRATE }];
}
