import ipaddr from 'ipaddr.js';
import type { AddressRanges } from '../core/address-ranges.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Ranges by `ipaddr.js`. IPv4 addresses within IPv6 are IPv4 addresses. */
export const addressRanges: AddressRanges = { parse, includes, around, household };

/** At most this many characters make an address or a range. */
const MAX_LENGTH = 64;

function parse(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_LENGTH) return undefined;
  const [head = '', bits, ...more] = trimmed.split('/');
  const address = addressOf(head);
  if (!address || more.length > 0) return undefined;
  const width = address.kind() === 'ipv4' ? 32 : 128;
  if (bits === undefined) return `${address.toString()}/${width}`;
  const mapped = head.includes(':') && address.kind() === 'ipv4';
  const prefix = /^\d{1,3}$/.test(bits) ? Number(bits) - (mapped ? 96 : 0) : -1;
  // A whole family of addresses is everybody.
  if (prefix < 1 || prefix > width) return undefined;
  return `${networkOf(address, prefix)}/${prefix}`;
}

function networkOf(address: Address, prefix: number): string {
  const bytes = address.toByteArray();
  const masked = bytes.map((byte, index) => byte & (0xff << Math.min(8, Math.max(0, 8 - (prefix - index * 8)))) & 0xff);
  return ipaddr.fromByteArray(masked).toString();
}

function includes(range: string, text: string): boolean {
  const address = addressOf(text);
  const [head = '', bits = ''] = range.split('/');
  const network = addressOf(head);
  if (!address || !network || address.kind() !== network.kind()) return false;
  return networkOf(address, Number(bits)) === network.toString();
}

function around(text: string): string | undefined {
  const address = addressOf(text);
  return address?.range() === 'unicast' ? rangeAround(address) : undefined;
}

function household(text: string): string {
  const address = addressOf(text);
  return address ? rangeAround(address) : text;
}

function rangeAround(address: Address): string {
  const prefix = address.kind() === 'ipv4' ? 32 : 64;
  return `${networkOf(address, prefix)}/${prefix}`;
}

/** Four decimal numbers, or IPv6; none of the shorter forms, which people read in different ways. */
function addressOf(text: string): Address | undefined {
  const plain = text.replace(/%.*$/, '');
  if (ipaddr.IPv4.isValidFourPartDecimal(plain)) return ipaddr.IPv4.parse(plain);
  if (!ipaddr.IPv6.isValid(plain)) return undefined;
  const address = ipaddr.IPv6.parse(plain);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}
