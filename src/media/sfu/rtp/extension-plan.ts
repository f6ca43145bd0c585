import { put16 } from './bytes.ts';
import type { RtpHeader } from './header.ts';
import { foundAt, foundId, foundLength, nextExtension, ONE_BYTE_FORM } from './header-extensions.ts';

/** Which extensions a receiver gets, made once per pair of connections by `planExtensions`. */
export interface ExtensionPlan {
  /** What is put before the others: the receiver's mid, ready to be copied. */
  readonly prefix: Uint8Array;
  /** The receiver's id by the publisher's id; 0 is "not forwarded". */
  readonly ids: Uint8Array;
  readonly forwardsAny: boolean;
}

/** Extension ids of a section, by what they are for; absent where they were not negotiated. */
export interface ForwardedExtensions {
  readonly audioLevel?: number;
  readonly videoOrientation?: number;
}

export interface ExtensionPlanOptions {
  /** Ids as the publisher has them, 1 to 255. */
  readonly from?: ForwardedExtensions;
  /** Ids as the receiver has them, 1 to 14. */
  readonly to?: ForwardedExtensions;
  /** The receiver's own mid (up to 16 bytes) and the id of that extension. */
  readonly mid?: { readonly id: number; readonly value: string };
}

/** Whatever is not named is not forwarded: mid and rid of the publisher above all. */
export function planExtensions({ from = {}, to = {}, mid }: ExtensionPlanOptions): ExtensionPlan {
  const ids = new Uint8Array(256);
  for (const [there, here] of [
    [from.audioLevel, to.audioLevel],
    [from.videoOrientation, to.videoOrientation],
  ]) {
    if (there === undefined || here === undefined || there < 1 || there > 255) continue;
    ids[there] = writable(here);
  }
  return { prefix: midElement(mid), ids, forwardsAny: ids.some((id) => id > 0) };
}

function writable(id: number): number {
  if (!Number.isInteger(id) || id < 1 || id > 14)
    throw new RangeError(`extension id ${id} is not of the one-byte form`);
  return id;
}

function midElement(mid: ExtensionPlanOptions['mid']): Uint8Array {
  if (mid === undefined) return new Uint8Array();
  const value = Buffer.from(mid.value);
  if (value.length < 1 || value.length > 16) throw new RangeError(`mid ${mid.value} is not of the one-byte form`);
  return Uint8Array.of((writable(mid.id) << 4) | (value.length - 1), ...value);
}

/** Where extensions begin in what we write: after the fixed header, as contributing sources are not forwarded. */
const AT = 12;

/** More than what may be forwarded takes up, so that an extension said a hundred times does not push the payload out. */
const MOST = 64;

/**
 * Writes the extensions that a receiver gets of a packet behind the fixed header of `out`, which is to have 256 bytes;
 * returns where the payload begins. The output is in the one-byte form whatever the input was.
 */
export function writeExtensions(
  plan: ExtensionPlan,
  incoming: { readonly packet: Uint8Array; readonly header: RtpHeader },
  out: Uint8Array,
): number {
  let at = AT + 4;
  const { prefix } = plan;
  for (let i = 0; i < prefix.length; i += 1) out[at++] = prefix[i] ?? 0;
  if (plan.forwardsAny && incoming.header.extensionProfile !== 0) at = copyForwarded(plan, incoming, out, at);
  if (at === AT + 4) return AT;
  while (at & 3) out[at++] = 0;
  put16(out, AT, ONE_BYTE_FORM);
  put16(out, AT + 2, (at - AT - 4) >> 2);
  return at;
}

function copyForwarded(
  plan: ExtensionPlan,
  { packet, header }: { readonly packet: Uint8Array; readonly header: RtpHeader },
  out: Uint8Array,
  from: number,
): number {
  let at = from;
  let found = nextExtension(packet, header, header.extensionStart);
  while (found >= 0 && at < AT + MOST) {
    const start = foundAt(found);
    const length = foundLength(found);
    const id = plan.ids[foundId(packet, header, found)] ?? 0;
    if (id > 0 && length >= 1 && length <= 16) {
      out[at++] = (id << 4) | (length - 1);
      for (let i = 0; i < length; i += 1) out[at++] = packet[start + i] ?? 0;
    }
    found = nextExtension(packet, header, start + length);
  }
  return at;
}
