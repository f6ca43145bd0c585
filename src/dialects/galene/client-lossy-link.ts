import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

export type PacketDirection = 'in' | 'out';

/**
 * Whether a packet of sound, pictures or reports passes, or how many milliseconds later; none overtakes another. It is
 * as it is on the wire: the header can be read (of RTCP the first eight bytes), the rest is encrypted.
 */
export type PacketFilter = (packet: Buffer, direction: PacketDirection) => boolean | number;

/** The other end's addresses are a handful. */
const MAX_ROUTES = 32;

interface Route {
  readonly near: Socket;
  readonly far: Socket;
}

/**
 * A way on which packets get lost: a relay before each address of the other end, over IPv4. Losses have to be made here:
 * what SRTP has received once, it takes for a replay when it is sent again. Owns its sockets.
 */
export class LossyLink {
  readonly #passes: PacketFilter;
  readonly #routes: Route[] = [];
  #isClosed = false;

  constructor(passes: PacketFilter) {
    this.#passes = passes;
  }

  /** The candidate with the relay's address in place of its own; undefined where there is no way through. */
  async through(candidate: string): Promise<string | undefined> {
    const words = candidate.split(' ');
    const [, , , , address = '', port = ''] = words;
    if (this.#isClosed || this.#routes.length >= MAX_ROUTES || !/^[\d.]+$/.test(address)) return undefined;
    const route = { near: createSocket('udp4'), far: createSocket('udp4') };
    this.#routes.push(route);
    route.near.bind(0, '127.0.0.1');
    route.far.bind(0, address.startsWith('127.') ? '127.0.0.1' : undefined);
    await Promise.all([once(route.near, 'listening'), once(route.far, 'listening')]);
    if (this.#isClosed) return undefined;
    this.#relay(route, { address, port: Number(port) });
    return words.with(4, '127.0.0.1').with(5, String(route.near.address().port)).join(' ');
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const { near, far } of this.#routes) {
      near.close();
      far.close();
    }
  }

  #relay({ near, far }: Route, remote: { readonly address: string; readonly port: number }): void {
    const lanes = { in: new Lane(), out: new Lane() };
    let own: { readonly address: string; readonly port: number } | undefined;
    for (const socket of [near, far]) socket.on('error', () => {});
    near.on('message', (packet, from) => {
      own = from;
      lanes.out.carry(this.#lets(packet, 'out'), () => {
        if (!this.#isClosed) far.send(packet, remote.port, remote.address);
      });
    });
    far.on('message', (packet) => {
      const to = own;
      if (!to) return;
      lanes.in.carry(this.#lets(packet, 'in'), () => {
        if (!this.#isClosed) near.send(packet, to.port, to.address);
      });
    });
  }

  /** ICE and DTLS always pass: they begin with other bits (RFC 7983). */
  #lets(packet: Buffer, direction: PacketDirection): boolean | number {
    if (this.#isClosed) return false;
    return (packet[0] ?? 0) >> 6 !== 2 || this.#passes(packet, direction);
  }
}

/** What is late, in its order: timers of nearly the same time may come in any. */
class Lane {
  readonly #late: (() => void)[] = [];

  carry(passes: boolean | number, send: () => void): void {
    if (passes === false) return;
    if (passes === true && this.#late.length === 0) {
      send();
      return;
    }
    this.#late.push(send);
    setTimeout(() => this.#late.shift()?.(), Number(passes === true ? 0 : passes));
  }
}
