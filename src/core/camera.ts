/**
 * A camera's state is a set of bits; the numbers are those of BareRTC's `video` field (`spec/barertc.md` 1.4),
 * so that bits we do not know pass through. 0 is a camera that is off.
 */
export type CameraFlags = number;

export const Camera = {
  on: 1,
  explicit: 2,
  micMuted: 4,
  /** Does not want to see, or be seen by, explicit cameras. */
  nonExplicit: 8,
  /** Viewers must be on camera themselves. */
  mutualRequired: 16,
  /** Will open the viewer's camera in return. */
  mutualOpen: 32,
  vipOnly: 64,
  /** Set by the server for one viewer: the owner of this row invited *you*. */
  invited: 128,
  noWatermark: 256,
} as const;

/** What a client may say of its own camera: whole numbers of 31 bits, never the server's own bit. */
export function cleanCamera(flags: number): CameraFlags {
  if (!Number.isInteger(flags) || flags < 0 || flags > 0x7fffffff) return 0;
  return (flags & Camera.on) === 0 ? 0 : flags & ~Camera.invited;
}

export function isOn(flags: CameraFlags): boolean {
  return (flags & Camera.on) !== 0;
}

export function has(flags: CameraFlags, bit: number): boolean {
  return (flags & bit) !== 0;
}
