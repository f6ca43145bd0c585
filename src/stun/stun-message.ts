/**
 * Messages of STUN and TURN as bytes (RFC 8489 5 and 14, RFC 8656 18). What is read is what somebody on the network
 * sent: nothing here throws for it.
 */
export interface StunMessage {
  readonly method: Method;
  readonly kind: Kind;
  /** 12 bytes. */
  readonly transaction: Buffer;
  readonly attributes: readonly Attribute[];
}

export interface Attribute {
  readonly type: number;
  readonly value: Buffer;
}

export type Kind = 'request' | 'indication' | 'success' | 'error';
const KINDS = ['request', 'indication', 'success', 'error'] as const;

export type Method = number;
export const METHOD = { binding: 1, allocate: 3, refresh: 4, send: 6, data: 7, createPermission: 8 } as const;

export const ATTRIBUTE = {
  username: 0x0006,
  integrity: 0x0008,
  errorCode: 0x0009,
  lifetime: 0x000d,
  peerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  relayedAddress: 0x0016,
  addressFamily: 0x0017,
  requestedTransport: 0x0019,
  mappedAddress: 0x0020,
  priority: 0x0024,
  fingerprint: 0x8028,
  iceControlled: 0x8029,
  iceControlling: 0x802a,
} as const;

export const HEADER_BYTES = 20;
const COOKIE = 0x2112a442;

export function encodeMessage({ method, kind, transaction, attributes }: StunMessage): Buffer {
  const body = Buffer.concat(attributes.map(encodeAttribute));
  const head = Buffer.alloc(8);
  head.writeUInt16BE(messageType(method, KINDS.indexOf(kind)), 0);
  head.writeUInt16BE(body.length, 2);
  head.writeUInt32BE(COOKIE, 4);
  return Buffer.concat([head, transaction, body]);
}

/** Undefined for what is no whole message, and nothing but it. */
export function decodeMessage(bytes: Buffer): StunMessage | undefined {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32BE(4) !== COOKIE) return undefined;
  const type = bytes.readUInt16BE(0);
  if (type >= 0x4000 || bytes.readUInt16BE(2) !== bytes.length - HEADER_BYTES) return undefined;
  const attributes = decodeAttributes(bytes.subarray(HEADER_BYTES));
  const kind = KINDS[((type >> 7) & 2) | ((type >> 4) & 1)];
  if (!attributes || !kind) return undefined;
  const method = ((type >> 2) & 0xf80) | ((type >> 1) & 0x70) | (type & 0xf);
  return { method, kind, transaction: Buffer.from(bytes.subarray(8, HEADER_BYTES)), attributes };
}

/** The first of that type, as RFC 8489 14 asks for. */
export function attribute({ attributes }: StunMessage, type: number): Buffer | undefined {
  return attributes.find((each) => each.type === type)?.value;
}

export function encodeAttribute({ type, value }: Attribute): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc(padding(value.length))]);
}

function decodeAttributes(bytes: Buffer): readonly Attribute[] | undefined {
  const found: Attribute[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return undefined;
    const length = bytes.readUInt16BE(at + 2);
    const end = at + 4 + length;
    if (end + padding(length) > bytes.length) return undefined;
    found.push({ type: bytes.readUInt16BE(at), value: Buffer.from(bytes.subarray(at + 4, end)) });
    at = end + padding(length);
  }
  return found;
}

function padding(length: number): number {
  return (4 - (length % 4)) % 4;
}

/** The two bits of the kind lie between those of the method. */
function messageType(method: number, kind: number): number {
  return ((method & 0xf80) << 2) | ((method & 0x70) << 1) | (method & 0xf) | ((kind & 2) << 7) | ((kind & 1) << 4);
}
