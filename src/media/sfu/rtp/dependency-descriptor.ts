import { BitReader } from './bit-reader.ts';
import { type DependencyStructure, readStructure } from './dependency-structure.ts';

/** What a descriptor says of its packet's frame. One is made and filled again for each packet. */
export interface DependencyDescriptor {
  startsFrame: boolean;
  endsFrame: boolean;
  frame: number;
  /** Comes with this packet. */
  structure: DependencyStructure | undefined;
  /** Which decode targets are sent, a bit for each; undefined where it does not say so. */
  activeTargets: number | undefined;
  /** Where that is, or would be, in bits from the beginning. */
  activeTargetsAt: number;
  targetCount: number;
  spatial: number;
  temporal: number;
  /** How many frames before it those are that it refers to. */
  differences: readonly number[];
}

export function newDescriptor(): DependencyDescriptor {
  return {
    startsFrame: false,
    endsFrame: false,
    frame: 0,
    structure: undefined,
    activeTargets: undefined,
    activeTargetsAt: 0,
    targetCount: 0,
    spatial: 0,
    temporal: 0,
    differences: [],
  };
}

/** What every descriptor has, in bytes; and the flags of one that has more, in bits. */
export const MANDATORY = 3;
export const FLAGS = 5;

const bits = new BitReader();

/**
 * Reads a descriptor (the RTP payload format of AOMedia for AV1, appendix A) by the structure that came last, or by its
 * own. False where it is cut short or of another structure: `into` is then of no use but for what is mandatory.
 */
export function readDescriptor(
  { bytes, from, length }: { readonly bytes: Uint8Array; readonly from: number; readonly length: number },
  known: DependencyStructure | undefined,
  into: DependencyDescriptor,
): boolean {
  bits.begin(bytes, from, length);
  into.startsFrame = bits.flag();
  into.endsFrame = bits.flag();
  const template = bits.read(6);
  into.frame = bits.read(16);
  into.structure = undefined;
  into.activeTargets = undefined;
  into.activeTargetsAt = MANDATORY * 8 + FLAGS;
  const custom = length > MANDATORY ? readExtended(known, into) : NO_CUSTOM;
  const structure = into.structure ?? known;
  return !bits.isOver && structure !== undefined && readFrame(template, structure, custom, into);
}

interface Custom {
  readonly hasTargets: boolean;
  readonly hasDifferences: boolean;
}

const NO_CUSTOM: Custom = { hasTargets: false, hasDifferences: false };

function readExtended(known: DependencyStructure | undefined, into: DependencyDescriptor): Custom {
  const hasStructure = bits.flag();
  const saysActive = bits.flag();
  const hasTargets = bits.flag();
  const hasDifferences = bits.flag();
  // Chains come last, and are of no use here.
  bits.flag();
  if (hasStructure) into.structure = readStructure(bits);
  if (hasStructure && into.structure === undefined) bits.isOver = true;
  into.activeTargetsAt = bits.at;
  const count = (into.structure ?? known)?.targets.length ?? 0;
  if (saysActive) into.activeTargets = bits.read(count);
  return { hasTargets, hasDifferences };
}

function readFrame(
  template: number,
  structure: DependencyStructure,
  { hasTargets, hasDifferences }: Custom,
  into: DependencyDescriptor,
): boolean {
  const frame = structure.templates[(template + 64 - structure.firstTemplate) & 63];
  if (frame === undefined) return false;
  into.targetCount = structure.targets.length;
  into.spatial = frame.spatial;
  into.temporal = frame.temporal;
  if (hasTargets) for (const _ of structure.targets) bits.read(2);
  into.differences = hasDifferences ? readDifferences() : frame.differences;
  return !bits.isOver;
}

function readDifferences(): readonly number[] {
  const differences: number[] = [];
  for (;;) {
    const size = bits.read(2);
    if (size === 0) return differences;
    differences.push(bits.read(4 * size) + 1);
  }
}
