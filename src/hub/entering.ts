import type { JoinCommand, ResumeCommand } from '../core/command.ts';
import type { Identity } from '../core/identity.ts';
import { cleanName, nameKey, numberedName } from '../core/name.ts';
import type { RelationNames } from '../core/relation.ts';
import type { HostedRoom } from './hosted-room.ts';
import { prove } from './proving.ts';
import type { Answer, HubContext } from './services.ts';
import type { Session } from './session.ts';

/** How many of "name 2", "name 3" … are looked up where "name" belongs to somebody. */
const NUMBERED_NAMES = 20;

/** Proves who somebody is, and lets them into the room. */
export async function join(hub: HubContext, session: Session, answer: Answer, command: JoinCommand): Promise<void> {
  const room = await hub.openRoom(command.room);
  if (!room) return hub.refuse(session, answer, { code: 'room-unknown', subject: command.room });
  const proof = await prove({ hub, session, room, command });
  if (session.ended || !session.connected) return;
  if ('refusal' in proof) return hub.refuse(session, answer, proof.refusal);
  const useless = command.purpose && room.refusalFor(command.purpose, proof.identity);
  if (useless) return hub.refuse(session, answer, useless);

  const [relations, ownedNames] = await Promise.all([
    knownRelations(hub, room, proof.identity),
    namesOfOthers(hub, proof.identity),
  ]);
  if (session.ended || !session.connected) return;
  // A second login on one connection is somebody who left and came again.
  leaveAtOnce(session);
  const entry = room.enter(
    {
      identity: proof.identity,
      ...command.presence,
      address: session.address,
      ownedNames,
      relations: [...relations, command.relations],
      ...(command.abilities ? { abilities: command.abilities } : {}),
      ...(command.handle === undefined ? {} : { handle: command.handle }),
      ...(command.data ? { data: command.data } : {}),
      ...(command.onlyOnce ? { onlyOnce: true } : {}),
    },
    {
      session,
      bind: ({ memberId }) => bind(hub, session, { room, memberId, token: proof.token, key: command.resumeKey }),
    },
  );
  if (!('kind' in entry)) {
    await entry;
    // The connection was lost while the entry waited for its turn.
    if (session.ended) return leaveAtOnce(session);
    return hub.accept(session, answer, { kind: 'done' });
  }
  hub.refuse(session, answer, entry.refusal);
  if (entry.disconnect) session.disconnect(entry.disconnect);
}

/** Goes, and keeps the connection. */
export function leaveAtOnce(session: Session): void {
  session.place?.room.depart(session.place.memberId, { session, how: 'left' });
  session.place = undefined;
}

async function knownRelations(hub: HubContext, room: HostedRoom, identity: Identity): Promise<RelationNames[]> {
  if (!identity.durable) return [];
  const stored = await hub.storage.relations(room.view.name, identity.id);
  if (identity.kind !== 'token') return [stored];
  // Whom the website says they block, whether or not their client says so, too.
  const names = await hub.storage.blocklist(nameKey(identity.name));
  return [stored, { mute: names, block: names }];
}

/** Of the names that somebody might get, those that belong to others; a name of one's own is never among them. */
export async function namesOfOthers(
  hub: HubContext,
  identity: Pick<Identity, 'id' | 'name'>,
): Promise<ReadonlySet<string>> {
  const name = nameKey(cleanName(identity.name));
  const owners = await hub.storage.nameOwners([name]);
  const owner = owners.get(name);
  if (owner === undefined || owner === identity.id) return new Set();
  const numbered = Array.from({ length: NUMBERED_NAMES }, (_, index) => nameKey(numberedName(name, index + 2)));
  return new Set([name, ...(await hub.storage.nameOwners(numbered)).keys()]);
}

function bind(
  hub: HubContext,
  session: Session,
  place: {
    readonly room: HostedRoom;
    readonly memberId: string;
    readonly token: string;
    readonly key: string | undefined;
  },
): void {
  session.place = { room: place.room, memberId: place.memberId, since: place.room.seq };
  if (session.ended) return;
  session.trust();
  if (!session.dialect.limits.resumable) return;
  hub.makeResumable(session, place.key);
  session.tell(
    {
      type: 'welcomed',
      session: session.secret,
      token: place.token,
      epoch: place.room.epoch,
      seq: place.room.seq,
      recovered: false,
    },
    { seq: 0 },
  );
}

/** Takes up a session whose connection was lost, with all that it missed; or enters anew where it is gone. */
export async function resume(hub: HubContext, session: Session, answer: Answer, command: ResumeCommand): Promise<void> {
  const { otherwise, seen } = command;
  const anew = (): Promise<void> | undefined => (otherwise ? join(hub, session, answer, otherwise) : undefined);
  const older = hub.sessionBySecret(command.session);
  const place = older?.place;
  const room = place?.room;
  if (!older?.member || older === session || !room) return anew();
  if (otherwise && room.view.name !== otherwise.room.toLowerCase()) return anew();
  // From where they come now, they might not be let in.
  if (room.isBarred(place.memberId, session.address)) return anew();
  const token = await hub.identities.tokenFor(older.member.identity);
  // Who has lost this connection as well has none to give.
  if (session.ended || !session.connected) return;
  if (older.ended || !older.member) return anew();
  const { memberId, since } = place;
  const missed = room.missed(memberId, lastSeen(older, { room, since, seen }));
  older.dropConnection();
  session.handOver(older);
  room.noteAddress(memberId, older.address);
  older.tell(
    {
      type: 'welcomed',
      session: older.secret,
      token,
      epoch: room.epoch,
      seq: room.seq,
      recovered: missed !== undefined,
    },
    { seq: 0 },
  );
  if (missed) for (const { event, seq } of missed) older.tell(event, { seq });
  else {
    const everything = room.recall(memberId);
    if (everything) older.tell(everything, { seq: room.seq });
  }
  room.sendRosterTo(older);
  hub.takenUp(session);
  hub.accept(older, answer, { kind: 'done' });
}

/** Up to where they know what happened; before all numbers where that is not known. */
function lastSeen(
  older: Session,
  { room, since, seen }: { readonly room: HostedRoom; readonly since: number; readonly seen: ResumeCommand['seen'] },
): number {
  if (!seen) return older.lostAt ?? room.seq;
  // Whom an event from before they came is for was decided without them: it is not theirs to miss.
  return seen.epoch === room.epoch && seen.seq >= since ? seen.seq : -1;
}
