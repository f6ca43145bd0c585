import ndc, { type PeerConnection, type Track } from 'node-datachannel';
import { parseRtp, type RtpPacket } from '../../../../src/dialects/galene/client-rtp.ts';
import { RtpSender } from '../../../../src/dialects/galene/client-rtp-sender.ts';
import { capturedPackets } from '../../../../src/media/sfu/rtp/testing/captured.ts';

const VIDEO = { payloadType: 96, ssrc: 0x0b5_0001, clockRate: 90_000 };
const AUDIO = { payloadType: 111, ssrc: 0x0b5_0002, clockRate: 48_000 };
const NAME = 'obs';
const EVERY_MS = 20;
const ATTEMPTS = 3;
/** Pictures that a decoder shows: a keyframe with its parameter sets, and the two after it, again and again. */
const H264_PICTURES = picturesOf(capturedPackets('h264', 'video').slice(0, 4));
/** 20 ms of silence. */
const SOUND = Buffer.of(0xf8, 0xff, 0xfe);

/**
 * An encoder as OBS is: libdatachannel with a sendonly track of H.264 and one of Opus, an offer with all its candidates,
 * and nothing after that but the `DELETE`.
 */
export class Encoder {
  readonly resource: URL;
  readonly answer: string;
  readonly #connection: PeerConnection;
  readonly #token: string | undefined;
  readonly #timer: NodeJS.Timeout;
  // Kept, as a collected wrapper closes its track.
  readonly #tracks: readonly Track[];

  /** Begins anew where the library gave up, as somebody at OBS would. Rejects with what the server says no by. */
  static async begin(url: string, token?: string): Promise<Encoder> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const begun = await Encoder.#begin(url, token);
      if (begun) return begun;
    }
    throw new Error(`The library gave up ${ATTEMPTS} times.`);
  }

  /** Undefined where the server's checks came while the library read its answer, which it takes badly. */
  static async #begin(url: string, token?: string): Promise<Encoder | undefined> {
    const connection = new ndc.PeerConnection(NAME, {
      iceServers: [],
      bindAddress: '127.0.0.1',
      // A server on the same machine is quicker than the library, which then refuses it now and then.
      disableFingerprintVerification: true,
    });
    const tracks = [addVideo(connection), addAudio(connection)];
    const gathered = new Promise<void>((resolve) => {
      connection.onGatheringStateChange((state) => state === 'complete' && resolve());
    });
    connection.setLocalDescription('offer');
    await gathered;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp', ...bearer(token) },
      body: connection.localDescription()?.sdp ?? '',
    });
    const answer = await response.text();
    if (response.status !== 201) throw new Error(`${response.status}: ${answer}`);
    const resource = new URL(response.headers.get('location') ?? '', url);
    try {
      connection.setRemoteDescription(answer, 'answer');
    } catch (error) {
      connection.close();
      await fetch(resource, { method: 'DELETE', headers: bearer(token) });
      if (String(error).includes('without ICE transport')) return undefined;
      throw error;
    }
    return new Encoder({ connection, tracks, resource, answer, token });
  }

  private constructor(begun: {
    readonly connection: PeerConnection;
    readonly tracks: readonly Track[];
    readonly resource: URL;
    readonly answer: string;
    readonly token: string | undefined;
  }) {
    this.#connection = begun.connection;
    this.#tracks = begun.tracks;
    this.#token = begun.token;
    this.resource = begun.resource;
    this.answer = begun.answer;
    const [video, audio] = this.#tracks.map((track, index) => senderOf(track, index === 0 ? VIDEO : AUDIO));
    let pictures = 0;
    this.#timer = setInterval(() => {
      const at = performance.now();
      const packets = H264_PICTURES[pictures++ % H264_PICTURES.length] ?? [];
      for (const { marker, payload } of packets) video?.send({ at, marker, payload });
      audio?.send({ at, marker: false, payload: SOUND });
    }, EVERY_MS);
  }

  /** It is gone without a word, as if its machine had stopped. */
  vanish(): void {
    clearInterval(this.#timer);
    for (const track of this.#tracks) track.close();
    this.#connection.close();
  }

  /** Returns the status of what it says as it goes. */
  async close(): Promise<number> {
    this.vanish();
    return (await fetch(this.resource, { method: 'DELETE', headers: bearer(this.#token) })).status;
  }
}

function picturesOf(packets: readonly Buffer[]): readonly (readonly RtpPacket[])[] {
  const read = packets.flatMap((packet) => parseRtp(packet) ?? []);
  return [...Map.groupBy(read, ({ timestamp }) => timestamp).values()];
}

function bearer(token: string | undefined): Readonly<Record<string, string>> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function addVideo(connection: PeerConnection): Track {
  const video = new ndc.Video('1', 'SendOnly');
  video.addH264Codec(VIDEO.payloadType, 'profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1');
  video.addSSRC(VIDEO.ssrc, NAME, NAME, 'video');
  return connection.addTrack(video);
}

function addAudio(connection: PeerConnection): Track {
  const audio = new ndc.Audio('0', 'SendOnly');
  audio.addOpusCodec(AUDIO.payloadType);
  audio.addSSRC(AUDIO.ssrc, NAME, NAME, 'audio');
  return connection.addTrack(audio);
}

function senderOf(track: Track, { payloadType, ssrc, clockRate }: typeof VIDEO): RtpSender {
  const send = (packet: Buffer) => track.isOpen() && track.sendMessageBinary(packet);
  return new RtpSender({ ssrc, payloadType, clockRate, extensions: [], random: Math.random, send });
}
