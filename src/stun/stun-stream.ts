import { HEADER_BYTES } from './stun-message.ts';

/** Cuts what comes over TCP or TLS into messages again. What is no message ends it, as nobody knows where the next begins. */
export class StunStream {
  readonly #onMessage: (bytes: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);
  #isBroken = false;

  constructor(onMessage: (bytes: Buffer) => void) {
    this.#onMessage = onMessage;
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** The rest is less than one message, which is 64 KiB at most. */
  push(chunk: Buffer): void {
    if (this.#isBroken) return;
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (let length = this.#next(); length !== undefined; length = this.#next()) {
      const message = this.#rest.subarray(0, length);
      this.#rest = this.#rest.subarray(length);
      this.#onMessage(message);
    }
  }

  #next(): number | undefined {
    if (this.#isBroken || this.#rest.length < 4) return undefined;
    // Two bits of a message are zero; channels we never bind (RFC 8656 12.5).
    if ((this.#rest[0] ?? 255) >= 0x40) {
      this.#isBroken = true;
      this.#rest = Buffer.alloc(0);
      return undefined;
    }
    const length = HEADER_BYTES + this.#rest.readUInt16BE(2);
    return this.#rest.length < length ? undefined : length;
  }
}
