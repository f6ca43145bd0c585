import { isOperator, isVip, type Member } from '../../core/member.ts';
import { commonRow, hasOwnView, type RoomView, type RosterRow, rowFor } from '../../core/view.ts';
import type { Frame, Viewer } from '../dialect.ts';
import { cameraFields } from './frames.ts';
import type { WhoRow } from './wire.ts';

/** `null` for those whose list is like nobody else's. */
export function whoKey({ member, room }: Viewer): string | null {
  if (!member || !room || hasOwnView(room, member)) return null;
  return isVip(member) ? 'vip' : '';
}

/** The whole list, in the byte order of the names: clients show it in the order it comes (`spec/barertc.md` 1.3). */
export function whoFrame({ member, room }: Viewer): Frame {
  if (!member || !room) return { text: '{"action":"who","whoList":[]}' };
  const audience = { vip: isVip(member) };
  const own = hasOwnView(room, member);
  const lines: { readonly name: string; readonly json: string }[] = [];
  for (const other of room.members()) {
    const json = own ? ownLine(room, member, other) : commonLine(room, other, audience);
    if (json !== undefined) lines.push({ name: other.name, json });
  }
  lines.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return { text: `{"action":"who","whoList":[${lines.map((line) => line.json).join(',')}]}` };
}

/** A member's line as most see it, kept as long as the member stays what they are. */
const commonLines = { vip: new WeakMap<Member, string>(), other: new WeakMap<Member, string>() };

function commonLine(room: RoomView, member: Member, audience: { readonly vip: boolean }): string | undefined {
  const cache = audience.vip ? commonLines.vip : commonLines.other;
  const cached = cache.get(member);
  if (cached !== undefined) return cached;
  const row = commonRow(room, member, audience);
  if (!row) return undefined;
  const json = JSON.stringify(whoRow(row));
  cache.set(member, json);
  return json;
}

function ownLine(room: RoomView, viewer: Member, member: Member): string | undefined {
  const row = rowFor(room, viewer, member);
  if (!row) return undefined;
  const audience = { vip: isVip(viewer) };
  const common = commonRow(room, member, audience);
  const isCommon = common?.camera === row.camera && common.status === row.status && common.vip === row.vip;
  return isCommon ? commonLine(room, member, audience) : JSON.stringify(whoRow(row));
}

function whoRow(row: RosterRow): WhoRow {
  const { member } = row;
  const { identity } = member;
  return {
    username: member.name,
    status: row.status,
    ...cameraFields(row.camera),
    loginAt: Math.floor(member.joinedAt / 1000),
    op: isOperator(member),
    ...(identity.nickname ? { nickname: identity.nickname } : {}),
    ...(member.dnd ? { dnd: true } : {}),
    ...(row.vip ? { vip: true } : {}),
    ...(identity.avatarUrl ? { avatar: identity.avatarUrl } : {}),
    ...(identity.profileUrl ? { profileURL: identity.profileUrl } : {}),
    ...(identity.emoji ? { emoji: identity.emoji } : {}),
    ...(identity.gender ? { gender: identity.gender } : {}),
  };
}
