import type { DeviceChoice } from '../camera-choice.ts';
import { CaptureError, capture, failureOf } from '../capture.ts';

/** One device, as chosen. Rejects with a {@link CaptureError}. */
export async function captureTrack(kind: 'audio' | 'video', devices: DeviceChoice): Promise<MediaStreamTrack> {
  const stream = await capture(devices, { audio: kind === 'audio', video: kind === 'video' });
  const [track] = kind === 'audio' ? stream.getAudioTracks() : stream.getVideoTracks();
  if (!track) throw new CaptureError('missing');
  return track;
}

/** A screen or a window, with its sound where the browser gives it. Nothing where the person thinks better of it. */
export async function captureScreen(): Promise<MediaStream | undefined> {
  if (!navigator.mediaDevices?.getDisplayMedia) throw new CaptureError('unsupported');
  try {
    return await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 15, max: 30 } }, audio: true });
  } catch (error) {
    const failure = failureOf(error);
    if (failure === 'denied') return undefined;
    throw new CaptureError(failure);
  }
}

export function canShareScreen(): boolean {
  return navigator.mediaDevices?.getDisplayMedia !== undefined;
}
