import sharp from 'sharp';

/** A picture of one colour. */
export async function samplePng(size: { readonly width: number; readonly height: number }): Promise<Uint8Array> {
  return sharp({ create: { ...size, channels: 3, background: '#c04' } })
    .png()
    .toBuffer();
}
