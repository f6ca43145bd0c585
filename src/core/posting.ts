import type { RoomCommand } from './command.ts';
import { postDirectly } from './direct-posting.ts';
import { filter, keepBack, noteFiltered } from './filtering.ts';
import type { Member } from './member.ts';
import { MAX_TEXT_LENGTH } from './message.ts';
import { asAuthor, newMessage, type Post, postedEvent } from './new-message.ts';
import { accepted, type Outcome, OutcomeBuilder, refused } from './outcome.ts';
import type { RoomState } from './room-state.ts';
import { mayRead } from './view.ts';

type CommandOf<T extends RoomCommand['type']> = Extract<RoomCommand, { type: T }>;

export function postMessage(state: RoomState, author: Member, command: CommandOf<'post-message'>): Outcome {
  const refusal = bodyRefusal(author, command);
  if (refusal) return refusal;
  const posted =
    command.posted ??
    (command.clientId === undefined ? undefined : state.messages.postedAs(asAuthor(author), command.clientId));
  if (posted) return accepted({ kind: 'message', messageId: posted.id, at: posted.at });
  return command.target.kind === 'channel'
    ? postToChannel(state, author, { ...command, target: command.target })
    : postDirectly(state, author, { ...command, target: command.target });
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

function postToChannel(state: RoomState, author: Member, command: Post<'channel'>): Outcome {
  const channel = state.channel(command.target.channel);
  if (!channel) return refused('channel-unknown');
  if (!mayRead(channel, author)) return refused('not-permitted');
  if (command.body.kind === 'image' && !channel.photos) return refused('photos-not-permitted');
  const filtered = filter(state, command.body, 'channel');
  const message = newMessage(state, author, filtered ? { ...command, body: filtered.body } : command);
  const outcome = new OutcomeBuilder();
  if (filtered) noteFiltered(state, outcome, { author, message, filtered, before: command.body });
  if (filtered && !filtered.forward) return keepBack(outcome, { author, message, filtered });
  state.messages.remember(message);
  return outcome
    .store({ type: 'message-posted', room: state.name, message })
    .toAll(postedEvent(message, command), new Set([...state.deafTo(author), ...state.shutOutOf(channel)]))
    .accept({ kind: 'message', messageId: message.id, at: message.at });
}
