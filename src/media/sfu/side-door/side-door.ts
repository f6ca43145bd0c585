import { createSocket, type Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { type Destination, Detour } from './detour.ts';
import { mendedCheck } from './mended-check.ts';

export interface SideDoorOptions {
  readonly bindAddress?: string | undefined;
  /** Any free one where it is left out. */
  readonly port?: number | undefined;
  now(): number;
}

const MOST_DETOURS = 500;
/** Of one connection: whoever has its password could come from as many ports as there are, and leave none to others. */
const MOST_OF_ONE = 8;
const IDLE_MS = 30_000;
const SWEEP_MS = 5_000;

/**
 * Another UDP port for those whose checks the library refuses (`mended-check.ts`): who comes with such a check, rightly
 * signed, has their packets passed on to the library's port and back. Nobody else gets through.
 */
export class SideDoor {
  readonly #options: SideDoorOptions;
  readonly #socket: Socket;
  readonly #destinations = new Map<string, Destination>();
  readonly #detours = new Map<string, Detour>();
  readonly #sweeper: NodeJS.Timeout;
  #port: number | undefined;
  #whenOpen: (() => void)[] = [];
  #isClosed = false;

  constructor(options: SideDoorOptions) {
    this.#options = options;
    this.#socket = createSocket(familyOf(options.bindAddress));
    // Without a port there is no door, and everything else goes on.
    this.#socket.on('error', () => this.close());
    this.#socket.on('message', (bytes, { address, port }) => this.#arrived(bytes, { address, port }));
    this.#socket.bind(
      { port: options.port ?? 0, ...(options.bindAddress ? { address: options.bindAddress } : {}) },
      () => {
        this.#port = this.#socket.address().port;
        for (const tell of this.#whenOpen.splice(0)) tell();
      },
    );
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS);
    this.#sweeper.unref();
    this.#socket.unref();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Calls back with the port, in time; never where there is none to be had. */
  whenOpen(tell: (port: number) => void): void {
    const port = this.#port;
    if (this.#isClosed) return;
    if (port !== undefined) tell(port);
    else this.#whenOpen.push(() => this.#port !== undefined && tell(this.#port));
  }

  /** Lets those through who are for this connection, by the name of our end. */
  admit(ufrag: string, destination: Destination): void {
    this.#destinations.set(ufrag, destination);
  }

  dismiss(ufrag: string): void {
    this.#destinations.delete(ufrag);
    for (const [key, detour] of this.#detours) if (detour.ufrag === ufrag) this.#end(key, detour);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#sweeper);
    for (const [key, detour] of this.#detours) this.#end(key, detour);
    this.#destinations.clear();
    this.#whenOpen = [];
    this.#socket.close();
  }

  #arrived(bytes: Buffer, from: { readonly address: string; readonly port: number }): void {
    const key = `${from.address} ${from.port}`;
    const check = mendedCheck(bytes, (ufrag) => this.#destinations.get(ufrag)?.password);
    if (check) this.#destinations.get(check.ufrag)?.onVisit?.();
    const detour = check ? this.#detourFor(key, check.ufrag, from) : this.#detours.get(key);
    detour?.inwards(check?.bytes ?? bytes);
  }

  #detourFor(
    key: string,
    ufrag: string,
    from: { readonly address: string; readonly port: number },
  ): Detour | undefined {
    const known = this.#detours.get(key);
    if (known?.ufrag === ufrag) return known;
    const destination = this.#destinations.get(ufrag);
    if (!destination) return undefined;
    if (known) this.#end(key, known);
    if (!this.#hasRoomFor(ufrag)) return undefined;
    const { bindAddress, now } = this.#options;
    const detour = new Detour({
      ...{ ufrag, destination, from, now },
      inside: bindAddress ?? '127.0.0.1',
      outwards: (packet) => this.#socket.send(packet, from.port, from.address, () => {}),
    });
    this.#detours.set(key, detour);
    return detour;
  }

  #hasRoomFor(ufrag: string): boolean {
    if (this.#detours.size >= MOST_DETOURS) return false;
    let own = 0;
    for (const detour of this.#detours.values()) if (detour.ufrag === ufrag) own += 1;
    return own < MOST_OF_ONE;
  }

  #sweep(): void {
    const now = this.#options.now();
    for (const [key, detour] of this.#detours) if (now - detour.heardAt > IDLE_MS) this.#end(key, detour);
  }

  #end(key: string, detour: Detour): void {
    this.#detours.delete(key);
    detour.close();
  }
}

/** IPv6 takes IPv4 as well, where there is any. */
function familyOf(address: string | undefined): 'udp4' | 'udp6' {
  if (address !== undefined) return address.includes(':') ? 'udp6' : 'udp4';
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all.some(({ family }) => family === 'IPv6') ? 'udp6' : 'udp4';
}
