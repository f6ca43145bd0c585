import type { MeasuredRoom } from '../core/administration.ts';
import { isForOperators, isRoomCommand, type Request } from '../core/command.ts';
import { DISCONNECTS, type Disconnect, type Refusal } from '../core/errors.ts';
import type { Result } from '../core/event.ts';
import { messageIds, type RoomName, type Source } from '../core/ids.ts';
import { isOperator } from '../core/member.ts';
import type { Dialect, DialectSettings, InboundFrame } from '../dialects/dialect.ts';
import { Mounts } from '../dialects/mounts.ts';
import type { Connection, ConnectionListener } from '../transport/connection.ts';
import { type Asker, fetchHistory, invite, listThreads, setPassword } from './asking.ts';
import { join, leaveAtOnce, resume } from './entering.ts';
import type { HostedRoom } from './hosted-room.ts';
import { Limits } from './limits.ts';
import { measureRoom } from './measuring.ts';
import { reconfigure, report, shutDown } from './operating.ts';
import { applyAndAnswer, needsFacts, postAttachment, postImage } from './posting.ts';
import type { RoomCatalogue } from './room-catalogue.ts';
import { RoomDirectory } from './room-directory.ts';
import { handleRoomToken } from './room-tokens.ts';
import type { Answer, HubContext, HubServices, HubSettings } from './services.ts';
import { Session, type SessionEnd, type SessionHost } from './session.ts';

const SWEEP_MS = 1000;
/** Limits of those who have not come for long are forgotten. */
const TIDY_MS = 5 * 60_000;
/** How often it is looked for rooms that nobody was in for long. */
const KEEP_ROOMS_MS = 60_000;
/** A connection that says nothing is closed after this long. */
const FIRST_FRAME_MS = 15_000;
/** A page that was closed, or is being loaded again, says so; it has less time than a lost network. */
const GOING_AWAY_MS = 10_000;
const GOING_AWAY = 1001;
/** Goodbyes that are remembered. */
const MAX_GOODBYES = 10_000;

/**
 * All sessions and rooms of this process. Owns the sessions, which own their connections; the composition root owns
 * the hub and what it is given.
 */
export class Hub implements SessionHost {
  readonly #services: HubServices;
  readonly #mounts: Mounts;
  readonly #rooms: RoomDirectory;
  #limits: Limits;
  readonly #sessions = new Set<Session>();
  readonly #resumable = new Map<string, Session>();
  /** Secrets of the sessions that ended with a goodbye, the latest of them. */
  readonly #goodbyes = new Set<string>();
  readonly #waiting = new Map<Connection, number>();
  readonly #keepAlives: NodeJS.Timeout;
  readonly #context: HubContext;
  readonly #dialectContext: { now(): number; settings: DialectSettings };
  #sweptAt: number;
  #closing = false;

  static async open(services: HubServices, dialects: readonly Dialect[]): Promise<Hub> {
    const last = await services.storage.lastMessageId();
    const messageId = messageIds(last, () => services.now());
    return new Hub(services, dialects, {
      now: () => services.now(),
      messageId,
      memberId: () => services.secret().slice(0, 12),
      secret: () => services.secret(),
    });
  }

  private constructor(services: HubServices, dialects: readonly Dialect[], source: Source) {
    this.#services = services;
    this.#mounts = new Mounts(dialects);
    this.#rooms = new RoomDirectory(services, source);
    this.#limits = new Limits(services.settings.rates);
    this.#context = {
      ...services,
      now: () => services.now(),
      secret: () => services.secret(),
      openRoom: (name) => this.#rooms.open(name),
      sessionBySecret: (secret) => this.#resumable.get(secret),
      makeResumable: (session, key) => this.#makeResumable(session, key),
      takenUp: (session) => this.#finish(session, 'left'),
      accept: (session, answer, result) => this.#accept(session, answer, result),
      refuse: (session, answer, refusal) => this.#refuse(session, answer, refusal),
      mayPostImage: (session) => this.#limits.takes(session, 'image', this.now()),
    };
    // The very object: what the operator sets anew is there at once.
    this.#dialectContext = { now: () => services.now(), settings: services.settings };
    this.#sweptAt = services.now();
    this.#keepAlives = setInterval(() => this.sweep(), SWEEP_MS);
    this.#keepAlives.unref();
  }

  get outboxBytes(): number {
    return this.#services.settings.outboxBytes;
  }

  now(): number {
    return this.#services.now();
  }

  get context(): HubContext {
    return this.#context;
  }

  openRoom(name: RoomName): Promise<HostedRoom | undefined> {
    return this.#rooms.open(name);
  }

  /** The room, if it is open: nobody is in one that is not. */
  async roomIfOpen(name: RoomName): Promise<HostedRoom | undefined> {
    return this.#rooms.isOpen(name) ? this.#rooms.open(name) : undefined;
  }

  /** What is measured in the rooms that are open. */
  measure(): Promise<readonly MeasuredRoom[]> {
    return Promise.all([...this.#rooms.opened()].map(measureRoom));
  }

  /** Removes the rooms that nobody was in for too long. */
  async keepRooms(): Promise<void> {
    try {
      await this.#rooms.keep();
    } catch (error) {
      this.#services.log.error({ err: error }, 'rooms that nobody uses could not be removed');
    }
  }

  /** Which rooms there are, and how they are made. */
  get catalogue(): RoomCatalogue {
    return this.#rooms.catalogue;
  }

  /** The session, and who it is, by its secret: for uploads beside the wire. */
  askerBySecret(secret: string): Asker | undefined {
    const session = this.#resumable.get(secret);
    return session && askerOf(session);
  }

  /** Whose the connection is, once it said something. */
  peerOf({ listener }: Connection): Session | undefined {
    return listener instanceof Session ? listener : undefined;
  }

  /** Takes over what the operator set anew: people stay, and find other rules. */
  reconfigure(settings: HubSettings): void {
    Object.assign(this.#services.settings, settings);
    this.#limits = new Limits(settings.rates);
    this.#rooms.reconfigure();
  }

  // --- connections --------------------------------------------------------------------------------------------------

  /**
   * Takes a connection in. Its first frame decides which wire it speaks, unless it was let in at a door that is one
   * wire's own: `pass` is what that door says of it.
   */
  accept(connection: Connection, path: string, pass?: object): void {
    if (this.#closing) {
      connection.close(1012, 'server is restarting');
      return;
    }
    const owner = pass && this.#mounts.ownerOf(path);
    if (owner) {
      const session = this.#begin(connection, owner, pass);
      session.perform(owner.begin?.(session.state) ?? []);
      return;
    }
    this.#waiting.set(connection, this.now());
    connection.listener = this.#doorway(connection, path);
  }

  #doorway(connection: Connection, path: string): ConnectionListener {
    return {
      received: (frame) => this.#hear(connection, path, frame),
      drained: () => {},
      closed: () => this.#waiting.delete(connection),
    };
  }

  #hear(connection: Connection, path: string, frame: InboundFrame): void {
    const dialect = this.#mounts.speakerOf(path, frame);
    if (!dialect || this.#closing) return;
    this.#waiting.delete(connection);
    this.#begin(connection, dialect).received(frame);
  }

  #begin(connection: Connection, dialect: Dialect, pass?: object): Session {
    const state = dialect.open(this.#dialectContext, pass);
    const household = this.#services.ranges.household(connection.address);
    const session = new Session({ dialect, state, connection, household, host: this });
    connection.listener = session;
    this.#sessions.add(session);
    this.#services.meters.sessionOpened(dialect.name);
    return session;
  }

  // --- requests -----------------------------------------------------------------------------------------------------

  perform(session: Session, request: Request): Promise<void> | void {
    const { command } = request;
    const answer: Answer = { ref: request.ref, type: command.type };
    const now = this.now();
    if (!this.#limits.allows(session, command, now)) {
      this.#refuse(session, answer, { code: 'too-fast' });
      // Clients wait for it, however often they ask: it comes when rosters are due.
      if (command.type === 'show-roster') session.place?.room.sendRosterLater(session.place.memberId);
      return;
    }
    if (command.type === 'join') return join(this.#context, session, answer, command);
    if (command.type === 'resume') return resume(this.#context, session, answer, command);
    if (command.type === 'leave' && !command.stay) return session.disconnect({ code: 'left' });
    const asker = askerOf(session);
    if (!asker) return this.#refuse(session, answer, { code: 'not-joined' });
    if (isForOperators(command.type) && !isOperator(asker.member)) {
      return this.#refuse(session, answer, { code: 'not-permitted' });
    }
    if (isRoomCommand(command)) {
      if (needsFacts(command)) return applyAndAnswer(this.#context, asker, answer, command);
      return this.#applyNow(asker, answer, command);
    }
    switch (command.type) {
      case 'post-image':
        return postImage(this.#context, asker, answer, command);
      case 'post-attachment':
        return postAttachment(this.#context, asker, answer, command);
      case 'fetch-history':
        return fetchHistory(this.#context, asker, answer, command);
      case 'show-roster':
        return session.tell({ type: 'roster-shown' }, { seq: 0 });
      case 'set-password':
        return setPassword(this.#context, asker, answer, command);
      case 'list-threads':
        return listThreads(this.#context, asker, answer);
      case 'create-invitation':
        return invite(this.#context, asker, answer, command);
      case 'leave':
        leaveAtOnce(session);
        return this.#accept(session, answer, { kind: 'done' });
      case 'list-subrooms':
        return this.#accept(session, answer, { kind: 'subrooms', rooms: this.#rooms.below(asker.place.room) });
      case 'make-room-token':
      case 'edit-room-token':
      case 'list-room-tokens':
        return handleRoomToken(this.#context, asker, answer, command);
      case 'report':
        return report(this.#context, asker, answer, command);
      case 'reconfigure':
        return reconfigure(this.#context, asker, answer);
      case 'shut-down':
        return shutDown(this.#context, asker, answer);
      default:
        return command satisfies never;
    }
  }

  /** Without a turn of the event loop where nothing has to be stored: signals and unwatch storms pass here. */
  #applyNow(asker: Asker, answer: Answer, command: Parameters<HostedRoom['apply']>[1]): Promise<void> | void {
    const reply = asker.place.room.apply(asker.member.id, command);
    const finish = (settled: Awaited<typeof reply>): void => {
      if ('refused' in settled) this.#refuse(asker.session, answer, settled.refused);
      else this.#accept(asker.session, answer, settled.accepted);
    };
    return 'then' in reply ? reply.then(finish) : finish(reply);
  }

  #accept(session: Session, answer: Answer, result: Result): void {
    session.tell({ type: 'accepted', command: answer.type, result, ...refOf(answer) }, { seq: 0 });
  }

  #refuse(session: Session, answer: Answer, refusal: Refusal): void {
    this.#services.meters.refused(session.dialect.name, refusal.code);
    session.tell({ type: 'refused', command: answer.type, refusal, ...refOf(answer) }, { seq: 0 });
    if (answer.type === 'join' && session.dialect.limits.oneTry && !session.place) {
      session.disconnect({ code: 'not-admitted' });
    }
  }

  // --- sessions -----------------------------------------------------------------------------------------------------

  #makeResumable(session: Session, key?: string): void {
    if (session.secret === '') session.secret = key ?? this.#services.secret();
    const older = this.#resumable.get(session.secret);
    // In the same room, the newer takes the older one's place there.
    if (older && older !== session && older.place?.room !== session.place?.room) older.disconnect({ code: 'replaced' });
    this.#resumable.set(session.secret, session);
    this.#goodbyes.delete(session.secret);
  }

  /** Whether the session that could be taken up by this secret ended with a goodbye. */
  saidGoodbye(secret: string): boolean {
    return this.#goodbyes.has(secret);
  }

  #rememberGoodbye({ secret }: Session): void {
    if (secret !== '') this.#goodbyes.add(secret);
    for (const oldest of this.#goodbyes) {
      if (this.#goodbyes.size <= MAX_GOODBYES) break;
      this.#goodbyes.delete(oldest);
    }
  }

  lost(session: Session, end: SessionEnd): void {
    if (end.kind === 'disconnect' && end.disconnect.code === 'left') this.#rememberGoodbye(session);
    const final = end.kind === 'disconnect' && !DISCONNECTS[end.disconnect.code].comeBack;
    if (session.place && session.member && session.dialect.limits.resumable && !final && !this.#closing) {
      session.detachedAt = this.now();
      session.lostAt = session.place.room.seq;
      session.graceMs = this.#graceOf(session, end);
      return;
    }
    const timedOut = end.kind === 'connection' ? end.silent : end.disconnect.code === 'timed-out';
    this.#finish(session, timedOut ? 'timed-out' : 'left');
  }

  #graceOf(session: Session, end: SessionEnd): number {
    const { graceMs } = session.dialect.limits;
    if (graceMs !== undefined) return graceMs;
    const goingAway = end.kind === 'connection' && end.code === GOING_AWAY;
    return Math.min(goingAway ? GOING_AWAY_MS : Number.POSITIVE_INFINITY, this.#services.settings.resumeMs);
  }

  #finish(session: Session, how: 'left' | 'timed-out'): void {
    session.place?.room.depart(session.place.memberId, { session, how });
    session.end();
    if (this.#sessions.delete(session)) this.#services.meters.sessionClosed(session.dialect.name);
    if (this.#resumable.get(session.secret) === session) this.#resumable.delete(session.secret);
  }

  outboxChanged(session: Session, bytes: number): void {
    if (bytes !== 0) this.#services.meters.outboxBytes(session.dialect.name, bytes);
  }

  disconnected(session: Session, disconnect: Disconnect): void {
    this.#services.meters.disconnected(session.dialect.name, disconnect.code);
  }

  fault(session: Session, error: unknown): void {
    this.#services.log.error({ err: error, dialect: session.dialect.name }, 'a session failed');
  }

  /** Once a second: keep-alives, deadlines, sessions that nobody took up again. */
  sweep(): void {
    const now = this.now();
    const since = this.#sweptAt;
    this.#sweptAt = now;
    for (const [connection, at] of this.#waiting) if (now - at > FIRST_FRAME_MS) connection.close(1008, 'no login');
    for (const session of this.#sessions) {
      try {
        this.#sweepSession(session, { now, since });
      } catch (error) {
        session.failed(error);
      }
    }
    this.#rooms.tidy();
    if (Math.floor(now / KEEP_ROOMS_MS) !== Math.floor(since / KEEP_ROOMS_MS)) void this.keepRooms();
    if (Math.floor(now / TIDY_MS) !== Math.floor(since / TIDY_MS)) this.#limits.sweep(now);
  }

  #sweepSession(session: Session, times: { readonly now: number; readonly since: number }): void {
    const { now, since } = times;
    if (session.detachedAt !== undefined) {
      if (now - session.detachedAt > session.graceMs) this.#finish(session, 'left');
      return;
    }
    const { entryDeadlineMs } = session.dialect.limits;
    if (!session.place && entryDeadlineMs > 0 && now - session.openedAt > entryDeadlineMs) {
      session.disconnect({ code: 'no-login' });
      return;
    }
    if (session.stuckFor(now) > this.#services.settings.sendTimeoutMs) {
      session.disconnect({ code: 'slow' });
      return;
    }
    const { keepAlive } = session.dialect;
    if (!keepAlive) return;
    if (keepAlive.silentMs !== undefined && now - session.heardAt > keepAlive.silentMs) {
      session.disconnect({ code: 'timed-out' });
      return;
    }
    const turns = Math.floor((now - session.openedAt) / keepAlive.everyMs);
    if (turns === Math.floor(Math.max(0, since - session.openedAt) / keepAlive.everyMs)) return;
    this.#keepAlive(session);
  }

  /** Who came with a token of the website's is told the next one. */
  #keepAlive(session: Session): void {
    const { member } = session;
    if (member?.identity.kind !== 'token') {
      session.tell({ type: 'kept-alive' }, { seq: 0 });
      return;
    }
    this.#services.identities
      .renew(member.identity, member.permissions)
      .then((token) => session.tell({ type: 'kept-alive', ...(token === undefined ? {} : { token }) }, { seq: 0 }))
      .catch((error: unknown) => session.failed(error));
  }

  /** Says goodbye to everybody in a way that makes them come back, and waits until it is sent. */
  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#keepAlives);
    for (const connection of this.#waiting.keys()) connection.close(1012, 'server is restarting');
    for (const session of [...this.#sessions]) {
      if (session.connected) session.disconnect({ code: 'server-stopping' });
      else this.#finish(session, 'left');
    }
    this.#rooms.close();
  }
}

function askerOf(session: Session): Asker | undefined {
  const { place, member } = session;
  return place && member ? { session, place, member } : undefined;
}

function refOf(answer: Answer): { readonly ref?: string } {
  return answer.ref === undefined ? {} : { ref: answer.ref };
}
