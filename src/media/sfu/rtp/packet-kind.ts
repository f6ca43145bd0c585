import { u8 } from './bytes.ts';

/** RTP and RTCP share a transport; they are told apart by the second byte (RFC 5761 section 4). */
export function packetKind(packet: Uint8Array): 'rtp' | 'rtcp' | undefined {
  if (packet.length < 8 || u8(packet, 0) >> 6 !== 2) return undefined;
  const type = u8(packet, 1);
  if (type >= 192 && type <= 223) return 'rtcp';
  return packet.length >= 12 ? 'rtp' : undefined;
}
