import { t } from '../i18n/t.ts';
import { errorMessage } from './bootstrap.ts';

/** A room of the list, as the server tells it to anybody. */
export interface ListedRoom {
  readonly name: string;
  readonly title: string;
  readonly members: number;
  /** 0 is no limit. */
  readonly guestLimit: number;
  /** Whether it asks for one. */
  readonly password: boolean;
  /** When somebody was there last, in milliseconds since 1970. */
  readonly activeAt: number;
}

export interface NewRoom {
  readonly name: string;
  /** Empty for none. */
  readonly password: string;
  readonly isPublic: boolean;
  /** 0 is no limit. */
  readonly guestLimit: number;
}

/** The message is for people. */
export class RoomsError extends Error {}

export function roomPath(name: string): string {
  return `/r/${encodeURIComponent(name)}`;
}

/** The public rooms. Rejects with a `RoomsError`. */
export async function fetchRooms(): Promise<readonly ListedRoom[]> {
  const { rooms } = await askRooms();
  return Array.isArray(rooms) ? rooms.map(readRoom).filter((room) => room !== undefined) : [];
}

/** Makes a room, and resolves to its name in addresses. Rejects with a `RoomsError`. */
export async function createRoom(order: NewRoom): Promise<string> {
  const { name, password, isPublic, guestLimit } = order;
  const made = await askRooms({ name, password, public: isPublic, guest_limit: guestLimit });
  if (typeof made.name !== 'string' || made.name === '') throw new RoomsError(t('error.unknown'));
  return made.name;
}

async function askRooms(order?: object): Promise<Readonly<Record<string, unknown>>> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(order) };
  const response = await fetch('/api/rooms', order && post).catch(() => undefined);
  if (!response) throw new RoomsError(t('rooms.unreachable'));
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new RoomsError(errorMessage(body) || t('error.unknown'));
  return (body ?? {}) as Readonly<Record<string, unknown>>;
}

function readRoom(said: unknown): ListedRoom | undefined {
  const { name, title, members, guestLimit, password, activeAt } = (said ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || name === '') return undefined;
  return {
    name,
    title: typeof title === 'string' && title !== '' ? title : name,
    members: count(members),
    guestLimit: count(guestLimit),
    password: password === true,
    activeAt: count(activeAt),
  };
}

function count(value: unknown): number {
  return typeof value === 'number' && value > 0 ? value : 0;
}
