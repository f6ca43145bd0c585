/** A codec of a section of a description. */
export interface Codec {
  readonly payloadType: number;
  readonly name: string;
  readonly clockRate: number;
  readonly channels?: number;
  readonly fmtp?: string;
  /** What a receiver may say about it: `nack`, `nack pli`, `ccm fir`, `goog-remb`. */
  readonly feedback: readonly string[];
}

export type MediaKind = 'audio' | 'video';

const VIDEO_FEEDBACK = ['goog-remb', 'ccm fir', 'nack', 'nack pli'];
const video = (payloadType: number, name: string, fmtp?: string): Codec => ({
  ...{ payloadType, name, clockRate: 90_000, feedback: VIDEO_FEEDBACK },
  ...(fmtp === undefined ? {} : { fmtp }),
});

/** With the payload types of `spec/galene.md` 2.7. */
export const CODECS = {
  opus: {
    ...{ payloadType: 111, name: 'opus', clockRate: 48_000, channels: 2, feedback: [] },
    fmtp: 'minptime=10;useinbandfec=1',
  },
  g722: { payloadType: 9, name: 'G722', clockRate: 8_000, feedback: [] },
  pcmu: { payloadType: 0, name: 'PCMU', clockRate: 8_000, feedback: [] },
  pcma: { payloadType: 8, name: 'PCMA', clockRate: 8_000, feedback: [] },
  vp8: video(96, 'VP8'),
  /** Resends of VP8 in a stream of their own, which Galène never answers with. */
  rtx: { ...video(97, 'rtx', 'apt=96'), feedback: [] },
  vp9: video(98, 'VP9', 'profile-id=0'),
  av1: video(35, 'AV1'),
  h264: video(108, 'H264', 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f'),
} as const satisfies Readonly<Record<string, Codec>>;

export interface CodecLists {
  readonly audio: readonly Codec[];
  readonly video: readonly Codec[];
}

/** What is offered, and what is taken, unless said. */
export const DEFAULT_CODECS: CodecLists = { audio: [CODECS.opus], video: [CODECS.vp8] };

/** The same codec, whatever its payload type; of H.264 and VP9 in the same form. */
export function isSameCodec(a: Codec, b: Codec): boolean {
  const hasSameForm = formOf(a) === formOf(b);
  return a.name.toLowerCase() === b.name.toLowerCase() && a.clockRate === b.clockRate && hasSameForm;
}

function formOf({ name, fmtp = '' }: Codec): string {
  const value = (key: string) => new RegExp(`(?:^|;)\\s*${key}=([^;]*)`).exec(fmtp)?.[1];
  switch (name.toLowerCase()) {
    case 'vp9':
      return value('profile-id') ?? '0';
    case 'h264':
      return value('packetization-mode') ?? '0';
    default:
      return '';
  }
}
