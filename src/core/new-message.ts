import type { RoomCommand } from './command.ts';
import type { Member } from './member.ts';
import type { Author, Message, Target } from './message.ts';
import type { RoomState } from './room-state.ts';

type PostCommand = Extract<RoomCommand, { type: 'post-message' }>;

/** A post that goes to a channel, or to a member. */
export type Post<K extends Target['kind']> = PostCommand & { readonly target: Extract<Target, { kind: K }> };

export function newMessage(state: RoomState, author: Member, command: PostCommand, recipient?: Member): Message {
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

export function postedEvent(message: Message, command: PostCommand) {
  const sentAt = command.sentAt === undefined ? {} : { sentAt: command.sentAt };
  return { type: 'message-posted', message, ...imageOf(command), ...sentAt } as const;
}

export function imageOf(command: PostCommand) {
  return command.image ? { image: command.image } : {};
}

export function asAuthor(member: Member): Author {
  return { identityId: member.identity.id, name: member.name };
}
