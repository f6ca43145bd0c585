import type { Request } from '../core/command.ts';
import { type Disconnect, WireError } from '../core/errors.ts';
import type { Event, SessionEvent } from '../core/event.ts';
import type { MemberId, Seq } from '../core/ids.ts';
import type { Member } from '../core/member.ts';
import type { RoomView } from '../core/view.ts';
import type { Dialect, Envelope, Farewell, Frame, InboundFrame } from '../dialects/dialect.ts';
import { type Connection, type ConnectionListener, NO_LISTENER } from '../transport/connection.ts';
import type { HostedRoom } from './hosted-room.ts';
import type { Occupant } from './occupant.ts';
import { Outbox } from './outbox.ts';
import { TokenBucket } from './token-bucket.ts';

/** Frames that wait for earlier ones before the peer is asked to wait, too. */
const BACKLOG_BEFORE_PAUSE = 64;
const BACKLOG_BYTES_BEFORE_PAUSE = 256 * 1024;
const RATE_PAUSE_MS = 100;
const BYTES_PER_TOKEN = 4096;
const SERVER_FAULT = 1011;

/** What a session needs of the hub. */
export interface SessionHost {
  readonly outboxBytes: number;
  now(): number;
  /** Carries a request out and sends its answer. What it returns is awaited before the next one. */
  perform(session: Session, request: Request): Promise<void> | void;
  /** The connection ended, or the session did. */
  lost(session: Session, end: SessionEnd): void;
  outboxChanged(session: Session, bytes: number): void;
  disconnected(session: Session, disconnect: Disconnect): void;
  /** A fault of ours: logged with its stack. */
  fault(session: Session, error: unknown): void;
}

export type SessionEnd =
  | { readonly kind: 'connection'; readonly code: number; readonly silent: boolean }
  | { readonly kind: 'disconnect'; readonly disconnect: Disconnect };

/** Where a session is present, and as whom. */
export interface Place {
  readonly room: HostedRoom;
  readonly memberId: MemberId;
  /** The room's latest event before they entered. */
  readonly since: Seq;
}

/**
 * One connection on one wire (or, between two connections, none): decodes what arrives, one frame after the other, and
 * sends what it is given within bounds. It owns the connection; the hub owns it.
 */
export class Session implements ConnectionListener, Occupant {
  readonly dialect: Dialect;
  readonly state: unknown;
  readonly address: string;
  /** What limits count the address as; see `AddressRanges.household`. */
  readonly household: string;
  readonly openedAt: number;
  /** Takes the session up again; empty for wires that cannot. */
  secret = '';
  /** When the connection was lost, while the session waits to be resumed. */
  detachedAt: number | undefined;
  /** How long it waits, in milliseconds. */
  graceMs = 0;
  place: Place | undefined;
  readonly #host: SessionHost;
  #connection: Connection | undefined;
  #ended = false;
  #busy = false;
  #backlog: InboundFrame[] | undefined;
  #backlogBytes = 0;
  #rate: TokenBucket;
  #rateTimer: NodeJS.Timeout | undefined;
  readonly #outbox: Outbox;
  #whenIdle: (() => void)[] = [];
  /** Token buckets per class of command; see `limits.ts`. */
  buckets: Map<string, TokenBucket> | undefined;

  constructor(options: {
    readonly dialect: Dialect;
    readonly state: unknown;
    readonly connection: Connection;
    readonly household: string;
    readonly host: SessionHost;
  }) {
    this.dialect = options.dialect;
    this.state = options.state;
    this.#connection = options.connection;
    this.#host = options.host;
    this.address = options.connection.address;
    this.household = options.household;
    this.openedAt = options.host.now();
    this.#outbox = new Outbox((bytes) => options.host.outboxChanged(this, bytes));
    this.#rate = new TokenBucket(options.dialect.limits.frames, this.openedAt);
  }

  get member(): Member | undefined {
    return this.place?.room.view.member(this.place.memberId);
  }

  get room(): RoomView | undefined {
    return this.place?.room.view;
  }

  get connected(): boolean {
    return this.#connection !== undefined;
  }

  get ended(): boolean {
    return this.#ended;
  }

  // --- inbound ------------------------------------------------------------------------------------------------------

  received(frame: InboundFrame): void {
    if (this.#ended) return;
    const { limits } = this.dialect;
    if (sizeOf(frame) > (this.place ? limits.frameBytes : limits.frameBytesBeforeEntry)) {
      this.disconnect({ code: 'frame-too-large' });
      return;
    }
    if (this.#busy || this.#backlog || !this.#takeRate(frame)) {
      this.#postpone(frame);
      return;
    }
    this.#handle(frame);
  }

  /** Long frames count for several: what is passed on to others is bounded in bytes, too. */
  #takeRate(frame: InboundFrame): boolean {
    const { frames } = this.dialect.limits;
    const cost = Math.min(frames.burst, 1 + Math.floor(sizeOf(frame) / BYTES_PER_TOKEN));
    return this.#rate.take(frames, this.#host.now(), cost);
  }

  /** A frame waits for its turn; too many, and the peer waits with them. Nothing is lost. */
  #postpone(frame: InboundFrame): void {
    this.#backlog ??= [];
    this.#backlog.push(frame);
    this.#backlogBytes += sizeOf(frame);
    if (this.#backlog.length >= BACKLOG_BEFORE_PAUSE || this.#backlogBytes >= BACKLOG_BYTES_BEFORE_PAUSE) {
      this.#connection?.pause();
    }
    if (!this.#busy) this.#awaitRate();
  }

  #awaitRate(): void {
    this.#rateTimer ??= setTimeout(() => {
      this.#rateTimer = undefined;
      this.#catchUp();
    }, RATE_PAUSE_MS);
  }

  #catchUp(): void {
    while (this.#backlog && !this.#busy && !this.#ended) {
      if (this.#backlog.length === 0) {
        this.#forgetBacklog();
        this.#connection?.resume();
        this.#noteIdle();
        return;
      }
      const frame = this.#backlog[0];
      if (frame && !this.#takeRate(frame)) {
        this.#awaitRate();
        return;
      }
      this.#backlog.shift();
      if (frame) this.#handle(frame);
    }
  }

  #forgetBacklog(): void {
    this.#backlog = undefined;
    this.#backlogBytes = 0;
  }

  #handle(frame: InboundFrame): void {
    try {
      const decoded = this.dialect.decode(this.state, frame, this);
      for (const reply of decoded.replies ?? []) this.send(reply);
      this.#run(decoded.requests, 0);
    } catch (error) {
      this.failed(error);
    }
  }

  #run(requests: readonly Request[], from: number): void {
    for (let index = from; index < requests.length && !this.#ended; index++) {
      const request = requests[index];
      const pending = request && this.#host.perform(this, request);
      if (!pending) continue;
      this.#busy = true;
      pending
        .then(() => {
          this.#busy = false;
          this.#run(requests, index + 1);
          this.#catchUp();
        })
        .catch((error: unknown) => {
          this.#busy = false;
          this.failed(error);
        })
        .finally(() => this.#noteIdle());
      return;
    }
    this.#noteIdle();
  }

  /** Resolves when all that arrived was handled: for connections that answer in turns. */
  whenIdle(): Promise<void> {
    if (!this.#busy && !this.#backlog) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  #noteIdle(): void {
    if (this.#whenIdle.length === 0 || ((this.#busy || this.#backlog) && !this.#ended)) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  /** A fault of the peer, as its wire has it; or of ours, which ends this session and no other. */
  failed(error: unknown): void {
    if (error instanceof WireError) {
      if (error.severity === 'close') this.disconnect({ code: 'wire-broken', reason: error.message });
      return;
    }
    this.#host.fault(this, error);
    this.disconnect({ code: 'server-fault' });
  }

  // --- outbound -----------------------------------------------------------------------------------------------------

  /** Encodes for this session alone. */
  tell(event: Event | SessionEvent, envelope: Envelope): void {
    if (!this.#connection) return;
    try {
      for (const frame of this.dialect.encode(event, this, envelope)) this.send(frame);
    } catch (error) {
      this.failed(error);
    }
  }

  /** Sends a frame, or keeps it until the network takes it; too many kept ends the session as too slow. */
  send(frame: Frame): void {
    const connection = this.#connection;
    if (!connection) return;
    if (!this.#outbox.isOpen) {
      if (!connection.send(frame)) this.#outbox.open(this.#host.now(), connection.bufferedBytes);
      return;
    }
    this.#outbox.push(frame, connection.sizeOf(frame));
    if (this.#outbox.bytes + connection.bufferedBytes > this.#host.outboxBytes) this.disconnect({ code: 'slow' });
  }

  /** Sends the roster that `make` makes now, or, while the network is busy, the one of later. */
  sendRoster(make: () => Frame | undefined): void {
    if (!this.#connection) return;
    if (this.#outbox.isOpen) {
      this.#outbox.rosterDue = true;
      return;
    }
    try {
      const frame = make();
      if (frame) this.send(frame);
    } catch (error) {
      this.failed(error);
    }
  }

  drained(): void {
    for (const frame of this.#outbox.take()) this.send(frame);
    if (this.#outbox.rosterDue && !this.#outbox.isOpen) {
      this.#outbox.rosterDue = false;
      this.place?.room.sendRosterTo(this);
    }
  }

  /** Milliseconds since the network last took something of what waits for it; 0 where nothing does. */
  stuckFor(now: number): number {
    return this.#connection ? this.#outbox.stuckFor(now, this.#connection.bufferedBytes) : 0;
  }

  trust(): void {
    this.#connection?.trust();
  }

  // --- end ----------------------------------------------------------------------------------------------------------

  /** Says goodbye on the wire, closes the connection, and ends (or, where it can be resumed, detaches). */
  disconnect(disconnect: Disconnect): void {
    if (this.#ended) return;
    const connection = this.#connection;
    this.#host.disconnected(this, disconnect);
    if (connection) {
      const farewell = this.#farewell(disconnect);
      // What waits was said before; who is too slow for it will not get it now.
      const waiting = disconnect.code === 'slow' ? [] : this.#outbox.take();
      for (const frame of [...waiting, ...farewell.frames]) connection.send(frame);
      this.#release();
      connection.close(farewell.code, farewell.reason);
    }
    this.#host.lost(this, { kind: 'disconnect', disconnect });
  }

  #farewell(disconnect: Disconnect): Farewell {
    try {
      return this.dialect.farewell(disconnect, this);
    } catch (error) {
      this.#host.fault(this, error);
      return { frames: [], code: SERVER_FAULT, reason: disconnect.code };
    }
  }

  closed(end: { readonly code: number; readonly silent: boolean }): void {
    if (this.#ended || !this.#connection) return;
    this.#release();
    this.#host.lost(this, { kind: 'connection', ...end });
  }

  /** No more of this session. Called by the hub, which has seen to its member. */
  end(): void {
    this.#ended = true;
    this.#release();
    this.place = undefined;
    this.#noteIdle();
  }

  #release(): void {
    clearTimeout(this.#rateTimer);
    this.#rateTimer = undefined;
    // What it still says, its end above all, is nothing to a session that has a newer connection by then.
    if (this.#connection) this.#connection.listener = NO_LISTENER;
    this.#connection = undefined;
    this.#forgetBacklog();
    this.#outbox.clear();
  }

  /**
   * Gives its connection, and the frames that wait on it, to an older session that is taken up again. This one, made
   * for the connection's first frame, is over.
   */
  handOver(older: Session): void {
    const connection = this.#connection;
    const backlog = this.#backlog ?? [];
    this.#ended = true;
    this.#release();
    if (connection) older.#attach(connection, backlog);
  }

  #attach(connection: Connection, backlog: readonly InboundFrame[]): void {
    this.#connection = connection;
    this.detachedAt = undefined;
    connection.listener = this;
    connection.trust();
    connection.resume();
    if (backlog.length > 0) {
      this.#backlog = [...backlog];
      this.#backlogBytes = backlog.reduce((sum, frame) => sum + sizeOf(frame), 0);
      this.#awaitRate();
    }
  }

  /** Drops the connection without a goodbye, because a newer one takes its place. */
  dropConnection(): void {
    const connection = this.#connection;
    this.#release();
    connection?.terminate();
  }
}

/** Characters or bytes: near enough for a bound. */
function sizeOf(frame: InboundFrame): number {
  return frame.kind === 'text' ? frame.text.length : frame.bytes.byteLength;
}
