import type { Desk, RoomCard } from '../../desk.ts';
import type { RouteRequest } from '../../http.ts';
import { pathOfGroup } from '../names.ts';

/** What everybody may know of a group (`spec/galene.md` 1.5.1 and 3.3). */
export interface GroupStatus {
  readonly name: string;
  readonly [field: string]: unknown;
}

/** Where clients reach the server: as the operator says, or as they have just done. */
export function baseOf({ headers }: RouteRequest, desk: Desk): URL {
  const { publicUrl, isSecure, galene } = desk.settings;
  const said = galene.proxyUrl ?? publicUrl;
  const host = /^[\w.:[\]-]{1,255}$/.test(headers.host ?? '') ? headers.host : 'localhost';
  return URL.parse(said ?? '') ?? new URL(`${isSecure ? 'https' : 'http'}://${host}`);
}

export function statusOf(
  card: RoomCard,
  { base, isPublic }: { readonly base: URL; readonly isPublic: boolean },
): GroupStatus {
  const name = card.group?.name ?? card.name;
  const { description, authServer, authPortal } = card.terms ?? {};
  const told = {
    name,
    displayName: card.title === '' || card.title === name ? undefined : card.title,
    description: description || undefined,
  };
  const redirect = card.group?.redirect;
  if (redirect !== undefined) return { ...told, redirect };
  const root = base.href.replace(/\/$/, '');
  return {
    ...told,
    location: `${root}/group/${pathOfGroup(name)}/`,
    endpoint: `${root.replace(/^http/, 'ws')}/ws`,
    authServer,
    authPortal,
    ...(isPublic ? { locked: card.isLocked || undefined, clientCount: card.members } : {}),
  };
}
