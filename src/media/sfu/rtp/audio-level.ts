import { u8 } from './bytes.ts';
import type { RtpHeader } from './header.ts';
import { findExtension, foundAt, foundLength } from './header-extensions.ts';

/** How quiet a packet of sound is, from 0 (as loud as can be) to 127 (nothing), by RFC 6464; -1 where it does not say. */
export function audioLevel(packet: Uint8Array, header: RtpHeader, id: number): number {
  const found = findExtension(packet, header, id);
  return found < 0 || foundLength(found) < 1 ? -1 : u8(packet, foundAt(found)) & 127;
}
