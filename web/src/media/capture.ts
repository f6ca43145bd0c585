import type { DeviceChoice } from './camera-choice.ts';

export type CaptureFailure = 'denied' | 'missing' | 'busy' | 'unsupported';

export class CaptureError extends Error {
  readonly failure: CaptureFailure;

  constructor(failure: CaptureFailure) {
    super(failure);
    this.failure = failure;
  }
}

/** What of the devices is wanted. */
export interface Parts {
  readonly audio: boolean;
  readonly video: boolean;
}

export const BOTH: Parts = { audio: true, video: true };

/** A camera, and a microphone where there is one; or one of them alone. Rejects with a {@link CaptureError}. */
export async function capture(devices: DeviceChoice, parts: Parts = BOTH): Promise<MediaStream> {
  // Browsers offer it on HTTPS pages and localhost only.
  if (!navigator.mediaDevices?.getUserMedia) throw new CaptureError('unsupported');
  const video = {
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 24, max: 30 },
    ...exactly(devices.camera),
  };
  const audio = { echoCancellation: true, noiseSuppression: true, ...exactly(devices.microphone) };
  try {
    return await navigator.mediaDevices.getUserMedia({ video: parts.video && video, audio: parts.audio && audio });
  } catch (error) {
    if (failureOf(error) === 'denied') throw new CaptureError('denied');
  }
  // The microphone, or a device that was chosen once and is not plugged in any more, may be what failed.
  return navigator.mediaDevices
    .getUserMedia(parts.video ? { video, audio: false } : { audio: true })
    .catch(() => navigator.mediaDevices.getUserMedia(parts.video ? { video: true, audio: false } : { audio: true }))
    .catch((error: unknown) => {
      throw new CaptureError(failureOf(error));
    });
}

export interface Devices {
  readonly cameras: readonly MediaDeviceInfo[];
  readonly microphones: readonly MediaDeviceInfo[];
}

/** Nameless until the person allowed one of them. */
export async function listDevices(): Promise<Devices> {
  const all = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) ?? [];
  const known = all.filter((device) => device.deviceId !== '');
  return {
    cameras: known.filter((device) => device.kind === 'videoinput'),
    microphones: known.filter((device) => device.kind === 'audioinput'),
  };
}

export function stopStream(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function exactly(deviceId: string | undefined): MediaTrackConstraints {
  return deviceId ? { deviceId: { exact: deviceId } } : {};
}

export function failureOf(error: unknown): CaptureFailure {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
  return 'busy';
}
