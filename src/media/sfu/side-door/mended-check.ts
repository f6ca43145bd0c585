import { encodeAddress, type SocketAddress } from '../../../stun/address.ts';
import { isSigned, signedForIce } from '../../../stun/integrity.ts';
import { ATTRIBUTE, type Attribute, attribute, decodeMessage, METHOD } from '../../../stun/stun-message.ts';

/**
 * Chromium's ICE says 0 for its tie-breaker where it speaks to its TURN server over TCP or TLS. That is allowed (RFC
 * 8445 16.1), but the library takes it for none at all, answers with an error, and Chromium gives up. So such checks
 * are written anew on their way, with a tie-breaker: the password that signs them is ours.
 */
export interface MendedCheck {
  /** Of the connection that it is for. */
  readonly ufrag: string;
  readonly bytes: Buffer;
}

const ROLES: readonly number[] = [ATTRIBUTE.iceControlled, ATTRIBUTE.iceControlling];
const NONE = Buffer.alloc(8);
/** The least there is: whoever's it is compared with keeps their role. */
const LEAST = Buffer.of(0, 0, 0, 0, 0, 0, 0, 1);

/**
 * Where the library decides which way is taken (it made the offer), it would take the direct one, as its own checks of
 * that succeed: so this one comes before all others.
 */
const FIRST = Buffer.of(0x7e, 0xff, 0xff, 0xff);

/** Undefined for whatever is no check of that kind, or not signed by somebody who knows the password. Never throws. */
export function mendedCheck(bytes: Buffer, passwordOf: (ufrag: string) => string | undefined): MendedCheck | undefined {
  const message = isStun(bytes) ? decodeMessage(bytes) : undefined;
  if (message?.method !== METHOD.binding || message.kind !== 'request') return undefined;
  const role = message.attributes.find(({ type }) => ROLES.includes(type));
  if (!role?.value.equals(NONE)) return undefined;
  const ufrag = attribute(message, ATTRIBUTE.username)?.toString('latin1').split(':')[0] ?? '';
  const password = passwordOf(ufrag);
  if (password === undefined) return undefined;
  const key = Buffer.from(password);
  if (!isSigned(bytes, key)) return undefined;
  const attributes = unsigned(message.attributes).map((each) => {
    if (each === role) return { ...each, value: LEAST };
    return each.type === ATTRIBUTE.priority ? { ...each, value: FIRST } : each;
  });
  return { ufrag, bytes: signedForIce({ ...message, attributes }, key) };
}

/** The answer to such a check, which has to say where it came from. As it is, where it is no answer. Never throws. */
export function mendedAnswer(
  bytes: Buffer,
  { password, from }: { readonly password: string; readonly from: SocketAddress },
): Buffer {
  const message = isStun(bytes) ? decodeMessage(bytes) : undefined;
  if (message?.method !== METHOD.binding || message.kind !== 'success') return bytes;
  const mapped = { type: ATTRIBUTE.mappedAddress, value: encodeAddress(from, message.transaction) };
  const others = unsigned(message.attributes).filter(({ type }) => type !== ATTRIBUTE.mappedAddress);
  return signedForIce({ ...message, attributes: [mapped, ...others] }, Buffer.from(password));
}

/** RFC 7983: what begins so is STUN, and most packets are not. */
function isStun(bytes: Buffer): boolean {
  return (bytes[0] ?? 255) < 4;
}

function unsigned(attributes: readonly Attribute[]): readonly Attribute[] {
  return attributes.filter(({ type }) => type !== ATTRIBUTE.integrity && type !== ATTRIBUTE.fingerprint);
}
