import type { RoomCommand } from './command.ts';
import type { RoomEvent } from './event.ts';
import { mergeData } from './json.ts';
import { isOperator, type Member } from './member.ts';
import { MAX_TEXT_LENGTH } from './message.ts';
import { camerasSeenBy, tellAll, tellSights } from './moderating.ts';
import { cleanLine } from './name.ts';
import { asAuthor } from './new-message.ts';
import { UNNAMED } from './notices.ts';
import { accepted, type Outcome, OutcomeBuilder, refused } from './outcome.ts';
import type { Permission } from './permission.ts';
import type { RoomState } from './room-state.ts';
import { tellWhoDid } from './telling.ts';
import { canSee } from './view.ts';

type CommandOf<T extends RoomCommand['type']> = Extract<RoomCommand, { type: T }>;

const MAX_LOCK_MESSAGE = 500;
/** Characters of JSON: an answer with all its candidates, for clients that connect to each other. */
const MAX_NOTE = 64_000;
/** What goes to all is no session description. */
const MAX_NOTE_TO_ALL = 16_000;
const MAX_NOTE_KIND = 64;

/** While a room is locked, operators alone come in. Who is there stays. */
export function setLock(state: RoomState, member: Member, command: CommandOf<'set-lock'>): Outcome {
  const lock = command.on ? cleanLine(command.message ?? '', MAX_LOCK_MESSAGE) : undefined;
  if (lock === state.lock) return accepted();
  state.lock = lock;
  const event = (by: string): RoomEvent => ({ type: 'room-changed', what: 'lock', locked: command.on, by });
  return tellWhoDid(state, new OutcomeBuilder(), { member, event }).accept();
}

export function setRoomData(state: RoomState, command: CommandOf<'set-room-data'>): Outcome {
  const data = mergeData(state.data, command.changes);
  if (!data) return refused('data-invalid');
  state.data = data;
  return new OutcomeBuilder().toAll({ type: 'room-changed', what: 'data', locked: state.lock !== undefined }).accept();
}

export function setOwnData(state: RoomState, member: Member, command: CommandOf<'set-own-data'>): Outcome {
  const data = mergeData(member.data, command.changes);
  if (!data) return refused('data-invalid');
  const next = { ...member, data };
  state.put(next);
  return tellAll(state, new OutcomeBuilder(), next).accept();
}

/** Gives a right, or takes it, for as long as they are here (`spec/galene.md` 1.11). */
export function grant(state: RoomState, command: CommandOf<'grant'>): Outcome {
  const target = state.memberNamed(command.name);
  if (!target) return refused('member-absent', { subject: command.name });
  const permissions = new Set<Permission>(target.permissions);
  const granted: Permission[] = [command.permission];
  // A recorder is an operator where operators may record; who is none any more keeps no key to the door (7.1, 7).
  if (command.permission === 'op' && state.terms.recording) granted.push('record');
  if (command.permission === 'op' && !command.on) granted.push('record', 'token');
  for (const permission of granted) {
    if (command.on) permissions.add(permission);
    else permissions.delete(permission);
  }
  const next: Member = { ...target, permissions, hidden: target.hidden && permissions.has('op') };
  const seenBefore = camerasSeenBy(state, target);
  state.put(next);
  const outcome = new OutcomeBuilder();
  tellSights(state, outcome, next, seenBefore);
  if (target.hidden && !next.hidden) {
    outcome.toAll({ type: 'member-joined', member: next }, new Set([next.id, ...state.estrangedFrom(next)]));
  }
  return tellAll(state, outcome, next).accept({ kind: 'about', name: next.name });
}

/** The operator learns from where somebody comes, and they that somebody asked. */
export function identify(state: RoomState, operator: Member, command: CommandOf<'identify'>): Outcome {
  const target = state.memberNamed(command.name);
  if (!target) return refused('member-absent', { subject: command.name });
  // As people write it, whatever socket it came by.
  const address = state.addressOf(target.id)?.replace(/^::ffff:(?=\d+\.)/, '');
  const by = canSee(state, target, operator) ? operator.name : UNNAMED;
  return new OutcomeBuilder().to([target.id], { type: 'identified', by }).accept({
    kind: 'identity',
    handle: target.handle,
    name: target.name,
    ...(address === undefined ? {} : { address }),
  });
}

/** Words to be read while they are spoken; they are shown for a moment and not kept. */
export function caption(state: RoomState, member: Member, command: CommandOf<'caption'>): Outcome {
  if (!member.permissions.has('caption')) return refused('not-permitted');
  const { text } = command;
  if (text.trim() === '') return accepted();
  if (text.length > MAX_TEXT_LENGTH) return refused('message-too-long');
  return new OutcomeBuilder()
    .toAll(
      { type: 'captioned', author: asAuthor(member), handle: member.handle, text, at: state.source.now() },
      state.deafTo(member),
    )
    .accept();
}

/** From client to client, whatever it is: to one of them, or to all. Not kept, and nothing that people read. */
export function passNote(state: RoomState, member: Member, command: CommandOf<'pass-note'>): Outcome {
  if (!member.permissions.has('message')) return refused('not-permitted');
  const { to, kind, payload, echo } = command;
  const most = to === undefined ? MAX_NOTE_TO_ALL : MAX_NOTE;
  if (kind.length > MAX_NOTE_KIND || payload.length > most) return refused('message-too-long');
  const event = {
    type: 'note-passed',
    from: { handle: member.handle, name: member.name },
    privileged: isOperator(member),
    kind,
    payload,
    at: state.source.now(),
  } as const;
  const deaf = isOperator(member) ? state.estrangedFrom(member) : state.deafTo(member);
  if (to === undefined) {
    return new OutcomeBuilder().toAll(event, new Set([...deaf, ...(echo ? [] : [member.id])])).accept();
  }
  const target = state.memberNamed(to);
  if (!target || !canSee(state, member, target)) return refused('member-absent', { subject: to });
  if (deaf.has(target.id)) return accepted();
  return new OutcomeBuilder().to([target.id], { ...event, to: target.handle }).accept();
}
