import type { RoomCommand } from './command.ts';
import type { Delivery, RoomEvent } from './event.ts';
import type { MemberId } from './ids.ts';
import type { Member } from './member.ts';
import type { Message } from './message.ts';
import { UNNAMED } from './notices.ts';
import { type Outcome, OutcomeBuilder, refused } from './outcome.ts';
import type { RoomState } from './room-state.ts';

type CommandOf<T extends RoomCommand['type']> = Extract<RoomCommand, { type: T }>;

/**
 * Takes back what was said in the channels, all of it or somebody's (`spec/galene.md` 1.10). Where all of it is meant,
 * what the room does not remember any more is erased in storage, behind its back; of one author, what it remembers is
 * what newcomers are shown.
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
  for (const { event, audience } of tellings(state, operator, { cleared, author: by })) {
    if (audience.kind === 'room') outcome.toAll(event, audience.except);
    else outcome.to(audience.members, event);
  }
  return outcome.accept({ kind: 'count', count: cleared.length });
}

/** Nobody learns of messages that they could not read, nor the name of an operator whom they must not see. */
function tellings(
  state: RoomState,
  operator: Member,
  { cleared, author }: { readonly cleared: readonly Message[]; readonly author: string | undefined },
): Delivery[] {
  const isClosed = (message: Message): boolean => outsiders(state, message).size > 0;
  const shutOut = new Set(cleared.flatMap((message) => [...outsiders(state, message)]));
  const strangers = state.estrangedFrom(operator);
  const event = (to: { readonly isShutOut: boolean; readonly isStranger: boolean }): RoomEvent => ({
    type: 'messages-cleared',
    by: operator.hidden || to.isStranger ? UNNAMED : operator.name,
    ...(author === undefined ? {} : { author }),
    messages: cleared.filter((message) => !to.isShutOut || !isClosed(message)).map(toClear),
  });
  const others = new Map<string, { readonly event: RoomEvent; readonly members: MemberId[] }>();
  for (const id of new Set([...shutOut, ...strangers])) {
    const to = { isShutOut: shutOut.has(id), isStranger: strangers.has(id) };
    const key = JSON.stringify(to);
    const group = others.get(key) ?? { event: event(to), members: [] };
    others.set(key, group);
    group.members.push(id);
  }
  return [
    {
      event: event({ isShutOut: false, isStranger: false }),
      audience: { kind: 'room', except: new Set([...shutOut, ...strangers]) },
    },
    ...[...others.values()].map(
      (group): Delivery => ({ event: group.event, audience: { kind: 'members', members: group.members } }),
    ),
  ];
}

/** Who may not read where it was said. */
function outsiders(state: RoomState, { target }: Message): ReadonlySet<MemberId> {
  const channel = target.kind === 'channel' ? state.channel(target.channel) : undefined;
  return channel ? state.shutOutOf(channel) : new Set();
}

function toClear({ id, target, author, clientId }: Message) {
  return { id, target, author, ...(clientId === undefined ? {} : { clientId }) };
}

/** By their handle, also that of before for those who are gone; or by identity. */
function isMeant(state: RoomState, message: Message, by: string | undefined): boolean {
  return by === undefined || message.author.identityId === (state.identityCalled(by) ?? by);
}
