import { BitReader } from './bit-reader.ts';
import { BitWriter } from './bit-writer.ts';
import { put16, u8, u16 } from './bytes.ts';
import { type DependencyDescriptor, FLAGS, MANDATORY } from './dependency-descriptor.ts';
import type { FrameDependencies } from './frame-dependencies.ts';
import type { RtpHeader } from './header.ts';
import { findExtension, foundAt, foundLength } from './header-extensions.ts';

/** The longest that an extension can be. */
const LONGEST = 255;
/** Room for what a bitmask adds. */
const MASK_BITS = 32;

export interface SentLayers {
  readonly spatial: number;
  readonly temporal: number;
}

export interface SentDescriptor {
  /** The publisher's id of the extension. */
  readonly id: number;
  /** What to add to the number of the frame. */
  readonly shift: number;
  /** Of the source; what cannot be read by it goes as it is. */
  readonly dependencies: FrameDependencies | undefined;
  readonly layers: SentLayers;
}

/** One for all: used within a call. */
const reader = new BitReader();
const writer = new BitWriter(new Uint8Array(LONGEST + MASK_BITS));

/**
 * The descriptors of AV1 as one receiver gets them: the numbers of frames go on over switches of source, and the
 * bitmask of what can be decoded leaves out what is not sent to them.
 */
export class DescriptorRewriter {
  /** What to add to the numbers of the source that is being sent. */
  shift = 0;
  #last = -1;
  #isRestricted = false;

  /** The first packet of another source is about to be sent: its frame follows the last one. */
  align(packet: Uint8Array, header: RtpHeader, id: number): void {
    const frame = frameOf(packet, header, id);
    this.shift = frame >= 0 && this.#last >= 0 ? this.#last + 1 - frame : 0;
  }

  /** The latest packet, in the order of their numbers. */
  sent(packet: Uint8Array, header: RtpHeader, id: number): void {
    const frame = frameOf(packet, header, id);
    if (frame >= 0) this.#last = (frame + this.shift) & 0xffff;
  }

  /** The descriptor to be sent in place of the packet's; undefined where it has none. Good until the next one. */
  rewrite(
    { packet, header }: { readonly packet: Uint8Array; readonly header: RtpHeader },
    { id, shift, dependencies, layers }: SentDescriptor,
  ): Uint8Array | undefined {
    const found = findExtension(packet, header, id);
    if (found < 0 || foundLength(found) < MANDATORY) return undefined;
    const where = { bytes: packet, from: foundAt(found), length: foundLength(found) };
    const read = dependencies?.read(packet, header, id);
    const mask = dependencies && read ? this.#maskFor(read, dependencies, layers) : undefined;
    const length = read === undefined || mask === undefined ? copied(where) : masked(where, read, mask);
    put16(writer.bytes, 1, u16(writer.bytes, 1) + shift);
    return writer.bytes.subarray(0, length);
  }

  /** Undefined where nothing is to be said: all that there is is sent, as they take it to be. */
  #maskFor(
    { structure, activeTargets }: DependencyDescriptor,
    dependencies: FrameDependencies,
    layers: SentLayers,
  ): number | undefined {
    const { targets = [] } = structure ?? dependencies.structure ?? {};
    const sent = targets.reduce((mask, target, i) => (isWithin(target, layers) ? mask + 2 ** i : mask), 0);
    const isLess = sent !== 2 ** targets.length - 1;
    // They keep in mind what they were told until the next structure.
    if (isLess) this.#isRestricted = true;
    else if (structure) this.#isRestricted = false;
    if (!this.#isRestricted) return undefined;
    return (sent & (activeTargets ?? dependencies.activeTargets)) >>> 0;
  }
}

function isWithin(target: SentLayers, layers: SentLayers): boolean {
  return target.spatial <= layers.spatial && target.temporal <= layers.temporal;
}

function frameOf(packet: Uint8Array, header: RtpHeader, id: number): number {
  const found = findExtension(packet, header, id);
  return found < 0 || foundLength(found) < MANDATORY ? -1 : u16(packet, foundAt(found) + 1);
}

interface Where {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly length: number;
}

function copied({ bytes, from, length }: Where): number {
  for (let i = 0; i < length; i += 1) writer.bytes[i] = u8(bytes, from + i);
  return length;
}

/** With the bitmask in its place, or put there. As it is where that makes it longer than an extension can be. */
function masked(where: Where, read: DependencyDescriptor, mask: number): number {
  const { activeTargets, activeTargetsAt, targetCount } = read;
  reader.begin(where.bytes, where.from, where.length);
  writer.begin();
  writer.write(reader.read(MANDATORY * 8), MANDATORY * 8);
  const flags = where.length > MANDATORY ? reader.read(FLAGS) : 0;
  writer.write(flags | SAYS_ACTIVE, FLAGS);
  copyBits(activeTargetsAt - MANDATORY * 8 - FLAGS);
  writer.write(mask, targetCount);
  if (activeTargets !== undefined) reader.read(targetCount);
  copyBits(reader.left);
  return writer.length <= LONGEST ? writer.length : copied(where);
}

/** Of the flags. */
const SAYS_ACTIVE = 0x08;

function copyBits(count: number): void {
  for (let left = count; left > 0; left -= 8) {
    const width = Math.min(8, left);
    writer.write(reader.read(width), width);
  }
}
