import type { Refusal } from './errors.ts';
import { channelName, filter, keepBack, noteFiltered } from './filtering.ts';
import { isOperator, type Member } from './member.ts';
import type { Message } from './message.ts';
import { banPerson, expel } from './moderating.ts';
import { cleanName, nameKey } from './name.ts';
import { asAuthor, imageOf, newMessage, type Post, postedEvent } from './new-message.ts';
import { type Outcome, OutcomeBuilder } from './outcome.ts';
import { SERVER_NAME } from './report.ts';
import type { RoomState } from './room-state.ts';
import { isBlockedPair } from './view.ts';

/**
 * `spec/barertc.md` 1.9.7: the author gets their copy in any case. That the recipient muted or blocked them must not
 * show, so such a message is kept for its author alone.
 */
export function postDirectly(state: RoomState, author: Member, command: Post<'member'>): Outcome {
  const name = cleanName(command.target.name);
  const found = state.memberNamed(name);
  // Of a hidden operator nothing shows, not even how they write their name.
  const recipient = found?.hidden && found.id !== author.id ? undefined : found;
  const outcome = new OutcomeBuilder();
  if (!recipient) {
    const message = newMessage(state, author, command);
    return undelivered(outcome, author, { command, message, refusal: { code: 'member-absent', subject: name } });
  }
  const between = { author, recipient, privileged: isOperator(author) };
  const filtered = isOperator(author) || isOperator(recipient) ? undefined : filter(state, command.body, 'direct');
  const message = newMessage(state, author, filtered ? { ...command, body: filtered.body } : command, recipient);
  if (isLinkSpam(state, outcome, { author, recipient, message })) return outcome.refuse({ code: 'link-spam' });
  const refusal = directRefusal(state, between, message);
  if (refusal) return undelivered(outcome, author, { command, message, refusal });
  if (filtered) noteFiltered(state, outcome, { author, message, filtered, before: command.body });
  if (filtered && !filtered.forward) return keepBack(outcome, { author, message, filtered });
  return deliverDirectly(state, outcome, between, { command, message });
}

interface Between {
  readonly author: Member;
  readonly recipient: Member;
  /** The author is an operator: mutes and "do not disturb" are not for them. */
  readonly privileged: boolean;
}

function undelivered(
  outcome: OutcomeBuilder,
  author: Member,
  post: { readonly command: Post<'member'>; readonly message: Message; readonly refusal: Refusal },
): Outcome {
  const { command, message, refusal } = post;
  return outcome
    .to([author.id], { type: 'message-undelivered', message, refusal, ...imageOf(command) })
    .refuse(refusal);
}

function directRefusal(state: RoomState, between: Between, message: Message): Refusal | undefined {
  const { author, recipient, privileged } = between;
  const subject = recipient.name;
  if (author.id === recipient.id) return undefined;
  if (!isShown(between) && !isShunned(state, between)) return { code: 'direct-unsupported', subject };
  if (privileged) return undefined;
  if (state.relations.has(author.name, 'mute', subject)) return { code: 'you-muted-them', subject };
  // What is said to somebody who shuns them goes nowhere without a word (1.9.7), whatever else were to be said of it.
  if (isShunned(state, between)) return undefined;
  if (message.body.kind === 'image' && !state.guards.directPhotos && !isOperator(recipient)) {
    return { code: 'direct-photos-not-permitted' };
  }
  const isUnasked = !state.messages.hasWritten(asAuthor(recipient), asAuthor(author));
  return recipient.dnd && isUnasked ? { code: 'do-not-disturb', subject } : undefined;
}

/** Clients of the mesh show what another of them sends to them alone, though not what comes from elsewhere. */
function isShown({ author, recipient }: Between): boolean {
  return recipient.abilities.direct || [author, recipient].every(({ abilities }) => abilities.video === 'mesh');
}

function isShunned(state: RoomState, { author, recipient, privileged }: Between): boolean {
  return (
    (state.relations.has(recipient.name, 'mute', author.name) && !privileged) ||
    isBlockedPair(state, author.name, recipient.name)
  );
}

function deliverDirectly(
  state: RoomState,
  outcome: OutcomeBuilder,
  between: Between,
  post: { readonly command: Post<'member'>; readonly message: Message },
): Outcome {
  const { author, recipient } = between;
  const shunned = isShunned(state, between);
  const message: Message = shunned ? { ...post.message, shadow: true } : post.message;
  state.messages.remember(message);
  state.messages.noteCorrespondence(asAuthor(author), asAuthor(recipient));
  const readers = shunned || recipient.id === author.id ? [author.id] : [author.id, recipient.id];
  if (state.guards.keepDirect) outcome.store({ type: 'message-posted', room: state.name, message });
  return outcome
    .to(readers, postedEvent(message, post.command))
    .accept({ kind: 'message', messageId: message.id, at: message.at });
}

/** `spec/barertc.md` 1.9.12: the first time a kick, then a ban. Operators may write to everybody. */
function isLinkSpam(
  state: RoomState,
  outcome: OutcomeBuilder,
  post: { readonly author: Member; readonly recipient: Member; readonly message: Message },
): boolean {
  const { author, recipient, message } = post;
  const { linkSpam } = state.guards;
  if (!linkSpam || !state.linkSpam || message.body.kind !== 'text' || isOperator(author)) return false;
  const found = state.linkSpam.check({
    sender: author.identity.durable ? author.identity.id : nameKey(author.name),
    partner: nameKey(recipient.name),
    text: message.body.text,
    at: message.at,
  });
  if (found === 'fine') return false;
  outcome.report({
    from: SERVER_NAME,
    about: author.name,
    channel: channelName(message.target),
    at: message.at,
    reason: 'Spam Detected',
    text: message.body.text,
    comment: `The same link went to more than ${linkSpam.maxThreads} people directly.`,
  });
  const reason = 'The same link was sent directly to too many people.';
  if (found === 'again') {
    const terms = { name: author.name, target: author, by: SERVER_NAME, hours: linkSpam.banHours, reason };
    banPerson(state, outcome, terms);
  }
  expel(state, outcome, author, { code: found === 'again' ? 'banned' : 'kicked', reason });
  return true;
}
