import { Camera, type CameraFlags, has, isOn } from './camera.ts';
import { shutOutViewers } from './cameras.ts';
import type { RoomCommand } from './command.ts';
import type { Disconnect } from './errors.ts';
import type { MemberId } from './ids.ts';
import { isOperator, type Member } from './member.ts';
import { DEFAULT_BAN_HOURS, MAX_BAN_HOURS, type Sanction } from './moderation.ts';
import { cleanName } from './name.ts';
import { type Outcome, OutcomeBuilder, refused } from './outcome.ts';
import type { Permission } from './permission.ts';
import type { RoomState } from './room-state.ts';
import { view } from './view.ts';

type CommandOf<T extends RoomCommand['type']> = Extract<RoomCommand, { type: T }>;

const HOUR = 3_600_000;
const MAX_REASON_LENGTH = 500;

type Found = { readonly target: Member } | { readonly refusal: Outcome };

/** The one an operator means; refuses those who are no operators, and names that are not present. */
function find(state: RoomState, operator: Member, name: string): Found {
  if (!isOperator(operator)) return { refusal: refused('not-permitted') };
  const target = state.memberNamed(name);
  return target ? { target } : { refusal: refused('member-absent', { subject: cleanName(name) }) };
}

/** `spec/barertc.md` 1.9.16, the order of 2025: everybody hears of it, the one who goes among them. */
export function kick(state: RoomState, operator: Member, command: CommandOf<'kick'>): Outcome {
  const found = find(state, operator, command.name);
  if ('refusal' in found) return found.refusal;
  const { target } = found;
  if (target.id === operator.id) return refused('not-yourself');
  const outcome = new OutcomeBuilder();
  const reason = cleanReason(command.reason);
  expel(state, outcome, target, { code: 'kicked', reason });
  return outcome.accept({ kind: 'about', name: target.name });
}

function expel(
  state: RoomState,
  outcome: OutcomeBuilder,
  target: Member,
  disconnect: Disconnect & { readonly code: 'kicked' | 'banned' },
): void {
  if (!target.hidden) {
    outcome.toAll({ type: 'member-left', member: target, how: disconnect.code }, state.estrangedFrom(target));
  }
  state.remove(target);
  outcome.disconnect(target.id, disconnect).rosterChanged();
}

export function kickAll(state: RoomState, operator: Member, command: CommandOf<'kick-all'>): Outcome {
  if (!isOperator(operator)) return refused('not-permitted');
  const outcome = new OutcomeBuilder();
  const members = [...state.members()];
  const reason = cleanReason(command.reason);
  for (const member of members) {
    state.remove(member);
    outcome.disconnect(member.id, { code: 'kicked', reason });
  }
  return outcome.accept({ kind: 'count', count: members.length });
}

/** Holds for the name, present or not, and for the identity behind it. A newer ban replaces an older one. */
export function ban(state: RoomState, operator: Member, command: CommandOf<'ban'>): Outcome {
  if (!isOperator(operator)) return refused('not-permitted');
  const target = state.memberNamed(command.name);
  const name = target?.name ?? cleanName(command.name);
  if (name === '') return refused('name-invalid');
  if (target?.id === operator.id) return refused('not-yourself');
  const outcome = new OutcomeBuilder();
  for (const former of state.sanctionsAgainst({ name })) lift(state, outcome, former);
  const sanction = newSanction(state, { name, target, operator, command });
  state.impose(sanction);
  outcome.store({ type: 'sanction-imposed', sanction });
  if (target) expel(state, outcome, target, { code: 'banned', reason: sanction.reason });
  return outcome.accept({ kind: 'about', name, detail: new Date(sanction.expiresAt).toISOString() });
}

function newSanction(
  state: RoomState,
  ban: {
    readonly name: string;
    readonly target: Member | undefined;
    readonly operator: Member;
    readonly command: CommandOf<'ban'>;
  },
): Sanction {
  const { name, target, operator, command } = ban;
  const hours =
    Number.isFinite(command.hours) && command.hours > 0 ? Math.min(command.hours, MAX_BAN_HOURS) : DEFAULT_BAN_HOURS;
  const at = state.source.now();
  return {
    id: state.source.secret(),
    room: state.name,
    name,
    ...(target?.identity.durable ? { identityId: target.identity.id } : {}),
    reason: cleanReason(command.reason),
    by: operator.name,
    at,
    expiresAt: at + Math.round(hours * HOUR),
  };
}

export function unban(state: RoomState, operator: Member, command: CommandOf<'unban'>): Outcome {
  if (!isOperator(operator)) return refused('not-permitted');
  const sanctions = state.sanctionsAgainst({ name: command.name });
  if (sanctions.length === 0) return refused('not-banned', { subject: cleanName(command.name) });
  const outcome = new OutcomeBuilder();
  for (const sanction of sanctions) lift(state, outcome, sanction);
  return outcome.accept({ kind: 'about', name: command.name });
}

function lift(state: RoomState, outcome: OutcomeBuilder, sanction: Sanction): void {
  state.lift(sanction.id);
  outcome.store({ type: 'sanction-lifted', room: state.name, sanctionId: sanction.id });
}

export function listBans(state: RoomState, operator: Member): Outcome {
  if (!isOperator(operator)) return refused('not-permitted');
  return new OutcomeBuilder().accept({ kind: 'bans', bans: state.sanctions() });
}

export function setOperator(state: RoomState, operator: Member, command: CommandOf<'set-operator'>): Outcome {
  const found = find(state, operator, command.name);
  if ('refusal' in found) return found.refusal;
  const { target } = found;
  const permissions = new Set<Permission>(target.permissions);
  if (command.on) permissions.add('op');
  else permissions.delete('op');
  const next: Member = { ...target, permissions, hidden: target.hidden && command.on };
  const seenBefore = camerasSeenBy(state, target);
  state.put(next);
  const outcome = new OutcomeBuilder();
  for (const [memberId, camera] of camerasSeenBy(state, next)) {
    // Operators see through mutes and boots, and others do not.
    if (seenBefore.get(memberId) !== camera) outcome.to([next.id], { type: 'member-changed', memberId });
  }
  if (target.identity.durable) {
    outcome.store({ type: 'operator-changed', identityId: target.identity.id, on: command.on });
  }
  if (target.hidden && !next.hidden) {
    outcome.toAll({ type: 'member-joined', member: next }, new Set([next.id, ...state.estrangedFrom(next)]));
  }
  return tellAll(state, outcome, next).accept({ kind: 'about', name: target.name });
}

function camerasSeenBy(state: RoomState, viewer: Member): ReadonlyMap<MemberId, CameraFlags> {
  return new Map(view(state, viewer).map((row) => [row.member.id, row.camera]));
}

/** `spec/barertc.md` 3, `/nsfw`. Who had booted the operator does not learn the operator's name. */
export function markExplicit(state: RoomState, operator: Member, command: CommandOf<'mark-explicit'>): Outcome {
  const found = find(state, operator, command.name);
  if ('refusal' in found) return found.refusal;
  const { target } = found;
  if (!isOn(target.camera)) return refused('camera-off', { subject: target.name });
  if (has(target.camera, Camera.explicit)) return refused('already-explicit', { subject: target.name });
  const next: Member = { ...target, camera: target.camera | Camera.explicit };
  state.put(next);
  const unnamed = state.relations.has(target.name, 'boot', operator.name);
  const outcome = new OutcomeBuilder().to([target.id], {
    type: 'camera-marked',
    ...(unnamed ? {} : { by: operator.name }),
  });
  return tellAll(state, outcome, next, shutOutViewers(state, next)).accept({ kind: 'about', name: target.name });
}

/**
 * The camera is off for everybody at once, whether or not the client of its owner obeys: the oldest clients do not
 * know the word (`spec/barertc.md` 1.11, rule 6).
 */
export function cutCamera(state: RoomState, operator: Member, command: CommandOf<'cut-camera'>): Outcome {
  const found = find(state, operator, command.name);
  if ('refusal' in found) return found.refusal;
  const { target } = found;
  if (!isOn(target.camera)) return refused('camera-off', { subject: target.name });
  const next: Member = { ...target, camera: 0 };
  state.put(next);
  const outcome = new OutcomeBuilder().to([target.id], { type: 'camera-cut' });
  const except = new Set([...state.estrangedFrom(next), ...shutOutViewers(state, next)]);
  outcome.toAll({ type: 'member-changed', memberId: next.id }, except).rosterChanged();
  return outcome.accept({ kind: 'about', name: target.name });
}

function tellAll(
  state: RoomState,
  outcome: OutcomeBuilder,
  changed: Member,
  unaware: readonly MemberId[] = [],
): OutcomeBuilder {
  outcome.to([changed.id], { type: 'self-changed', self: changed });
  const except = new Set([changed.id, ...state.estrangedFrom(changed), ...unaware]);
  if (!changed.hidden) outcome.toAll({ type: 'member-changed', memberId: changed.id }, except);
  return outcome.rosterChanged();
}

function cleanReason(reason: string): string {
  return reason
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, MAX_REASON_LENGTH);
}
