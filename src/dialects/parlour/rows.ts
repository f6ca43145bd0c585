import type { Channel } from '../../core/channel.ts';
import { isOperator, isVip, type Member } from '../../core/member.ts';
import type { Message } from '../../core/message.ts';
import { RELATION_KINDS, type RelationKind } from '../../core/relation.ts';
import { type RoomView, type RosterRow, rowFor } from '../../core/view.ts';
import type { WireChannel, WireMember, WireMessage, WireSelf } from './wire.ts';

/** What the wire says of a member, a channel, a message. */
export function wireMember(row: RosterRow): WireMember {
  const { member } = row;
  const { identity } = member;
  return {
    id: member.id,
    name: member.name,
    ...(identity.nickname === undefined ? {} : { nickname: identity.nickname }),
    ...(identity.avatarUrl === undefined ? {} : { avatar: identity.avatarUrl }),
    ...(identity.profileUrl === undefined ? {} : { profile: identity.profileUrl }),
    ...(identity.emoji === undefined ? {} : { emoji: identity.emoji }),
    ...(identity.gender === undefined ? {} : { gender: identity.gender }),
    status: row.status,
    dnd: member.dnd,
    camera: row.camera,
    operator: isOperator(member),
    ...(member.abilities.direct ? {} : { noDirect: true as const }),
    ...(member.permissions.has('present') ? {} : { noPresent: true as const }),
    ...(member.permissions.has('message') ? {} : { noMessage: true as const }),
    ...(Object.keys(member.data).length > 0 ? { data: member.data } : {}),
    vip: row.vip,
    joinedAt: member.joinedAt,
  };
}

/** One's own line, hidden or not, with what nobody else is told. */
export function wireSelf(room: RoomView, self: Member): WireSelf {
  const row: RosterRow = { member: self, camera: self.camera, status: self.statusSaid, vip: isVip(self) };
  const relations = Object.fromEntries(
    RELATION_KINDS.map((kind) => [kind, [...room.relations.of(self.name, kind)]]),
  ) as Record<RelationKind, string[]>;
  const { groupLogin } = self.identity;
  const hasAccount = self.identity.ownsName === true && self.identity.kind === 'account';
  return {
    ...wireMember(row),
    ...(hasAccount ? { account: true as const } : {}),
    ...(groupLogin && room.terms.passwordsChangeable ? { groupLogin: { ...groupLogin } } : {}),
    permissions: [...self.permissions],
    rules: [...self.rules],
    relations,
  };
}

export function wireChannel(channel: Channel): WireChannel {
  const { id, name, icon, description, welcome, vip, photos } = channel;
  return { id, name, icon, description, welcome: [...welcome], vip, photos };
}

export function wireMessage(message: Message, reader: { readonly identityId: string | undefined }): WireMessage {
  const own = message.author.identityId === reader.identityId;
  return {
    id: message.id,
    ...(message.target.kind === 'channel' ? { channel: message.target.channel } : { to: message.target.name }),
    from: message.author.name,
    ...(own ? { own: true as const } : {}),
    at: message.at,
    ...bodyOf(message),
    ...(own && message.clientId !== undefined ? { clientId: message.clientId } : {}),
    reactions: message.reactions.map(({ emoji, by }) => ({ emoji, by: by.map((author) => author.name) })),
  };
}

function bodyOf({ body }: Message): Pick<WireMessage, 'text' | 'image'> {
  if (body.kind === 'text') return { text: body.text };
  const { id, mediaType, width, height } = body.attachment;
  return { image: { url: `/attachments/${id}`, mediaType, width, height, fileName: body.fileName } };
}

/** The roster of somebody who enters: everybody they may see, in the order of their names. */
export function wireRoster(room: RoomView, viewer: Member): WireMember[] {
  const rows: WireMember[] = [];
  for (const member of room.members()) {
    const row = rowFor(room, viewer, member);
    if (row) rows.push(wireMember(row));
  }
  return rows.sort((a, b) => a.name.localeCompare(b.name));
}
