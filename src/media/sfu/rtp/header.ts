import { u8, u16, u32 } from './bytes.ts';

/** What `readHeader` found. One is made and filled again for each packet: it is only good until the next reading. */
export interface RtpHeader {
  payloadType: number;
  marker: boolean;
  sequence: number;
  timestamp: number;
  ssrc: number;
  csrcCount: number;
  /** The 16 bits that say in which form the extensions are; 0 where there are none. */
  extensionProfile: number;
  /** Where the extensions begin and end in the packet, without the four bytes before them. */
  extensionStart: number;
  extensionEnd: number;
  payloadStart: number;
  /** Without padding. */
  payloadEnd: number;
}

export function newHeader(): RtpHeader {
  return {
    payloadType: 0,
    marker: false,
    sequence: 0,
    timestamp: 0,
    ssrc: 0,
    csrcCount: 0,
    extensionProfile: 0,
    extensionStart: 0,
    extensionEnd: 0,
    payloadStart: 0,
    payloadEnd: 0,
  };
}

/** False where it is no RTP packet, or says to be longer than it is; `into` is then of no use. */
export function readHeader(packet: Uint8Array, into: RtpHeader): boolean {
  const { length } = packet;
  if (length < 12) return false;
  const first = u8(packet, 0);
  if (first >> 6 !== 2) return false;
  const second = u8(packet, 1);
  into.marker = second > 127;
  into.payloadType = second & 127;
  into.sequence = u16(packet, 2);
  into.timestamp = u32(packet, 4);
  into.ssrc = u32(packet, 8);
  into.csrcCount = first & 15;

  let at = 12 + 4 * into.csrcCount;
  into.extensionProfile = 0;
  into.extensionStart = at;
  into.extensionEnd = at;
  if (first & 0x10) {
    if (at + 4 > length) return false;
    into.extensionProfile = u16(packet, at);
    into.extensionStart = at + 4;
    at += 4 + 4 * u16(packet, at + 2);
    into.extensionEnd = at;
  }
  into.payloadStart = at;
  into.payloadEnd = length;
  if (first & 0x20) {
    const padding = u8(packet, length - 1);
    if (padding === 0) return false;
    into.payloadEnd -= padding;
  }
  return into.payloadEnd >= at;
}
