import { EMPTY, FRAME_START } from '../rtp/packet-info.ts';
import type { OrderedPacket, QueuedPacket } from './jitter-buffer.ts';

/** Bytes: no picture is larger, and nothing else may be. */
const LARGEST = 8 * 1024 * 1024;

/** Puts packets together that are one picture. What has a gap is given to nobody. */
export class FrameAssembler {
  #packets: QueuedPacket[] = [];
  #bytes = 0;
  /** What comes next is in the midst of a picture, as far as one can see. */
  #isLost = true;

  /** Something of the latest picture is not there, so that none after it can be shown before a keyframe. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** The pictures that are whole by this packet, in their order. */
  put({ packet, isAfterGap }: OrderedPacket): readonly (readonly QueuedPacket[])[] {
    if (isAfterGap) this.#drop();
    if (packet.info & EMPTY) return NOTHING;
    const before = this.#packets[0];
    const ended = before !== undefined && before.timestamp !== packet.timestamp ? [this.#take()] : NOTHING;
    if (this.#isLost && (packet.info & FRAME_START) === 0) return ended;
    this.#isLost = false;
    this.#packets.push(packet);
    this.#bytes += packet.payload.length;
    if (this.#bytes > LARGEST) this.#drop();
    return packet.isLast && !this.#isLost ? [...ended, this.#take()] : ended;
  }

  #take(): readonly QueuedPacket[] {
    const packets = this.#packets;
    this.#packets = [];
    this.#bytes = 0;
    return packets;
  }

  #drop(): void {
    this.#take();
    this.#isLost = true;
  }
}

const NOTHING: readonly (readonly QueuedPacket[])[] = [];
