import type { ResumePoint } from './client-types.ts';
import type { RoomFrame, ServerFrameOf } from './wire.ts';

/** No room has this epoch: a resume that says it takes the session up and gets everything anew. */
const NO_EPOCH = '';

/** How far the client has read in the room's frames, and which frames are new to it. */
export class RoomPosition {
  #point: ResumePoint | undefined;
  /** The epoch whose `room` frame is on its way. */
  #awaited: string | undefined;

  constructor(resume?: ResumePoint) {
    this.#point = resume;
  }

  /**
   * Where to go on. Between a welcome that recovered nothing and its `room` frame there is no such place; the point
   * then asks for everything anew, because a number would let the server skip the `room` frame that got lost.
   */
  get point(): ResumePoint | undefined {
    return this.#point;
  }

  welcomed(welcome: ServerFrameOf<'welcome'>): void {
    const { session, epoch } = welcome;
    if (welcome.recovered && this.#point) {
      this.#awaited = undefined;
      // Not the welcome's `seq`: what was missed is still to come.
      this.#point = { session, epoch, seq: this.#point.seq };
      return;
    }
    this.#awaited = epoch;
    this.#point = { session, epoch: NO_EPOCH, seq: 0 };
  }

  /** Notes the frame as read; false where it was read before, or is part of the `room` frame that is awaited. */
  advance(frame: RoomFrame): boolean {
    const point = this.#point;
    if (!point) return false;
    if (this.#awaited !== undefined) {
      if (frame.type !== 'room') return false;
      this.#point = { session: point.session, epoch: this.#awaited, seq: frame.seq };
      this.#awaited = undefined;
      return true;
    }
    if (frame.seq <= point.seq) return false;
    this.#point = { ...point, seq: frame.seq };
    return true;
  }

  /** The session is over. */
  clear(): void {
    this.#point = undefined;
    this.#awaited = undefined;
  }
}
