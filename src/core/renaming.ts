import type { RoomCommand } from './command.ts';
import type { Member } from './member.ts';
import { tellAll } from './moderating.ts';
import { cleanName, isReservedName, nameKey } from './name.ts';
import { type Outcome, OutcomeBuilder, refused } from './outcome.ts';
import { sightsUnder, storeRelations, tellRenamed } from './relating.ts';
import type { RoomState } from './room-state.ts';

type RenameCommand = Extract<RoomCommand, { type: 'rename' }>;

const NOBODYS: ReadonlySet<string> = new Set();

/** What was decided by and about somebody goes with them: a new name is no way out of a mute, a block or a ban. */
export function rename(state: RoomState, member: Member, command: RenameCommand): Outcome {
  const wanted = cleanName(command.name);
  if (wanted === '') return refused('name-invalid');
  if (isReservedName(wanted)) return refused('name-reserved', { subject: wanted });
  // To say it again is to have everybody told again, on wires with whole rosters.
  if (wanted === member.name)
    return new OutcomeBuilder().rosterChanged().accept({ kind: 'about', name: wanted, detail: wanted });
  if (member.identity.ownsName) return refused('not-permitted', { detail: 'The name is that of an account.' });
  const isSame = nameKey(wanted) === nameKey(member.name);
  const name = isSame ? wanted : state.freeName(wanted, command.ownedNames ?? NOBODYS);
  const address = state.addressOf(member.id);
  const identity = { ...member.identity, name };
  const [banned] = state.sanctions.against({ name, identity, ...(address === undefined ? {} : { address }) });
  if (banned) return refused('name-reserved', { subject: name });
  const next: Member = { ...member, name, identity };
  const before = sightsUnder(state, name, member);
  state.rename(member, next);
  const outcome = new OutcomeBuilder();
  if (!isSame) storeRelations(state, outcome, next);
  const strangers = new Set([next.id, ...state.estrangedFrom(next)]);
  if (!next.hidden) {
    outcome.toAll({ type: 'member-renamed', memberId: next.id, from: member.name, name }, strangers);
  }
  if (!isSame) tellRenamed(state, outcome, { former: member, next, before });
  return tellAll(state, outcome, next).accept({ kind: 'about', name, detail: name });
}
