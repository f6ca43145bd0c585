import { type DependencyDescriptor, newDescriptor, readDescriptor } from './dependency-descriptor.ts';
import type { DependencyStructure } from './dependency-structure.ts';
import type { RtpHeader } from './header.ts';
import { findExtension, foundAt, foundLength } from './header-extensions.ts';
import { FRAME_START, LAYER_END, LAYER_START, LAYER_SYNC, layersAsInfo } from './packet-bits.ts';
import { sequenceDistance } from './sequence.ts';

/** Frames that are remembered; what refers further back counts as unknown. */
const MEMORY = 256;

/** Packets. */
const FAR = 8_000;

/** What the descriptors of one source of AV1 say, which are to be read in the light of those before them. */
export class FrameDependencies {
  #structure: DependencyStructure | undefined;
  /** The packet that it came with, or one of some time after that, so that numbers do not come round. */
  #structureAt = 0;
  #activeTargets = 0;
  readonly #descriptor = newDescriptor();
  /** The packet that was read last, and whether it could be: all receivers of it ask again. */
  #last: { readonly packet: Uint8Array; readonly isRead: boolean } | undefined;
  readonly #frames = new Int32Array(MEMORY).fill(-1);
  readonly #temporals = new Uint8Array(MEMORY);

  get structure(): DependencyStructure | undefined {
    return this.#structure;
  }

  /** Which decode targets are sent by now, a bit for each. */
  get activeTargets(): number {
    return this.#activeTargets;
  }

  /** Bits of `packet-bits.ts`; undefined where the packet has no descriptor that can be read. */
  info(packet: Uint8Array, header: RtpHeader, id: number): number | undefined {
    const descriptor = this.read(packet, header, id);
    if (!descriptor) return undefined;
    this.#follow(header.sequence, descriptor);
    const { spatial, temporal, startsFrame, endsFrame } = descriptor;
    const info = layersAsInfo(temporal, spatial) | (startsFrame ? this.#start(descriptor) : 0);
    return endsFrame ? info | LAYER_END : info;
  }

  /** By the structure that holds now; changes nothing. Good until the next reading, of the same source. */
  read(packet: Uint8Array, header: RtpHeader, id: number): DependencyDescriptor | undefined {
    const isRead = this.#last?.packet === packet ? this.#last.isRead : this.#reads(packet, header, id);
    return isRead ? this.#descriptor : undefined;
  }

  /** The source began anew. */
  reset(): void {
    this.#structure = undefined;
    this.#last = undefined;
    this.#frames.fill(-1);
  }

  #reads(packet: Uint8Array, header: RtpHeader, id: number): boolean {
    const found = findExtension(packet, header, id);
    const where = { bytes: packet, from: foundAt(found), length: foundLength(found) };
    const isRead = found >= 0 && readDescriptor(where, this.#structure, this.#descriptor);
    this.#last = { packet, isRead };
    return isRead;
  }

  /** What comes late, of before a newer structure, says nothing of now. */
  #follow(sequence: number, { structure, activeTargets }: DependencyDescriptor): void {
    const ahead = sequenceDistance(sequence, this.#structureAt);
    if (this.#structure !== undefined && ahead < 0) return;
    if (structure) {
      this.#structure = structure;
      this.#activeTargets = 2 ** structure.targets.length - 1;
    }
    if (structure || ahead > FAR) this.#structureAt = sequence;
    if (activeTargets !== undefined) this.#activeTargets = activeTargets;
  }

  #start({ frame, spatial, temporal, differences }: DependencyDescriptor): number {
    this.#frames[frame % MEMORY] = frame;
    this.#temporals[frame % MEMORY] = temporal;
    const isSync = temporal > 0 && differences.every((each) => this.#isBelow((frame - each) & 0xffff, temporal));
    return LAYER_START | (spatial === 0 ? FRAME_START : 0) | (isSync ? LAYER_SYNC : 0);
  }

  #isBelow(frame: number, temporal: number): boolean {
    return this.#frames[frame % MEMORY] === frame && (this.#temporals[frame % MEMORY] ?? 0) < temporal;
  }
}
