import { setTimeout as sleep } from 'node:timers/promises';
import type { Verdict } from '../auth/passwords.ts';
import type { Credentials, JoinCommand } from '../core/command.ts';
import type { Refusal, RefusalCode } from '../core/errors.ts';
import type { Identity } from '../core/identity.ts';
import { cleanName, nameKey } from '../core/name.ts';
import { NO_RULES } from '../core/permission.ts';
import { type Admission, type AdmissionRefusal, NO_NAME } from '../groups/admission.ts';
import type { HostedRoom } from './hosted-room.ts';
import type { HubContext } from './services.ts';
import type { Session } from './session.ts';

export type Proved = { readonly identity: Identity; readonly token: string } | { readonly refusal: Refusal };

interface Attempt {
  readonly hub: HubContext;
  readonly session: Session;
  readonly room: HostedRoom;
  readonly command: JoinCommand;
}

/** Who somebody is, and that they may come into this room by what they know of it. */
export async function prove(given: Attempt): Promise<Proved> {
  const attempt = await withPasswordMeant(given);
  const { room, command } = attempt;
  if (room.door.group) return proveInGroup(attempt);
  return command.credentials.roomToken ? proveByToken(attempt) : proveByPassword(attempt);
}

/** Whose password it is that stands in the only field for one. */
async function withPasswordMeant(attempt: Attempt): Promise<Attempt> {
  const { hub, room, command } = attempt;
  const { anyPassword, ...credentials } = command.credentials;
  if (anyPassword === undefined) return attempt;
  const name = nameKey(cleanName(command.name));
  // Who says none is a guest, who gets another name where this one is somebody's.
  const isOwned = anyPassword !== '' && (await hub.storage.nameOwners([name])).has(name);
  const meant = isOwned || room.door.group ? { password: anyPassword } : { roomPassword: anyPassword };
  return { ...attempt, command: { ...command, credentials: { ...credentials, ...meant } } };
}

// --- rooms without a definition -------------------------------------------------------------------------------------

/** The room's password, if it has one, and whatever proves who they are. */
async function proveByPassword(attempt: Attempt): Promise<Proved> {
  const { command } = attempt;
  const verdict = await roomVerdict(attempt);
  if (verdict !== 'right' && !mayBeOperator(command.credentials)) return { refusal: REFUSED[verdict] };
  const proof = await authenticate(attempt, command.credentials);
  if ('refusal' in proof) return proof;
  return verdict === 'right' || proof.identity.permissions.has('op') ? proof : { refusal: REFUSED[verdict] };
}

/** A word given out for this room says what they may do here, and lets guests in where none are allowed otherwise. */
async function proveByToken(attempt: Attempt): Promise<Proved> {
  const { room, command } = attempt;
  const admission = await admit(attempt, room.view.name);
  if (admission.kind === 'refused') return { refusal: refusalOf(admission.reason, command) };
  const { roomToken: _, ...credentials } = command.credentials;
  const proof = await authenticate(attempt, credentials, { name: admission.username, guestsAllowed: true });
  if ('refusal' in proof) return proof;
  // Who is known for more than a guest keeps what they have.
  const { identity } = proof;
  const permissions =
    identity.kind === 'guest' && !identity.permissions.has('op')
      ? admission.permissions
      : new Set([...identity.permissions, ...admission.permissions]);
  return { ...proof, identity: { ...identity, permissions } };
}

const REFUSED = { wrong: { code: 'room-password' }, 'too-often': { code: 'too-fast' } } as const;

/** Whether somebody knows the room's password, or needs not. */
async function roomVerdict({ hub, session, room, command }: Attempt): Promise<Verdict> {
  const { admitted, roomPassword = '' } = command.credentials;
  const { passwordHash } = room.door;
  if (passwordHash === undefined || admitted) return 'right';
  return roomPassword === '' ? 'wrong' : hub.passwords.check(roomPassword, passwordHash, session.household);
}

/** Operators pass without it; who they are is not known before they proved it. */
function mayBeOperator({ token, jwt, password, invitation }: Credentials): boolean {
  return [token, jwt, password, invitation].some((one) => one !== undefined);
}

async function authenticate(
  { hub, session, room, command }: Attempt,
  credentials: Credentials,
  terms: { readonly name?: string; readonly guestsAllowed?: boolean } = {},
): Promise<Proved> {
  const { name = command.name, guestsAllowed = hub.settings.guestsAllowed } = terms;
  const proof = await hub.identities.authenticate({
    name,
    credentials,
    guestsAllowed,
    registration: hub.settings.registration,
    household: session.household,
    nameInUse: () => room.view.memberNamed(cleanName(name)) !== undefined,
    ...(command.ephemeral ? { ephemeral: true } : {}),
  });
  return proof.kind === 'refused' ? { refusal: proof.refusal } : { identity: proof.identity, token: proof.token };
}

// --- groups -----------------------------------------------------------------------------------------------------------

/**
 * The group's definition decides (`spec/galene.md` 4); operators of the whole server come in anywhere. Somebody's name
 * and rights are what it says; by what else they are known to us stays.
 */
async function proveInGroup(attempt: Attempt): Promise<Proved> {
  const { room, command } = attempt;
  const { group } = room.door;
  if (group?.redirect !== undefined) return { refusal: { code: 'room-elsewhere', detail: group.redirect } };
  const admission = await admit(attempt, group?.name ?? room.view.name);
  if (admission.kind === 'refused') {
    const proof = await proveOperator(attempt, refusalOf(admission.reason, command));
    // Whoever guesses is not to guess fast (1.5).
    if ('refusal' in proof) await sleep(REFUSAL_MS);
    return proof;
  }
  const { username, permissions } = admission;
  const proof = await knownAs(attempt, username || NO_NAME);
  if ('refusal' in proof) return proof;
  const { identity } = proof;
  const isOurs = identity.permissions.has('op');
  const isUser = group !== undefined && admission.ownsName && admission.viaToken === undefined;
  return {
    ...proof,
    identity: {
      ...identity,
      ...(isUser ? { groupLogin: { group: group.name, user: username } } : {}),
      name: username || NO_NAME,
      permissions: isOurs ? new Set([...identity.permissions, ...permissions]) : permissions,
      rules: isOurs ? identity.rules : NO_RULES,
    },
  };
}

/** Whoever they are to the house: the group's password may be that of their account, or something else altogether. */
async function knownAs(attempt: Attempt, name: string): Promise<Proved> {
  const { hub, command } = attempt;
  const { password, roomPassword: _, roomToken: __, register: ___, ...others } = command.credentials;
  const key = nameKey(cleanName(command.name));
  if (password && (await hub.storage.nameOwners([key])).has(key)) {
    const proof = await authenticate(attempt, { ...others, password }, { guestsAllowed: true });
    if ('identity' in proof) return proof;
  }
  return authenticate(attempt, others, { name, guestsAllowed: true });
}

/** Before a login is refused. */
const REFUSAL_MS = 200;

async function proveOperator(attempt: Attempt, otherwise: Refusal): Promise<Proved> {
  const { credentials } = attempt.command;
  if (!mayBeOperator(credentials)) return { refusal: otherwise };
  const { roomToken: _, register: __, ...rest } = credentials;
  const proof = await authenticate(attempt, rest);
  return 'identity' in proof && proof.identity.permissions.has('op') ? proof : { refusal: otherwise };
}

function admit({ hub, session, command }: Attempt, group: string): Promise<Admission> {
  const { password, roomPassword, roomToken } = command.credentials;
  return hub.groups.admit(group, {
    ...(command.name === '' ? {} : { username: command.name }),
    password: password ?? roomPassword ?? '',
    ...(roomToken ? { token: roomToken } : {}),
    household: session.household,
  });
}

const CODES: Readonly<Record<AdmissionRefusal, RefusalCode>> = {
  'illegal-group-name': 'room-unknown',
  'no-such-group': 'room-unknown',
  'not-authorised': 'login-failed',
  'need-username': 'name-required',
  'duplicate-username': 'name-taken',
  'too-often': 'too-fast',
};

function refusalOf(reason: AdmissionRefusal, { name }: JoinCommand): Refusal {
  return { code: CODES[reason], ...(reason === 'duplicate-username' ? { subject: name } : {}) };
}
