import type { Event } from '../../core/event.ts';
import type { Member } from '../../core/member.ts';
import type { Permission } from '../../core/permission.ts';
import { canSee, type RoomView } from '../../core/view.ts';
import type { Frame, Viewer } from '../dialect.ts';
import { historic } from './encode-chat.ts';
import { frame } from './frames.ts';
import type { GaleneState } from './state.ts';
import type { ServerMessage } from './wire.ts';

/** The wire's words; `vip` is another wire's. */
const WORDS: ReadonlySet<Permission> = new Set(['op', 'present', 'message', 'caption', 'record', 'token', 'admin']);

/** In this order (`spec/galene.md` 1.5): oneself, what was said, oneself in the list, and all others. */
export function entered(event: Extract<Event, { type: 'room-entered' }>, viewer: Viewer<GaleneState>): Frame[] {
  const { room, state } = viewer;
  const { self, recent } = event;
  if (!room) return [];
  state.toldPermissions = permissionKey(self);
  const others = [...room.members()].filter((member) => member.id !== self.id && canSee(room, self, member));
  return [
    joined('join', self, { room, state }),
    // Of several channels, which are one conversation here.
    ...recent.toSorted((one, other) => one.id - other.id).flatMap((message) => historic(message, viewer)),
    user('add', self, state),
    ...others.map((member) => user('add', member, state)),
  ];
}

/** What clients know of the group, as it is now. */
export function joinedChange({ member, room, state }: Viewer<GaleneState>): Frame {
  if (!member || !room) return frame({ type: 'joined', kind: 'change', group: state.group });
  return joined('change', member, { room, state });
}

function joined(kind: 'join' | 'change', self: Member, { room, state }: { room: RoomView; state: GaleneState }): Frame {
  const message: ServerMessage = {
    type: 'joined',
    kind,
    group: state.group,
    username: self.name,
    permissions: permissionsOf(self, state),
    status: statusOf(room, state),
    // One that became empty is said to be so.
    data: kind === 'change' || Object.keys(room.data).length > 0 ? room.data : undefined,
    rtcConfiguration: rtcConfiguration(state),
  };
  return frame(message);
}

/** 1.5.1. Clients put what they are told over what they know, so that an open lock has to be said. */
function statusOf(room: RoomView, { group }: GaleneState): object {
  const { description, authServer, authPortal, passwordsChangeable } = room.terms;
  return {
    name: group.replace(/\/$/, ''),
    displayName: room.title === '' || room.title === group ? undefined : room.title,
    description: description || undefined,
    authServer,
    authPortal,
    locked: room.lock !== undefined,
    clientCount: room.size,
    canChangePassword: passwordsChangeable,
  };
}

function rtcConfiguration({ context, id }: GaleneState): object {
  const servers = context.settings.iceServers(id);
  return {
    ...(servers.length > 0
      ? {
          iceServers: servers.map((server) => ({
            ...server,
            ...(server.credential ? { credentialType: 'password' } : {}),
          })),
        }
      : {}),
    ...(context.settings.galene.relayOnly ? { iceTransportPolicy: 'relay' } : {}),
  };
}

/** Their own rights are told to themselves in another way than others'. */
export function selfChanged(self: Member, viewer: Viewer<GaleneState>): Frame[] {
  const { room, state } = viewer;
  const key = permissionKey(self);
  const isNew = key !== state.toldPermissions;
  state.toldPermissions = key;
  return [...(isNew && room ? [joined('change', self, { room, state })] : []), user('change', self, state)];
}

export function user(kind: 'add' | 'change' | 'delete', member: Member, state: GaleneState): Frame {
  const { handle: id, name: username } = member;
  if (kind === 'delete') return frame({ type: 'user', kind, id, username });
  const hasData = Object.keys(member.data).length > 0;
  const names = hasData || kind === 'change' ? state.variant.userData : [];
  const data = Object.fromEntries(names.map((name) => [name, member.data]));
  return frame({ type: 'user', kind, id, username, permissions: permissionsOf(member, state), ...data });
}

/** Among the people, so that everybody sees it (`spec/galene.md` 2.15). */
export function recorder(kind: 'add' | 'delete', id: string, { variant }: GaleneState): Frame {
  const username = 'RECORDING';
  if (kind === 'delete') return frame({ type: 'user', kind, id, username });
  const permissions = variant.permissions === 'array' ? ['system'] : { system: true };
  return frame({ type: 'user', kind, id, username, permissions });
}

/** 0.2: what the document of 2021 says, and what the clients of its day read. */
function permissionsOf({ permissions }: Member, { variant }: GaleneState): readonly string[] | object {
  const words = [...permissions].filter((word) => WORDS.has(word));
  return variant.permissions === 'array' ? words : Object.fromEntries(words.map((word) => [word, true]));
}

function permissionKey({ name, permissions }: Member): string {
  return [name, ...[...permissions].sort()].join('\n');
}
