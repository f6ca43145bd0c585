import type { RoomCommand } from './command.ts';
import type { Member } from './member.ts';
import type { Message } from './message.ts';
import { type Outcome, OutcomeBuilder, refused } from './outcome.ts';
import type { RoomState } from './room-state.ts';

type CommandOf<T extends RoomCommand['type']> = Extract<RoomCommand, { type: T }>;

/**
 * Takes back what was said in the channels, all of it or somebody's (`spec/galene.md` 1.10). What the room does not
 * remember any more is erased in storage, behind its back.
 */
export function clearMessages(state: RoomState, operator: Member, command: CommandOf<'clear-messages'>): Outcome {
  const { by } = command;
  if (by !== undefined && by === '') return refused('message-unknown');
  const cleared = state.messages.inChannels().filter((message) => isMeant(state, message, by));
  const outcome = new OutcomeBuilder();
  for (const message of cleared) {
    outcome.store({ type: 'message-retracted', room: state.name, messageId: message.id });
    state.messages.retract(message);
  }
  return outcome
    .toAll({
      type: 'messages-cleared',
      by: operator.name,
      ...(by === undefined ? {} : { author: by }),
      messages: cleared.map(({ id, target, author, clientId }) => ({
        ...{ id, target, author },
        ...(clientId === undefined ? {} : { clientId }),
      })),
    })
    .accept({ kind: 'count', count: cleared.length });
}

/** By their handle, also that of before for those who are gone; or by identity. */
function isMeant(state: RoomState, message: Message, by: string | undefined): boolean {
  return by === undefined || message.author.identityId === (state.identityCalled(by) ?? by);
}
