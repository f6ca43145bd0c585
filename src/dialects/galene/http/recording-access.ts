import type { Desk, RoomCard } from '../../desk.ts';
import type { RouteRequest } from '../../http.ts';
import { pathOfGroup } from '../names.ts';

/** Somebody who may see the recordings of a room. */
export interface Viewer {
  readonly name: string;
  /** What they are known by: a name of the definition, or a member of the room. */
  readonly key: string;
  /** Whether the request itself has a name and password that were found to be right. */
  readonly hasPassword: boolean;
  /** Keeps them known to this browser; for the answer's `set-cookie`. */
  readonly cookie: string;
}

type Access = Viewer | 'nobody' | 'too-often';

/** What a ticket and a cookie say. */
interface Pass {
  readonly room: string;
  /** When the room was made: another of the same name is another room. */
  readonly createdAt: number;
  readonly name: string;
  readonly key: string;
  /** Whose rights decide, for as long as they are in the room. */
  readonly member?: string;
  /** Of what a password was checked against; who was admitted by one has no member. */
  readonly version?: string;
}

const COOKIE = 'recordings';
const COOKIE_PURPOSE = 'galene recordings';
const TICKET_PURPOSE = 'galene recordings ticket';
/** Long enough for a browser to open a page. */
const TICKET_SECONDS = 60;
/** Who left the room, or was made to, can look on for so long. */
const MEMBER_SECONDS = 3600;
/** A password is asked for again by itself: the browser has it. */
const PASSWORD_SECONDS = 600;

/**
 * Who asks, by the cookie of before, or by a name and password (`spec/galene.md` 3.4). A browser plays a file in dozens
 * of requests: each to be checked by a hash would be slow, and so it gets a cookie.
 */
export async function viewerOf(request: RouteRequest, room: RoomCard, desk: Desk): Promise<Access> {
  return (await byCookie(request, room, desk)) ?? byPassword(request, room, desk);
}

/** By name and password alone: what programs have, and what other people's pages cannot make a browser prove. */
export async function byPassword(request: RouteRequest, room: RoomCard, desk: Desk): Promise<Access> {
  const login = loginOf(request);
  if (!login) return 'nobody';
  const verdict = await desk.recordings.admit(room, { ...login, address: request.address });
  if (verdict === 'too-often') return verdict;
  if (verdict === 'refused') return 'nobody';
  const version = await desk.recordings.admissionVersion(room);
  const pass = passFor(room, { name: verdict.name, key: `user ${verdict.name}`, version });
  return { name: pass.name, key: pass.key, hasPassword: true, cookie: await cookieOf(pass, room, desk) };
}

async function byCookie(request: RouteRequest, room: RoomCard, desk: Desk): Promise<Viewer | undefined> {
  for (const sealed of cookieValues(request.headers.cookie ?? '')) {
    const pass = (await desk.unseal(COOKIE_PURPOSE, sealed)) as Pass | undefined;
    if (!pass || !isFor(room, pass)) continue;
    const standing = await standingOf(pass, room, desk);
    if (standing === 'may-not') continue;
    const { name, key } = pass;
    // Only who may record there now is given more time.
    const cookie = standing === 'may-record' ? await cookieOf(pass, room, desk) : '';
    return { name, key, hasPassword: false, cookie };
  }
  return undefined;
}

/** Who came by a password has to say it again once the definition was changed: it may be theirs no longer. */
async function standingOf({ member, version }: Pass, room: RoomCard, { recordings }: Desk) {
  if (member !== undefined) return recordings.standing(room, member);
  return version === (await recordings.admissionVersion(room)) ? 'away' : 'may-not';
}

/** A word for a session that may record in this room; good for a minute, in an address. */
export async function ticketFor(session: string, room: RoomCard, desk: Desk): Promise<string | undefined> {
  const member = desk.recordings.recorder(room, session);
  if (!member) return undefined;
  const pass = passFor(room, { name: member.name, key: `member ${member.identity.id}`, member: member.id });
  return desk.seal(TICKET_PURPOSE, pass, TICKET_SECONDS);
}

/** The cookie that a ticket is good for. */
export async function redeemed(ticket: string, room: RoomCard, desk: Desk): Promise<string | undefined> {
  const pass = (await desk.unseal(TICKET_PURPOSE, ticket)) as Pass | undefined;
  return pass && isFor(room, pass) ? cookieOf(pass, room, desk) : undefined;
}

/** Where the recordings of a room are. */
export function recordingsPath(room: RoomCard): string {
  return `/recordings/${pathOfGroup(groupOf(room))}/`;
}

/** As its definition has it; rooms without one are in lower case. */
export function groupOf({ name, group }: RoomCard): string {
  return group?.name ?? name;
}

function passFor({ name: room, createdAt }: RoomCard, who: Omit<Pass, 'room' | 'createdAt'>): Pass {
  return { room, createdAt, ...who };
}

function isFor({ name, createdAt }: RoomCard, pass: Pass): boolean {
  return pass.room === name && pass.createdAt === createdAt;
}

/** For this browser alone, and for requests of our own pages alone. */
async function cookieOf(pass: Pass, room: RoomCard, desk: Desk): Promise<string> {
  const seconds = pass.member === undefined ? PASSWORD_SECONDS : MEMBER_SECONDS;
  const sealed = await desk.seal(COOKIE_PURPOSE, pass, seconds);
  const secure = desk.settings.isSecure ? '; Secure' : '';
  return `${COOKIE}=${sealed}; Path=${recordingsPath(room)}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
}

/** Those of groups above come with it. */
function cookieValues(header: string): readonly string[] {
  const start = `${COOKIE}=`;
  const parts = header.split(';').map((part) => part.trim());
  return parts.filter((part) => part.startsWith(start)).map((part) => part.slice(start.length));
}

function loginOf({ headers }: RouteRequest): { readonly name: string; readonly password: string } | undefined {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]{1,2048})$/i.exec(headers.authorization ?? '') ?? [];
  const [, name, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? [];
  return name === undefined || password === undefined ? undefined : { name, password };
}
