import type { Ask } from '../../../../src/dialects/parlour/client.ts';
import type { FileSink } from './file-sink.ts';
import type { Transfer } from './transfer.ts';
import type { TransferFault } from './transfer-link.ts';

/** What file transfers need of the rest of the page. */
export interface TransferPorts {
  /** Resolves when the server did it; rejects where it refuses, or where the answer was lost with its connection. */
  ask(ask: Ask): Promise<unknown>;
  /** By the name that they have now, whatever its case. */
  memberNamed(name: string): RoomMember | undefined;
  memberOf(id: string): RoomMember | undefined;
  createPeer(): RTCPeerConnection;
  /** Another id for each file. */
  newId(): string;
  /** Calls later, unless cancelled by what it returns. */
  after(milliseconds: number, run: () => void): () => void;
  /**
   * Where a file is to go. Resolves to nothing where the person thinks better of it; rejects where this browser cannot
   * take it. Called while they click.
   */
  openSink(file: Pick<Transfer, 'name' | 'size'>): Promise<FileSink | undefined>;
  /** For people, of either end. */
  words(fault: TransferFault | 'too-many'): string;
  errorText(error: unknown): string;
}

export interface RoomMember {
  readonly id: string;
  readonly name: string;
}
