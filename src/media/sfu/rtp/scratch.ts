/**
 * A buffer that packets are written into, and views of its beginning. A view is only good until the next packet is
 * written: send it (which copies) before that. One scratch does for all rewriters of a thread.
 */
export class Scratch {
  readonly bytes: Buffer;
  readonly #views: (Buffer | undefined)[] = [];

  constructor(size = 2048) {
    this.bytes = Buffer.alloc(size);
  }

  /** Views are kept: making one costs as much as the rest of the rewriting. */
  view(length: number): Buffer {
    let view = this.#views[length];
    if (view === undefined) {
      view = this.bytes.subarray(0, length);
      this.#views[length] = view;
    }
    return view;
  }
}
