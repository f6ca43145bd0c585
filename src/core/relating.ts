import type { CameraFlags } from './camera.ts';
import type { RoomCommand } from './command.ts';
import type { MemberId } from './ids.ts';
import { isOperator, type Member } from './member.ts';
import { cleanName, nameKey } from './name.ts';
import { type Outcome, OutcomeBuilder, refused } from './outcome.ts';
import { RELATION_KINDS, type RelationKind } from './relation.ts';
import type { RoomState } from './room-state.ts';
import { canSee, isBlockedPair, isShutOut, isUnblockable, rowFor } from './view.ts';

type CommandOf<T extends RoomCommand['type']> = Extract<RoomCommand, { type: T }>;

/** Mute, block, boot, invite, and their opposites (`spec/barertc.md` 1.9.10). */
export function relate(state: RoomState, actor: Member, command: CommandOf<'relate'>): Outcome {
  const { kind, on } = command;
  const names = targets(actor, command.names);
  if (names.length === 0 && command.names.length === 1) return refused('not-yourself');
  if (kind === 'block' && on) {
    const operator = names.find((name) => isUnblockable(state, name));
    if (operator !== undefined) return refused('cannot-block-operator', { subject: operator });
  }
  const outcome = new OutcomeBuilder();
  change(state, outcome, actor, { kind, names, on });
  return outcome.accept();
}

/** A whole list at once: muted and blocked, silently passing over those who cannot be blocked. */
export function blockAll(state: RoomState, actor: Member, command: CommandOf<'block-all'>): Outcome {
  const names = targets(actor, command.names);
  const outcome = new OutcomeBuilder();
  change(state, outcome, actor, { kind: 'mute', names, on: true });
  change(state, outcome, actor, {
    kind: 'block',
    names: names.filter((name) => !isUnblockable(state, name)),
    on: true,
  });
  return outcome.accept();
}

/** For bots and operators who must hear everybody. */
export function unmuteAll(state: RoomState, actor: Member): Outcome {
  const names = [...state.relations.of(actor.name, 'mute')];
  state.put({ ...actor, unblockable: true });
  const outcome = new OutcomeBuilder();
  change(state, outcome, actor, { kind: 'mute', names, on: false });
  return outcome.accept({ kind: 'count', count: names.length });
}

/** Both mute and block each other, as the website says; operators among them too. */
export function estrange(state: RoomState, outcome: OutcomeBuilder, pair: readonly [Member, Member]): boolean {
  const wasApart = isApart(state, pair);
  for (const kind of ['mute', 'block'] as const) {
    change(state, outcome, pair[0], { kind, names: [pair[1].name], on: true });
    change(state, outcome, pair[1], { kind, names: [pair[0].name], on: true });
  }
  if (wasApart) return false;
  outcome.to([pair[0].id], { type: 'estranged', name: pair[1].name });
  outcome.to([pair[1].id], { type: 'estranged', name: pair[0].name });
  return true;
}

/**
 * Stores, for somebody who has another name and identity, what they decided, and what those who are here decided about
 * them: a new name must not undo a block when either of the two comes again.
 */
export function storeRelations(state: RoomState, outcome: OutcomeBuilder, renamed: Member): void {
  for (const kind of RELATION_KINDS) {
    store(state, outcome, renamed, { kind, names: [...state.relations.of(renamed.name, kind)], on: true });
    for (const id of state.present(state.relations.toward(renamed.name, kind))) {
      const actor = state.member(id);
      if (actor) store(state, outcome, actor, { kind, names: [renamed.name], on: true });
    }
  }
}

/** What those who decided something about a name see of somebody who is about to take it, and these of them. */
export function sightsUnder(state: RoomState, name: string, member: Member): ReadonlyMap<MemberId, Sight> {
  const sights = new Map<MemberId, Sight>();
  for (const kind of RELATION_KINDS) {
    for (const id of state.present(state.relations.toward(name, kind))) {
      const actor = state.member(id);
      if (actor && id !== member.id) sights.set(id, sightOf(state, actor, member));
    }
  }
  return sights;
}

/** What was decided about a name holds for who has it now; to those who do not see them any more, they have left. */
export function tellRenamed(
  state: RoomState,
  outcome: OutcomeBuilder,
  change: { readonly former: Member; readonly next: Member; readonly before: ReadonlyMap<MemberId, Sight> },
): void {
  const { former, next, before } = change;
  for (const [id, was] of before) {
    const actor = state.member(id);
    if (!actor) continue;
    const is = sightOf(state, actor, next);
    if (was.other && !is.other) outcome.to([id], { type: 'member-left', member: former, how: 'left' });
    if (was.actor && !is.actor) outcome.to([next.id], { type: 'member-concealed', memberId: id });
    else if (is.camera !== was.camera) outcome.to([next.id], { type: 'member-changed', memberId: id });
    if (isShutOut(state, { viewer: next, broadcaster: actor })) {
      state.opened.close({ viewer: next, broadcaster: actor });
    }
    if (isBlockedPair(state, next.name, actor.name)) closeBoth(state, next, actor);
  }
}

function isApart({ relations }: RoomState, [one, other]: readonly [Member, Member]): boolean {
  return (['mute', 'block'] as const).every(
    (kind) => relations.has(one.name, kind, other.name) && relations.has(other.name, kind, one.name),
  );
}

function targets(actor: Member, names: readonly string[]): string[] {
  const self = nameKey(actor.name);
  const byKey = new Map<string, string>();
  for (const raw of names) {
    const name = cleanName(raw);
    if (name !== '' && nameKey(name) !== self) byKey.set(nameKey(name), name);
  }
  return [...byKey.values()];
}

interface Change {
  readonly kind: RelationKind;
  readonly names: readonly string[];
  readonly on: boolean;
}

function change(state: RoomState, outcome: OutcomeBuilder, actor: Member, wanted: Change): void {
  const { kind, on } = wanted;
  const touched: Member[] = [];
  const changed = wanted.names.filter((target) => {
    const other = state.memberNamed(target);
    const before = other && sightOf(state, actor, other);
    if (!state.relations.set({ actor: actor.name, kind, target, on })) return false;
    state.streams.isStale = true;
    if (other && before) {
      touched.push(other);
      tell(state, outcome, { actor, other, kind, on, before });
    }
    return true;
  });
  if (changed.length === 0) return;
  outcome.to([actor.id], { type: 'relation-changed', kind, names: changed, on });
  outcome.rosterChanged({ members: [actor.id, ...touched.map((member) => member.id)] });
  store(state, outcome, actor, { kind, names: changed, on });
}

function store(state: RoomState, outcome: OutcomeBuilder, actor: Member, { kind, names, on }: Change): void {
  if (!actor.identity.durable || names.length === 0) return;
  outcome.store({
    type: 'relation-changed',
    room: state.name,
    identityId: actor.identity.id,
    kind,
    names: names.map(nameKey),
    on,
  });
}

/** What two see of each other; not the same for both where one is hidden. */
export interface Sight {
  /** Whether the actor is in the other's roster. */
  readonly actor: boolean;
  readonly other: boolean;
  /** The actor's, as the other sees it. */
  readonly camera: CameraFlags | undefined;
}

function sightOf(state: RoomState, actor: Member, other: Member): Sight {
  return {
    actor: canSee(state, other, actor),
    other: canSee(state, actor, other),
    camera: rowFor(state, other, actor)?.camera,
  };
}

function tell(
  state: RoomState,
  outcome: OutcomeBuilder,
  change: {
    readonly actor: Member;
    readonly other: Member;
    readonly kind: RelationKind;
    readonly on: boolean;
    readonly before: Sight;
  },
): void {
  const { actor, other, kind, on, before } = change;
  const after = sightOf(state, actor, other);
  if (kind === 'block') {
    const word = (sees: boolean) => (sees ? 'member-shown' : 'member-concealed');
    if (after.other !== before.other) outcome.to([actor.id], { type: word(after.other), memberId: other.id });
    if (after.actor !== before.actor) outcome.to([other.id], { type: word(after.actor), memberId: actor.id });
    if (on) closeBoth(state, actor, other);
    return;
  }
  if ((kind === 'mute' || kind === 'boot') && on) state.opened.close({ viewer: other, broadcaster: actor });
  if (kind !== 'invite' && isOperator(other)) {
    outcome.to([other.id], { type: 'relation-noticed', kind, by: actor.name, on });
  }
  // Where nothing is to be seen of a mute or boot, because the camera is off, nothing may be sent.
  if (after.camera !== undefined && after.camera !== before.camera) {
    outcome.to([other.id], { type: 'member-changed', memberId: actor.id });
  }
}

function closeBoth(state: RoomState, one: Member, other: Member): void {
  state.opened.close({ viewer: one, broadcaster: other });
  state.opened.close({ viewer: other, broadcaster: one });
}
