import type { RtcpPacket } from './rtcp.ts';

/**
 * What we know of a compound or reduced-size packet. Unknown parts are passed over, and reading ends at the first part
 * that is longer than what is there. A datagram bounds how much that is; no list is longer than 512.
 */
export function parseRtcp(packet: Uint8Array): readonly RtcpPacket[] {
  throw new Error(`not yet ${packet}`);
}
