import type { Line, LineOrder, Lines } from '../dialects/desk.ts';
import type { Frame } from '../dialects/dialect.ts';
import { type Accept, type Connection, type ConnectionListener, NO_LISTENER } from './connection.ts';

export interface LinesOptions {
  readonly accept: Accept;
  /** What counts as one address. */
  household(address: string): string;
  readonly connections: number;
  /** 0 is no limit. */
  readonly connectionsPerAddress: number;
}

/** Connections that begin and end within the server: a wire's HTTP endpoints speak for who is elsewhere. Owns them. */
export class LineTransport implements Lines {
  readonly #options: LinesOptions;
  readonly #open = new Map<InnerConnection, string>();
  readonly #perAddress = new Map<string, number>();
  #closed = false;

  constructor(options: LinesOptions) {
    this.#options = options;
  }

  open(order: LineOrder): Line | undefined {
    const { accept, household, connections, connectionsPerAddress } = this.#options;
    const key = household(order.address);
    const count = this.#perAddress.get(key) ?? 0;
    if (this.#closed || this.#open.size >= connections) return undefined;
    if (connectionsPerAddress > 0 && count >= connectionsPerAddress) return undefined;
    const connection: InnerConnection = new InnerConnection(order, () => this.#forget(connection));
    this.#open.set(connection, key);
    this.#perAddress.set(key, count + 1);
    accept(connection, order.mount, {});
    // A server that is being stopped takes nobody in.
    return this.#open.has(connection) ? connection : undefined;
  }

  /** Their sessions have said goodbye. */
  close(): void {
    this.#closed = true;
    for (const connection of [...this.#open.keys()]) connection.terminate();
  }

  #forget(connection: InnerConnection): void {
    const key = this.#open.get(connection);
    if (key === undefined) return;
    this.#open.delete(connection);
    const left = (this.#perAddress.get(key) ?? 1) - 1;
    if (left > 0) this.#perAddress.set(key, left);
    else this.#perAddress.delete(key);
  }
}

const GONE = 1001;

class InnerConnection implements Connection, Line {
  readonly address: string;
  /** Frames are taken at once. */
  readonly bufferedBytes = 0;
  listener: ConnectionListener = NO_LISTENER;
  readonly #order: LineOrder;
  readonly #forgotten: () => void;
  #isOpen = true;

  constructor(order: LineOrder, forgotten: () => void) {
    this.#order = order;
    this.#forgotten = forgotten;
    this.address = order.address;
  }

  // --- what the endpoint does ---------------------------------------------------------------------------------------

  say(frame: string): void {
    if (this.#isOpen) this.listener.received({ kind: 'text', text: frame });
  }

  end(): void {
    this.#end(GONE);
  }

  // --- what the session does ----------------------------------------------------------------------------------------

  send({ text }: Frame): boolean {
    if (this.#isOpen) this.#order.heard(text);
    return true;
  }

  sizeOf(frame: Frame): number {
    return frame.text.length;
  }

  /** Who asks over HTTP is slowed down there. */
  pause(): void {}
  resume(): void {}
  trust(): void {}

  close(code: number): void {
    this.#end(code);
  }

  terminate(): void {
    this.#end(GONE);
  }

  #end(code: number): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const { listener } = this;
    this.listener = NO_LISTENER;
    this.#forgotten();
    listener.closed({ code, silent: false });
    this.#order.ended();
  }
}
