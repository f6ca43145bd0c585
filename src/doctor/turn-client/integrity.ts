import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
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
