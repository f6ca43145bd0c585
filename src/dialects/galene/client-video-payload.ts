/** The beginning of a packet of VP8 (RFC 7741). */
export interface Vp8Descriptor {
  /** Whether a partition begins with it; with partition 0 a frame does. */
  readonly isStart: boolean;
  readonly partition: number;
  /** 15 bits. */
  readonly pictureId: number | undefined;
  /** 8 bits. */
  readonly tl0: number | undefined;
  readonly temporalLayer: number | undefined;
  readonly isSync: boolean;
  /** Whether nothing refers to the frame. */
  readonly isNonReference: boolean;
  readonly bytes: number;
}

export interface Vp8Frame {
  readonly isKeyframe: boolean;
  /** Of keyframes alone. */
  readonly width: number | undefined;
  readonly height: number | undefined;
}

/** With a picture id of 15 bits, and temporal layers where there are any. */
export function writeVp8Descriptor(options: {
  readonly isStart: boolean;
  readonly pictureId: number;
  readonly temporal?: { readonly tl0: number; readonly layer: number; readonly isSync: boolean };
}): Buffer {
  const { isStart, pictureId, temporal } = options;
  const head = [
    0x80 | (isStart ? 0x10 : 0),
    temporal ? 0xe0 : 0x80,
    0x80 | ((pictureId >> 8) & 0x7f),
    pictureId & 0xff,
  ];
  if (!temporal) return Buffer.from(head);
  return Buffer.from([...head, temporal.tl0 & 0xff, (temporal.layer << 6) | (temporal.isSync ? 0x20 : 0)]);
}

/** Undefined where it is cut short. */
export function parseVp8Descriptor(payload: Buffer): Vp8Descriptor | undefined {
  const first = payload[0];
  if (first === undefined) return undefined;
  const flags = first & 0x80 ? (payload[1] ?? 0) : 0;
  let at = first & 0x80 ? 2 : 1;
  const next = () => payload[at++] ?? 0;
  let [pictureId, tl0, layers]: (number | undefined)[] = [];
  if (flags & 0x80) {
    const high = next();
    pictureId = high & 0x80 ? ((high & 0x7f) << 8) | next() : high;
  }
  if (flags & 0x40) tl0 = next();
  if (flags & 0x30) layers = next();
  if (at > payload.length) return undefined;
  return {
    ...{ isStart: (first & 0x10) !== 0, partition: first & 7, pictureId, tl0, bytes: at },
    ...{ isNonReference: (first & 0x20) !== 0, isSync: ((layers ?? 0) & 0x20) !== 0 },
    temporalLayer: flags & 0x20 ? (layers ?? 0) >> 6 : undefined,
  };
}

/** What a frame begins with: no picture that can be decoded, but one that says its size as a real one does (RFC 6386). */
export function writeVp8FrameHeader({ isKeyframe, width = 0, height = 0 }: Partial<Vp8Frame>): Buffer {
  if (!isKeyframe) return Buffer.from([0x11, 0, 0]);
  const header = Buffer.from([0x10, 0, 0, 0x9d, 0x01, 0x2a, 0, 0, 0, 0]);
  header.writeUInt16LE(width, 6);
  header.writeUInt16LE(height, 8);
  return header;
}

/** `bytes` is what follows the descriptor that begins a frame. */
export function parseVp8FrameHeader(bytes: Buffer): Vp8Frame | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  if (first & 1) return { isKeyframe: false, width: undefined, height: undefined };
  if (bytes.length < 10) return { isKeyframe: true, width: undefined, height: undefined };
  return { isKeyframe: true, width: bytes.readUInt16LE(6) & 0x3fff, height: bytes.readUInt16LE(8) & 0x3fff };
}
