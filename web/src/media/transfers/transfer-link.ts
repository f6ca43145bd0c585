import { Negotiation } from '../meeting/negotiation.ts';
import type { FileSink } from './file-sink.ts';
import { sendFile } from './sending.ts';
import type { TransferMessage } from './transfer-message.ts';

/** Why a file does not arrive, beside people who change their minds. */
export type TransferFault = 'unreachable' | 'broken' | 'unreadable' | 'unwritable';

export interface TransferLinkOptions {
  /** Of the transfer. */
  readonly id: string;
  readonly pc: RTCPeerConnection;
  /** Calls later, unless cancelled by what it returns. */
  readonly after: (milliseconds: number, run: () => void) => () => void;
  readonly tell: (message: TransferMessage) => void;
  /** Bytes so far; at most a few hundred times. */
  readonly moved: (bytes: number) => void;
  /** All of it is here, or there. With what saves it once more, where that can be done. */
  readonly arrived: (saveAgain?: () => void) => void;
  readonly failed: (fault: TransferFault) => void;
}

/** Where two cannot reach each other, browsers do not always say so. */
const CONNECTED_WITHIN_MS = 30_000;
/** Until the other one closes the connection, which tells that they know. */
const KNOWN_WITHIN_MS = 2_000;
/** Who gives up or leaves says so by way of the server, which may be slower than the connection that they close. */
const SAID_WITHIN_MS = 1_500;
/** What waits to be written: a network may be quicker than a disk. */
const MAX_WAITING_BYTES = 256 * 1024 * 1024;
const DONE = 'done';
const STEPS = 200;

/** The connection over which one file goes (`spec/galene.md` 5.2). Whoever makes it closes it. */
export class TransferLink {
  readonly #options: TransferLinkOptions;
  readonly #negotiation: Negotiation;
  #cancelWaiting: () => void;
  #sink: FileSink | undefined;
  #size = 0;
  #bytes = 0;
  #written = 0;
  #writes: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: TransferLinkOptions) {
    const { id, pc, after, tell } = options;
    this.#options = options;
    this.#negotiation = new Negotiation(pc, {
      candidate: (candidate) => tell({ type: 'ice', id, candidate }),
      connected: () => undefined,
      lost: () => this.#fail('unreachable'),
      broken: () => this.#fail('broken'),
    });
    this.#cancelWaiting = after(CONNECTED_WITHIN_MS, () => this.#fail('unreachable'));
  }

  /** Makes the offer for a file of so many bytes, which go into the sink. */
  receive({ size, sink }: { readonly size: number; readonly sink: FileSink }): void {
    const { id, pc, tell } = this.#options;
    this.#size = size;
    this.#sink = sink;
    const channel = pc.createDataChannel('file');
    channel.binaryType = 'arraybuffer';
    this.#watch(channel, () => {
      // Of an empty file nothing need come.
      if (size === 0) void this.#complete(channel);
    });
    channel.onmessage = ({ data }) => this.#received(channel, data);
    this.#negotiation.step(async () => {
      await this.#negotiation.describe(await pc.createOffer(), (sdp) =>
        tell({ type: 'offer', id, sdp, isKnown: true }),
      );
    });
  }

  /** Answers the offer, and sends the file. */
  send(file: Blob, offer: string): void {
    const { id, pc, tell } = this.#options;
    this.#size = file.size;
    pc.ondatachannel = ({ channel }) => {
      pc.ondatachannel = null;
      channel.binaryType = 'arraybuffer';
      channel.onmessage = ({ data }) => this.#confirmed(data);
      this.#watch(channel, () => void this.#pump(file, channel));
    };
    this.#negotiation.step(async () => {
      await this.#negotiation.hear({ type: 'offer', sdp: offer });
      await this.#negotiation.describe(await pc.createAnswer(), (sdp) => tell({ type: 'answer', id, sdp }));
    });
  }

  settle(answer: string): void {
    this.#negotiation.step(() => this.#negotiation.hear({ type: 'answer', sdp: answer }));
  }

  candidate(candidate: RTCIceCandidateInit): void {
    this.#negotiation.candidate(candidate);
  }

  /** A file that is not complete is given up. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelWaiting();
    this.#sink?.discard();
    this.#sink = undefined;
    this.#options.pc.ondatachannel = null;
    this.#negotiation.close();
  }

  #watch(channel: RTCDataChannel, opened: () => void): void {
    const open = () => {
      this.#cancelWaiting();
      opened();
    };
    channel.onclose = () => this.#lost();
    channel.onerror = () => this.#lost();
    // One that the other side made may be open already.
    if (channel.readyState === 'open') open();
    else channel.onopen = open;
  }

  #lost(): void {
    if (this.#isClosed) return;
    this.#cancelWaiting();
    this.#cancelWaiting = this.#options.after(SAID_WITHIN_MS, () => this.#fail('broken'));
  }

  async #pump(file: Blob, channel: RTCDataChannel): Promise<void> {
    try {
      await sendFile(file, channel, (bytes) => this.#moved(bytes));
    } catch (error) {
      // The file was changed or taken away meanwhile; or the channel closed.
      if (channel.readyState !== 'open') this.#lost();
      else this.#fail(error instanceof DOMException ? 'unreadable' : 'broken');
    }
  }

  #confirmed(data: unknown): void {
    if (data !== DONE || this.#bytes !== this.#size) this.#fail('broken');
    else if (!this.#isClosed) this.#options.arrived();
  }

  #received(channel: RTCDataChannel, data: unknown): void {
    // The empty message of an empty file comes when it is complete.
    if (this.#isClosed || !this.#sink) return;
    if (!(data instanceof ArrayBuffer) || this.#bytes + data.byteLength > this.#size) {
      this.#fail('broken');
      return;
    }
    const sink = this.#sink;
    const before = this.#bytes;
    this.#moved(before + data.byteLength);
    if (this.#bytes - this.#written > MAX_WAITING_BYTES) this.#fail('unwritable');
    this.#writes = this.#writes.then(async () => {
      await sink.write(data);
      this.#written += data.byteLength;
    });
    this.#writes.catch(() => this.#fail('unwritable'));
    if (this.#bytes === this.#size) void this.#complete(channel);
  }

  async #complete(channel: RTCDataChannel): Promise<void> {
    const sink = this.#sink;
    try {
      await this.#writes;
      if (this.#isClosed) return;
      // Whatever comes now, the file stays.
      this.#cancelWaiting();
      this.#sink = undefined;
      const saveAgain = await sink?.finish();
      channel.onclose = () => this.close();
      channel.onerror = () => this.close();
      this.#cancelWaiting();
      this.#cancelWaiting = this.#options.after(KNOWN_WITHIN_MS, () => this.close());
      this.#options.arrived(saveAgain);
      if (channel.readyState === 'open') channel.send(DONE);
    } catch {
      this.#fail('unwritable');
    }
  }

  #moved(bytes: number): void {
    const step = (count: number) => Math.floor((count / this.#size) * STEPS);
    const isWorthTelling = step(bytes) !== step(this.#bytes);
    this.#bytes = bytes;
    if (isWorthTelling && !this.#isClosed) this.#options.moved(bytes);
  }

  #fail(fault: TransferFault): void {
    if (!this.#isClosed) this.#options.failed(fault);
  }
}
