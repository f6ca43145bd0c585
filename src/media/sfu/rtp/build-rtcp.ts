import { put16, put32 } from './bytes.ts';
import type { ReportBlock, SenderReportFields } from './rtcp.ts';
import { sequenceDistance } from './sequence.ts';

/*
 * Each of these gives a packet of its own; several make a compound one by `Buffer.concat`, a report first. The sender
 * is SSRC 0 where we send nothing ourselves (`spec/galene.md` 2.10).
 */

/** With the name that says which tracks belong together; up to 255 bytes of it. */
export function senderReport(report: SenderReportFields, cname: string): Buffer {
  const packet = begin({ type: 200, count: 0, length: 28 });
  put32(packet, 4, report.ssrc);
  put32(packet, 8, report.ntp.seconds);
  put32(packet, 12, report.ntp.fraction);
  put32(packet, 16, report.rtpTimestamp);
  put32(packet, 20, report.packetCount);
  put32(packet, 24, report.octetCount);
  return Buffer.concat([packet, sourceDescription(report.ssrc, cname)]);
}

function sourceDescription(ssrc: number, cname: string): Buffer {
  const name = Buffer.from(cname).subarray(0, 255);
  const packet = begin({ type: 202, count: 1, length: (10 + name.length + 4) & ~3 });
  put32(packet, 4, ssrc);
  packet[8] = 1;
  packet[9] = name.length;
  packet.set(name, 10);
  return packet;
}

/** At most 31 blocks go into one. */
export function receiverReport(blocks: readonly ReportBlock[], sender = 0): Buffer {
  const told = blocks.slice(0, 31);
  const packet = begin({ type: 201, count: told.length, length: 8 + 24 * told.length });
  put32(packet, 4, sender);
  for (const [i, block] of told.entries()) putBlock(packet, 8 + 24 * i, block);
  return packet;
}

function putBlock(packet: Buffer, at: number, block: ReportBlock): void {
  put32(packet, at, block.ssrc);
  put32(packet, at + 4, block.cumulativeLost & 0xffffff);
  packet[at + 4] = block.fractionLost;
  put32(packet, at + 8, block.highestSequence);
  put32(packet, at + 12, block.jitter);
  put32(packet, at + 16, block.lastSr);
  put32(packet, at + 20, block.delaySinceLastSr);
}

/** In order, each once: as `MissingPackets.due` gives them. */
export function nack(media: number, sequences: readonly number[], sender = 0): Buffer {
  const pairs: { base: number; mask: number }[] = [];
  for (const sequence of sequences) {
    const last = pairs.at(-1);
    const ahead = last ? sequenceDistance(sequence, last.base) : 0;
    if (last && ahead >= 1 && ahead <= 16) last.mask |= 1 << (ahead - 1);
    else pairs.push({ base: sequence, mask: 0 });
  }
  const packet = begin({ type: 205, count: 1, length: 12 + 4 * pairs.length });
  put32(packet, 4, sender);
  put32(packet, 8, media);
  for (const [i, { base, mask }] of pairs.entries()) {
    put16(packet, 12 + 4 * i, base);
    put16(packet, 14 + 4 * i, mask);
  }
  return packet;
}

export function pictureLoss(media: number, sender = 0): Buffer {
  const packet = begin({ type: 206, count: 1, length: 12 });
  put32(packet, 4, sender);
  put32(packet, 8, media);
  return packet;
}

export function fullIntraRequest(request: { readonly media: number; readonly sequence: number }, sender = 0): Buffer {
  const packet = begin({ type: 206, count: 4, length: 20 });
  put32(packet, 4, sender);
  put32(packet, 12, request.media);
  packet[16] = request.sequence;
  return packet;
}

/** One number for all the SSRCs together, at most 255 of them. */
export function estimatedBitrate(bitrate: number, media: readonly number[], sender = 0): Buffer {
  const told = media.slice(0, 255);
  const packet = begin({ type: 206, count: 15, length: 20 + 4 * told.length });
  put32(packet, 4, sender);
  packet.write('REMB', 12, 'latin1');
  const exponent = Math.max(0, Math.floor(Math.log2(Math.max(1, bitrate))) - 17);
  put32(packet, 16, (exponent << 18) | Math.floor(bitrate / 2 ** exponent));
  packet[16] = told.length;
  for (const [i, ssrc] of told.entries()) put32(packet, 20 + 4 * i, ssrc);
  return packet;
}

export function goodbye(ssrcs: readonly number[]): Buffer {
  const told = ssrcs.slice(0, 31);
  const packet = begin({ type: 203, count: told.length, length: 4 + 4 * told.length });
  for (const [i, ssrc] of told.entries()) put32(packet, 4 + 4 * i, ssrc);
  return packet;
}

function begin({
  type,
  count,
  length,
}: {
  readonly type: number;
  readonly count: number;
  readonly length: number;
}): Buffer {
  const packet = Buffer.alloc(length);
  packet[0] = 0x80 | count;
  packet[1] = type;
  put16(packet, 2, length / 4 - 1);
  return packet;
}
