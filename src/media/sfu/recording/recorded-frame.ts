import type { TrackKind } from '../../../core/stream.ts';
import type { VideoFormat } from './video-format.ts';

/** A picture, or a moment of sound, on its way to a file. */
export interface RecordedFrame {
  readonly kind: TrackKind;
  /** When it happened, on our clock, in milliseconds. */
  readonly at: number;
  readonly data: Buffer;
  /** Of sound, in milliseconds; 0 where only the next one ends it. */
  readonly durationMs: number;
  /** Of keyframes. */
  readonly format: VideoFormat | undefined;
  /** It does not follow what was before it. */
  readonly isJump: boolean;
}
