import { WebSocket } from 'ws';
import { type Closed, RwciClient, type SocketLike } from '../../src/dialects/rwci/client.ts';
import type { ServerPacket } from '../../src/dialects/rwci/wire.ts';
import type { TestServer } from './server.ts';

const TIMEOUT_MS = 10_000;
export const PASSWORD = 'correct horse';

/** A connection on RWCI's wire: what its client does, and exactly what it received. */
export class Rwci {
  readonly client: RwciClient;
  readonly socket: WebSocket;
  /** All packets in the order of their arrival. */
  readonly packets: ServerPacket[] = [];

  private constructor(client: RwciClient, socket: WebSocket) {
    this.client = client;
    this.socket = socket;
    client.onAny((packet) => this.packets.push(packet));
  }

  /** Opens a connection and says nothing. */
  static async connect(server: TestServer, username: string, options: { readonly path?: string } = {}): Promise<Rwci> {
    const url = `${server.url.replace(/^http/, 'ws')}${options.path ?? '/'}`;
    const socket = new WebSocket(url, { perMessageDeflate: false });
    const client = await RwciClient.connect({
      url,
      username,
      password: PASSWORD,
      connect: () => socket as unknown as SocketLike,
    });
    return new Rwci(client, socket);
  }

  static async enter(server: TestServer, username: string, options: { readonly path?: string } = {}): Promise<Rwci> {
    const rwci = await Rwci.connect(server, username, options);
    await rwci.client.login();
    return rwci;
  }

  get name(): string {
    return this.client.username;
  }

  send(packet: object): void {
    this.client.send(packet);
  }

  auth(username: unknown = this.name, password: unknown = PASSWORD): void {
    this.send({ type: 'auth', username, password });
  }

  of<T extends ServerPacket['type']>(type: T): Extract<ServerPacket, { type: T }>[] {
    return this.packets.filter((packet) => packet.type === type) as Extract<ServerPacket, { type: T }>[];
  }

  /** Waits for a packet with these fields, among all that came and come. */
  received(fields: Partial<Record<string, unknown>>): Promise<ServerPacket> {
    const fits = (packet: ServerPacket) =>
      Object.entries(fields).every(([key, value]) => (packet as Record<string, unknown>)[key] === value);
    const { promise, resolve, reject } = Promise.withResolvers<ServerPacket>();
    const found = this.packets.find(fits);
    if (found) return Promise.resolve(found);
    const off = this.client.onAny((packet) => fits(packet) && resolve(packet));
    const offClose = this.client.onClose(({ code }) => reject(new Error(`${this.name} was closed (${code}).`)));
    const timer = setTimeout(
      () => reject(new Error(`${this.name} waits for ${JSON.stringify(fields)} in vain.`)),
      TIMEOUT_MS,
    );
    return promise.finally(() => {
      off();
      offClose();
      clearTimeout(timer);
    });
  }

  /** Resolves when all that this connection sent was carried out, and all that it was sent until then arrived. */
  async fence(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const off = this.client.onAny(({ type }) => {
      if (type !== 'user_list') return;
      off();
      this.packets.pop();
      resolve();
    });
    this.send({ type: 'user_list' });
    await promise;
  }

  /** Forgets what came so far. */
  clear(): void {
    this.packets.length = 0;
  }

  closed(): Promise<Closed> {
    return this.client.waitForClose();
  }
}

/** Resolves when nothing more is on the way between these. */
export async function settled(...connections: readonly Rwci[]): Promise<void> {
  for (const connection of connections) await connection.fence();
}
