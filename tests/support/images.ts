import sharp from 'sharp';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A picture of one colour. */
export async function samplePng(size: Size, background = '#cc0044'): Promise<Uint8Array> {
  return sharp({ create: { ...size, channels: 3, background } })
    .png()
    .toBuffer();
}

/**
 * As a phone makes it: 64 × 32 as stored, red to the left and blue to the right; to be turned by a quarter (so that
 * it is 32 × 64, red above), and with the place where it was taken.
 */
export async function photo(): Promise<Uint8Array> {
  const red = await samplePng({ width: 32, height: 32 }, '#ff0000');
  return sharp({ create: { width: 64, height: 32, channels: 3, background: '#0000ff' } })
    .composite([{ input: Buffer.from(red), left: 0, top: 0 }])
    .withExif({
      IFD0: { Make: 'Camera of somebody' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100', GPSLongitudeRef: 'W' },
    })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
}

/** Red, green, blue, for 100 ms each. */
export async function animation(): Promise<Uint8Array> {
  const frames = await Promise.all(
    ['#ff0000', '#00ff00', '#0000ff'].map((colour) => samplePng({ width: 24, height: 16 }, colour)),
  );
  return sharp(
    frames.map((frame) => Buffer.from(frame)),
    { join: { animated: true } },
  )
    .gif({ delay: [100, 100, 100], loop: 0 })
    .toBuffer();
}
