import { createSocket, type Socket } from 'node:dgram';

/**
 * A way between two ends on which packets get lost: before they are decrypted, as a packet that came once does not
 * come again (replay protection). The near end is told our address in place of the far end's own, which is IPv4.
 */
export class LossyPath {
  readonly #near: Socket;
  readonly #far: Socket;
  #nearPort = 0;
  #farHost = '127.0.0.1';
  #farPort = 0;

  /** `loses` sees RTP and RTCP towards the far end, whose headers can be read. */
  static async create(loses: (packet: Buffer) => boolean): Promise<LossyPath> {
    const path = new LossyPath(loses);
    await Promise.all([bound(path.#near, '127.0.0.1'), bound(path.#far, '0.0.0.0')]);
    return path;
  }

  private constructor(loses: (packet: Buffer) => boolean) {
    this.#near = createSocket('udp4');
    this.#far = createSocket('udp4');
    this.#near.on('message', (packet, { port }) => {
      this.#nearPort = port;
      if (isMedia(packet) && loses(packet)) return;
      if (this.#farPort > 0) this.#far.send(packet, this.#farPort, this.#farHost);
    });
    this.#far.on('message', (packet) => {
      if (this.#nearPort > 0) this.#near.send(packet, this.#nearPort, '127.0.0.1');
    });
  }

  /** The far end's candidate, as the near end is to see it. */
  through(candidate: string): string {
    const parts = candidate.split(' ');
    this.#farHost = parts[4] ?? '';
    this.#farPort = Number(parts[5]);
    parts[4] = '127.0.0.1';
    parts[5] = String(this.#near.address().port);
    return parts.join(' ');
  }

  close(): void {
    this.#near.close();
    this.#far.close();
  }
}

function bound(socket: Socket, address: string): Promise<void> {
  return new Promise((resolve) => socket.bind(0, address, () => resolve()));
}

/** Others on the same way are STUN and DTLS (RFC 7983). */
function isMedia(packet: Buffer): boolean {
  const first = packet[0] ?? 0;
  return first >= 128 && first < 192;
}
