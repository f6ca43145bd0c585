import sharp, { type Metadata, type Sharp } from 'sharp';
import type { RefusalCode } from '../core/errors.ts';
import type { Attachment } from '../core/message.ts';
import { isWholeGif } from './gif-blocks.ts';
import { type ImageType, imageType } from './image-type.ts';
import { TurnRefused, Turns } from './turns.ts';

// Settings of the whole process: every upload is another image, so that a cache only holds memory, and one thread for
// each image leaves the processors to the chat.
sharp.cache(false);
sharp.concurrency(1);

export interface ImageOptions {
  /** Bytes of one image, as it comes and as it goes. */
  readonly maxBytes?: number;
  /** Pixels of one frame, before it is made smaller. */
  readonly maxPixels?: number;
  /** Pixels of all frames of an animation that are kept. */
  readonly maxTotalPixels?: number;
  /** Pixels of the longest side of the result. */
  readonly maxSide?: number;
  /** Frames of an animation; those after are cut off. */
  readonly maxFrames?: number;
  /** How long one image may take. */
  readonly timeoutSeconds?: number;
  /** Images worked on at the same time. */
  readonly concurrency?: number;
  /** Images waiting for their turn. */
  readonly queue?: number;
}

export interface ProcessedImage {
  readonly mediaType: Attachment['mediaType'];
  /** Pixels; of one frame where it is animated. */
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

export type ImageErrorCode = Extract<RefusalCode, 'image-invalid' | 'image-too-large' | 'too-fast'>;

/** Why an image was refused; `code` is what its sender is told. */
export class ImageError extends Error {
  readonly code: ImageErrorCode;

  constructor(code: ImageErrorCode, options?: ErrorOptions) {
    super(`Image refused: ${code}`, options);
    this.name = 'ImageError';
    this.code = code;
  }
}

type Limits = Required<ImageOptions>;

const DEFAULTS: Limits = {
  maxBytes: 8 * 1024 * 1024,
  maxPixels: 25_000_000,
  maxTotalPixels: 100_000_000,
  maxSide: 1280,
  maxFrames: 300,
  timeoutSeconds: 20,
  concurrency: 2,
  queue: 32,
};

/**
 * Decodes images that strangers sent and encodes them anew, so that nothing but their pixels (and the rhythm of an
 * animation) is passed on: upright, in sRGB, without metadata, no larger than allowed. JPEG, PNG and GIF stay what they
 * are; WebP becomes GIF if animated, PNG if it can be transparent, else JPEG.
 */
export class ImageProcessor {
  readonly #limits: Limits;
  readonly #turns: Turns;

  constructor(options: ImageOptions = {}) {
    this.#limits = { ...DEFAULTS, ...options };
    this.#turns = new Turns(this.#limits);
  }

  /** The bytes must not be changed meanwhile. Rejects with {@link ImageError} alone. */
  async process(bytes: Uint8Array): Promise<ProcessedImage> {
    const type = imageType(bytes);
    if (type === undefined) throw new ImageError('image-invalid');
    if (bytes.byteLength > this.#limits.maxBytes) throw new ImageError('image-too-large');
    if (type === 'gif' && !isWholeGif(bytes)) throw new ImageError('image-invalid');
    try {
      return await this.#turns.run(() => redraw(bytes, type, this.#limits));
    } catch (error) {
      throw asImageError(error);
    }
  }

  /** Refuses the images that wait, and finishes those that were begun. */
  async close(): Promise<void> {
    await this.#turns.close();
  }
}

async function redraw(bytes: Uint8Array, type: ImageType, limits: Limits): Promise<ProcessedImage> {
  // The header alone is read here, so that its dimensions are judged by us, before anything is decoded.
  const metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
  const frames = Math.min(metadata.pages ?? 1, limits.maxFrames);
  const framePixels = metadata.width * (metadata.pageHeight ?? metadata.height);
  if (framePixels > limits.maxPixels || framePixels * frames > limits.maxTotalPixels) {
    throw new ImageError('image-too-large');
  }
  const output = outputOf(type, metadata);
  const upright = sharp(bytes, {
    pages: frames,
    failOn: 'error',
    limitInputPixels: limits.maxTotalPixels,
    // An animation's frames are stacked in one tall picture, which cannot be turned.
    autoOrient: frames === 1,
  });
  const drawn = upright
    .timeout({ seconds: limits.timeoutSeconds })
    .resize({ width: limits.maxSide, height: limits.maxSide, fit: 'inside', withoutEnlargement: true });
  const { data, info } = await encode(drawn, output).toUint8Array();
  // Animations can grow: a dithered palette compresses worse than what was sent.
  if (data.byteLength > limits.maxBytes) throw new ImageError('image-too-large');
  return { mediaType: `image/${output}`, width: info.width, height: info.pageHeight ?? info.height, bytes: data };
}

type OutputType = 'jpeg' | 'png' | 'gif';

function outputOf(type: ImageType, metadata: Metadata): OutputType {
  if (type !== 'webp') return type;
  if ((metadata.pages ?? 1) > 1) return 'gif';
  return metadata.hasAlpha ? 'png' : 'jpeg';
}

function encode(image: Sharp, type: OutputType): Sharp {
  switch (type) {
    case 'jpeg':
      return image.jpeg({ quality: 90 });
    case 'png':
      return image.png();
    case 'gif':
      // Twice as fast as the default effort, for files of about the same size.
      return image.gif({ effort: 3 });
    default:
      return type satisfies never;
  }
}

function asImageError(error: unknown): ImageError {
  if (error instanceof ImageError) return error;
  if (error instanceof TurnRefused) return new ImageError('too-fast', { cause: error });
  // `sharp` has no codes: these are the beginnings of its own messages. What took too long had too many pixels for us.
  const message = error instanceof Error ? error.message : '';
  const tooLarge = message.startsWith('timeout') || message.includes('exceeds pixel limit');
  return new ImageError(tooLarge ? 'image-too-large' : 'image-invalid', { cause: error });
}
