import { administer, announce } from './administering.ts';
import { openCamera, passSignal, relay, setPresence, watchCamera } from './cameras.ts';
import { createChannel, deleteChannel } from './channels.ts';
import { clearMessages } from './clearing.ts';
import { type EntryPurpose, isForOperators, type RoomCommand, type WebsiteCommand } from './command.ts';
import type { Refusal } from './errors.ts';
import type { Departure, RoomEvent } from './event.ts';
import { recentIn } from './filtering.ts';
import type { Identity } from './identity.ts';
import type { MemberId, RoomName } from './ids.ts';
import type { MediaReport } from './media-report.ts';
import { caption, grant, identify, passNote, setLock, setOwnData, setRoomData } from './meeting.ts';
import { isOperator, type Member } from './member.ts';
import { depart, type Entry, type EntryRequest, enter, recall } from './membership.ts';
import type { Message, Target } from './message.ts';
import {
  ban,
  banAddresses,
  cutCamera,
  kick,
  kickAll,
  listBans,
  markExplicit,
  setOperator,
  unban,
} from './moderating.ts';
import { accepted, type Outcome, OutcomeBuilder, refused } from './outcome.ts';
import { playStream, purposeRefusal } from './playing.ts';
import { postMessage } from './posting.ts';
import { nudge, react, retractMessage, setTyping } from './reacting.ts';
import { record } from './recording.ts';
import { blockAll, relate, unmuteAll } from './relating.ts';
import { rename } from './renaming.ts';
import { type RoomSetup, RoomState } from './room-state.ts';
import { settle } from './settling.ts';
import type { StreamId } from './stream.ts';
import {
  answerStream,
  beginAnew,
  hearMedia,
  publish,
  refuseStream,
  requestStream,
  requestStreams,
  restartStream,
  trickle,
  unpublish,
} from './streaming.ts';
import type { RoomView } from './view.ts';

/**
 * One conversation: its members, what they may see, and what happens. The single writer of its state; synchronous,
 * without I/O. What comes back is still to be stored, encoded and sent, which is the hub's work.
 */
export class Room {
  readonly #state: RoomState;

  constructor(setup: RoomSetup) {
    this.#state = new RoomState(setup);
  }

  get name(): RoomName {
    return this.#state.name;
  }

  get view(): RoomView {
    return this.#state;
  }

  /** Lets somebody in, under the name asked for or the next free one; or takes over their older connection. */
  enter(request: EntryRequest): Entry {
    const entry = enter(this.#state, request);
    if (entry.kind === 'refused') return entry;
    const outcome = OutcomeBuilder.after(entry.outcome);
    if (entry.again) beginAnew(this.#state, outcome, entry.member.id);
    return { ...entry, outcome: settle(this.#state, outcome.reply(entry.outcome.reply)) };
  }

  /** Why it is of no use to let somebody in who comes for this alone. */
  refusalFor(purpose: EntryPurpose, identity: Identity): Refusal | undefined {
    return purposeRefusal(this.#state, purpose, identity);
  }

  /** Without effect where they have gone already. */
  depart(memberId: MemberId, how: Departure): Outcome {
    const member = this.#state.member(memberId);
    return member ? settle(this.#state, depart(this.#state, member, how)) : accepted();
  }

  apply(memberId: MemberId, command: RoomCommand): Outcome {
    const member = this.#state.member(memberId);
    return member ? settle(this.#state, dispatch(this.#state, member, command)) : refused('not-joined');
  }

  /** What became of streams. */
  hear(report: MediaReport): Outcome {
    return settle(this.#state, hearMedia(this.#state, report));
  }

  /** What the website asks; it may all. */
  administer(command: WebsiteCommand): Outcome {
    this.#state.streams.isStale = true;
    return settle(this.#state, administer(this.#state, command));
  }

  /** Takes over what the operator set anew. */
  reconfigure(setup: Pick<RoomSetup, 'title' | 'channels' | 'policy' | 'guards' | 'terms'>): Outcome {
    this.#state.reconfigure(setup);
    this.#state.streams.isStale = true;
    return settle(
      this.#state,
      new OutcomeBuilder()
        .toAll({ type: 'room-changed', what: 'terms', locked: this.#state.lock !== undefined })
        .accept(),
    );
  }

  /** The latest messages around a report, as its reader knows them, oldest first. */
  recentIn(memberId: MemberId, target: Target): readonly Message[] {
    const member = this.#state.member(memberId);
    return member ? recentIn(this.#state, member, target) : [];
  }

  forgetDirect(who: { readonly identityId: string; readonly name?: string }): void {
    this.#state.messages.forgetDirect(who);
  }

  /** Everything a member starts with, once more. */
  recall(memberId: MemberId): RoomEvent | undefined {
    const member = this.#state.member(memberId);
    return member && recall(this.#state, member);
  }

  /** Their client starts with nothing once more, and has none of the streams of before. */
  beginAnew(memberId: MemberId): Outcome {
    const outcome = new OutcomeBuilder();
    beginAnew(this.#state, outcome, memberId);
    return outcome.accept();
  }

  /** Takes a message back out that could not be stored. */
  forget(message: Message): void {
    this.#state.messages.forget(message);
  }

  /** A message that the room still remembers; others are in storage. */
  remembered(id: number): Message | undefined {
    return this.#state.messages.get(id);
  }

  /** A member's connection comes from another address now. */
  noteAddress(memberId: MemberId, address: string): void {
    if (this.#state.member(memberId)) this.#state.setAddress(memberId, address);
  }

  /** The same person, known by more than before. */
  noteIdentity(memberId: MemberId, identity: Identity): Outcome {
    const member = this.#state.member(memberId);
    if (!member || member.identity.id !== identity.id) return accepted();
    const self: Member = { ...member, identity };
    this.#state.put(self);
    return new OutcomeBuilder().to([self.id], { type: 'self-changed', self }).accept();
  }

  /** Whether a member who comes from another address now would not be let in. */
  isBarred(memberId: MemberId, address: string): boolean {
    const member = this.#state.member(memberId);
    if (!member) return true;
    const { name, identity } = member;
    return this.#state.sanctions.against({ name, identity, address }).length > 0;
  }

  publisherOf(stream: StreamId): MemberId | undefined {
    return this.#state.streams.get(stream)?.publisher;
  }

  memberWithIdentity(identityId: Identity['id']): Member | undefined {
    return this.#state.memberWithIdentity(identityId);
  }
}

function dispatch(state: RoomState, member: Member, command: RoomCommand): Outcome {
  if (isForOperators(command.type) && !isOperator(member)) return refused('not-permitted');
  switch (command.type) {
    case 'post-message':
      return postMessage(state, member, command);
    case 'retract-message':
      return retractMessage(state, member, command);
    case 'react':
      return react(state, member, command);
    case 'nudge':
      return nudge(state, member, command);
    case 'set-typing':
      return setTyping(state, member, command);
    case 'set-presence':
      return setPresence(state, member, command);
    case 'open-camera':
      return openCamera(state, member, command);
    case 'watch-camera':
      return watchCamera(state, member, command);
    case 'signal':
      return passSignal(state, member, command);
    case 'relate':
      return relate(state, member, command);
    case 'block-all':
      return blockAll(state, member, command);
    case 'unmute-all':
      return unmuteAll(state, member);
    case 'relay':
      return relay(state, member, command);
    case 'rename':
      return rename(state, member, command);
    case 'create-channel':
      return createChannel(state, command);
    case 'delete-channel':
      return deleteChannel(state, command);
    case 'announce':
      return announce(command);
    case 'kick':
      return kick(state, member, command);
    case 'kick-all':
      return kickAll(state, command);
    case 'ban':
      return ban(state, member, command);
    case 'ban-addresses':
      return banAddresses(state, member, command);
    case 'unban':
      return unban(state, command);
    case 'list-bans':
      return listBans(state);
    case 'set-operator':
      return setOperator(state, command);
    case 'mark-explicit':
      return markExplicit(state, member, command);
    case 'cut-camera':
      return cutCamera(state, command);
    case 'set-lock':
      return setLock(state, member, command);
    case 'set-room-data':
      return setRoomData(state, command);
    case 'set-own-data':
      return setOwnData(state, member, command);
    case 'grant':
      return grant(state, command);
    case 'clear-messages':
      return clearMessages(state, member, command);
    case 'identify':
      return identify(state, member, command);
    case 'caption':
      return caption(state, member, command);
    case 'record':
      return record(state, member, command);
    case 'pass-note':
      return passNote(state, member, command);
    case 'publish':
      return publish(state, member, command);
    case 'unpublish':
      return unpublish(state, member, command);
    case 'trickle':
      return trickle(state, member, command);
    case 'request-streams':
      return requestStreams(state, member, command);
    case 'request-stream':
      return requestStream(state, member, command);
    case 'answer-stream':
      return answerStream(state, member, command);
    case 'restart-stream':
      return restartStream(state, member, command);
    case 'refuse-stream':
      return refuseStream(state, member, command);
    case 'play-stream':
      return playStream(state, member, command);
    default:
      return command satisfies never;
  }
}
