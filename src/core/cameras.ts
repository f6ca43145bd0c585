import { Camera, type CameraFlags, cleanCamera, has, isOn } from './camera.ts';
import type { RoomCommand } from './command.ts';
import type { RefusalCode } from './errors.ts';
import type { MemberId } from './ids.ts';
import { isOperator, isVip, type Member } from './member.ts';
import { cleanStatus } from './membership.ts';
import { cleanName } from './name.ts';
import { accepted, type Outcome, OutcomeBuilder, refused } from './outcome.ts';
import type { RoomState } from './room-state.ts';
import { canSee, isBlockedPair, isShutOut } from './view.ts';

/** Characters: several times what a session description with all its candidates takes. */
const MAX_SIGNAL_LENGTH = 128_000;
/** Characters: what goes to all is no session description. */
const MAX_RELAYED_TO_ALL = 16_000;

type CommandOf<T extends RoomCommand['type']> = Extract<RoomCommand, { type: T }>;

/** `spec/barertc.md` 1.9.17. */
export function setPresence(state: RoomState, member: Member, command: CommandOf<'set-presence'>): Outcome {
  const outcome = new OutcomeBuilder();
  const isWatchable = member.abilities.video === 'on-request';
  const camera = command.camera === undefined || !isWatchable ? member.camera : cleanCamera(command.camera);
  const refusal = isOn(camera) ? broadcastRefusal(member) : undefined;
  const forcedExplicit =
    isOn(camera) && !refusal && member.rules.has('camera-explicit') && !has(camera, Camera.explicit);
  const next: Member = {
    ...member,
    ...statusFor(member, command.status),
    camera: refusal ? 0 : forcedExplicit ? camera | Camera.explicit : camera,
    dnd: command.dnd ?? member.dnd,
  };
  state.put(next);
  if (refusal) outcome.to([member.id], { type: 'camera-cut' });
  if (forcedExplicit) outcome.to([member.id], { type: 'camera-marked', rule: true });
  announcePresence(state, outcome, { before: member, after: next });
  if (forcedExplicit) outcome.to([member.id], { type: 'self-changed', self: next });
  return refusal ? outcome.refuse({ code: refusal }) : outcome.accept();
}

/** Only operators are hidden; others who ask are away, and see in their own row what they asked for. */
function statusFor(member: Member, said: string | undefined): Partial<Member> {
  if (said === undefined) return {};
  const status = cleanStatus(said);
  if (status === '') return { status: 'online', statusSaid: 'online', hidden: false };
  if (status !== 'hidden') return { status, statusSaid: status, hidden: false };
  if (isOperator(member)) return { status, statusSaid: status, hidden: true };
  return { status: 'away', statusSaid: status, hidden: false };
}

export function broadcastRefusal(member: Pick<Member, 'rules' | 'permissions'>): RefusalCode | undefined {
  if (member.rules.has('no-video')) return 'rule-no-video';
  if (member.rules.has('no-broadcast') || !member.permissions.has('present')) return 'rule-no-broadcast';
  return undefined;
}

function announcePresence(
  state: RoomState,
  outcome: OutcomeBuilder,
  change: { readonly before: Member; readonly after: Member },
): void {
  const { before, after } = change;
  const strangers = state.estrangedFrom(after);
  if (before.hidden !== after.hidden) {
    // Who hides seems to leave, and seems to come when they show themselves (1.9.17).
    const except = new Set([...strangers, after.id]);
    outcome.toAll(
      after.hidden ? { type: 'member-left', member: after, how: 'left' } : { type: 'member-joined', member: after },
      except,
    );
    outcome.to([after.id], { type: 'self-changed', self: after });
  } else if (!after.hidden) {
    const onlyCamera =
      before.camera !== after.camera &&
      before.status === after.status &&
      before.statusSaid === after.statusSaid &&
      before.dnd === after.dnd;
    const except = onlyCamera ? new Set([...strangers, ...shutOutViewers(state, after)]) : strangers;
    outcome.toAll({ type: 'member-changed', memberId: after.id }, except);
  }
  outcome.rosterChanged();
}

/** Those to whom this camera is off at all times: a sign of life whenever it changes would tell them why. */
export function shutOutViewers(state: RoomState, member: Member): MemberId[] {
  const keys = [...state.relations.of(member.name, 'boot'), ...state.relations.of(member.name, 'mute')];
  return state.present(keys).filter((id) => {
    const viewer = state.member(id);
    return viewer !== undefined && !isOperator(viewer);
  });
}

/**
 * `spec/barertc.md` 1.9.5. Whoever is muted, booted or blocked is refused before all else, in the words that a camera
 * which is off, or an absent member, would have: a refusal must not tell what the roster hides.
 */
export function openCamera(state: RoomState, viewer: Member, command: CommandOf<'open-camera'>): Outcome {
  const broadcaster = state.memberNamed(command.name);
  if (viewer.rules.has('no-video')) return refused('rule-no-video');
  if (!broadcaster || !canSee(state, viewer, broadcaster))
    return refused('member-absent', { subject: cleanName(command.name) });
  if (broadcaster.id === viewer.id) return refused('not-yourself');
  const despite = isShutOut(state, { viewer, broadcaster });
  const refusal = openRefusal(state, { viewer, broadcaster, shutOut: despite !== undefined });
  if (refusal) return refused(refusal, { subject: broadcaster.name });

  const secret = state.source.secret();
  state.opened.open({ viewer, broadcaster });
  return new OutcomeBuilder()
    .to([broadcaster.id], { type: 'camera-rung', viewer: viewer.name, viewerId: viewer.id, secret })
    .to([viewer.id], {
      type: 'camera-opened',
      broadcaster: broadcaster.name,
      broadcasterId: broadcaster.id,
      secret,
      ...(despite ? { despite } : {}),
    })
    .accept({ kind: 'about', name: broadcaster.name });
}

function openRefusal(
  state: RoomState,
  open: { readonly viewer: Member; readonly broadcaster: Member; readonly shutOut: boolean },
): RefusalCode | undefined {
  const { viewer, broadcaster } = open;
  const invited = state.relations.has(broadcaster.name, 'invite', viewer.name);
  if (open.shutOut && !isOperator(viewer)) return 'camera-off';
  if (!isOn(broadcaster.camera)) return 'camera-off';
  if (has(broadcaster.camera, Camera.mutualRequired) && !isOn(viewer.camera) && !invited)
    return 'camera-mutual-required';
  if (!isOperator(viewer) && dislike(viewer.camera, broadcaster.camera)) return 'camera-non-explicit';
  if (has(broadcaster.camera, Camera.vipOnly) && !isVip(viewer) && !isOperator(viewer) && !invited)
    return 'camera-vip-only';
  return undefined;
}

/** Whether one of the cameras is explicit and the other wants no such company. */
function dislike(one: CameraFlags, other: CameraFlags): boolean {
  return (
    (has(one, Camera.nonExplicit) && has(other, Camera.explicit)) ||
    (has(one, Camera.explicit) && has(other, Camera.nonExplicit))
  );
}

/** Frames arrived at, or closed by, a viewer. Silent where it concerns nobody: clients send it for all who leave. */
export function watchCamera(state: RoomState, viewer: Member, command: CommandOf<'watch-camera'>): Outcome {
  const broadcaster = reachable(state, viewer, command.name);
  if (!broadcaster) return accepted();
  if (command.on && isShutOut(state, { viewer, broadcaster }) && !isOperator(viewer)) return accepted();
  if (!command.on) state.opened.close({ viewer, broadcaster });
  return new OutcomeBuilder()
    .to([broadcaster.id], { type: 'camera-watched', viewer: viewer.name, viewerId: viewer.id, on: command.on })
    .accept();
}

/** `spec/barertc.md` 1.7: to somebody who is not there, a signal is lost without a word. */
export function passSignal(state: RoomState, sender: Member, command: CommandOf<'signal'>): Outcome {
  if (command.payload.length > MAX_SIGNAL_LENGTH) return accepted();
  const target = reachable(state, sender, command.name);
  if (!target || !maySignal(state, { sender, target })) return accepted();
  return new OutcomeBuilder()
    .to([target.id], {
      type: 'signalled',
      from: sender.name,
      fromId: sender.id,
      kind: command.kind,
      payload: command.payload,
    })
    .accept();
}

/** Who is shut out of a camera cannot dial it; but they can answer when its owner opened theirs. */
function maySignal(state: RoomState, pair: { readonly sender: Member; readonly target: Member }): boolean {
  const { sender, target } = pair;
  if (isOperator(sender)) return true;
  if (!isShutOut(state, { viewer: sender, broadcaster: target })) return true;
  return state.opened.has({ viewer: target, broadcaster: sender });
}

/** Between those whose clients send to all of their kind; to somebody else, it is lost without a word. */
export function relay(state: RoomState, sender: Member, command: CommandOf<'relay'>): Outcome {
  const { to, kind, payload } = command;
  if (sender.abilities.video !== 'mesh' || payload.length + kind.length > MAX_SIGNAL_LENGTH) return accepted();
  const event = { type: 'relayed', from: sender.identity.id, kind, payload } as const;
  const isReached = (member: Member) => member.abilities.video === 'mesh' && canSee(state, sender, member);
  if (to === 'all') {
    if (payload.length > MAX_RELAYED_TO_ALL) return accepted();
    const members = [...state.members()].filter(isReached).map(({ id }) => id);
    return new OutcomeBuilder().to(members, event).accept();
  }
  const target = state.memberWithIdentity(to.identityId);
  return target && isReached(target) ? new OutcomeBuilder().to([target.id], event).accept() : accepted();
}

function reachable(state: RoomState, from: Member, name: string): Member | undefined {
  const member = state.memberNamed(name);
  if (!member || member.id === from.id) return undefined;
  return canSee(state, from, member) || isHiddenViewer(state, from, member) ? member : undefined;
}

/** A hidden operator who opened this camera is there for its signals: without an answer they could not watch. */
function isHiddenViewer(state: RoomState, broadcaster: Member, viewer: Member): boolean {
  return (
    viewer.hidden && state.opened.has({ viewer, broadcaster }) && !isBlockedPair(state, viewer.name, broadcaster.name)
  );
}
