import { isIP } from 'node:net';

/** Of a socket: an IP address as text, and a port. */
export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

const COOKIE = Buffer.of(0x21, 0x12, 0xa4, 0x42);

/** An XOR-… address as RFC 8489 14.2 has it: IPv6 is mixed with the transaction id. Throws for what is no IP address. */
export function encodeAddress({ address, port }: SocketAddress, transaction: Buffer): Buffer {
  const bytes = addressBytes(address);
  const head = Buffer.of(0, bytes.length === 4 ? 1 : 2, 0, 0);
  head.writeUInt16BE(port ^ 0x2112, 2);
  return Buffer.concat([head, mixed(bytes, transaction)]);
}

/** Undefined where it is cut short or of no family that we know. */
export function decodeAddress(value: Buffer, transaction: Buffer): SocketAddress | undefined {
  const length = value[1] === 1 ? 4 : 16;
  if ((value[1] !== 1 && value[1] !== 2) || value.length !== 4 + length) return undefined;
  return {
    address: addressText(mixed(value.subarray(4), transaction)),
    port: value.readUInt16BE(2) ^ 0x2112,
  };
}

function mixed(bytes: Buffer, transaction: Buffer): Buffer {
  const key = Buffer.concat([COOKIE, transaction]);
  return Buffer.from(bytes.map((byte, index) => byte ^ (key[index] ?? 0)));
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  if (isIP(address) === 6) return ipv6Bytes(address);
  throw new TypeError(`${address} is no IP address`);
}

/** The URL parser writes addresses in hexadecimal groups, whatever form they come in. */
function ipv6Bytes(address: string): Buffer {
  const plain = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [before = '', after] = plain.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const [head, tail] = [groups(before), groups(after ?? '')];
  const all = [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 255]));
}

function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
