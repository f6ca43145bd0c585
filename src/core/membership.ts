import { doorRefusal } from './door.ts';
import type { Disconnect, Refusal } from './errors.ts';
import type { Departure, RoomEvent } from './event.ts';
import type { Identity } from './identity.ts';
import type { MemberId } from './ids.ts';
import { mergeData, NO_DATA, type SharedData } from './json.ts';
import { type Abilities, ALL_ABILITIES, type Member } from './member.ts';
import type { Message } from './message.ts';
import type { Comer } from './moderation.ts';
import { cleanName, isReservedName, nameKey } from './name.ts';
import { type Outcome, OutcomeBuilder } from './outcome.ts';
import type { Rule } from './permission.ts';
import { recordingNow } from './recording.ts';
import { RELATION_KINDS, type RelationNames } from './relation.ts';
import type { RoomState } from './room-state.ts';
import { isUnblockable, mayReadMessage } from './view.ts';

export interface EntryRequest {
  readonly identity: Identity;
  readonly status?: string;
  readonly dnd?: boolean;
  /** Where they come from, for bans. */
  readonly address?: string;
  /** Fact: of the names that they might get, those (by key) that belong to somebody else. */
  readonly ownedNames?: ReadonlySet<string>;
  readonly abilities?: Abilities;
  /** See `Member.handle`. */
  readonly handle?: string;
  readonly data?: SharedData;
  /** Whether they are refused where they are here already. */
  readonly onlyOnce?: boolean;
  /** Said with the login, or stored from an earlier visit. */
  readonly relations: readonly RelationNames[];
}

export type Entry =
  | {
      readonly kind: 'entered';
      readonly member: Member;
      /** They were here already, on a connection that this one replaces. */
      readonly again: boolean;
      readonly outcome: Outcome;
    }
  /** The outcome's disconnect, if any, is for the newcomer's own session. */
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly disconnect?: Disconnect };

/** A status is passed on as it is, within reason. */
export const MAX_STATUS_LENGTH = 64;

export function cleanStatus(status: string): string {
  return status.slice(0, MAX_STATUS_LENGTH);
}

export function enter(state: RoomState, request: EntryRequest): Entry {
  const { identity } = request;
  const wanted = cleanName(identity.name);
  if (wanted === '') return refuse({ code: 'name-invalid' });
  if (isReservedName(wanted)) return refuse({ code: 'name-reserved', subject: wanted });

  const present = identity.durable ? state.memberWithIdentity(identity.id) : undefined;
  if (present && request.onlyOnce) return refuse({ code: 'already-here', subject: present.name });
  // A token speaks for its name: whoever has the name on an older connection of the same identity gives way (1.9.1).
  const isOwner = identity.ownsName && !request.ownedNames?.has(nameKey(wanted));
  const squatter = isOwner && !present ? state.memberNamed(wanted) : undefined;
  const name = present?.name ?? (squatter ? wanted : state.freeName(wanted, request.ownedNames ?? new Set()));

  const banned = banFor(state, { name, identity, ...(request.address ? { address: request.address } : {}) });
  if (banned) return banned;
  const closed = present || squatter ? undefined : doorRefusal(state, identity.permissions);
  if (closed) return refuse(closed);
  const bearer = request.handle === undefined ? undefined : state.memberCalled(request.handle);
  if (request.handle !== undefined && request.handle === state.recording?.handle)
    return refuse({ code: 'handle-taken' });
  if (bearer && bearer.id !== present?.id) return refuse({ code: 'handle-taken' });

  const outcome = new OutcomeBuilder();
  if (squatter) giveWay(state, outcome, squatter);
  const hidden = identity.permissions.has('op') && (present ? present.hidden : state.wasHidden(identity.id));
  const member: Member = {
    ...newMember(state, { identity, name, id: present?.id ?? state.source.memberId(), at: present?.joinedAt }),
    ...presenceOf(request, present),
    abilities: request.abilities ?? ALL_ABILITIES,
    ...(request.handle === undefined ? {} : { handle: request.handle }),
    data: mergeData(NO_DATA, request.data ?? present?.data ?? NO_DATA) ?? NO_DATA,
    ...(present ? { camera: 0 } : {}),
    ...(hidden ? { hidden, status: 'hidden', statusSaid: 'hidden' } : {}),
  };
  state.put(member);
  state.setAddress(member.id, request.address);
  for (const names of request.relations) takeOver(state, member, names);
  announce(state, outcome, member, { again: present !== undefined });
  return { kind: 'entered', member, again: present !== undefined, outcome: outcome.accept() };
}

/** Who bears a name that belongs to the newcomer loses it (`spec/barertc.md` 1.9.1). */
function giveWay(state: RoomState, outcome: OutcomeBuilder, squatter: Member): void {
  const strangers = state.estrangedFrom(squatter);
  state.remove(squatter);
  outcome.disconnect(squatter.id, { code: 'replaced' });
  if (!squatter.hidden) outcome.toAll({ type: 'member-left', member: squatter, how: 'replaced' }, strangers);
}

function banFor(state: RoomState, comer: Comer): Entry | undefined {
  const [sanction] = state.sanctions.against(comer);
  if (!sanction) return undefined;
  const remaining = Math.max(0, sanction.expiresAt - state.source.now());
  const detail = `The ban ends in ${goDuration(remaining)}.${sanction.reason ? ` Reason: ${sanction.reason}` : ''}`;
  const refusal: Refusal = { code: 'banned', subject: comer.name, detail };
  return { kind: 'refused', refusal, disconnect: { code: 'banned', reason: detail } };
}

function newMember(
  state: RoomState,
  entry: { readonly identity: Identity; readonly name: string; readonly id: MemberId; readonly at: number | undefined },
): Member {
  return {
    id: entry.id,
    handle: entry.id,
    name: entry.name,
    identity: entry.identity,
    permissions: entry.identity.permissions,
    rules: rulesFor(state, entry.identity, entry.name),
    status: 'online',
    statusSaid: 'online',
    hidden: false,
    camera: 0,
    dnd: false,
    unblockable: false,
    data: NO_DATA,
    abilities: ALL_ABILITIES,
    joinedAt: entry.at ?? state.source.now(),
  };
}

/** Those of the token, and those that the operator set for the name. Who may not watch may not share either. */
export function rulesFor(state: RoomState, identity: Identity, name: string): ReadonlySet<Rule> {
  const configured = state.guards.rules.get(nameKey(name));
  const rules = new Set<Rule>([...identity.rules, ...(configured ?? [])]);
  if (rules.has('no-video')) rules.add('no-broadcast');
  return rules;
}

function presenceOf(request: EntryRequest, present: Member | undefined): Partial<Member> {
  const said = request.status === undefined ? present?.statusSaid : cleanStatus(request.status);
  const status = said === undefined || said === '' || said === 'hidden' ? (present?.status ?? 'online') : said;
  return { status, statusSaid: said || 'online', dnd: request.dnd ?? present?.dnd ?? false };
}

function takeOver(state: RoomState, member: Member, names: RelationNames): void {
  for (const kind of RELATION_KINDS) {
    for (const target of names[kind] ?? []) {
      const name = cleanName(target);
      if (kind === 'block' && isUnblockable(state, name)) continue;
      state.relations.set({ actor: member.name, kind, target: name, on: true });
    }
  }
}

/** What a member starts with, for one whose connection was lost for too long to be told what they missed. */
export function recall(state: RoomState, member: Member): RoomEvent {
  return { type: 'room-entered', self: member, recent: recentFor(state, member), again: true };
}

function announce(
  state: RoomState,
  outcome: OutcomeBuilder,
  member: Member,
  { again }: { readonly again: boolean },
): void {
  outcome.to([member.id], {
    type: 'room-entered',
    self: member,
    recent: recentFor(state, member),
    again,
  });
  const recording = recordingNow(state);
  if (recording) outcome.to([member.id], recording);
  if (member.hidden) return;
  outcome.rosterChanged({ except: new Set([member.id]) });
  const strangers = new Set([member.id, ...state.estrangedFrom(member)]);
  outcome.toAll(again ? { type: 'member-changed', memberId: member.id } : { type: 'member-joined', member }, strangers);
}

/** What a newcomer is shown: of each channel the latest messages that they may read, oldest first. */
function recentFor(state: RoomState, member: Member): Message[] {
  return state.channels.flatMap((channel) => {
    const { historyAgeMs } = state.terms;
    const oldest = historyAgeMs > 0 ? state.source.now() - historyAgeMs : 0;
    const readable = state.messages
      .recent(channel.id)
      .filter((message) => message.at >= oldest && mayReadMessage(state, message, member));
    return latestTexts(readable, channel.newcomerMessages);
  });
}

/**
 * The latest `count` texts with the images among them: not every wire shows newcomers images, and those that do not
 * must not show fewer messages for it (`spec/barertc.md` 8, 23). The room remembers no more than a multiple of `count`.
 */
function latestTexts(messages: readonly Message[], count: number): readonly Message[] {
  let from = messages.length;
  for (let texts = 0; texts < count && from > 0; from--) {
    if (messages[from - 1]?.body.kind === 'text') texts++;
  }
  return messages.slice(from);
}

export function depart(state: RoomState, member: Member, how: Departure): Outcome {
  const outcome = new OutcomeBuilder();
  const deaf = state.estrangedFrom(member);
  state.remove(member);
  if (member.hidden) return outcome.accept();
  return outcome.toAll({ type: 'member-left', member, how }, deaf).rosterChanged().accept();
}

function refuse(refusal: Refusal): Entry {
  return { kind: 'refused', refusal };
}

/** As Go prints a duration: `23h59m59s`. */
export function goDuration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (hours > 0) return `${hours}h${minutes}m${seconds % 60}s`;
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}
