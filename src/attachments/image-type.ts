export type ImageType = 'jpeg' | 'png' | 'gif' | 'webp';

/**
 * The type of an image by its first bytes. File names and declared types are the sender's word, and the libraries behind
 * `sharp` read many formats more: only what is named here reaches them.
 */
export function imageType(bytes: Uint8Array): ImageType | undefined {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (start.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (start.startsWith('GIF87a') || start.startsWith('GIF89a')) return 'gif';
  if (start.startsWith('RIFF') && start.endsWith('WEBP')) return 'webp';
  return undefined;
}
