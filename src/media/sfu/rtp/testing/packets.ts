import type { CodecName } from '../../../port.ts';
import { newHeader, type RtpHeader, readHeader } from '../header.ts';
import { extensionText, findExtension, foundAt, foundLength } from '../header-extensions.ts';
import { packetInfo } from '../packet-info.ts';
import type { IncomingPacket } from '../rewriter.ts';
import { newVp8Descriptor, readVp8, type Vp8Descriptor } from '../vp8.ts';

export interface PacketFields {
  readonly payloadType?: number;
  readonly marker?: boolean;
  readonly sequence?: number;
  readonly timestamp?: number;
  readonly ssrc?: number;
  readonly csrcs?: readonly number[];
  /** In the one-byte form, or where `twoByteForm` says so in the other. */
  readonly extensions?: readonly (readonly [id: number, data: string | readonly number[]])[];
  readonly twoByteForm?: boolean;
  readonly payload?: readonly number[] | Buffer;
  /** How many bytes of padding. */
  readonly padding?: number;
}

/** An RTP packet as a publisher would send it, written here independently of what is tested. */
export function rtp(fields: PacketFields = {}): Buffer {
  const { payloadType = 96, marker = false, sequence = 1, timestamp = 1000, ssrc = 7, csrcs = [] } = fields;
  const { extensions = [], twoByteForm = false, payload = [1, 2, 3, 4], padding = 0 } = fields;
  const fixed = Buffer.alloc(12 + 4 * csrcs.length);
  fixed[0] = 0x80 | (padding ? 0x20 : 0) | (extensions.length ? 0x10 : 0) | csrcs.length;
  fixed[1] = payloadType | (marker ? 0x80 : 0);
  fixed.writeUInt16BE(sequence & 0xffff, 2);
  fixed.writeUInt32BE(timestamp >>> 0, 4);
  fixed.writeUInt32BE(ssrc, 8);
  for (const [i, csrc] of csrcs.entries()) fixed.writeUInt32BE(csrc, 12 + 4 * i);
  const tail = Buffer.alloc(padding);
  if (padding) tail[padding - 1] = padding;
  return Buffer.concat([fixed, extensionBlock(extensions, twoByteForm), Buffer.from(payload), tail]);
}

function extensionBlock(extensions: PacketFields['extensions'] = [], twoByteForm = false): Buffer {
  if (extensions.length === 0) return Buffer.alloc(0);
  const elements = extensions.map(([id, data]) => {
    const bytes = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data);
    return Buffer.concat([Buffer.from(twoByteForm ? [id, bytes.length] : [(id << 4) | (bytes.length - 1)]), bytes]);
  });
  const length = elements.reduce((sum, element) => sum + element.length, 0);
  const words = Math.ceil(length / 4);
  const head = Buffer.from([...(twoByteForm ? [0x10, 0x00] : [0xbe, 0xde]), words >> 8, words & 255]);
  return Buffer.concat([head, ...elements, Buffer.alloc(words * 4 - length)]);
}

export interface Vp8Fields {
  readonly start?: boolean;
  readonly key?: boolean;
  readonly pictureId?: number;
  readonly shortId?: boolean;
  readonly tl0?: number;
  readonly temporalLayer?: number;
  readonly sync?: boolean;
  readonly body?: number;
}

/** A payload of VP8 with descriptor. */
export function vp8({ start = true, key = false, ...fields }: Vp8Fields = {}): Buffer {
  const { pictureId, shortId = false, tl0, temporalLayer, sync = false, body = 20 } = fields;
  const present = (pictureId === undefined ? 0 : 0x80) | (tl0 === undefined ? 0 : 0x40);
  const bits = present | (temporalLayer === undefined ? 0 : 0x20);
  const bytes = [(bits ? 0x80 : 0) | (start ? 0x10 : 0)];
  if (bits) bytes.push(bits);
  if (pictureId !== undefined) {
    if (shortId) bytes.push(pictureId & 127);
    else bytes.push(0x80 | (pictureId >> 8), pictureId & 255);
  }
  if (tl0 !== undefined) bytes.push(tl0);
  if (temporalLayer !== undefined) bytes.push((temporalLayer << 6) | (sync ? 0x20 : 0));
  return Buffer.concat([Buffer.from(bytes), Buffer.from([start && key ? 0x10 : 0x11]), Buffer.alloc(body, 0x55)]);
}

export function headerOf(packet: Buffer): RtpHeader {
  const header = newHeader();
  if (!readHeader(packet, header)) throw new Error(`no RTP packet: ${packet.toString('hex')}`);
  return header;
}

export function incoming(packet: Buffer, codec: CodecName = 'vp8'): IncomingPacket {
  const header = headerOf(packet);
  return { packet, header, info: packetInfo(codec, packet, header) };
}

/** What a receiver reads in a packet. A copy, as packets come in a scratch. */
export interface Received {
  readonly header: RtpHeader;
  readonly bytes: Buffer;
  readonly payload: Buffer;
  readonly vp8: Vp8Descriptor | undefined;
  extension(id: number): Buffer | undefined;
  text(id: number): string | undefined;
}

export function received(packet: Buffer | undefined): Received | undefined {
  if (packet === undefined) return undefined;
  const bytes = Buffer.from(packet);
  const header = headerOf(bytes);
  const descriptor = newVp8Descriptor();
  return {
    header,
    bytes,
    payload: bytes.subarray(header.payloadStart, header.payloadEnd),
    vp8: readVp8(bytes, header.payloadStart, header.payloadEnd, descriptor) ? descriptor : undefined,
    extension: (id) => {
      const found = findExtension(bytes, header, id);
      return found < 0 ? undefined : bytes.subarray(foundAt(found), foundAt(found) + foundLength(found));
    },
    text: (id) => extensionText(bytes, header, id),
  };
}
