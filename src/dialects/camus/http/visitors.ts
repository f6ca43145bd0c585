import type { Desk, RoomCard } from '../../desk.ts';

/** A page of a room that was loaded: a client to be. */
export interface Visitor {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly key: string;
  /** When the page was loaded, milliseconds since 1970. */
  readonly at: number;
}

const PURPOSE = 'camus session';
const WEEK_SECONDS = 7 * 24 * 3600;
/** Pages of the same room in one browser that are remembered: each is somebody of its own. */
const MAX_VISITORS = 8;

type Door = Pick<RoomCard, 'name' | 'hasPassword' | 'createdAt'>;

interface Sealed {
  readonly room?: string;
  /** Whether the room asked for a password then. */
  readonly hasPassword?: boolean;
  /** When the room was made: another of the same name is another room. */
  readonly createdAt?: number;
  readonly visitors?: Visitor[];
}

/**
 * The pages of this room that the browser has loaded, the oldest first. A cookie of another room says nothing here, nor
 * one of this room from before it had a password.
 */
export async function visitorsIn(cookies: string, room: Door, desk: Pick<Desk, 'unseal'>): Promise<readonly Visitor[]> {
  for (const sealed of cookieValues(cookies, 'session')) {
    const content = (await desk.unseal(PURPOSE, sealed)) as Sealed | undefined;
    const isOfRoom = content?.room === room.name && content.createdAt === room.createdAt;
    if (isOfRoom && content.hasPassword === room.hasPassword && Array.isArray(content.visitors))
      return content.visitors;
  }
  return [];
}

/** The cookie that makes somebody of who loads a page now, beside those of the pages before. */
export async function cookieFor(
  page: { readonly room: Door; readonly path: string; readonly cookies: string },
  desk: Desk,
): Promise<string> {
  const { room, path, cookies } = page;
  const before = await visitorsIn(cookies, room, desk);
  const visitor: Visitor = { id: desk.newId(), key: `${desk.newId()}${desk.newId()}`, at: desk.now() };
  const visitors = [...before, visitor].slice(-MAX_VISITORS);
  const content: Sealed = {
    room: room.name,
    hasPassword: room.hasPassword,
    createdAt: room.createdAt,
    visitors,
  };
  return cookie('session', await desk.seal(PURPOSE, content, WEEK_SECONDS), { path, desk });
}

/** For this browser alone, for our own pages, and for TLS alone where there is any. */
export function cookie(
  name: string,
  value: string,
  { path, desk }: { readonly path: string; readonly desk: Desk },
): string {
  return `${name}=${value}; Path=${path}; HttpOnly; SameSite=Lax${desk.settings.isSecure ? '; Secure' : ''}`;
}

/** All values of a name: cookies of several paths may have the same. */
export function cookieValues(header: string, name: string): string[] {
  return header
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1));
}
