import type { Request } from '../core/command.ts';
import { type Disconnect, WireError } from '../core/errors.ts';
import type { Event, SessionEvent } from '../core/event.ts';
import type { MemberId, Seq } from '../core/ids.ts';
import type { Member } from '../core/member.ts';
import type { RoomView } from '../core/view.ts';
import type { Dialect, Envelope, Farewell, Frame, InboundFrame } from '../dialects/dialect.ts';
import { type Connection, type ConnectionListener, NO_LISTENER } from '../transport/connection.ts';
import type { HostedRoom } from './hosted-room.ts';
import { Inbox, sizeOf } from './inbox.ts';
import type { Occupant } from './occupant.ts';
import { Outbox } from './outbox.ts';
import type { TokenBucket } from './token-bucket.ts';

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
  address: string;
  /** What limits count the address as; see `AddressRanges.household`. */
  household: string;
  readonly openedAt: number;
  /** When the latest frame arrived. */
  heardAt: number;
  /** Takes the session up again; empty for wires that cannot. */
  secret = '';
  /** When the connection was lost, while the session waits to be resumed. */
  detachedAt: number | undefined;
  /** How long it waits, in milliseconds. */
  graceMs = 0;
  /** The room's latest event when the connection was lost. */
  lostAt: number | undefined;
  place: Place | undefined;
  readonly #host: SessionHost;
  #connection: Connection | undefined;
  #ended = false;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
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
    this.heardAt = this.openedAt;
    this.#outbox = new Outbox((bytes) => options.host.outboxChanged(this, bytes));
    this.#inbox = new Inbox({
      rate: options.dialect.limits.frames,
      now: () => options.host.now(),
      handle: (frame) => this.#handle(frame),
      pause: () => this.#connection?.pause(),
      resume: () => this.#connection?.resume(),
    });
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
    this.heardAt = this.#host.now();
    const { limits } = this.dialect;
    if (sizeOf(frame) > (this.place ? limits.frameBytes : limits.frameBytesBeforeEntry)) {
      this.disconnect({ code: 'frame-too-large' });
      return;
    }
    this.#inbox.receive(frame);
  }

  /** What its wire asks for it by itself, without a frame. What arrives meanwhile waits. */
  perform(requests: readonly Request[]): void {
    try {
      const pending = this.#run(requests, 0);
      if (pending) this.#inbox.occupy(pending);
    } catch (error) {
      this.failed(error);
    }
  }

  #handle(frame: InboundFrame): Promise<void> | undefined {
    try {
      const decoded = this.dialect.decode(this.state, frame, this);
      for (const reply of decoded.replies ?? []) this.send(reply);
      return this.#run(decoded.requests, 0);
    } catch (error) {
      this.failed(error);
      return undefined;
    }
  }

  /** In order, without a turn of the event loop where nothing has to be waited for. Never rejects, and may throw. */
  #run(requests: readonly Request[], from: number): Promise<void> | undefined {
    for (let index = from; index < requests.length && !this.#ended; index++) {
      const request = requests[index];
      const pending = request && this.#host.perform(this, request);
      if (pending) return this.#runRest(pending, requests, index + 1);
    }
    return undefined;
  }

  async #runRest(pending: Promise<void>, requests: readonly Request[], next: number): Promise<void> {
    try {
      await pending;
      await this.#run(requests, next);
    } catch (error) {
      this.failed(error);
    }
  }

  /** Resolves when all that arrived was handled: for connections that answer in turns. */
  whenIdle(): Promise<void> {
    return this.#inbox.whenIdle();
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
    this.#inbox.close();
    this.#release();
    this.place = undefined;
  }

  #release(): void {
    // What it still says, its end above all, is nothing to a session that has a newer connection by then.
    if (this.#connection) this.#connection.listener = NO_LISTENER;
    this.#connection = undefined;
    this.#inbox.empty();
    this.#outbox.clear();
  }

  /**
   * Gives its connection, and the frames that wait on it, to an older session that is taken up again. This one, made
   * for the connection's first frame, is over.
   */
  handOver(older: Session): void {
    const connection = this.#connection;
    const backlog = this.#inbox.empty();
    this.#ended = true;
    this.#inbox.close();
    this.#release();
    if (connection) older.#attach(connection, { backlog, household: this.household });
  }

  #attach(
    connection: Connection,
    from: { readonly backlog: readonly InboundFrame[]; readonly household: string },
  ): void {
    this.#connection = connection;
    this.detachedAt = undefined;
    this.lostAt = undefined;
    this.address = connection.address;
    this.household = from.household;
    connection.listener = this;
    connection.trust();
    connection.resume();
    this.#inbox.takeOver(from.backlog);
  }

  /** Drops the connection without a goodbye, because a newer one takes its place. */
  dropConnection(): void {
    const connection = this.#connection;
    this.#release();
    connection?.terminate();
  }
}
