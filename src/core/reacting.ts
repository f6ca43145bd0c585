import type { RoomCommand } from './command.ts';
import type { MemberId } from './ids.ts';
import { isOperator, type Member } from './member.ts';
import { MAX_EMOJI_LENGTH, MAX_REACTIONS, MAX_REACTORS, type Message, withReaction } from './message.ts';
import { asAuthor } from './new-message.ts';
import { accepted, type Outcome, OutcomeBuilder, refused } from './outcome.ts';
import type { RoomState } from './room-state.ts';
import { canSee, mayRead, mayReadMessage } from './view.ts';

/** Characters; it is somebody's name. */
const MAX_NUDGE_LENGTH = 128;

type CommandOf<T extends RoomCommand['type']> = Extract<RoomCommand, { type: T }>;

/** `spec/barertc.md` 1.9.9: one's own messages; operators, anybody's. */
export function retractMessage(state: RoomState, member: Member, command: CommandOf<'retract-message'>): Outcome {
  const message = meant(state, command);
  const own = message?.author.identityId === member.identity.id;
  if (!message) return refused('message-unknown');
  if (!own && !isOperator(member)) {
    // A message that they cannot read must seem not to be there.
    return refused(mayReadMessage(state, message, member) ? 'not-yours' : 'message-unknown');
  }
  const { author, recipient, target } = message;
  const outcome = new OutcomeBuilder();
  if (isStored(state, message)) {
    outcome.store({ type: 'message-retracted', room: state.name, messageId: message.id });
  }
  state.messages.retract(message);
  return toReaders(state, outcome, message, {
    type: 'message-retracted',
    messageId: message.id,
    target,
    author,
    by: member.name,
    ...(recipient ? { recipient } : {}),
    ...(message.clientId === undefined ? {} : { clientId: message.clientId }),
  }).accept();
}

/** By our id, or that which its author gave it. */
function meant(state: RoomState, { messageId, message, posted }: CommandOf<'retract-message'>): Message | undefined {
  const identityId = posted && (state.identityCalled(posted.by) ?? posted.by);
  const found = identityId && state.messages.postedAs({ identityId, name: '' }, posted.clientId);
  return state.messages.get(found ? found.id : messageId) ?? message;
}

/** `spec/barertc.md` 1.9.18, but only those who can read a message learn of its reactions, and they are kept. */
export function react(state: RoomState, member: Member, command: CommandOf<'react'>): Outcome {
  const message = state.messages.get(command.messageId) ?? command.message;
  if (!message || !mayReadMessage(state, message, member)) return refused('message-unknown');
  const emoji = command.emoji.trim();
  if (emoji === '') return refused('message-empty');
  if (emoji.length > MAX_EMOJI_LENGTH) return refused('message-too-long');
  const by = asAuthor(member);
  const present = message.reactions
    .find((reaction) => reaction.emoji === emoji)
    ?.by.some((other) => other.identityId === by.identityId);
  const added = command.change === 'toggle' ? !present : command.change === 'add';
  if (added && !present && isFull(message)) return refused('too-fast');
  const reactions = withReaction(message.reactions, { emoji, by, added });
  if (reactions === message.reactions) return accepted();
  const { author, recipient, target } = message;
  state.messages.amend({ ...message, reactions });
  const outcome = new OutcomeBuilder();
  if (isStored(state, message)) {
    outcome.store({ type: 'reaction-changed', room: state.name, messageId: message.id, emoji, by, added });
  }
  const event = {
    type: 'reaction-changed',
    messageId: message.id,
    target,
    author,
    by,
    emoji,
    added,
    ...(recipient ? { recipient } : {}),
  } as const;
  return toReaders(
    state,
    outcome,
    message,
    event,
    new Set([...state.deafTo(member), ...state.deafTo(author)]),
  ).accept();
}

/** Direct messages may be kept in memory only; one that is not there came from storage, and was kept before. */
function isStored(state: RoomState, message: Message): boolean {
  return message.recipient === undefined || state.guards.keepDirect || state.messages.get(message.id) === undefined;
}

/** A message is sent with all of its reactions to everybody who comes. */
function isFull({ reactions }: Message): boolean {
  const reactors = reactions.reduce((sum, { by }) => sum + by.length, 0);
  return reactions.length >= MAX_REACTIONS || reactors >= MAX_REACTORS;
}

/** To all who may read the message's channel, or to the two sides of a direct message. */
function toReaders(
  state: RoomState,
  outcome: OutcomeBuilder,
  message: Message,
  event: Parameters<OutcomeBuilder['toAll']>[0],
  except: ReadonlySet<MemberId> = new Set(),
): OutcomeBuilder {
  if (message.target.kind === 'channel') {
    const channel = state.channel(message.target.channel);
    return channel ? outcome.toAll(event, new Set([...except, ...state.shutOutOf(channel)])) : outcome;
  }
  const sides = [message.author, ...(message.recipient && !message.shadow ? [message.recipient] : [])];
  const readers = sides
    .map((side) => state.memberWithIdentity(side.identityId)?.id)
    .filter((id): id is MemberId => id !== undefined && !except.has(id));
  return outcome.to([...new Set(readers)], event);
}

/** Relayed to everybody, as BareRTC's clients expect (1.9.18); only the one meant acts on it. */
export function nudge(state: RoomState, member: Member, command: CommandOf<'nudge'>): Outcome {
  const name = command.name.slice(0, MAX_NUDGE_LENGTH);
  return new OutcomeBuilder().toAll({ type: 'nudged', name, by: member.name }, state.deafTo(member)).accept();
}

export function setTyping(state: RoomState, member: Member, command: CommandOf<'set-typing'>): Outcome {
  const { target, on } = command;
  if (member.hidden) return accepted();
  const event = { type: 'typing-changed', memberId: member.id, name: member.name, target, on } as const;
  const deaf = state.deafTo(member);
  if (target.kind === 'channel') {
    const channel = state.channel(target.channel);
    if (!channel) return refused('channel-unknown');
    if (!mayRead(channel, member)) return refused('not-permitted');
    return new OutcomeBuilder().toAll(event, new Set([...deaf, ...state.shutOutOf(channel), member.id])).accept();
  }
  const recipient = state.memberNamed(target.name);
  if (!recipient || recipient.id === member.id || deaf.has(recipient.id) || !canSee(state, member, recipient))
    return accepted();
  return new OutcomeBuilder().to([recipient.id], event).accept();
}
