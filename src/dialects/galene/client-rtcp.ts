/** What one end tells the other about packets (RFC 3550, 4585, 5104, and the draft of REMB). */
export type Rtcp =
  | {
      readonly type: 'sender-report';
      readonly ssrc: number;
      /** 64 bits: seconds since 1900, and their fraction. */
      readonly ntp: bigint;
      readonly rtp: number;
      readonly packets: number;
      readonly octets: number;
      readonly reports: readonly ReportBlock[];
    }
  | { readonly type: 'receiver-report'; readonly ssrc: number; readonly reports: readonly ReportBlock[] }
  | { readonly type: 'name'; readonly ssrc: number; readonly cname: string }
  | { readonly type: 'nack'; readonly sender: number; readonly ssrc: number; readonly missing: readonly number[] }
  | { readonly type: 'pli'; readonly sender: number; readonly ssrc: number }
  | { readonly type: 'fir'; readonly sender: number; readonly ssrc: number; readonly number: number }
  | {
      readonly type: 'remb';
      readonly sender: number;
      /** Bits per second, over all of them. */
      readonly bitrate: number;
      readonly ssrcs: readonly number[];
    }
  | { readonly type: 'bye'; readonly ssrcs: readonly number[] }
  | { readonly type: 'other'; readonly packetType: number; readonly format: number };

export interface ReportBlock {
  readonly ssrc: number;
  /** Of 256, since the last report. */
  readonly fractionLost: number;
  readonly lost: number;
  /** The highest that came, without its wrapping, as 32 bits. */
  readonly highest: number;
  readonly jitter: number;
  /** The middle of the last sender report's time, and how long ago it came in units of 1/65536 s. */
  readonly lastReport: number;
  readonly delay: number;
}

const [SENDER_REPORT, RECEIVER_REPORT, NAMES, BYE, TRANSPORT_FEEDBACK, PAYLOAD_FEEDBACK] = [
  200, 201, 202, 203, 205, 206,
];
const BLOCK_BYTES = 24;

/** One packet of several parts. */
export function writeRtcp(parts: readonly Exclude<Rtcp, { readonly type: 'other' }>[]): Buffer {
  return Buffer.concat(parts.map(writePart));
}

/** What is understood of it; a part that is cut short ends it. */
export function parseRtcp(bytes: Buffer): readonly Rtcp[] {
  const parts: Rtcp[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const end = at + 4 + 4 * bytes.readUInt16BE(at + 2);
    if ((bytes[at] ?? 0) >> 6 !== 2 || end > bytes.length) break;
    parts.push(...parsePart(bytes.subarray(at, end)));
    at = end;
  }
  return parts;
}

function writePart(part: Exclude<Rtcp, { readonly type: 'other' }>): Buffer {
  switch (part.type) {
    case 'sender-report': {
      const body = words(part.ssrc, 0, 0, part.rtp, part.packets, part.octets);
      body.writeBigUInt64BE(BigInt.asUintN(64, part.ntp), 4);
      return framed(SENDER_REPORT, part.reports.length, Buffer.concat([body, ...part.reports.map(writeBlock)]));
    }
    case 'receiver-report':
      return framed(
        RECEIVER_REPORT,
        part.reports.length,
        Buffer.concat([words(part.ssrc), ...part.reports.map(writeBlock)]),
      );
    case 'name':
      return framed(NAMES, 1, Buffer.concat([words(part.ssrc), nameItem(part.cname)]));
    case 'nack':
      return framed(
        TRANSPORT_FEEDBACK,
        1,
        Buffer.concat([words(part.sender, part.ssrc), words(...nackItems(part.missing))]),
      );
    case 'pli':
      return framed(PAYLOAD_FEEDBACK, 1, words(part.sender, part.ssrc));
    case 'fir':
      return framed(PAYLOAD_FEEDBACK, 4, words(part.sender, 0, part.ssrc, (part.number & 255) * 2 ** 24));
    case 'remb':
      return framed(PAYLOAD_FEEDBACK, 15, words(part.sender, 0, 0x52454d42, rembWord(part), ...part.ssrcs));
    case 'bye':
      return framed(BYE, part.ssrcs.length, words(...part.ssrcs));
    default:
      return part satisfies never;
  }
}

function parsePart(bytes: Buffer): readonly Rtcp[] {
  const format = (bytes[0] ?? 0) & 31;
  const packetType = bytes[1] ?? 0;
  const word = (index: number) => bytes.readUInt32BE(4 * index);
  const count = bytes.length / 4;
  const other = [{ type: 'other', packetType, format }] as const;
  switch (packetType) {
    case SENDER_REPORT: {
      if (count < 7) return other;
      const [ssrc, rtp, packets, octets] = [word(1), word(4), word(5), word(6)];
      const reports = parseBlocks(bytes.subarray(28), format);
      return [{ type: 'sender-report', ssrc, ntp: bytes.readBigUInt64BE(8), rtp, packets, octets, reports }];
    }
    case RECEIVER_REPORT:
      if (count < 2) return other;
      return [{ type: 'receiver-report', ssrc: word(1), reports: parseBlocks(bytes.subarray(8), format) }];
    case NAMES:
      return parseNames(bytes.subarray(4), format);
    case BYE:
      return [
        { type: 'bye', ssrcs: Array.from({ length: Math.min(format, count - 1) }, (_, index) => word(index + 1)) },
      ];
    case TRANSPORT_FEEDBACK:
      if (format !== 1 || count < 3) return other;
      return [{ type: 'nack', sender: word(1), ssrc: word(2), missing: parseNack(bytes.subarray(12)) }];
    case PAYLOAD_FEEDBACK:
      return count < 3 ? other : (parsePayloadFeedback(bytes, format) ?? other);
    default:
      return other;
  }
}

function parsePayloadFeedback(bytes: Buffer, format: number): readonly Rtcp[] | undefined {
  const word = (index: number) => bytes.readUInt32BE(4 * index);
  const sender = word(1);
  const count = bytes.length / 4;
  if (format === 1) return [{ type: 'pli', sender, ssrc: word(2) }];
  if (format === 4) {
    const items = Math.floor((count - 3) / 2);
    const item = (index: number) => ({ ssrc: word(3 + 2 * index), number: bytes[16 + 8 * index] ?? 0 });
    return Array.from({ length: items }, (_, index) => ({ type: 'fir', sender, ...item(index) }) as const);
  }
  if (format !== 15 || count < 5 || bytes.toString('latin1', 12, 16) !== 'REMB') return undefined;
  const bitrate = (word(4) & 0x3ffff) * 2 ** ((word(4) >>> 18) & 63);
  const ssrcs = Array.from({ length: Math.min(word(4) >>> 24, count - 5) }, (_, index) => word(5 + index));
  return [{ type: 'remb', sender, bitrate, ssrcs }];
}

function parseBlocks(bytes: Buffer, count: number): readonly ReportBlock[] {
  const fitting = Math.min(count, Math.floor(bytes.length / BLOCK_BYTES));
  return Array.from({ length: fitting }, (_, index) => {
    const at = index * BLOCK_BYTES;
    const word = (offset: number) => bytes.readUInt32BE(at + offset);
    return {
      ...{ ssrc: word(0), fractionLost: bytes[at + 4] ?? 0, lost: bytes.readIntBE(at + 5, 3), highest: word(8) },
      ...{ jitter: word(12), lastReport: word(16), delay: word(20) },
    };
  });
}

function writeBlock({ ssrc, fractionLost, lost, highest, jitter, lastReport, delay }: ReportBlock): Buffer {
  const block = words(ssrc, 0, highest, jitter, lastReport, delay);
  block[4] = Math.min(255, fractionLost);
  block.writeIntBE(Math.max(-0x800000, Math.min(0x7fffff, lost)), 5, 3);
  return block;
}

/** The first chunk's name only: nobody on this wire sends another. */
function parseNames(bytes: Buffer, count: number): readonly Rtcp[] {
  const length = bytes[5] ?? 0;
  if (count === 0 || bytes[4] !== 1 || bytes.length < 6 + length) return [];
  return [{ type: 'name', ssrc: bytes.readUInt32BE(0), cname: bytes.toString('utf8', 6, 6 + length) }];
}

/** A name, and the zeros that end a list and fill its last word. */
function nameItem(cname: string): Buffer {
  const text = Buffer.from(cname).subarray(0, 255);
  const item = Buffer.alloc(4 * Math.ceil((text.length + 3) / 4));
  item[0] = 1;
  item[1] = text.length;
  text.copy(item, 2);
  return item;
}

function parseNack(bytes: Buffer): readonly number[] {
  const missing: number[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const first = bytes.readUInt16BE(at);
    const later = bytes.readUInt16BE(at + 2);
    missing.push(first);
    for (let bit = 0; bit < 16; bit++) if (later & (1 << bit)) missing.push((first + bit + 1) & 0xffff);
  }
  return missing;
}

/** Each item names a packet and, by bits, the sixteen after it. */
function nackItems(missing: readonly number[]): number[] {
  const items: number[] = [];
  let first: number | undefined;
  let later = 0;
  for (const number of missing) {
    const distance = first === undefined ? 0 : (number - first) & 0xffff;
    if (first !== undefined && distance >= 1 && distance <= 16) {
      later |= 1 << (distance - 1);
      continue;
    }
    if (first !== undefined) items.push(first * 0x10000 + later);
    [first, later] = [number & 0xffff, 0];
  }
  if (first !== undefined) items.push(first * 0x10000 + later);
  return items;
}

function rembWord({ bitrate, ssrcs }: { readonly bitrate: number; readonly ssrcs: readonly number[] }): number {
  let [mantissa, exponent] = [Math.max(0, Math.floor(bitrate)), 0];
  while (mantissa > 0x3ffff) [mantissa, exponent] = [Math.floor(mantissa / 2), exponent + 1];
  return ssrcs.length * 2 ** 24 + exponent * 2 ** 18 + mantissa;
}

function framed(packetType: number, format: number, body: Buffer): Buffer {
  const head = Buffer.from([0x80 | format, packetType, 0, 0]);
  head.writeUInt16BE(body.length / 4, 2);
  return Buffer.concat([head, body]);
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * index);
  return bytes;
}
