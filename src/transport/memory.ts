import type { Frame, InboundFrame } from '../dialects/dialect.ts';
import { type Accept, type Connection, type ConnectionListener, NO_LISTENER } from './connection.ts';

/** A connection inside the process, for tests: what was sent is there to read, and nothing takes time. */
export class MemoryConnection implements Connection {
  readonly address: string;
  readonly sent: string[] = [];
  closeCode: number | undefined;
  listener: ConnectionListener = NO_LISTENER;
  #congested = false;
  #buffered = 0;

  constructor(address = '127.0.0.1') {
    this.address = address;
  }

  /** Connects to a server's `accept`. */
  static open(accept: Accept, options: { readonly path?: string; readonly address?: string } = {}): MemoryConnection {
    const connection = new MemoryConnection(options.address);
    accept(connection, options.path ?? '/ws');
    return connection;
  }

  get bufferedBytes(): number {
    return this.#buffered;
  }

  get open(): boolean {
    return this.closeCode === undefined;
  }

  send(frame: Frame): boolean {
    if (!this.open) return true;
    this.sent.push(frame.text);
    if (this.#congested) this.#buffered += frame.text.length;
    return !this.#congested;
  }

  sizeOf(frame: Frame): number {
    return frame.text.length;
  }

  pause(): void {}
  resume(): void {}
  trust(): void {}

  close(code: number): void {
    this.end({ code });
  }

  terminate(): void {
    this.end({ code: 1006 });
  }

  // --- the peer's side ----------------------------------------------------------------------------------------------

  receive(frame: object | string): void {
    const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
    this.listener.received({ kind: 'text', text });
  }

  receiveRaw(frame: InboundFrame): void {
    this.listener.received(frame);
  }

  /** The peer goes, or the network does. */
  end(options: { readonly code: number; readonly silent?: boolean }): void {
    if (!this.open) return;
    this.closeCode = options.code;
    this.listener.closed({ code: options.code, silent: options.silent ?? false });
  }

  /** The peer's network takes nothing more, until {@link drain}. */
  congest(): void {
    this.#congested = true;
  }

  drain(): void {
    this.#congested = false;
    this.#buffered = 0;
    this.listener.drained();
  }

  /** All frames sent so far, parsed; the log is emptied. */
  take(): Record<string, unknown>[] {
    return this.sent.splice(0).map((text) => JSON.parse(text) as Record<string, unknown>);
  }
}
