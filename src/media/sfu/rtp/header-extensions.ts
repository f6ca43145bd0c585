import { u8 } from './bytes.ts';
import type { RtpHeader } from './header.ts';

/** The profile that says one byte of header per extension; `isTwoByteForm` knows the other (RFC 8285). */
export const ONE_BYTE_FORM = 0xbede;

export function isTwoByteForm(profile: number): boolean {
  return profile >> 4 === 0x100;
}

/**
 * Where an extension's data is, as one number (nothing is allocated): `foundAt` and `foundLength` take it apart.
 * -1 where the packet has none of this id, or extensions in a form we do not know.
 */
export function findExtension(packet: Uint8Array, header: RtpHeader, id: number): number {
  let at = header.extensionStart;
  for (;;) {
    const found = nextExtension(packet, header, at);
    if (found < 0) return -1;
    const start = foundAt(found);
    if (foundId(packet, header, found) === id) return found;
    at = start + foundLength(found);
  }
}

export function foundAt(found: number): number {
  return found >> 8;
}

export function foundLength(found: number): number {
  return found & 255;
}

/** The id of an extension that `nextExtension` gave. */
export function foundId(packet: Uint8Array, header: RtpHeader, found: number): number {
  if (header.extensionProfile === ONE_BYTE_FORM) return u8(packet, foundAt(found) - 1) >> 4;
  return u8(packet, foundAt(found) - 2);
}

/** The first extension at or after `at`, in the words of `findExtension`; -1 where no whole one follows. */
export function nextExtension(packet: Uint8Array, header: RtpHeader, at: number): number {
  if (header.extensionProfile === ONE_BYTE_FORM) return nextOneByte(packet, header.extensionEnd, at);
  return isTwoByteForm(header.extensionProfile) ? nextTwoByte(packet, header.extensionEnd, at) : -1;
}

function nextOneByte(packet: Uint8Array, end: number, from: number): number {
  let at = from;
  while (at < end && u8(packet, at) === 0) at += 1;
  if (at >= end) return -1;
  const byte = u8(packet, at);
  // Id 15 ends the list; id 0 with a length is nothing that may be.
  if (byte >= 0xf0 || byte < 0x10) return -1;
  const length = (byte & 15) + 1;
  return at + 1 + length > end ? -1 : ((at + 1) << 8) | length;
}

function nextTwoByte(packet: Uint8Array, end: number, from: number): number {
  let at = from;
  while (at < end && u8(packet, at) === 0) at += 1;
  if (at + 2 > end) return -1;
  const length = u8(packet, at + 1);
  return at + 2 + length > end ? -1 : ((at + 2) << 8) | length;
}

/** Mids and rids are short words (RFC 8851: letters, digits, `-`, `_`); anything else counts as absent. */
export function extensionText(packet: Uint8Array, header: RtpHeader, id: number): string | undefined {
  const found = findExtension(packet, header, id);
  if (found < 0) return undefined;
  const start = foundAt(found);
  const text = String.fromCharCode(...packet.subarray(start, start + foundLength(found)));
  return /^[!-~]{1,64}$/.test(text) ? text : undefined;
}
