import { Camera } from '../../../src/core/camera.ts';
import { isOperator, isVip, type Member } from '../../../src/core/member.ts';
import { nameKey } from '../../../src/core/name.ts';
import type { Grudges } from './grudges.ts';
import { memberOf, type Peer, type Received, type Stay } from './peer.ts';
import { mayEnter, mayHaveBeenTold, mayRecall, type Posted } from './posted.ts';
import { hasStreams } from './script.ts';
import { markersIn, type Row, type Sighting } from './sighting.ts';
import { mayWatch, type StreamBook } from './stream-book.ts';
import type { World } from './world.ts';

export interface Moment {
  readonly world: World;
  readonly peers: readonly Peer[];
  /** Stays whose client has moved on, and which nobody will take up. */
  readonly ghosts: readonly Stay[];
  readonly posted: ReadonlyMap<string, Posted>;
  /** As they were before the step. */
  readonly before: Grudges;
  readonly after: Grudges;
  /** The connection on which this step brought what was missed earlier. */
  readonly replaying: Peer | undefined;
  /** Cameras opened, by viewer's and broadcaster's ids. */
  readonly opened: ReadonlySet<string>;
  readonly streams: StreamBook;
  /** Who was there before the step, and whether the room was locked. */
  readonly earlier: readonly Member[];
  readonly wasLocked: boolean;
}

/** Throws where the step brought about what must not be. */
export function expectTruth(moment: Moment): void {
  const { faults } = moment.world;
  if (faults.length > 0) throw new Error(`The hub had a fault: ${faults.join('\n')}`);
  expectWholeRoom(moment);
  expectLock(moment);
  expectStreams(moment);
  for (const peer of moment.peers) {
    const viewer = memberOf(moment.world.room, peer.stay);
    if (peer.connected && peer.stay && viewer) {
      expectRoster(moment, peer, viewer);
      expectRecording(moment, peer, viewer);
      for (const marker of peer.stay.owed) throw new Error(`${marker} did not reach ${viewer.name}.`);
    }
    for (const received of peer.received) expectNoLeak(moment, { peer, viewer, received });
  }
}

/** Each member is one client's, connected or soon to be back; and each client in the room is a member of it. */
function expectWholeRoom({ world, peers, ghosts }: Moment): void {
  const members = [...world.room.members()];
  const names = new Set(members.map((member) => nameKey(member.name)));
  if (names.size !== members.length) throw new Error('Two members have one name.');
  if (world.counts.members !== members.length) {
    throw new Error(`${members.length} members, but ${world.counts.members} sessions of members.`);
  }
  const stays = [...peers.map((peer) => peer.stay), ...ghosts].filter((stay) => stay !== undefined);
  const owners = stays.map((stay) => memberOf(world.room, stay)?.id);
  for (const member of members) {
    const count = owners.filter((id) => id === member.id).length;
    if (count !== 1) throw new Error(`${member.name} is the member of ${count} clients.`);
  }
  for (const peer of peers) {
    if (peer.connected && peer.stay && !memberOf(world.room, peer.stay)) {
      throw new Error(`Peer ${peer.index} was not told that ${peer.stay.name} is out of the room.`);
    }
  }
}

/** While a room is locked, operators alone come in; and who has a name that is theirs, in the place of who took it. */
function expectLock({ world, earlier, wasLocked }: Moment): void {
  if (!wasLocked || world.room.lock === undefined) return;
  const before = new Set(earlier.flatMap((member) => [member.id, nameKey(member.name)]));
  for (const member of world.room.members()) {
    const isNew = !before.has(member.id) && !before.has(nameKey(member.name));
    if (isNew && !isOperator(member)) throw new Error(`${member.name} came in, and the room is locked.`);
  }
}

/** What is forwarded is what is wanted and allowed, and whose clients take it know so. */
function expectStreams({ world, peers, streams, after }: Moment): void {
  const { media, room } = world;
  if (media.faults.length > 0) throw new Error(`Media was asked: ${media.faults.join('\n')}`);
  const expected = streams.expected(room, after);
  const [is, should] = [media.forwards, expected].map((forwards) =>
    forwards.map(({ stream, to, wanted: { audio, video } }) => `${stream} to ${to}: ${audio} ${video}`).sort(),
  );
  if (JSON.stringify(is) !== JSON.stringify(should)) {
    throw new Error(`What is forwarded is ${JSON.stringify(is)}, and should be ${JSON.stringify(should)}.`);
  }
  for (const id of media.streams) if (!streams.get(id)?.isLive) throw new Error(`${id} is gone, and goes on.`);
  for (const peer of peers) {
    const viewer = memberOf(room, peer.stay);
    if (!peer.connected || !peer.stay || !viewer || !hasStreams(peer.wire)) continue;
    const held = [...peer.stay.streams.down].sort().join(', ');
    const due = expected.filter(({ to }) => to === viewer.id).map(({ stream }) => stream);
    if (held !== due.sort().join(', ')) throw new Error(`${viewer.name} holds ${held}, and should hold ${due}.`);
  }
}

function expectRoster({ world, after }: Moment, { stay, wire, knowsRoster }: Peer, viewer: Member): void {
  if (!stay || !knowsRoster) return;
  const isOnCamera = wire === 'parlour' || wire === 'barertc';
  const expected: Record<string, number> = {};
  for (const member of world.room.members()) {
    if (member.id === viewer.id || member.hidden || after.blocked(viewer.name, member.name)) continue;
    if (wire === 'camus' && member.abilities.video !== 'mesh') continue;
    expected[member.name] = isOnCamera ? cameraFor(after, viewer, member) : 0;
  }
  const shown: Record<string, number> = {};
  for (const row of stay.roster.values()) if (row.name !== viewer.name) shown[row.name] = row.camera;
  const [is, should] = [shown, expected].map((roster) => JSON.stringify(Object.entries(roster).sort()));
  if (is !== should) throw new Error(`The roster of ${viewer.name} is ${is}, and should be ${should}.`);
}

/** Whoever is recorded knows it. */
function expectRecording({ world }: Moment, { wire, stay }: Peer, { name }: Member): void {
  if (wire !== 'parlour' && wire !== 'galene') return;
  const is = world.room.recording !== undefined;
  if (stay?.isRecorded !== is) throw new Error(`To ${name} it seems that the room is ${is ? 'not ' : ''}recorded.`);
}

/** `spec/barertc.md` 1.9.4, written down a second time. */
function cameraFor(grudges: Grudges, viewer: Member, member: Member): number {
  if (grudges.shutOut(viewer.name, member.name)) return isOperator(viewer) ? member.camera & ~Camera.mutualOpen : 0;
  const invited = grudges.has(member.name, 'invite', viewer.name);
  const forVips = (member.camera & Camera.vipOnly) !== 0;
  if (forVips && !isVip(viewer) && !isOperator(viewer) && !invited) return 0;
  return invited ? member.camera | Camera.invited : member.camera;
}

interface Arrival {
  readonly peer: Peer;
  /** Who receives it; nobody where they are out of the room by now. */
  readonly viewer: Member | undefined;
  readonly received: Received;
}

function expectNoLeak(moment: Moment, { peer, viewer, received }: Arrival): void {
  // What was missed is as it was then, before whom they muted since.
  const isWelcome = peer.sightings.some((each) => each.kind === 'welcome' && each.recovered);
  const recovers = moment.replaying === peer && (peer.wire === 'camus' || isWelcome);
  const asHeld = (post: Posted): Posted => (recovers ? { ...post, heldAgainst: 'nobody', isGone: false } : post);
  const told = new Set(received.sightings.flatMap((each) => (each.kind === 'message' ? [each.marker] : [])));
  for (const marker of markersIn(received.text)) {
    const post = moment.posted.get(marker);
    if (!post || !viewer) throw new Error(`${marker} was read outside of the room.`);
    const may = told.has(marker) ? mayHaveBeenTold(post, viewer) : mayRecall(asHeld(post), viewer, moment.after);
    if (!may) throw new Error(`${viewer.name} must not read ${marker}: ${received.text}`);
  }
  if (!viewer) return;
  for (const sighting of received.sightings) {
    const leak = leakIn(moment, { peer, viewer, sighting });
    if (leak) throw new Error(`${viewer.name} must not learn ${leak}: ${received.text}`);
  }
}

interface Seen {
  readonly peer: Peer;
  readonly viewer: Member;
  readonly sighting: Sighting;
}

/** What a sighting gives away, if anything. */
function leakIn(moment: Moment, seen: Seen): string | undefined {
  const { sighting } = seen;
  switch (sighting.kind) {
    case 'entered':
    case 'roster':
      return sighting.rows.map((row) => leakInRow(moment, seen.viewer, row)).find((leak) => leak !== undefined);
    case 'row':
      return leakInRow(moment, seen.viewer, sighting.row);
    case 'came':
      // A line of the chat says how it was then.
      if (seen.peer.wire === 'camus' && moment.replaying === seen.peer) return undefined;
      return leakInRow(moment, seen.viewer, { id: undefined, name: sighting.name, camera: 0 });
    case 'went':
      return leakInDeparture(moment, seen, sighting.name);
    case 'out-of-sight':
      return sighting.name === undefined ? undefined : leakInDeparture(moment, seen, sighting.name);
    case 'channels':
      return sighting.ids.every((id) => mayEnter(id, seen.viewer)) ? undefined : 'of this channel';
    case 'about-message':
      return leakAboutMessage(moment, seen, sighting);
    case 'address':
      return isOperator(seen.viewer) || wasOperator(moment, seen.viewer) ? undefined : 'from where anybody comes';
    case 'did':
      return moment.replaying === seen.peer ? undefined : leakOfOperator(moment, seen.viewer, sighting.name);
    case 'stream-offered':
      return moment.replaying === seen.peer ? undefined : leakInOffer(moment, seen.viewer, sighting.name);
    case 'typing':
    case 'ring':
    case 'opened':
    case 'signal':
    case 'watch':
    case 'unwatch':
      // What was missed was said when other things held.
      return moment.replaying === seen.peer ? undefined : leakBetween(moment, seen.viewer, sighting);
    default:
      return undefined;
  }
}

function leakInRow({ world, after }: Moment, viewer: Member, row: Row): string | undefined {
  const member = world.room.memberNamed(row.name);
  if (!member || member.id === viewer.id) return undefined;
  if (member.hidden) return 'of somebody hidden';
  if (after.blocked(viewer.name, row.name)) return 'of somebody blocked';
  if (after.shutOut(viewer.name, row.name) && !isOperator(viewer) && row.camera !== 0) return 'of that camera';
  return undefined;
}

function wasOperator({ earlier }: Moment, viewer: Member): boolean {
  return earlier.some((member) => member.id === viewer.id && isOperator(member));
}

function leakOfOperator({ world, after }: Moment, viewer: Member, name: string): string | undefined {
  const member = world.room.memberNamed(name);
  if (!member || member.id === viewer.id) return undefined;
  if (after.blocked(viewer.name, name)) return 'what somebody blocked did';
  return member.hidden ? 'what somebody hidden did' : undefined;
}

function leakInOffer({ world, after }: Moment, viewer: Member, name: string): string | undefined {
  const publisher = world.room.memberNamed(name);
  return publisher && !mayWatch(viewer, publisher, after) ? 'of that stream' : undefined;
}

/** Whoever enters anew in this step may hear of what happened under another name. */
function leakInDeparture({ before, replaying }: Moment, { peer, viewer }: Seen, name: string): string | undefined {
  if (replaying === peer || peer.hasEntered) return undefined;
  return before.blocked(viewer.name, name) ? 'that they went' : undefined;
}

function leakAboutMessage(
  moment: Moment,
  { peer, viewer }: Seen,
  about: Extract<Sighting, { kind: 'about-message' }>,
): string | undefined {
  const found = [...moment.posted.values()].find((each) => each.id === about.id);
  const post = found && { ...found, isGone: false };
  if (post && !mayRecall({ ...post, heldAgainst: 'nobody' }, viewer, moment.after)) return 'of this message';
  if (about.by === undefined || moment.replaying === peer) return undefined;
  const by = moment.world.room.memberNamed(about.by);
  if (post && by && !mayRecall({ ...post, heldAgainst: 'nobody' }, by, moment.after))
    return 'of a message unseen by them';
  return moment.after.deaf(viewer.name, about.by) ? 'what they did' : undefined;
}

function leakBetween({ after, world, opened }: Moment, viewer: Member, sighting: Between): string | undefined {
  const { name } = sighting;
  if (after.blocked(viewer.name, name)) return 'of somebody blocked';
  const other = world.room.memberNamed(name);
  const powerful = other !== undefined && isOperator(other);
  const refusesThem = after.shutOut(name, viewer.name) && !powerful;
  switch (sighting.kind) {
    case 'typing':
      if (other?.hidden) return 'of somebody hidden';
      return after.deaf(viewer.name, name) ? 'what they write' : undefined;
    case 'ring':
    case 'watch':
      return refusesThem ? 'that they watch' : undefined;
    case 'signal': {
      const invitedThem = other !== undefined && opened.has(`${viewer.id} ${other.id}`);
      return refusesThem && !invitedThem ? 'that they call' : undefined;
    }
    case 'opened':
      return after.shutOut(viewer.name, name) && !isOperator(viewer) ? 'of that camera' : undefined;
    default:
      return undefined;
  }
}

type Between = Extract<Sighting, { kind: 'typing' | 'ring' | 'opened' | 'signal' | 'watch' | 'unwatch' }>;
