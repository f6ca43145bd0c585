import type { EntryPurpose, RoomCommand, WebsiteCommand } from '../core/command.ts';
import type { Disconnect, Refusal } from '../core/errors.ts';
import type { Delivery, Departure, Result, RoomEvent } from '../core/event.ts';
import type { Identity } from '../core/identity.ts';
import type { ChannelId, MemberId, MessageId, Seq } from '../core/ids.ts';
import type { Member } from '../core/member.ts';
import type { Entry, EntryRequest } from '../core/membership.ts';
import type { Message, Target } from '../core/message.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Report } from '../core/report.ts';
import { Room } from '../core/room.ts';
import type { RoomSetup } from '../core/room-state.ts';
import type { StreamId } from '../core/stream.ts';
import type { RoomView } from '../core/view.ts';
import { CODEC_NAMES, type CodecName, type ConnectionStatistics, type Media } from '../media/port.ts';
import type { Meters } from '../metrics/meters.ts';
import type { Storage } from '../storage/port.ts';
import { EventLog, type EventLogBounds, type LoggedEvent } from './event-log.ts';
import { FanOut, sessionsOf } from './fan-out.ts';
import type { GroupRef } from './group-ref.ts';
import type { Occupant } from './occupant.ts';
import { RoomMedia } from './room-media.ts';
import { Rosters } from './rosters.ts';

export interface HostedRoomOptions {
  readonly setup: RoomSetup;
  readonly door: RoomDoor;
  /** Whether people made it: then all of its channels are stored. */
  readonly isMade?: boolean;
  readonly storage: Storage;
  /** Absent where streams are not forwarded. */
  readonly media?: Media;
  /** The folder for recordings, with one for each room in it. */
  readonly recordings?: string;
  /** What publishers may send. */
  readonly codecs?: readonly CodecName[];
  readonly meters: Meters;
  readonly log: EventLogBounds;
  readonly rosterBytesPerSecond: number;
  /** Names this opening of the room: sequence numbers of another one mean nothing here. */
  readonly epoch: string;
  now(): number;
  /** Something could not be stored. */
  storageFailed(error: unknown): void;
  /** A fault of ours. */
  failed(error: unknown): void;
  /** The website shall look at something. */
  reported(report: Report): void;
  /** A channel is gone, and with it what was said there up to now. */
  channelDeleted(channelId: ChannelId): void;
  /** A message was stored and told. */
  posted(message: Message): void;
}

/** Who may come in. */
export interface RoomDoor {
  /** Whose definition says who may come in, in the place of a password. */
  readonly group?: GroupRef;
  readonly passwordHash?: string;
  readonly guestLimit: number;
  readonly isPublic: boolean;
}

export type Reply = { readonly accepted: Result } | { readonly refused: Refusal };

interface Step {
  readonly outcome: Outcome;
  readonly stored: Promise<boolean> | undefined;
  /** Runs before the deliveries: binds a newcomer's session. */
  readonly before: (() => void) | undefined;
  readonly done: (reply: Reply) => void;
}

/**
 * A room with all that surrounds it: its sessions here, its log, its rosters, its storage. Commands are applied at
 * once; what they brought about is first stored and then delivered, in the order in which it happened.
 */
export class HostedRoom {
  readonly epoch: string;
  door: RoomDoor;
  /** What publishers may send from now on. */
  codecs: readonly CodecName[];
  readonly isMade: boolean;
  readonly #room: Room;
  readonly #options: HostedRoomOptions;
  readonly #sessions = new Map<MemberId, Occupant>();
  /** Who has entered in the room's eyes, and is not bound to their member before what happened earlier is stored. */
  readonly #entering = new Map<MemberId, Occupant>();
  readonly #log: EventLog;
  readonly #rosters: Rosters;
  readonly #media: RoomMedia;
  readonly #steps: Step[] = [];
  /** Messages that could not be stored, while commands wait that may have relied on them. */
  readonly #unstored = new Set<MessageId>();
  #draining = false;
  #delivering = false;

  constructor(options: HostedRoomOptions) {
    this.#options = options;
    this.epoch = options.epoch;
    this.door = options.door;
    this.isMade = options.isMade ?? false;
    this.#room = new Room(options.setup);
    this.codecs = options.codecs ?? CODEC_NAMES;
    this.#media = new RoomMedia({
      name: options.setup.name,
      media: options.media,
      recordings: () => this.#recordings(),
      codecs: () => this.codecs,
      report: (report) => void this.#carryOut(this.#room.hear(report)),
    });
    this.#log = new EventLog(options.log);
    this.#rosters = new Rosters(this.#sessions, {
      bytesPerSecond: options.rosterBytesPerSecond,
      now: () => options.now(),
    });
  }

  /** As its definition is called, where it has one; else as the room. */
  #recordings(): { readonly root: string; readonly group: string } | undefined {
    const { recordings: root } = this.#options;
    const { group } = this.door;
    return root === undefined ? undefined : { root, group: group?.name ?? this.view.name };
  }

  get view(): RoomView {
    return this.#room.view;
  }

  get seq(): Seq {
    return this.#log.seq;
  }

  remembered(messageId: number): Message | undefined {
    return this.#room.remembered(messageId);
  }

  /** `bind` gives the newcomer's session its place, and says which one it replaces. */
  enter(
    request: EntryRequest,
    options: { readonly session: Occupant; bind(entry: { memberId: MemberId }): void },
  ): Promise<Reply> | Reply | Extract<Entry, { kind: 'refused' }> {
    const entry = this.#room.enter(request);
    if (entry.kind === 'refused') return entry;
    const memberId = entry.member.id;
    this.#entering.set(memberId, options.session);
    return this.#carryOut(entry.outcome, () => {
      if (this.#entering.get(memberId) === options.session) this.#entering.delete(memberId);
      const older = this.#sessions.get(memberId);
      options.bind({ memberId });
      this.#sessions.set(memberId, options.session);
      if (older && older !== options.session) this.#options.meters.memberGone(older.dialect.name);
      this.#options.meters.memberEntered(options.session.dialect.name);
      older?.disconnect({ code: 'replaced' });
    });
  }

  /** Why it is of no use to let somebody in who comes for this alone. */
  refusalFor(purpose: EntryPurpose, identity: Identity): Refusal | undefined {
    return this.#room.refusalFor(purpose, identity);
  }

  apply(memberId: MemberId, command: RoomCommand): Promise<Reply> | Reply {
    return this.#carryOut(this.#room.apply(memberId, command));
  }

  /** What the website asks. `accepted` runs before anybody is told. */
  administer(command: WebsiteCommand, accepted?: () => void): Promise<Reply> | Reply {
    const outcome = this.#room.administer(command);
    return this.#carryOut(outcome, 'accepted' in outcome.reply ? accepted : undefined);
  }

  reconfigure(setup: Pick<RoomSetup, 'title' | 'channels' | 'policy' | 'guards' | 'terms'>): void {
    void this.#carryOut(this.#room.reconfigure(setup));
  }

  /** What is measured of each connection that media has here. */
  mediaStatistics(): Promise<readonly ConnectionStatistics[]> {
    return this.#media.statistics();
  }

  /** Whose stream it is. */
  publisherOf(stream: StreamId): MemberId | undefined {
    return this.#room.publisherOf(stream);
  }

  /** Whoever speaks for a member here. */
  sessionOf(memberId: MemberId): Occupant | undefined {
    return this.#sessions.get(memberId);
  }

  noteAddress(memberId: MemberId, address: string): void {
    this.#room.noteAddress(memberId, address);
  }

  /** They proved to be somebody else: an account was made of a guest. */
  noteIdentity(memberId: MemberId, identity: Identity): void {
    void this.#carryOut(this.#room.noteIdentity(memberId, identity));
  }

  isBarred(memberId: MemberId, address: string): boolean {
    return this.#room.isBarred(memberId, address);
  }

  memberWithIdentity(identityId: string): Member | undefined {
    return this.#room.memberWithIdentity(identityId);
  }

  recentIn(memberId: MemberId, target: Target): readonly Message[] {
    return this.#room.recentIn(memberId, target);
  }

  forgetDirect(who: { readonly identityId: string; readonly name?: string }): void {
    this.#room.forgetDirect(who);
  }

  /** Lets a session's member go. Other sessions of the same member, newer ones, keep them. */
  depart(memberId: MemberId, options: { readonly session: Occupant; readonly how: Departure }): void {
    const { session, how } = options;
    if (this.#sessions.get(memberId) !== session) return;
    this.#forget(memberId, session);
    // A newer session has entered as this member already, and waits for its turn.
    if (this.#entering.has(memberId)) return;
    void this.#carryOut(this.#room.depart(memberId, how));
  }

  /** Everything a member starts with, but what is still being stored: that is delivered to them afterwards. */
  recall(memberId: MemberId): RoomEvent | undefined {
    void this.#carryOut(this.#room.beginAnew(memberId));
    const event = this.#room.recall(memberId);
    if (event?.type !== 'room-entered') return event;
    const pending = new Set(this.#steps.flatMap(({ outcome }) => messagesIn(outcome)).map(({ id }) => id));
    return { ...event, recent: event.recent.filter(({ id }) => !pending.has(id)) };
  }

  /** What a session missed after `seq`; `undefined` where that is not known any more. */
  missed(memberId: MemberId, seq: Seq): LoggedEvent[] | undefined {
    return this.#log.after(seq, memberId);
  }

  sendRosterTo(session: Occupant): void {
    this.#rosters.sendTo(session);
  }

  /** Among those of the others, when they may be sent. */
  sendRosterLater(memberId: MemberId): void {
    this.#rosters.changedFor([memberId]);
  }

  /** Drops what is too old to be of use. */
  tidy(): void {
    this.#log.trim(this.#options.now());
  }

  close(): void {
    this.#media.close();
    this.#rosters.close();
  }

  // --- apply, store, deliver ----------------------------------------------------------------------------------------

  #carryOut(outcome: Outcome, before?: () => void): Promise<Reply> | Reply {
    if (outcome.records.length === 0 && this.#steps.length === 0 && !this.#delivering) {
      before?.();
      const reply = this.#deliver(outcome);
      this.#startDraining();
      return reply;
    }
    return new Promise((done) => {
      this.#steps.push({ outcome, stored: this.#store(outcome), before, done });
      this.#startDraining();
    });
  }

  /** Not while something is being delivered: whoever is thrown out by that must not overtake it. */
  #startDraining(): void {
    if (this.#steps.length > 0 && !this.#draining && !this.#delivering) void this.#drain();
  }

  #store(outcome: Outcome): Promise<boolean> | undefined {
    if (outcome.records.length === 0) return undefined;
    return this.#options.storage.commit(outcome.records).then(
      () => true,
      (error: unknown) => {
        this.#options.storageFailed(error);
        return false;
      },
    );
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    for (let step = this.#steps[0]; step; step = this.#steps[0]) {
      const stored = step.stored ? await step.stored : true;
      step.done(this.#finish(step, stored));
      this.#steps.shift();
    }
    this.#unstored.clear();
    this.#draining = false;
  }

  /** A fault of ours in one step must not keep the room from the next. */
  #finish(step: Step, stored: boolean): Reply {
    try {
      step.before?.();
      return stored ? this.#confirmed(this.#deliver(step.outcome)) : this.#deliverUnstored(step.outcome);
    } catch (error) {
      this.#options.failed(error);
      return { refused: { code: 'storage-failed' } };
    }
  }

  /** What is not on disk has not been said; but who must go, goes. */
  #deliverUnstored(outcome: Outcome): Reply {
    for (const message of messagesIn(outcome)) {
      this.#room.forget(message);
      this.#unstored.add(message.id);
    }
    const deliveries = outcome.deliveries.filter(({ event }) => event.type !== 'message-posted');
    this.#deliver({ ...outcome, deliveries });
    return { refused: { code: 'storage-failed' } };
  }

  /** The same message sent again while it was being stored is as unstored as the first. */
  #confirmed(reply: Reply): Reply {
    const id = 'accepted' in reply && reply.accepted.kind === 'message' ? reply.accepted.messageId : undefined;
    return id !== undefined && this.#unstored.has(id) ? { refused: { code: 'storage-failed' } } : reply;
  }

  #deliver(outcome: Outcome): Reply {
    this.#delivering = true;
    try {
      for (const delivery of outcome.deliveries) this.#send(delivery);
      for (const { memberId, disconnect } of outcome.disconnects) this.#expel(memberId, disconnect);
      for (const report of outcome.reports) this.#options.reported(report);
      for (const action of outcome.media) this.#media.perform(action);
    } finally {
      this.#delivering = false;
    }
    return outcome.reply;
  }

  #send({ event, audience }: Delivery): void {
    if (event.type === 'roster-changed') {
      if (audience.kind === 'room') this.#rosters.changedForAll(audience.except);
      else this.#rosters.changedFor(audience.members);
      return;
    }
    const seq = this.#log.append(event, audience, this.#options.now());
    const fanOut = new FanOut(event, { seq });
    for (const session of sessionsOf(audience, this.#sessions)) fanOut.send(session);
    for (const [dialect, count] of fanOut.sent) this.#options.meters.delivered(dialect.name, count);
    if (event.type === 'channel-deleted') this.#options.channelDeleted(event.channelId);
    if (event.type === 'messages-cleared' && event.author === undefined && audience.kind === 'room') {
      for (const { id } of this.view.channels) this.#options.channelDeleted(id);
    }
    if (event.type !== 'message-posted') return;
    this.#countMessage(event.message);
    this.#options.posted(event.message);
  }

  #countMessage(message: Message): void {
    const author = this.#room.memberWithIdentity(message.author.identityId);
    this.#options.meters.messagePosted((author && this.#sessions.get(author.id)?.dialect.name) ?? 'none');
  }

  #expel(memberId: MemberId, disconnect: Disconnect): void {
    const session = this.#sessions.get(memberId);
    if (!session) return;
    this.#forget(memberId, session);
    session.disconnect(disconnect);
    session.end();
  }

  #forget(memberId: MemberId, session: Occupant): void {
    this.#sessions.delete(memberId);
    this.#options.meters.memberGone(session.dialect.name);
  }
}

function messagesIn(outcome: Outcome): Message[] {
  return outcome.records.flatMap((record) => (record.type === 'message-posted' ? [record.message] : []));
}
