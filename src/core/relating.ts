import type { CameraFlags } from './camera.ts';
import type { RoomCommand } from './command.ts';
import { isOperator, type Member } from './member.ts';
import { cleanName, nameKey } from './name.ts';
import { type Outcome, OutcomeBuilder, refused } from './outcome.ts';
import type { RelationKind } from './relation.ts';
import type { RoomState } from './room-state.ts';
import { canSee, isUnblockable, rowFor } from './view.ts';

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
  if (!isOperator(actor)) return refused('not-permitted');
  const names = [...state.relations.of(actor.name, 'mute')];
  state.put({ ...actor, unblockable: true });
  const outcome = new OutcomeBuilder();
  change(state, outcome, actor, { kind: 'mute', names, on: false });
  return outcome.accept({ kind: 'count', count: names.length });
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
    const sawEachOther = other ? canSee(state, actor, other) : false;
    const camera = other && rowFor(state, other, actor)?.camera;
    if (!state.relations.set({ actor: actor.name, kind, target, on })) return false;
    if (other) {
      touched.push(other);
      tell(state, outcome, { actor, other, kind, on, sawEachOther, camera });
    }
    return true;
  });
  if (changed.length === 0) return;
  outcome.to([actor.id], { type: 'relation-changed', kind, names: changed, on });
  outcome.rosterChanged({ members: [actor.id, ...touched.map((member) => member.id)] });
  if (!actor.identity.durable) return;
  outcome.store({
    type: 'relation-changed',
    room: state.name,
    identityId: actor.identity.id,
    kind,
    names: changed.map(nameKey),
    on,
  });
}

function tell(
  state: RoomState,
  outcome: OutcomeBuilder,
  change: {
    readonly actor: Member;
    readonly other: Member;
    readonly kind: RelationKind;
    readonly on: boolean;
    readonly sawEachOther: boolean;
    /** The actor's, as the other saw it before. */
    readonly camera: CameraFlags | undefined;
  },
): void {
  const { actor, other, kind, on } = change;
  if (kind === 'block') {
    const see = canSee(state, actor, other);
    if (see === change.sawEachOther) return;
    const type = see ? 'member-shown' : 'member-concealed';
    outcome.to([actor.id], { type, memberId: other.id });
    if (!actor.hidden) outcome.to([other.id], { type, memberId: actor.id });
    if (!see) closeBoth(state, actor, other);
    return;
  }
  if ((kind === 'mute' || kind === 'boot') && on) state.opened.close({ viewer: other, broadcaster: actor });
  if (kind !== 'invite' && isOperator(other)) {
    outcome.to([other.id], { type: 'relation-noticed', kind, by: actor.name, on });
  }
  // Where nothing is to be seen of a mute or boot, because the camera is off, nothing may be sent.
  const camera = rowFor(state, other, actor)?.camera;
  if (camera !== undefined && camera !== change.camera) {
    outcome.to([other.id], { type: 'member-changed', memberId: actor.id });
  }
}

function closeBoth(state: RoomState, one: Member, other: Member): void {
  state.opened.close({ viewer: one, broadcaster: other });
  state.opened.close({ viewer: other, broadcaster: one });
}
