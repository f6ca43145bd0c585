/*
 * These run in a page: nothing of this file is in scope there.
 */

/** When there was a flash, in seconds, and which: there are four, one after the other. */
export interface Flash {
  readonly at: number;
  readonly which: number;
}

/**
 * A camera and a microphone instead of those of the machine: at each full second of its clock there is a flash, and at
 * the same moment a beep, for a fifth of a second. How blue a flash is says which of four seconds it belongs to.
 */
export function flashByTheClockInPage(): void {
  const LENGTH_MS = 200;
  const LATE_MS = 50;

  function microphone(): readonly MediaStreamTrack[] {
    const audio = new AudioContext();
    const gain = new GainNode(audio, { gain: 0 });
    const destination = audio.createMediaStreamDestination();
    const oscillator = new OscillatorNode(audio, { frequency: 880 });
    oscillator.connect(gain).connect(destination);
    oscillator.start();
    let planned = 0;
    setInterval(() => {
      const now = Date.now();
      const second = Math.ceil(now / 1000) * 1000;
      // As late as is safe, so that the two clocks have no time to differ.
      if (second === planned || second - now > 300) return;
      planned = second;
      const at = audio.currentTime + (second - now) / 1000;
      gain.gain.setValueAtTime(0.8, at);
      gain.gain.setValueAtTime(0, at + LENGTH_MS / 1000);
    }, 20);
    return destination.stream.getAudioTracks();
  }

  function camera(): readonly MediaStreamTrack[] {
    const canvas = document.createElement('canvas');
    // So small that no browser makes it smaller on a busy machine, which would begin another file.
    Object.assign(canvas, { width: 320, height: 180 });
    const pen = canvas.getContext('2d');
    let flashing = 0;
    setInterval(() => {
      if (!pen) return;
      const now = Date.now();
      const second = Math.floor(now / 1000);
      // One that would be late is none.
      if (now % 1000 < LATE_MS) flashing = second;
      const isOn = flashing === second && now % 1000 < LENGTH_MS;
      pen.fillStyle = isOn ? `rgb(255 255 ${(second % 4) * 85})` : '#000';
      pen.fillRect(0, 0, 320, 180);
      // Something moves all the time, as a picture that stands still is not sent.
      pen.fillStyle = '#844';
      pen.fillRect((now / 50) % 300, 80, 20, 20);
    }, 20);
    return canvas.captureStream(30).getVideoTracks();
  }

  navigator.mediaDevices.getUserMedia = async ({ audio, video } = {}) =>
    new MediaStream([...(audio ? microphone() : []), ...(video ? camera() : [])]);
}

/** Looks from now on when the videos of the player flash, by the clock of the page. See {@link flashesInPage}. */
export function watchFlashesInPage(): void {
  const found: Record<string, Flash[]> = {};
  (window as unknown as { flashes: unknown }).flashes = found;
  for (const video of document.querySelectorAll<HTMLVideoElement>('.tile video')) {
    const flashes: Flash[] = [];
    found[video.getAttribute('aria-label') ?? ''] = flashes;
    const pen = new OffscreenCanvas(16, 16).getContext('2d', { willReadFrequently: true });
    let wasBright = true;
    const look = (_: number, { expectedDisplayTime }: VideoFrameCallbackMetadata): void => {
      pen?.drawImage(video, 0, 0, 16, 16);
      const [red = 0, , blue = 0] = pen?.getImageData(1, 1, 1, 1).data ?? [];
      const isBright = red > 128;
      if (isBright && !wasBright) flashes.push({ at: expectedDisplayTime / 1000, which: Math.round(blue / 85) });
      wasBright = isBright;
      video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
  }
}

/** By the titles of the tiles. */
export function flashesInPage(): Readonly<Record<string, readonly Flash[]>> {
  return (window as unknown as { flashes: Readonly<Record<string, readonly Flash[]>> }).flashes;
}

/** One of VP8 or Opus. */
interface Packet {
  /** Milliseconds. */
  readonly at: number;
  readonly isKeyframe: boolean;
  readonly base64: string;
}

export interface Packets {
  readonly pictures: readonly Packet[];
  readonly sounds: readonly Packet[];
}

/** When a file flashes and beeps, in seconds of it, however busy the machine is that decodes it. */
export async function flashesAndBeepsInPage({ pictures, sounds }: Packets): Promise<{
  readonly flashes: readonly Flash[];
  readonly beeps: readonly number[];
}> {
  const flashes: Flash[] = [];
  const beeps: number[] = [];
  const error = (problem: DOMException): void => console.error(problem);
  const chunk = ({ at, isKeyframe, base64 }: Packet) => ({
    type: isKeyframe ? ('key' as const) : ('delta' as const),
    timestamp: at * 1000,
    data: Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)),
  });

  const pen = new OffscreenCanvas(16, 16).getContext('2d', { willReadFrequently: true });
  let wasBright = true;
  const look = (frame: VideoFrame): void => {
    pen?.drawImage(frame, 0, 0, 16, 16);
    const [red = 0, , blue = 0] = pen?.getImageData(1, 1, 1, 1).data ?? [];
    const isBright = red > 128;
    if (isBright && !wasBright) flashes.push({ at: frame.timestamp / 1e6, which: Math.round(blue / 85) });
    wasBright = isBright;
    frame.close();
  };

  let silent = 0;
  /** A beep begins where a tenth of a second was silent before it. */
  const listen = (sound: AudioData): void => {
    const samples = new Float32Array(sound.numberOfFrames);
    sound.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
    for (const [i, sample] of samples.entries()) {
      const isLoud = Math.abs(sample) > 0.1;
      if (isLoud && silent > sound.sampleRate / 10) beeps.push(sound.timestamp / 1e6 + i / sound.sampleRate);
      silent = isLoud ? 0 : silent + 1;
    }
    sound.close();
  };

  const video = new VideoDecoder({ output: look, error });
  const audio = new AudioDecoder({ output: listen, error });
  video.configure({ codec: 'vp8' });
  audio.configure({ codec: 'opus', sampleRate: 48_000, numberOfChannels: 2 });
  for (const picture of pictures) video.decode(new EncodedVideoChunk(chunk(picture)));
  for (const sound of sounds) audio.decode(new EncodedAudioChunk(chunk(sound)));
  await Promise.all([video.flush(), audio.flush()]);
  return { flashes, beeps };
}
