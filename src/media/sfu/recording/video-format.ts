import type { ContainerTrack, Rotation } from '../../../recordings/container.ts';
import type { Size } from './payloads.ts';

/** How a picture is to be decoded, as a file says it at its front. */
export interface VideoFormat {
  readonly codec: ContainerTrack['codec'];
  readonly size: Size;
  readonly codecPrivate?: Uint8Array;
  /** How far a camera was turned that does not turn its pictures itself. */
  readonly rotation?: Rotation;
}

export interface Picture {
  readonly data: Buffer;
  /** Of a keyframe, with which a file may begin; undefined of others. */
  readonly format: VideoFormat | undefined;
}
