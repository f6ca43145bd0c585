/** A description that cannot be used, and why: the only thing that reading one throws. */
export class SdpError extends Error {
  override readonly name = 'SdpError';
}
