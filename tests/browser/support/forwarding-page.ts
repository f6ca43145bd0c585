/*
 * These run in a page: nothing of this file is in scope there. `tell` is what the page says to the test, and what the
 * test says to the page are functions that are put on its window.
 */
interface ForwardingPage {
  tell(type: string, value: string): Promise<void>;
  answered(sdp: string): Promise<void>;
  offered(sdp: string): Promise<void>;
  candidate(candidate: RTCIceCandidateInit): Promise<void>;
  restart(): Promise<void>;
  heard(): Promise<boolean>;
  repaired(): Promise<number>;
  pictures: number;
  offers: number;
}

export async function publishInPage({
  sizes = 1,
  scalabilityMode,
}: {
  readonly sizes?: number;
  /** In layers within one size. */
  readonly scalabilityMode?: string;
}): Promise<void> {
  const page = window as unknown as ForwardingPage;
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 480 } });
  const connection = new RTCPeerConnection();
  const high = { maxBitrate: 700_000, ...(scalabilityMode === undefined ? {} : { scalabilityMode }) };
  const encodings = [
    { rid: 'h', ...high },
    { rid: 'l', scaleResolutionDownBy: 2, maxBitrate: 100_000 },
  ];
  for (const track of stream.getTracks()) {
    const sendEncodings = track.kind === 'video' ? (sizes > 1 ? encodings : [high]) : [];
    const transceiver = connection.addTransceiver(track, { direction: 'sendonly', streams: [stream], sendEncodings });
    const { codecs = [] } = RTCRtpSender.getCapabilities(track.kind) ?? {};
    const av1 = codecs.filter(({ mimeType }) => mimeType === 'video/AV1');
    if (scalabilityMode !== undefined && track.kind === 'video') transceiver.setCodecPreferences(av1);
  }
  connection.onicecandidate = ({ candidate }) => {
    if (candidate) void page.tell('candidate', JSON.stringify(candidate));
  };
  const offer = async (): Promise<void> => {
    await connection.setLocalDescription();
    await page.tell('offer', connection.localDescription?.sdp ?? '');
  };
  page.answered = (sdp) => connection.setRemoteDescription({ type: 'answer', sdp });
  page.candidate = (candidate) => connection.addIceCandidate(candidate);
  page.restart = async () => {
    connection.restartIce();
    await offer();
  };
  await offer();
}

/** Waits for offers; with `offers` it offers itself, and with all candidates at once where it does not trickle. */
export async function receiveInPage({
  offers = false,
  trickles = true,
}: {
  readonly offers?: boolean;
  readonly trickles?: boolean;
}): Promise<void> {
  const page = window as unknown as ForwardingPage;
  const connection = new RTCPeerConnection();
  const video = document.createElement('video');
  video.muted = true;
  video.autoplay = true;
  document.body.append(video);
  page.pictures = 0;
  page.offers = 0;
  const count = (): void => {
    page.pictures += 1;
    video.requestVideoFrameCallback(count);
  };
  video.requestVideoFrameCallback(count);
  connection.ontrack = ({ streams }) => {
    video.srcObject = streams[0] ?? null;
  };
  connection.onicecandidate = ({ candidate }) => {
    if (candidate && trickles) void page.tell('candidate', JSON.stringify(candidate));
  };
  page.candidate = (candidate) => connection.addIceCandidate(candidate);
  page.answered = (sdp) => connection.setRemoteDescription({ type: 'answer', sdp });
  page.restart = async () => {
    connection.restartIce();
    await offer();
  };
  const gathered = (): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (connection.iceGatheringState === 'complete') resolve();
      };
      connection.addEventListener('icegatheringstatechange', look);
      look();
    });
  const offer = async (): Promise<void> => {
    await connection.setLocalDescription();
    if (!trickles) await gathered();
    await page.tell('offer', connection.localDescription?.sdp ?? '');
  };
  page.repaired = async () => {
    const reports = [...(await connection.getStats()).values()];
    const video = reports.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'video');
    return video?.retransmittedPacketsReceived ?? 0;
  };
  page.offered = async (sdp) => {
    page.offers += 1;
    await connection.setRemoteDescription({ type: 'offer', sdp });
    await connection.setLocalDescription();
    await page.tell('answer', connection.localDescription?.sdp ?? '');
  };
  page.heard = async () => {
    const reports = [...(await connection.getStats()).values()];
    return reports.some(({ type, kind, totalSamplesReceived }) => {
      return type === 'inbound-rtp' && kind === 'audio' && totalSamplesReceived > 10_000;
    });
  };
  if (!offers) return;
  for (const kind of ['audio', 'video']) connection.addTransceiver(kind, { direction: 'recvonly' });
  await offer();
}
