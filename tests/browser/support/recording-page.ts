/*
 * These run in a page: nothing of this file is in scope there.
 */
interface PublishingPage {
  tell(type: string, value: string): Promise<void>;
  answered(sdp: string): Promise<void>;
  candidate(candidate: RTCIceCandidateInit): Promise<void>;
}

/** Once a second there is a flash, and at the same moment a beep. */
export async function flashAndBeepInPage(): Promise<void> {
  const page = window as unknown as PublishingPage;
  const audio = new AudioContext();
  const oscillator = new OscillatorNode(audio, { frequency: 880 });
  const gain = new GainNode(audio, { gain: 0 });
  const destination = audio.createMediaStreamDestination();
  oscillator.connect(gain).connect(destination);
  oscillator.start();
  const canvas = document.createElement('canvas');
  canvas.width = 320;
  canvas.height = 240;
  const context = canvas.getContext('2d');
  const isOn = (time: number): boolean => time % 1 < 0.2;
  for (let second = 1; second < 120; second += 1) {
    gain.gain.setValueAtTime(0.8, second);
    gain.gain.setValueAtTime(0, second + 0.2);
  }
  setInterval(() => {
    if (!context) return;
    context.fillStyle = isOn(audio.currentTime) && audio.currentTime >= 1 ? '#fff' : '#000';
    context.fillRect(0, 0, canvas.width, canvas.height);
    // Something moves all the time, as a picture that stands still is not sent.
    context.fillStyle = '#844';
    context.fillRect((audio.currentTime * 40) % 300, 100, 20, 20);
  }, 20);
  const [picture] = canvas.captureStream(30).getVideoTracks();
  const [sound] = destination.stream.getAudioTracks();
  const connection = new RTCPeerConnection();
  const stream = new MediaStream();
  for (const track of [sound, picture]) {
    if (track) connection.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
  }
  connection.onicecandidate = ({ candidate }) => {
    if (candidate) void page.tell('candidate', JSON.stringify(candidate));
  };
  page.answered = (sdp) => connection.setRemoteDescription({ type: 'answer', sdp });
  page.candidate = (candidate) => connection.addIceCandidate(candidate);
  await connection.setLocalDescription();
  await page.tell('offer', connection.localDescription?.sdp ?? '');
}

export interface Played {
  readonly duration: number;
  readonly width: number;
  /** Where the player was after it was told to jump to the middle. */
  readonly jumpedTo: number;
  /** When it was seen and heard, in seconds of the file. */
  readonly flashes: readonly number[];
  readonly beeps: readonly number[];
}

/** Plays a file to its end and looks and listens. */
export async function playInPage(source: string): Promise<Played> {
  const video = document.createElement('video');
  video.src = source;
  document.body.append(video);
  const happened = (what: string): Promise<void> =>
    new Promise((resolve, reject) => {
      video.addEventListener(what, () => resolve(), { once: true });
      video.addEventListener('error', () => reject(new Error(video.error?.message ?? 'it cannot be played')));
    });
  await happened('loadeddata');
  const { duration } = video;
  video.currentTime = duration / 2;
  await happened('seeked');
  const jumpedTo = video.currentTime;
  video.currentTime = 0;
  await happened('seeked');

  const audio = new AudioContext();
  const analyser = new AnalyserNode(audio, { fftSize: 32_768 });
  audio.createMediaElementSource(video).connect(analyser).connect(audio.destination);
  const samples = new Float32Array(analyser.fftSize);
  const canvas = new OffscreenCanvas(16, 16);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const flashes: number[] = [];
  const beeps: number[] = [];
  let wasBright = true;

  const look = (_now: number, { mediaTime }: { readonly mediaTime: number }): void => {
    context?.drawImage(video, 0, 0, 16, 16);
    const isBright = (context?.getImageData(1, 1, 1, 1).data[0] ?? 0) > 128;
    if (isBright && !wasBright) flashes.push(mediaTime);
    wasBright = isBright;
    video.requestVideoFrameCallback(look);
  };
  /** A beep begins where a tenth of a second was silent before it. */
  const listen = (): void => {
    analyser.getFloatTimeDomainData(samples);
    const end = video.currentTime;
    const silence = audio.sampleRate / 10;
    let silent = 0;
    for (const [i, sample] of samples.entries()) {
      const isLoud = Math.abs(sample) > 0.1;
      const at = end - (samples.length - i) / audio.sampleRate;
      if (isLoud && silent > silence && at > 0 && beeps.every((beep) => Math.abs(beep - at) > 0.4)) beeps.push(at);
      silent = isLoud ? 0 : silent + 1;
    }
  };
  video.requestVideoFrameCallback(look);
  const listening = setInterval(listen, 20);
  const ended = happened('ended');
  await video.play();
  await ended;
  clearInterval(listening);
  return { duration, width: video.videoWidth, jumpedTo, flashes, beeps };
}

/** Plays the first two seconds of a file whose end is not there. */
export async function lookInPage(source: string): Promise<{ readonly width: number; readonly at: number }> {
  const video = document.createElement('video');
  video.src = source;
  video.muted = true;
  await new Promise<void>((resolve, reject) => {
    video.addEventListener('timeupdate', () => video.currentTime >= 2 && resolve());
    video.addEventListener('error', () => reject(new Error(video.error?.message ?? 'it cannot be played')));
    void video.play();
  });
  video.pause();
  return { width: video.videoWidth, at: Math.floor(video.currentTime) };
}
