import type { RoomCommand } from './command.ts';
import type { MemberId } from './ids.ts';
import { isOperator, type Member } from './member.ts';
import {
  type Author,
  MAX_EMOJI_LENGTH,
  MAX_REACTIONS,
  MAX_REACTORS,
  MAX_TEXT_LENGTH,
  type Message,
  withReaction,
} from './message.ts';
import { cleanName } from './name.ts';
import { accepted, type Outcome, OutcomeBuilder, refused } from './outcome.ts';
import type { RoomState } from './room-state.ts';
import { canSee, isBlockedPair, mayRead, mayReadMessage } from './view.ts';

/** Characters; it is somebody's name. */
const MAX_NUDGE_LENGTH = 128;

type CommandOf<T extends RoomCommand['type']> = Extract<RoomCommand, { type: T }>;

export function postMessage(state: RoomState, author: Member, command: CommandOf<'post-message'>): Outcome {
  const refusal = bodyRefusal(author, command);
  if (refusal) return refusal;
  const posted =
    command.posted ?? (command.clientId === undefined ? undefined : state.postedAs(asAuthor(author), command.clientId));
  if (posted) return accepted({ kind: 'message', messageId: posted.id, at: posted.at });
  return command.target.kind === 'channel'
    ? postToChannel(state, author, command)
    : postDirectly(state, author, command);
}

function bodyRefusal(author: Member, command: CommandOf<'post-message'>): Outcome | undefined {
  if (!author.permissions.has('message')) return refused('not-permitted');
  if (command.body.kind === 'image') return author.rules.has('no-image') ? refused('rule-no-image') : undefined;
  if (command.body.text.trim() === '') return refused('message-empty');
  if (command.body.text.length > MAX_TEXT_LENGTH) {
    return refused('message-too-long', { detail: `At most ${MAX_TEXT_LENGTH} characters, please.` });
  }
  return undefined;
}

function postToChannel(state: RoomState, author: Member, command: CommandOf<'post-message'>): Outcome {
  const channel = command.target.kind === 'channel' ? state.channel(command.target.channel) : undefined;
  if (!channel) return refused('channel-unknown');
  if (!mayRead(channel, author)) return refused('not-permitted');
  if (command.body.kind === 'image' && !channel.photos) return refused('photos-not-permitted');
  const message = newMessage(state, author, command);
  state.remember(message);
  return new OutcomeBuilder()
    .store({ type: 'message-posted', room: state.name, message })
    .toAll(postedEvent(message, command), new Set([...state.deafTo(author), ...state.shutOutOf(channel)]))
    .accept({ kind: 'message', messageId: message.id, at: message.at });
}

/**
 * `spec/barertc.md` 1.9.7: the author gets their copy in any case. That the recipient muted or blocked them must not
 * show, so such a message is kept for its author alone.
 */
function postDirectly(state: RoomState, author: Member, command: CommandOf<'post-message'>): Outcome {
  const name = command.target.kind === 'member' ? cleanName(command.target.name) : '';
  const found = state.memberNamed(name);
  // Of a hidden operator nothing shows, not even how they write their name.
  const recipient = found?.hidden && found.id !== author.id ? undefined : found;
  const message = newMessage(state, author, command, recipient);
  const privileged = isOperator(author);
  const obstacle = !recipient
    ? ({ code: 'member-absent', subject: name } as const)
    : state.relations.has(author.name, 'mute', recipient.name) && !privileged
      ? ({ code: 'you-muted-them', subject: recipient.name } as const)
      : undefined;
  if (obstacle || !recipient) {
    const refusal = obstacle ?? { code: 'member-absent', subject: name };
    return new OutcomeBuilder()
      .to([author.id], { type: 'message-undelivered', message, refusal, ...imageOf(command) })
      .refuse(refusal);
  }
  const shunned =
    (state.relations.has(recipient.name, 'mute', author.name) && !privileged) ||
    isBlockedPair(state, author.name, recipient.name);
  const stored: Message = shunned ? { ...message, shadow: true } : message;
  state.remember(stored);
  const readers = shunned || recipient.id === author.id ? [author.id] : [author.id, recipient.id];
  return new OutcomeBuilder()
    .store({ type: 'message-posted', room: state.name, message: stored })
    .to(readers, postedEvent(stored, command))
    .accept({ kind: 'message', messageId: stored.id, at: stored.at });
}

function newMessage(state: RoomState, author: Member, command: CommandOf<'post-message'>, recipient?: Member): Message {
  return {
    id: state.source.messageId(),
    target: recipient ? { kind: 'member', name: recipient.name } : command.target,
    author: asAuthor(author),
    body: command.body,
    at: state.source.now(),
    reactions: [],
    ...(recipient ? { recipient: asAuthor(recipient) } : {}),
    ...(command.clientId === undefined ? {} : { clientId: command.clientId }),
  };
}

function postedEvent(message: Message, command: CommandOf<'post-message'>) {
  return { type: 'message-posted', message, ...imageOf(command) } as const;
}

function imageOf(command: CommandOf<'post-message'>) {
  return command.image ? { image: command.image } : {};
}

function asAuthor(member: Member): Author {
  return { identityId: member.identity.id, name: member.name };
}

/** `spec/barertc.md` 1.9.9: one's own messages; operators, anybody's. */
export function retractMessage(state: RoomState, member: Member, command: CommandOf<'retract-message'>): Outcome {
  const message = state.remembered(command.messageId) ?? command.message;
  const own = message?.author.identityId === member.identity.id;
  if (!message) return refused('message-unknown');
  if (!own && !isOperator(member)) {
    // A message that they cannot read must seem not to be there.
    return refused(mayReadMessage(state, message, member) ? 'not-yours' : 'message-unknown');
  }
  state.forget(message);
  const { author, recipient, target } = message;
  const outcome = new OutcomeBuilder().store({
    type: 'message-retracted',
    room: state.name,
    messageId: message.id,
  });
  return toReaders(state, outcome, message, {
    type: 'message-retracted',
    messageId: message.id,
    target,
    author,
    by: member.name,
    ...(recipient ? { recipient } : {}),
  }).accept();
}

/** `spec/barertc.md` 1.9.18, but only those who can read a message learn of its reactions, and they are kept. */
export function react(state: RoomState, member: Member, command: CommandOf<'react'>): Outcome {
  const message = state.remembered(command.messageId) ?? command.message;
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
  state.amend({ ...message, reactions });
  const outcome = new OutcomeBuilder().store({
    type: 'reaction-changed',
    room: state.name,
    messageId: message.id,
    emoji,
    by,
    added,
  });
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
