import { Camera, has, isOn } from './camera.ts';
import { broadcastRefusal } from './cameras.ts';
import { createChannel, deleteChannel } from './channels.ts';
import type { WebsiteCommand } from './command.ts';
import type { MemberId } from './ids.ts';
import type { Member } from './member.ts';
import { rulesFor } from './membership.ts';
import { MAX_TEXT_LENGTH } from './message.ts';
import {
  ban,
  banAddresses,
  camerasSeenBy,
  cleanReason,
  expel,
  kick,
  kickAll,
  listBans,
  tellAll,
  tellSights,
  unban,
} from './moderating.ts';
import { cleanName, isReservedName, nameKey } from './name.ts';
import { type Outcome, OutcomeBuilder, refused } from './outcome.ts';
import { estrange, sightsUnder, storeRelations, tellRenamed } from './relating.ts';
import type { RoomState } from './room-state.ts';

type CommandOf<T extends WebsiteCommand['type']> = Extract<WebsiteCommand, { type: T }>;

/** Who is said to have done what the website did. */
const WEBSITE = { name: 'the website' } as const;

export function administer(state: RoomState, command: WebsiteCommand): Outcome {
  switch (command.type) {
    case 'kick':
      return kick(state, WEBSITE, command);
    case 'kick-all':
      return kickAll(state, command);
    case 'ban':
      return ban(state, WEBSITE, command);
    case 'ban-addresses':
      return banAddresses(state, WEBSITE, command);
    case 'unban':
      return unban(state, command);
    case 'list-bans':
      return listBans(state);
    case 'estrange':
      return estrangeAll(state, command);
    case 'dismiss':
      return dismiss(state, command);
    case 'amend':
      return amend(state, command);
    case 'announce':
      return announce(command);
    case 'create-channel':
      return createChannel(state, command);
    case 'delete-channel':
      return deleteChannel(state, command);
    default:
      return command satisfies never;
  }
}

/** To everybody, as it is: operators' and the website's word. */
export function announce({ text }: CommandOf<'announce'>): Outcome {
  const said = text.trim().slice(0, MAX_TEXT_LENGTH);
  if (said === '') return refused('message-empty');
  return new OutcomeBuilder().toAll({ type: 'notice', text: said }).accept();
}

/** The members of these names, each once. */
function present(state: RoomState, names: readonly string[]): Member[] {
  const members = new Map<MemberId, Member>();
  for (const name of names) {
    const member = state.memberNamed(cleanName(name));
    if (member) members.set(member.id, member);
  }
  return [...members.values()];
}

function estrangeAll(state: RoomState, command: CommandOf<'estrange'>): Outcome {
  const outcome = new OutcomeBuilder();
  const members = present(state, command.names);
  let count = 0;
  for (const [index, one] of members.entries()) {
    for (const other of members.slice(index + 1)) if (estrange(state, outcome, [one, other])) count++;
  }
  return outcome.accept({ kind: 'count', count });
}

function dismiss(state: RoomState, command: CommandOf<'dismiss'>): Outcome {
  const outcome = new OutcomeBuilder();
  const members = present(state, command.names);
  const reason = cleanReason(command.reason);
  for (const member of members) {
    if (command.how === 'kicked') {
      expel(state, outcome, member, { code: 'kicked', reason });
      continue;
    }
    const strangers = state.estrangedFrom(member);
    state.remove(member);
    outcome.disconnect(member.id, { code: 'dismissed', reason });
    if (!member.hidden) outcome.toAll({ type: 'member-left', member, how: 'left' }, strangers);
  }
  if (members.length > 0) outcome.rosterChanged();
  return outcome.accept({ kind: 'count', count: members.length });
}

/**
 * Somebody is changed while they are here; under another name where the website gave them one, if nobody has it.
 * Only who came with a token: of others the website knows nothing.
 */
function amend(state: RoomState, command: CommandOf<'amend'>): Outcome {
  const member = state.memberNamed(cleanName(command.name));
  if (!member) return refused('member-absent', { subject: cleanName(command.name) });
  const { identity } = command;
  if (member.identity.kind !== 'token') return refused('not-permitted', { subject: member.name });
  const wanted = cleanName(identity.name);
  const isRenamed = nameKey(wanted) !== nameKey(member.name);
  const bearer = isRenamed ? state.memberNamed(wanted) : undefined;
  if (wanted === '' || bearer) return refused('name-taken', { subject: wanted });
  if (isReservedName(wanted)) return refused('name-reserved', { subject: wanted });
  const outcome = new OutcomeBuilder();
  const seenBefore = camerasSeenBy(state, member);
  const next = underRules(outcome, {
    ...member,
    name: wanted,
    identity,
    permissions: identity.permissions,
    rules: rulesFor(state, identity, wanted),
    hidden: member.hidden && identity.permissions.has('op'),
  });
  const sightsBefore = sightsUnder(state, next.name, member);
  state.rename(member, next);
  if (isRenamed) storeRelations(state, outcome, next);
  tellSights(state, outcome, next, seenBefore);
  const strangers = new Set([next.id, ...state.estrangedFrom(next)]);
  if (member.hidden && !next.hidden) outcome.toAll({ type: 'member-joined', member: next }, strangers);
  else if (isRenamed && !next.hidden) {
    outcome.toAll({ type: 'member-renamed', memberId: next.id, from: member.name, name: next.name }, strangers);
  }
  if (isRenamed) tellRenamed(state, outcome, { former: member, next, before: sightsBefore });
  return tellAll(state, outcome, next).accept({ kind: 'about', name: next.name });
}

/** A camera that is on while the rules change. */
function underRules(outcome: OutcomeBuilder, member: Member): Member {
  if (!isOn(member.camera)) return member;
  if (broadcastRefusal(member)) {
    outcome.to([member.id], { type: 'camera-cut' });
    return { ...member, camera: 0 };
  }
  if (!member.rules.has('camera-explicit') || has(member.camera, Camera.explicit)) return member;
  outcome.to([member.id], { type: 'camera-marked', rule: true });
  return { ...member, camera: member.camera | Camera.explicit };
}
