/** A packet of sound or pictures (RFC 3550), with header extensions of the one-byte form (RFC 8285). */
export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  /** 16 bits. */
  readonly sequenceNumber: number;
  /** 32 bits, in units of the clock rate. */
  readonly timestamp: number;
  readonly ssrc: number;
  readonly extensions: readonly RtpExtension[];
  readonly payload: Buffer;
}

export interface RtpExtension {
  readonly id: number;
  readonly value: Buffer;
}

const HEADER_BYTES = 12;
const ONE_BYTE_PROFILE = 0xbede;

/** Whether a packet is of the control protocol, where both come by one way (RFC 5761). */
export function isRtcp(packet: Buffer): boolean {
  const type = packet[1] ?? 0;
  return type >= 192 && type <= 223;
}

export function writeRtp(packet: RtpPacket): Buffer {
  const extensions = writeExtensions(packet.extensions);
  const header = Buffer.alloc(HEADER_BYTES);
  header[0] = 0x80 | (extensions.length > 0 ? 0x10 : 0);
  header[1] = (packet.marker ? 0x80 : 0) | packet.payloadType;
  header.writeUInt16BE(packet.sequenceNumber & 0xffff, 2);
  header.writeUInt32BE(packet.timestamp >>> 0, 4);
  header.writeUInt32BE(packet.ssrc >>> 0, 8);
  return Buffer.concat([header, extensions, packet.payload]);
}

/** Undefined for what is no such packet, or is cut short. */
export function parseRtp(bytes: Buffer): RtpPacket | undefined {
  const first = bytes[0] ?? 0;
  const second = bytes[1] ?? 0;
  if (bytes.length < HEADER_BYTES || first >> 6 !== 2 || isRtcp(bytes)) return undefined;
  let start = HEADER_BYTES + 4 * (first & 15);
  let extensions: readonly RtpExtension[] = [];
  if (first & 0x10) {
    if (bytes.length < start + 4) return undefined;
    const end = start + 4 + 4 * bytes.readUInt16BE(start + 2);
    if (bytes.readUInt16BE(start) === ONE_BYTE_PROFILE) extensions = parseExtensions(bytes.subarray(start + 4, end));
    start = end;
  }
  const padding = first & 0x20 ? (bytes[bytes.length - 1] ?? 0) : 0;
  if (start + padding > bytes.length) return undefined;
  return {
    ...{ payloadType: second & 127, marker: second > 127, sequenceNumber: bytes.readUInt16BE(2) },
    ...{ timestamp: bytes.readUInt32BE(4), ssrc: bytes.readUInt32BE(8), extensions },
    payload: bytes.subarray(start, bytes.length - padding),
  };
}

export function extensionText(packet: RtpPacket, id: number | undefined): string | undefined {
  return packet.extensions.find((extension) => extension.id === id)?.value.toString();
}

/** The number, without its wrapping, that is nearest to one before it. */
export function unwrap(value: number, { near, bits }: { readonly near: number; readonly bits: 16 | 32 }): number {
  const range = 2 ** bits;
  return value + range * Math.round((near - value) / range);
}

function writeExtensions(extensions: readonly RtpExtension[]): Buffer {
  if (extensions.length === 0) return Buffer.alloc(0);
  const items = extensions.flatMap(({ id, value }) => [Buffer.from([(id << 4) | (value.length - 1)]), value]);
  const body = Buffer.concat(items);
  const words = Math.ceil(body.length / 4);
  const block = Buffer.alloc(4 + 4 * words);
  block.writeUInt16BE(ONE_BYTE_PROFILE, 0);
  block.writeUInt16BE(words, 2);
  body.copy(block, 4);
  return block;
}

function parseExtensions(bytes: Buffer): readonly RtpExtension[] {
  const extensions: RtpExtension[] = [];
  for (let at = 0; at < bytes.length; ) {
    const head = bytes[at] ?? 0;
    at += 1;
    if (head === 0) continue;
    const end = at + (head & 15) + 1;
    // 15 ends the list (RFC 8285 4.2).
    if (head >> 4 === 15 || end > bytes.length) break;
    extensions.push({ id: head >> 4, value: bytes.subarray(at, end) });
    at = end;
  }
  return extensions;
}
