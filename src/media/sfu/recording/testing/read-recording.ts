import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input, type InputTrack } from 'mediabunny';

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
