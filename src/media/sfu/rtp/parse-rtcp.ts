import { u8, u16, u24, u32 } from './bytes.ts';
import type { ReportBlock, RtcpPacket } from './rtcp.ts';

/** More than any honest packet has: a datagram full of NACKs could ask for 5,000 packets. */
const MOST = 512;

/**
 * What we know of a compound or reduced-size packet. Unknown parts are passed over, and reading ends at the first part
 * that is longer than what is there. A datagram bounds how much that is; no list is longer than 512.
 */
export function parseRtcp(packet: Uint8Array): readonly RtcpPacket[] {
  const parsed: RtcpPacket[] = [];
  let at = 0;
  while (at + 4 <= packet.length && parsed.length < MOST) {
    const first = u8(packet, at);
    const next = at + 4 + 4 * u16(packet, at + 2);
    if (first >> 6 !== 2 || next > packet.length) break;
    const padding = first & 0x20 ? u8(packet, next - 1) : 0;
    const end = next - padding;
    if (end >= at + 4) {
      const part = parsePart({ bytes: packet, at, end, count: first & 31 }, u8(packet, at + 1));
      if (part) parsed.push(part);
    }
    at = next;
  }
  return parsed;
}

interface Part {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
  /** How many blocks, or which format: the five bits of the first byte. */
  readonly count: number;
}

function parsePart(part: Part, type: number): RtcpPacket | undefined {
  if (type === 202) return sourceDescription(part);
  if (type === 203) return goodbye(part);
  if (part.end < part.at + 8) return undefined;
  if (type === 200) return senderReport(part);
  if (type === 201) return receiverReport(part);
  if (part.end < part.at + 12) return undefined;
  if (type === 205 && part.count === 1) return nack(part);
  return type === 206 ? payloadFeedback(part) : undefined;
}

function senderReport({ bytes, at, end, count }: Part): RtcpPacket | undefined {
  if (end < at + 28) return undefined;
  return {
    kind: 'sender-report',
    ssrc: u32(bytes, at + 4),
    ntp: { seconds: u32(bytes, at + 8), fraction: u32(bytes, at + 12) },
    rtpTimestamp: u32(bytes, at + 16),
    packetCount: u32(bytes, at + 20),
    octetCount: u32(bytes, at + 24),
    blocks: reportBlocks({ bytes, at: at + 28, end, count }),
  };
}

function receiverReport({ bytes, at, end, count }: Part): RtcpPacket {
  return {
    kind: 'receiver-report',
    sender: u32(bytes, at + 4),
    blocks: reportBlocks({ bytes, at: at + 8, end, count }),
  };
}

function reportBlocks({ bytes, at, end, count }: Part): readonly ReportBlock[] {
  const blocks: ReportBlock[] = [];
  for (let from = at; blocks.length < count && from + 24 <= end; from += 24) {
    blocks.push({
      ssrc: u32(bytes, from),
      fractionLost: u8(bytes, from + 4),
      cumulativeLost: (u24(bytes, from + 5) << 8) >> 8,
      highestSequence: u32(bytes, from + 8),
      jitter: u32(bytes, from + 12),
      lastSr: u32(bytes, from + 16),
      delaySinceLastSr: u32(bytes, from + 20),
    });
  }
  return blocks;
}

function sourceDescription({ bytes, at, end, count }: Part): RtcpPacket {
  const sources: { ssrc: number; cname: string }[] = [];
  let from = at + 4;
  for (let chunk = 0; chunk < count && from + 8 <= end; chunk += 1) {
    const ssrc = u32(bytes, from);
    from += 4;
    while (from + 2 <= end && u8(bytes, from) !== 0) {
      const next = from + 2 + u8(bytes, from + 1);
      if (next > end) return { kind: 'source-description', sources };
      if (u8(bytes, from) === 1) sources.push({ ssrc, cname: text(bytes, from + 2, next) });
      from = next;
    }
    // A chunk ends with at least one zero, and at a multiple of four.
    from += 4 - ((from - at) & 3);
    if (sources.length >= MOST) break;
  }
  return { kind: 'source-description', sources };
}

function text(bytes: Uint8Array, from: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from).toString();
}

function goodbye({ bytes, at, end, count }: Part): RtcpPacket {
  return { kind: 'goodbye', ssrcs: ssrcList(bytes, at + 4, Math.min(end, at + 4 + 4 * count)) };
}

function nack({ bytes, at, end }: Part): RtcpPacket {
  const sequences: number[] = [];
  for (let from = at + 12; from + 4 <= end && sequences.length < MOST; from += 4) {
    const base = u16(bytes, from);
    sequences.push(base);
    for (let mask = u16(bytes, from + 2), i = 1; mask !== 0 && sequences.length < MOST; mask >>= 1, i += 1) {
      if (mask & 1) sequences.push((base + i) & 0xffff);
    }
  }
  return { kind: 'nack', sender: u32(bytes, at + 4), media: u32(bytes, at + 8), sequences };
}

function payloadFeedback(part: Part): RtcpPacket | undefined {
  const { bytes, at, count } = part;
  const sender = u32(bytes, at + 4);
  if (count === 1) return { kind: 'picture-loss', sender, media: u32(bytes, at + 8) };
  if (count === 4) return fullIntraRequest(part, sender);
  return count === 15 ? estimatedBitrate(part, sender) : undefined;
}

function fullIntraRequest({ bytes, at, end }: Part, sender: number): RtcpPacket {
  const requests: { media: number; sequence: number }[] = [];
  for (let from = at + 12; from + 8 <= end && requests.length < MOST; from += 8) {
    requests.push({ media: u32(bytes, from), sequence: u8(bytes, from + 4) });
  }
  return { kind: 'full-intra-request', sender, requests };
}

const REMB = 0x52454d42;

function estimatedBitrate({ bytes, at, end }: Part, sender: number): RtcpPacket | undefined {
  if (end < at + 20 || u32(bytes, at + 12) !== REMB) return undefined;
  const count = u8(bytes, at + 16);
  const rate = u24(bytes, at + 17);
  return {
    kind: 'estimated-bitrate',
    sender,
    bitrate: (rate & 0x3ffff) * 2 ** (rate >> 18),
    media: ssrcList(bytes, at + 20, Math.min(end, at + 20 + 4 * count)),
  };
}

function ssrcList(bytes: Uint8Array, from: number, end: number): readonly number[] {
  const ssrcs: number[] = [];
  for (let at = from; at + 4 <= end; at += 4) ssrcs.push(u32(bytes, at));
  return ssrcs;
}
