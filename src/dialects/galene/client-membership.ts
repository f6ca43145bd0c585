import { type GaleneFrame, isValues, permissionsOf, type RtcConfiguration, type Values } from './client-frames.ts';

export interface GroupUser {
  readonly id: string;
  readonly username: string;
  readonly permissions: readonly string[];
  /** The seed calls it `status`. */
  readonly data: Values;
}

/** Oneself in the group, and the group. */
export interface Membership {
  readonly group: string;
  /** As the server gave it: a token may say another one than was asked for. */
  readonly username: string;
  readonly permissions: readonly string[];
  /** Keys are merged and never taken away, as the latest client does it (`spec/galene.md` 1.5). */
  readonly status: Values;
  readonly data: Values;
  readonly rtcConfiguration: RtcConfiguration;
}

const NOTHING = { permissions: [], status: {}, data: {}, rtcConfiguration: {} };

/** What a `joined` of kind `join` or `change` leaves of what was known before. */
export function membershipAfter(before: Membership | undefined, frame: GaleneFrame): Membership {
  const known = before ?? { ...NOTHING, group: '', username: '' };
  return {
    group: frame.group ?? known.group,
    username: frame.username ?? known.username,
    permissions: frame.permissions == null ? known.permissions : permissionsOf(frame.permissions),
    status: { ...known.status, ...valuesOf(frame.status) },
    data: frame.data == null ? known.data : valuesOf(frame.data),
    rtcConfiguration: frame.rtcConfiguration ?? known.rtcConfiguration,
  };
}

/** What a `user` of kind `add` or `change` leaves of who was known before; undefined where it names nobody. */
export function userAfter(before: GroupUser | undefined, frame: GaleneFrame): GroupUser | undefined {
  const { id, username } = frame;
  if (!id) return undefined;
  const data = frame.data ?? frame.status;
  return {
    id,
    username: typeof username === 'string' ? username : (before?.username ?? ''),
    permissions: frame.permissions == null ? (before?.permissions ?? []) : permissionsOf(frame.permissions),
    data: data == null ? (before?.data ?? {}) : valuesOf(data),
  };
}

function valuesOf(value: unknown): Values {
  return isValues(value) ? value : {};
}
