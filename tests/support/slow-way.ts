import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

interface Place {
  readonly address: string;
  readonly port: number;
}

/** A way by UDP to somewhere far: what is sent to our port arrives there later, and so does what comes back. */
export class SlowWay {
  readonly port: number;
  readonly #near: Socket;
  /** One for each who comes, by their ports, as they are told apart there. */
  readonly #far = new Map<number, Socket>();
  readonly #to: Place;
  readonly #delayMs: number;
  #isClosed = false;

  /** At the address of the place itself. */
  static async open(to: Place, delayMs: number): Promise<SlowWay> {
    const near = createSocket('udp4').bind(0, to.address);
    await once(near, 'listening');
    return new SlowWay(near, to, delayMs);
  }

  private constructor(near: Socket, to: Place, delayMs: number) {
    this.port = near.address().port;
    this.#near = near;
    this.#to = to;
    this.#delayMs = delayMs;
    near.on('message', (packet, from) => {
      const far = this.#far.get(from.port) ?? this.#begin(from);
      this.#later(() => far.send(packet, to.port, to.address));
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const socket of [this.#near, ...this.#far.values()]) socket.close();
  }

  #begin(from: Place): Socket {
    const far = createSocket('udp4').bind(0, this.#to.address);
    far.on('message', (packet) => this.#later(() => this.#near.send(packet, from.port, from.address)));
    this.#far.set(from.port, far);
    return far;
  }

  #later(send: () => void): void {
    setTimeout(() => this.#isClosed || send(), this.#delayMs);
  }
}
