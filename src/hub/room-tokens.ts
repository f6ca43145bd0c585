import type { RoomTokenCommand } from '../core/command.ts';
import type { RefusalCode } from '../core/errors.ts';
import type { RoomToken } from '../core/event.ts';
import type { SharedData } from '../core/json.ts';
import type { TokenAsker, TokenRefusal } from '../groups/group-tokens.ts';
import { knownPermissions } from '../groups/permissions.ts';
import type { GroupToken } from '../storage/port.ts';
import type { Asker } from './asking.ts';
import type { Answer, HubContext } from './services.ts';

/** Words that admit to a room, for those of its people who may give them out. */
export async function handleRoomToken(
  hub: HubContext,
  asker: Asker,
  answer: Answer,
  command: RoomTokenCommand,
): Promise<void> {
  const { tokens } = hub.groups;
  const who = await tokenAsker(hub, asker);
  if (command.type === 'list-room-tokens') {
    const list = await tokens.list(who);
    if (list.kind === 'refused') return hub.refuse(asker.session, answer, refusalOf(list.reason));
    return hub.accept(asker.session, answer, { kind: 'room-tokens', tokens: list.tokens.map(roomToken) });
  }
  const made =
    command.type === 'make-room-token'
      ? await tokens.make(who, forGroup(command.order, who))
      : await tokens.edit(who, command.order);
  if (made.kind === 'refused') return hub.refuse(asker.session, answer, refusalOf(made.reason));
  hub.accept(asker.session, answer, { kind: 'room-tokens', tokens: [roomToken(made.token)] });
}

/** For the room that they are in, however they write its name. */
function forGroup(order: SharedData, { group }: TokenAsker): SharedData {
  const said = order.group;
  const isMeant = said === undefined || (typeof said === 'string' && said.toLowerCase() === group.toLowerCase());
  return isMeant ? { ...order, group } : order;
}

async function tokenAsker(hub: HubContext, { member, place }: Asker): Promise<TokenAsker> {
  const { group } = place.room.door;
  const found = group && (await hub.groups.find(group.name));
  return {
    group: group?.name ?? place.room.view.name,
    ...(found ? { description: found.description } : {}),
    username: member.name,
    permissions: member.permissions,
  };
}

function roomToken({ token, group, username, permissions, ...times }: GroupToken): RoomToken {
  const { expires, notBefore, issuedAt, issuedBy } = times;
  return {
    token,
    room: group,
    permissions: [...knownPermissions(permissions)],
    ...(username === undefined ? {} : { username }),
    ...(expires === undefined ? {} : { expires }),
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(issuedAt === undefined ? {} : { issuedAt }),
    ...(issuedBy === undefined ? {} : { issuedBy }),
  };
}

const CODES: Readonly<Record<TokenRefusal, RefusalCode>> = {
  'not-permitted': 'not-permitted',
  malformed: 'bad-frame',
  'token-given': 'bad-frame',
  'other-group': 'not-permitted',
  'no-expiry': 'bad-frame',
  'username-taken': 'name-taken',
  'permissions-lacking': 'not-permitted',
  'too-many': 'tokens-too-many',
  'unknown-token': 'token-unknown',
};

const DETAILS: Partial<Readonly<Record<TokenRefusal, string>>> = {
  'token-given': 'The token itself is ours to choose.',
  'other-group': 'The token would be for another room.',
  'no-expiry': 'The token needs a time when it expires.',
  'permissions-lacking': 'Nobody gives away rights that they do not have.',
};

function refusalOf(reason: TokenRefusal) {
  const detail = DETAILS[reason];
  return { code: CODES[reason], ...(detail === undefined ? {} : { detail }) };
}
