import { Camera, type CameraFlags, has, isOn } from './camera.ts';
import { shutOutViewers } from './cameras.ts';
import type { RoomCommand } from './command.ts';
import type { Disconnect } from './errors.ts';
import type { Identity } from './identity.ts';
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

/** An operator, or the website itself, which is nobody in the room. That they may is asked before. */
export interface Moderator {
  readonly id?: MemberId;
  readonly handle?: string;
  readonly name: string;
}

type Found = { readonly target: Member } | { readonly refusal: Outcome };

/** The one who is meant; refuses names that are not present. */
function find(state: RoomState, name: string): Found {
  const target = state.memberNamed(name);
  return target ? { target } : { refusal: refused('member-absent', { subject: cleanName(name) }) };
}

/** `spec/barertc.md` 1.9.16, the order of 2025: everybody hears of it, the one who goes among them. */
export function kick(state: RoomState, operator: Moderator, command: CommandOf<'kick'>): Outcome {
  const found = find(state, command.name);
  if ('refusal' in found) return found.refusal;
  const { target } = found;
  if (target.id === operator.id) return refused('not-yourself');
  const outcome = new OutcomeBuilder();
  const reason = cleanReason(command.reason);
  const { handle, name } = operator;
  expel(state, outcome, target, { code: 'kicked', reason, ...(handle === undefined ? {} : { by: { handle, name } }) });
  return outcome.accept({ kind: 'about', name: target.name });
}

/** Sends somebody out. Tokens from before a kick do not let them in again; a ban holds by itself. */
export function expel(
  state: RoomState,
  outcome: OutcomeBuilder,
  target: Member,
  disconnect: Disconnect & { readonly code: 'kicked' | 'banned' },
): void {
  if (disconnect.code === 'kicked') revokeTokens(state, outcome, target.identity);
  if (!target.hidden) {
    outcome.toAll({ type: 'member-left', member: target, how: disconnect.code }, state.estrangedFrom(target));
  }
  state.remove(target);
  outcome.disconnect(target.id, disconnect).rosterChanged();
}

function revokeTokens(state: RoomState, outcome: OutcomeBuilder, identity: Identity): void {
  if (identity.kind !== 'token') return;
  outcome.store({ type: 'tokens-revoked', identityId: identity.id, at: state.source.now() });
}

export function kickAll(state: RoomState, command: CommandOf<'kick-all'>): Outcome {
  const outcome = new OutcomeBuilder();
  const members = [...state.members()];
  const reason = cleanReason(command.reason);
  for (const member of members) {
    state.remove(member);
    outcome.disconnect(member.id, { code: 'kicked', reason });
  }
  return outcome.accept({ kind: 'count', count: members.length });
}

/** Holds for the name, present or not, and for whoever is behind it. A newer ban replaces an older one. */
export function ban(state: RoomState, operator: Moderator, command: CommandOf<'ban'>): Outcome {
  const target = state.memberNamed(command.name);
  const name = target?.name ?? cleanName(command.name);
  if (name === '') return refused('name-invalid');
  if (target && target.id === operator.id) return refused('not-yourself');
  const outcome = new OutcomeBuilder();
  const sanction = banPerson(state, outcome, { ...command, name, target, by: operator.name });
  if (target) expel(state, outcome, target, { code: 'banned', reason: sanction.reason });
  return outcome.accept({ kind: 'about', name, detail: new Date(sanction.expiresAt).toISOString() });
}

interface PersonBan {
  readonly name: string;
  readonly target: Member | undefined;
  readonly by: string;
  readonly hours: number;
  readonly reason: string;
}

/** Imposes the ban; whoever is present is still to be sent out. */
export function banPerson(state: RoomState, outcome: OutcomeBuilder, ban: PersonBan): Sanction {
  const { name, target } = ban;
  liftFormer(state, outcome, name, 'person');
  const address = target?.identity.kind === 'guest' ? state.addressOf(target.id) : undefined;
  const addresses = address === undefined ? undefined : state.ranges.around(address);
  return impose(state, outcome, ban, {
    name,
    ...(target?.identity.durable ? { identityId: target.identity.id } : {}),
    ...(addresses === undefined ? {} : { addresses }),
  });
}

/** Keeps all who come from these addresses out, and sends those out who are there. Operators pass. */
export function banAddresses(state: RoomState, operator: Moderator, command: CommandOf<'ban-addresses'>): Outcome {
  const addresses = state.ranges.parse(command.addresses);
  if (addresses === undefined) return refused('addresses-invalid');
  const outcome = new OutcomeBuilder();
  liftFormer(state, outcome, addresses, 'addresses');
  const sanction = impose(state, outcome, { by: operator.name, ...command }, { addresses });
  for (const member of [...state.members()]) {
    const address = state.addressOf(member.id);
    if (isOperator(member) || address === undefined || !state.ranges.includes(addresses, address)) continue;
    expel(state, outcome, member, { code: 'banned', reason: sanction.reason });
  }
  return outcome.accept({ kind: 'about', name: addresses, detail: new Date(sanction.expiresAt).toISOString() });
}

/** Only what is of the same kind: somebody may call themselves like a range that is banned. */
function liftFormer(state: RoomState, outcome: OutcomeBuilder, what: string, kind: 'person' | 'addresses'): void {
  for (const former of state.sanctions.called(what)) {
    if ((former.name === undefined) === (kind === 'addresses')) lift(state, outcome, former);
  }
}

function impose(
  state: RoomState,
  outcome: OutcomeBuilder,
  terms: { readonly by: string; readonly hours: number; readonly reason: string },
  whom: Pick<Sanction, 'name' | 'identityId' | 'addresses'>,
): Sanction {
  const isSensible = Number.isFinite(terms.hours) && terms.hours > 0;
  const hours = isSensible ? Math.min(terms.hours, MAX_BAN_HOURS) : DEFAULT_BAN_HOURS;
  const at = state.source.now();
  const sanction: Sanction = {
    id: state.source.secret(),
    room: state.name,
    ...whom,
    reason: cleanReason(terms.reason),
    by: terms.by,
    at,
    expiresAt: at + Math.round(hours * HOUR),
  };
  state.sanctions.impose(sanction);
  outcome.store({ type: 'sanction-imposed', sanction });
  return sanction;
}

export function unban(state: RoomState, command: CommandOf<'unban'>): Outcome {
  const sanctions = state.sanctions.called(command.name);
  if (sanctions.length === 0) return refused('not-banned', { subject: cleanName(command.name) });
  const outcome = new OutcomeBuilder();
  for (const sanction of sanctions) lift(state, outcome, sanction);
  return outcome.accept({ kind: 'about', name: cleanName(command.name) });
}

function lift(state: RoomState, outcome: OutcomeBuilder, sanction: Sanction): void {
  state.sanctions.lift(sanction.id);
  outcome.store({ type: 'sanction-lifted', room: state.name, sanctionId: sanction.id });
}

export function listBans(state: RoomState): Outcome {
  return new OutcomeBuilder().accept({ kind: 'bans', bans: state.sanctions.all() });
}

/** An operator no more: tokens of before, which say otherwise, do not hold any more either. */
export function setOperator(state: RoomState, command: CommandOf<'set-operator'>): Outcome {
  const found = find(state, command.name);
  if ('refusal' in found) return found.refusal;
  const { target } = found;
  const permissions = new Set<Permission>(target.permissions);
  if (command.on) permissions.add('op');
  else permissions.delete('op');
  const next: Member = { ...target, permissions, hidden: target.hidden && command.on };
  const seenBefore = camerasSeenBy(state, target);
  state.put(next);
  const outcome = new OutcomeBuilder();
  tellSights(state, outcome, next, seenBefore);
  if (target.identity.durable) {
    outcome.store({ type: 'operator-changed', identityId: target.identity.id, on: command.on });
  }
  if (!command.on) revokeTokens(state, outcome, target.identity);
  if (target.hidden && !next.hidden) {
    outcome.toAll({ type: 'member-joined', member: next }, new Set([next.id, ...state.estrangedFrom(next)]));
  }
  return tellAll(state, outcome, next).accept({ kind: 'about', name: target.name });
}

export type Sights = ReadonlyMap<MemberId, CameraFlags>;

export function camerasSeenBy(state: RoomState, viewer: Member): Sights {
  return new Map(view(state, viewer).map((row) => [row.member.id, row.camera]));
}

/** Who has other rights than before sees other cameras: operators see through mutes and boots, and others do not. */
export function tellSights(state: RoomState, outcome: OutcomeBuilder, viewer: Member, before: Sights): void {
  for (const [memberId, camera] of camerasSeenBy(state, viewer)) {
    const isOther = memberId !== viewer.id && before.get(memberId) !== camera;
    if (isOther) outcome.to([viewer.id], { type: 'member-changed', memberId });
  }
}

/** `spec/barertc.md` 3, `/nsfw`. Who had booted the operator does not learn the operator's name. */
export function markExplicit(state: RoomState, operator: Member, command: CommandOf<'mark-explicit'>): Outcome {
  const found = find(state, command.name);
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
  outcome.report({
    from: operator.name,
    about: target.name,
    channel: 'n/a',
    at: state.source.now(),
    reason: 'Marked camera as explicit',
    text: '',
    comment: `@${operator.name} marked the camera of @${target.name} as explicit.`,
  });
  return tellAll(state, outcome, next, shutOutViewers(state, next)).accept({ kind: 'about', name: target.name });
}

/**
 * The camera is off for everybody at once, whether or not the client of its owner obeys: the oldest clients do not
 * know the word (`spec/barertc.md` 1.11, rule 6).
 */
export function cutCamera(state: RoomState, command: CommandOf<'cut-camera'>): Outcome {
  const found = find(state, command.name);
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

export function tellAll(
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

export function cleanReason(reason: string): string {
  return reason
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, MAX_REASON_LENGTH);
}
