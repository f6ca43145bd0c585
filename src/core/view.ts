import { Camera, type CameraFlags, has } from './camera.ts';
import type { Channel } from './channel.ts';
import type { ChannelId, MemberId, RoomName } from './ids.ts';
import type { SharedData } from './json.ts';
import { isOperator, isVip, type Member } from './member.ts';
import type { Message } from './message.ts';
import { nameKey } from './name.ts';
import type { Relations } from './relation.ts';
import type { StreamId } from './stream.ts';
import type { RoomTerms } from './terms.ts';

/** What dialects may see of a room. */
export interface RoomView {
  readonly name: RoomName;
  readonly title: string;
  readonly channels: readonly Channel[];
  readonly policy: RoomPolicy;
  readonly terms: RoomTerms;
  /** While it is there, operators alone come in; what others are told, empty where nothing was said. */
  readonly lock: string | undefined;
  /** What clients keep with the room. */
  readonly data: SharedData;
  /** While it is there, all streams are written to files. */
  readonly recording: Recording | undefined;
  readonly relations: Pick<Relations, 'has' | 'of' | 'toward' | 'touches'>;
  readonly size: number;
  members(): Iterable<Member>;
  member(id: MemberId): Member | undefined;
  memberNamed(name: string): Member | undefined;
  memberCalled(handle: string): Member | undefined;
  /** The latest handle of whoever this is or was, not long ago. */
  handleOf(identityId: string): string | undefined;
  channel(id: ChannelId): Channel | undefined;
}

/** What is written to files while it is there: all streams of the room. */
export interface Recording {
  /** What calls the recorder on wires that list it among the people (`spec/galene.md` 2.15). */
  readonly handle: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Streams of which nothing more can be written. */
  readonly failed: ReadonlySet<StreamId>;
}

export interface RoomPolicy {
  /** Explicit cameras are allowed, and marked. */
  readonly permitExplicit: boolean;
  /** Only VIPs see who is VIP. */
  readonly vipMutuallySecret: boolean;
  readonly blockableOperators: boolean;
  /** At most this many members; 0 is no limit. */
  readonly maxMembers: number;
  /** At most this many streams; and so many times all of them together are sent to somebody. Many, unless said. */
  readonly maxStreams?: number;
  readonly maxForwards?: number;
  /** The same of all who come from one address, where addresses say anything. */
  readonly maxStreamsPerAddress?: number;
  readonly maxForwardsPerAddress?: number;
  /** Whether there is where to record to. */
  readonly recordings?: boolean;
}

/** One line of a roster, as one viewer may see it. */
export interface RosterRow {
  readonly member: Member;
  readonly camera: CameraFlags;
  readonly status: string;
  readonly vip: boolean;
}

/**
 * The roster as `viewer` may see it: the one place that decides the lies (`spec/barertc.md` 1.9.4). Who is muted or
 * booted sees a camera that is off; who is blocked sees nobody. Not sorted.
 */
export function view(room: RoomView, viewer: Member): RosterRow[] {
  const rows: RosterRow[] = [];
  for (const member of room.members()) {
    const row = rowFor(room, viewer, member);
    if (row) rows.push(row);
  }
  return rows;
}

/** `member`'s row in `viewer`'s roster, or nothing where the viewer must not see them. */
export function rowFor(room: RoomView, viewer: Member, member: Member): RosterRow | undefined {
  if (member.id === viewer.id) {
    if (member.hidden) return undefined;
    return { member, camera: member.camera, status: member.statusSaid, vip: isVip(member) };
  }
  if (!canSee(room, viewer, member)) return undefined;
  return {
    member,
    camera: cameraFor(room, viewer, member),
    status: member.status,
    vip: isVip(member) && (!room.policy.vipMutuallySecret || isVip(viewer)),
  };
}

/**
 * The row that everybody sees who has no relation to `member` and is, or is not, VIP. Equal for all such viewers, so
 * that it can be encoded once; {@link hasOwnView} tells who is not one of them.
 */
export function commonRow(room: RoomView, member: Member, audience: { readonly vip: boolean }): RosterRow | undefined {
  if (member.hidden) return undefined;
  return {
    member,
    camera: has(member.camera, Camera.vipOnly) && !audience.vip ? 0 : member.camera,
    status: member.status,
    vip: isVip(member) && (!room.policy.vipMutuallySecret || audience.vip),
  };
}

/** Whether this viewer's roster may differ from the one made of {@link commonRow}s. */
export function hasOwnView(room: RoomView, viewer: Member): boolean {
  return (
    (isOperator(viewer) && !isVip(viewer)) ||
    viewer.status !== viewer.statusSaid ||
    (has(viewer.camera, Camera.vipOnly) && !isVip(viewer)) ||
    room.relations.touches(viewer.name)
  );
}

/** Whether the two are in each other's rosters at all. */
export function canSee(room: RoomView, viewer: Member, member: Member): boolean {
  return viewer.id === member.id || !(member.hidden || isBlockedPair(room, viewer.name, member.name));
}

export function isBlockedPair(room: RoomView, one: string, other: string): boolean {
  return room.relations.has(one, 'block', other) || room.relations.has(other, 'block', one);
}

/** Whether this name is that of an operator whom nobody can block. */
export function isUnblockable(room: RoomView, name: string): boolean {
  const member = room.memberNamed(name);
  return member !== undefined && isOperator(member) && (member.unblockable || !room.policy.blockableOperators);
}

function cameraFor(room: RoomView, viewer: Member, member: Member): CameraFlags {
  const shut = isShutOut(room, { viewer, broadcaster: member }) !== undefined;
  const invited = room.relations.has(member.name, 'invite', viewer.name);
  if (shut) return isOperator(viewer) ? member.camera & ~Camera.mutualOpen : 0;
  if (has(member.camera, Camera.vipOnly) && !isVip(viewer) && !isOperator(viewer) && !invited) return 0;
  return invited ? member.camera | Camera.invited : member.camera;
}

/** Why the broadcaster's camera is shown as off to the viewer. */
export function isShutOut(
  room: RoomView,
  pair: { readonly viewer: Member; readonly broadcaster: Member },
): 'boot' | 'mute' | undefined {
  const { viewer, broadcaster } = pair;
  if (room.relations.has(broadcaster.name, 'boot', viewer.name)) return 'boot';
  if (room.relations.has(broadcaster.name, 'mute', viewer.name)) return 'mute';
  return undefined;
}

/** Whether `reader` may read the channel at all. */
export function mayRead(channel: Channel, reader: Member): boolean {
  return !channel.vip || isVip(reader) || isOperator(reader);
}

/** Whether this message may be shown to `reader`, now that they look: channel, mute, block and shadow. */
export function mayReadMessage(room: RoomView, message: Message, reader: Member): boolean {
  const own = message.author.identityId === reader.identity.id;
  if (message.shadow) return own;
  if (message.target.kind === 'channel') {
    const channel = room.channel(message.target.channel);
    if (!channel || !mayRead(channel, reader)) return false;
  } else if (!own && message.recipient?.identityId !== reader.identity.id) return false;
  if (own) return true;
  // What reached them directly is theirs to read again; what they muted never did (it is a shadow).
  if (message.recipient) return !isBlockedPair(room, reader.name, message.author.name);
  const author = nameKey(message.author.name);
  return !room.relations.has(reader.name, 'mute', author) && !isBlockedPair(room, reader.name, author);
}
