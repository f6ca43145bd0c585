import { createSocket, type Socket } from 'node:dgram';
import { mendedAnswer } from './mended-check.ts';

/** One of our connections, as who comes through the door finds it. */
export interface Destination {
  readonly password: string;
  /** The library's own UDP port. */
  readonly port: number;
  /** Somebody came through the door for it, whose checks the library refuses. */
  onVisit?(): void;
}

export interface DetourOptions {
  readonly ufrag: string;
  readonly destination: Destination;
  /** Who comes this way. */
  readonly from: { readonly address: string; readonly port: number };
  /** Where the library's port is, on this machine. */
  readonly inside: string;
  outwards(packet: Buffer): void;
  now(): number;
}

/** A few packets may come before the socket is there. */
const MOST_WAITING = 20;

/** The way of one connection's packets between the side door and the library, under an address of its own. */
export class Detour {
  readonly ufrag: string;
  readonly #options: DetourOptions;
  readonly #socket: Socket;
  #waiting: Buffer[] | undefined = [];
  #heardAt: number;
  #isClosed = false;

  constructor(options: DetourOptions) {
    const { ufrag, destination, inside, outwards, from, now } = options;
    this.ufrag = ufrag;
    this.#options = options;
    this.#heardAt = now();
    this.#socket = createSocket(inside.includes(':') ? 'udp6' : 'udp4');
    this.#socket.on('error', () => {});
    const mapped = { ...from, address: from.address.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '') };
    const { password, port } = destination;
    this.#socket.on('message', (bytes) => outwards(mendedAnswer(bytes, { password, from: mapped })));
    this.#socket.connect(port, inside, () => {
      for (const bytes of this.#waiting ?? []) this.#send(bytes);
      this.#waiting = undefined;
    });
    this.#socket.unref();
  }

  get heardAt(): number {
    return this.#heardAt;
  }

  inwards(bytes: Buffer): void {
    this.#heardAt = this.#options.now();
    if (this.#waiting === undefined) this.#send(bytes);
    else if (this.#waiting.length < MOST_WAITING) this.#waiting.push(bytes);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
  }

  #send(bytes: Buffer): void {
    if (!this.#isClosed) this.#socket.send(bytes, () => {});
  }
}
