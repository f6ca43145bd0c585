import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { ATTRIBUTE, encodeAttribute, encodeMessage, HEADER_BYTES, type StunMessage } from './stun-message.ts';

export interface Login {
  readonly username: string;
  readonly password: string;
  readonly realm: string;
}

/** Of long-term credentials (RFC 8489 9.2.2). */
export function longTermKey({ username, password, realm }: Login): Buffer {
  return createHash('md5').update(`${username}:${realm}:${password}`).digest();
}

/** The message with the attribute that proves who wrote it, as bytes. */
export function signed(message: StunMessage, key: Buffer): Buffer {
  const bytes = encodeMessage(message);
  return withLength(Buffer.concat([bytes, encodeAttribute({ type: ATTRIBUTE.integrity, value: mac(bytes, key) })]));
}

/** The same with the checksum that ICE asks for (RFC 8445 7.1.1), which tells STUN from other packets. */
export function signedForIce(message: StunMessage, key: Buffer): Buffer {
  const bytes = signed(message, key);
  bytes.writeUInt16BE(bytes.length - HEADER_BYTES + 8, 2);
  const value = Buffer.alloc(4);
  value.writeUInt32BE((crc32(bytes) ^ 0x5354554e) >>> 0);
  return Buffer.concat([bytes, encodeAttribute({ type: ATTRIBUTE.fingerprint, value })]);
}

/** Whether somebody with the key wrote it. False, too, where nothing says so. */
export function isSigned(bytes: Buffer, key: Buffer): boolean {
  const at = integrityAt(bytes);
  if (at === undefined) return false;
  return timingSafeEqual(bytes.subarray(at + 4, at + 24), mac(bytes.subarray(0, at), key));
}

/** What is signed counts the signature in its length, and nothing behind it (RFC 8489 14.5). */
function mac(bytes: Buffer, key: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt16BE(bytes.length - HEADER_BYTES + 24, 2);
  return createHmac('sha1', key).update(copy).digest();
}

function withLength(bytes: Buffer): Buffer {
  bytes.writeUInt16BE(bytes.length - HEADER_BYTES, 2);
  return bytes;
}

function integrityAt(bytes: Buffer): number | undefined {
  let at = HEADER_BYTES;
  while (at + 4 <= bytes.length) {
    const length = bytes.readUInt16BE(at + 2);
    if (bytes.readUInt16BE(at) === ATTRIBUTE.integrity) {
      return length === 20 && at + 24 <= bytes.length ? at : undefined;
    }
    at += 4 + length + ((4 - (length % 4)) % 4);
  }
  return undefined;
}
