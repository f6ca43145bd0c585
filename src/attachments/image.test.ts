import { crc32 } from 'node:zlib';
import sharp, { type Color } from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { type ImageErrorCode, type ImageOptions, ImageProcessor } from './image.ts';

const RED = { r: 255, g: 0, b: 0 };
const BLUE = { r: 0, g: 0, b: 255 };

const images = new ImageProcessor();
afterAll(() => images.close());

function plain(width: number, height: number, background: Color = RED) {
  return sharp({ create: { width, height, channels: 4, background } });
}

/** Random pixels: compresses badly, so that cutting it anywhere cuts the picture. */
function noise(width: number, height: number) {
  return sharp({
    create: { width, height, channels: 3, background: RED, noise: { type: 'gaussian', mean: 128, sigma: 40 } },
  });
}

async function animation(frames: number, side = 16) {
  const pictures = Array.from({ length: frames }, (_, at) =>
    plain(side, side, { r: (at * 40) % 256, g: 80, b: 0 })
      .png()
      .toBuffer(),
  );
  return sharp(await Promise.all(pictures), { join: { animated: true } });
}

async function pixel(bytes: Uint8Array, x: number, y: number) {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (y * info.width + x) * info.channels;
  return [...data.subarray(at, at + 3)];
}

/** A PNG that says it is this large, with next to no picture in it. */
function declaredPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', Buffer.alloc(0)), chunk('IEND')]);
}

function chunk(type: string, content: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type), content]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(content.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

async function expectRefusal(code: ImageErrorCode, bytes: Uint8Array, options: ImageOptions = {}) {
  const processor = new ImageProcessor(options);
  await expect(processor.process(bytes)).rejects.toMatchObject({ name: 'ImageError', code });
  await processor.close();
}

describe('a still image', () => {
  test('is turned upright and loses its metadata', async () => {
    // Red above blue; orientation 6 asks to be turned clockwise, which puts red on the right.
    const sent = await plain(40, 20)
      .composite([{ input: await plain(40, 10, BLUE).png().toBuffer(), top: 10, left: 0 }])
      .withExif({ IFD0: { Make: 'Some camera' }, IFD3: { GPSLatitude: '52/1 30/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg({ chromaSubsampling: '4:4:4' })
      .toBuffer();
    expect(await sharp(sent).metadata()).toMatchObject({ orientation: 6, exif: expect.anything() });

    const image = await images.process(sent);
    expect(image).toMatchObject({ mediaType: 'image/jpeg', width: 20, height: 40 });
    const metadata = await sharp(image.bytes).metadata();
    expect(metadata).toMatchObject({ format: 'jpeg', width: 20, height: 40 });
    expect([metadata.exif, metadata.xmp, metadata.icc, metadata.orientation]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(Buffer.from(image.bytes).includes('Some camera')).toBe(false);
    expect((await pixel(image.bytes, 16, 20))[0]).toBeGreaterThan(200);
    expect((await pixel(image.bytes, 3, 20))[2]).toBeGreaterThan(200);
  });

  test('is converted to sRGB from its own profile, which is dropped', async () => {
    const sent = await plain(8, 8, { r: 0, g: 255, b: 0 }).withIccProfile('p3').png().toBuffer();
    expect((await sharp(sent).metadata()).icc).toBeDefined();
    const image = await images.process(sent);
    expect((await sharp(image.bytes).metadata()).icc).toBeUndefined();
    const [red = 255, green = 0, blue = 255] = await pixel(image.bytes, 4, 4);
    expect(green).toBeGreaterThan(245);
    expect(Math.max(red, blue)).toBeLessThan(20);
  });

  test('is made smaller to its longest side', async () => {
    const image = await images.process(await plain(2000, 1000).png().toBuffer());
    expect(image).toMatchObject({ mediaType: 'image/png', width: 1280, height: 640 });
    expect(await sharp(image.bytes).metadata()).toMatchObject({ format: 'png', width: 1280, height: 640 });
  });

  test('is never made larger', async () => {
    expect(await images.process(await plain(30, 20).png().toBuffer())).toMatchObject({ width: 30, height: 20 });
  });

  test('keeps the transparency of PNG', async () => {
    const image = await images.process(
      await plain(8, 8, { ...RED, alpha: 0.5 })
        .png()
        .toBuffer(),
    );
    const { data } = await sharp(image.bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    expect(data[3]).toBe(128);
  });

  test('in WebP becomes JPEG, or PNG where it can be transparent', async () => {
    const opaque = await noise(8, 8).webp().toBuffer();
    const transparent = await plain(8, 8, { ...RED, alpha: 0.5 })
      .webp()
      .toBuffer();
    expect(await images.process(opaque)).toMatchObject({ mediaType: 'image/jpeg' });
    expect(await images.process(transparent)).toMatchObject({ mediaType: 'image/png' });
  });

  test('in a view of a larger buffer is read from the view alone', async () => {
    const png = await plain(8, 8).png().toBuffer();
    const view = new Uint8Array(png.length + 64).fill(0x41);
    view.set(png, 32);
    expect(await images.process(view.subarray(32, 32 + png.length))).toMatchObject({ width: 8, height: 8 });
  });
});

describe('an animation', () => {
  test('stays one, with its loops and delays', async () => {
    const sent = await (await animation(3)).gif({ loop: 2, delay: [50, 120, 300] }).toBuffer();
    const image = await images.process(sent);
    expect(image).toMatchObject({ mediaType: 'image/gif', width: 16, height: 16 });
    expect(await sharp(image.bytes).metadata()).toMatchObject({
      format: 'gif',
      pages: 3,
      loop: 2,
      delay: [50, 120, 300],
    });
  });

  test('is made smaller, every frame of it', async () => {
    const processor = new ImageProcessor({ maxSide: 8 });
    const image = await processor.process(await (await animation(3)).gif().toBuffer());
    expect(image).toMatchObject({ width: 8, height: 8 });
    expect(await sharp(image.bytes).metadata()).toMatchObject({ pages: 3, width: 8, height: 8 });
  });

  test('in WebP becomes GIF', async () => {
    const sent = await (await animation(3)).webp({ loop: 0, delay: [50, 120, 300] }).toBuffer();
    const image = await images.process(sent);
    expect(image).toMatchObject({ mediaType: 'image/gif', width: 16, height: 16 });
    expect(await sharp(image.bytes).metadata()).toMatchObject({ pages: 3, loop: 0, delay: [50, 120, 300] });
  });

  test('is cut off after the frames allowed', async () => {
    const processor = new ImageProcessor({ maxFrames: 2 });
    const image = await processor.process(await (await animation(5)).gif({ delay: [10, 20, 30, 40, 50] }).toBuffer());
    expect(await sharp(image.bytes).metadata()).toMatchObject({ pages: 2, delay: [10, 20] });
  });

  test('is refused where its frames have too many pixels together', async () => {
    const sent = await (await animation(5)).gif().toBuffer();
    await expectRefusal('image-too-large', sent, { maxTotalPixels: 4 * 16 * 16 });
  });
});

describe('what is no image is refused', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['text, whatever its file name', Buffer.from('Just text, sent as cat.png')],
    ['a type that is not supported', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['a signature and no more', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
    ['a signature and nonsense', Buffer.from(`GIF89a${'nonsense '.repeat(20)}`)],
  ])('%s', async (_, bytes) => {
    await expectRefusal('image-invalid', bytes);
  });

  test.each(['jpeg', 'png', 'webp', 'gif'] as const)('%s cut off, at the beginning or near the end', async (type) => {
    const whole = await noise(64, 64).toFormat(type).toBuffer();
    await expect(images.process(whole)).resolves.toBeDefined();
    for (const share of [0.2, 0.6, 0.95]) {
      await expectRefusal('image-invalid', whole.subarray(0, Math.floor(whole.length * share)));
    }
  });

  test('an animation of which whole frames are missing', async () => {
    const whole = await (await animation(6)).gif().toBuffer();
    await expectRefusal('image-invalid', whole.subarray(0, Math.floor(whole.length * 0.7)));
  });
});

describe('what is too large is refused', () => {
  test('by its bytes', async () => {
    const sent = await noise(64, 64).png().toBuffer();
    await expectRefusal('image-too-large', sent, { maxBytes: sent.length - 1 });
    await expect(new ImageProcessor({ maxBytes: sent.length + 1024 }).process(sent)).resolves.toBeDefined();
  });

  test('by its pixels', async () => {
    const sent = await plain(100, 100).png().toBuffer();
    await expectRefusal('image-too-large', sent, { maxPixels: 9_999 });
    await expect(new ImageProcessor({ maxPixels: 10_000 }).process(sent)).resolves.toBeDefined();
  });

  test('by the pixels it declares, without decoding them', async () => {
    await expectRefusal('image-too-large', declaredPng(100_000, 100_000));
    await expectRefusal('image-too-large', declaredPng(5001, 5000));
    // The same file with dimensions that are allowed is refused for its lack of a picture.
    await expectRefusal('image-invalid', declaredPng(50, 50));
  });

  test('by the time it takes', async () => {
    // Noise, sent small as WebP and slow to write as GIF: many seconds of work against a limit of one. Two pictures in
    // turn, because the same one twice would be one frame.
    const pictures = await Promise.all([noise(1200, 1200).png().toBuffer(), noise(1200, 1200).png().toBuffer()]);
    const sent = await sharp([...pictures, ...pictures, ...pictures, ...pictures], { join: { animated: true } })
      .webp({ quality: 50, effort: 0 })
      .toBuffer();
    await expectRefusal('image-too-large', sent, { timeoutSeconds: 1, maxBytes: 1024 ** 3 });
  });
});

describe('many images at once', () => {
  test('are refused when too many wait, and all others are done', async () => {
    const processor = new ImageProcessor({ concurrency: 1, queue: 2 });
    const sent = await noise(64, 64).png().toBuffer();
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => processor.process(sent)));
    expect(results.map((result) => (result.status === 'rejected' ? result.reason.code : 'done'))).toEqual([
      'done',
      'done',
      'done',
      'too-fast',
      'too-fast',
    ]);
    await processor.close();
    await expect(processor.process(sent)).rejects.toMatchObject({ code: 'too-fast' });
  });
});
