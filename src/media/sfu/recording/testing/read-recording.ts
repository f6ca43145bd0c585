import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input, type InputTrack } from 'mediabunny';
import { MARKED } from './timed-camera.ts';

export interface ReadPacket {
  /** Milliseconds since the file began. */
  readonly at: number;
  readonly isKeyframe: boolean;
  readonly data: Buffer;
}

export interface ReadRecording {
  readonly format: string;
  readonly video: { readonly codec: string; readonly width: number; readonly height: number } | undefined;
  readonly hasAudio: boolean;
  readonly pictures: readonly ReadPacket[];
  readonly sounds: readonly ReadPacket[];
}

/** A recorded file as a library reads it that did not write it. */
export async function readRecording(path: string): Promise<ReadRecording> {
  using input = new Input({ formats: ALL_FORMATS, source: new FilePathSource(path) });
  const video = await input.getPrimaryVideoTrack();
  const audio = await input.getPrimaryAudioTrack();
  return {
    format: (await input.getFormat()).name,
    video: video ? { codec: video.codec ?? '', width: video.codedWidth, height: video.codedHeight } : undefined,
    hasAudio: audio !== null,
    pictures: video ? await packetsOf(video) : [],
    sounds: audio ? await packetsOf(audio) : [],
  };
}

async function packetsOf(track: InputTrack): Promise<readonly ReadPacket[]> {
  const found: ReadPacket[] = [];
  for await (const { timestamp, type, data } of new EncodedPacketSink(track).packets()) {
    found.push({ at: timestamp * 1000, isKeyframe: type === 'key', data: Buffer.from(data) });
  }
  return found;
}

export function isRising(packets: readonly ReadPacket[]): boolean {
  return packets.length > 1 && packets.every(({ at }, i) => i === 0 || at > (packets[i - 1]?.at ?? 0));
}

/** How far what was seen and heard at once is apart, in milliseconds; of all that is in both. */
export function skews({ pictures, sounds }: ReadRecording): readonly number[] {
  const heard = marks(sounds);
  return marks(pictures).flatMap((seen) => {
    const nearest = Math.min(...heard.map((at) => Math.abs(at - seen)));
    return nearest < 500 ? nearest : [];
  });
}

function marks(packets: readonly ReadPacket[]): readonly number[] {
  return packets.filter(({ data }) => data.at(-1) === MARKED).map(({ at }) => at);
}
