import { put16 } from './bytes.ts';
import type { RtpHeader } from './header.ts';
import { foundAt, foundId, foundLength, nextExtension, ONE_BYTE_FORM } from './header-extensions.ts';

/** Which extensions a receiver gets, made once per pair of connections by `planExtensions`. */
export interface ExtensionPlan {
  /** The receiver's mid, which is put before the others; empty where it need not be said. */
  readonly mid: Uint8Array;
  readonly midId: number;
  /** The receiver's id by the publisher's id; 0 is "not forwarded". */
  readonly ids: Uint8Array;
  readonly forwardsAny: boolean;
  /** Of the dependency descriptor, which is written anew for each receiver. */
  readonly descriptor: { readonly from: number; readonly to: number } | undefined;
}

/** Extension ids of a section, by what they are for; absent where they were not negotiated. */
export interface ForwardedExtensions {
  readonly audioLevel?: number;
  readonly videoOrientation?: number;
  readonly dependencyDescriptor?: number;
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
  const { dependencyDescriptor: there } = from;
  const { dependencyDescriptor: here } = to;
  const descriptor = there === undefined || here === undefined ? undefined : { from: there, to: writable(here) };
  return { mid: midOf(mid), midId: mid?.id ?? 0, ids, forwardsAny: ids.some((id) => id > 0), descriptor };
}

function writable(id: number): number {
  if (!Number.isInteger(id) || id < 1 || id > 14)
    throw new RangeError(`extension id ${id} is not of the one-byte form`);
  return id;
}

function midOf(mid: ExtensionPlanOptions['mid']): Uint8Array {
  if (mid === undefined) return new Uint8Array();
  const value = Buffer.from(mid.value);
  writable(mid.id);
  if (value.length < 1 || value.length > 16) throw new RangeError(`mid ${mid.value} is not of the one-byte form`);
  return Uint8Array.from(value);
}

/** Where extensions begin in what we write: after the fixed header, as contributing sources are not forwarded. */
const AT = 12;

/** More than what may be forwarded takes up, so that an extension said a hundred times does not push the payload out. */
const MOST = 64;
/** What the one-byte form can hold. */
const SHORT = 16;
const TWO_BYTE_FORM = 0x1000;

/** Where the next element goes, and in which form. One for all: used within a call. */
const cursor = { at: 0, isShort: true };

/**
 * Writes the extensions that a receiver gets of a packet behind the fixed header of `out`, which is to have 512 bytes;
 * returns where the payload begins. The output is in the one-byte form whatever the input was, unless the descriptor is
 * too long for that.
 */
export function writeExtensions(
  plan: ExtensionPlan,
  incoming: { readonly packet: Uint8Array; readonly header: RtpHeader },
  out: Uint8Array,
  descriptor?: Uint8Array,
): number {
  const { mid, midId } = plan;
  cursor.at = AT + 4;
  cursor.isShort = descriptor === undefined || descriptor.length <= SHORT;
  if (mid.length > 0) put(out, midId, mid, 0, mid.length);
  if (plan.forwardsAny && incoming.header.extensionProfile !== 0) copyForwarded(plan, incoming, out);
  if (descriptor && plan.descriptor) put(out, plan.descriptor.to, descriptor, 0, descriptor.length);
  if (cursor.at === AT + 4) return AT;
  while (cursor.at & 3) out[cursor.at++] = 0;
  put16(out, AT, cursor.isShort ? ONE_BYTE_FORM : TWO_BYTE_FORM);
  put16(out, AT + 2, (cursor.at - AT - 4) >> 2);
  return cursor.at;
}

function copyForwarded(
  plan: ExtensionPlan,
  { packet, header }: { readonly packet: Uint8Array; readonly header: RtpHeader },
  out: Uint8Array,
): void {
  let found = nextExtension(packet, header, header.extensionStart);
  while (found >= 0 && cursor.at < AT + MOST) {
    const start = foundAt(found);
    const length = foundLength(found);
    const id = plan.ids[foundId(packet, header, found)] ?? 0;
    if (id > 0 && length >= 1 && length <= SHORT) put(out, id, packet, start, length);
    found = nextExtension(packet, header, start + length);
  }
}

function put(out: Uint8Array, id: number, from: Uint8Array, start: number, length: number): void {
  if (cursor.isShort) {
    out[cursor.at++] = (id << 4) | (length - 1);
  } else {
    out[cursor.at++] = id;
    out[cursor.at++] = length;
  }
  for (let i = 0; i < length; i += 1) out[cursor.at++] = from[start + i] ?? 0;
}
