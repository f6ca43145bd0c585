import type {
  AdministratorProof,
  Authority,
  GroupPart,
  MeasuredRoom,
  PartChange,
  PartOrder,
  PartReading,
} from '../core/administration.ts';
import type { WebsiteCommand } from '../core/command.ts';
import type { Refusal } from '../core/errors.ts';
import type { Result, Thread } from '../core/event.ts';
import type { Identity } from '../core/identity.ts';
import type { MessageId, RoomName } from '../core/ids.ts';
import type { Member } from '../core/member.ts';
import type { Message } from '../core/message.ts';
import type { Rule } from '../core/permission.ts';
import type { RoomTerms } from '../core/terms.ts';
import type { RoomView } from '../core/view.ts';

/**
 * What a wire's HTTP endpoints may ask of the house. They concern the room that wires without rooms enter. Implemented
 * by the hub.
 */
export interface Desk {
  /** As they are now: the operator may change them while the server runs. */
  readonly settings: DeskSettings;
  /** Milliseconds since 1970. */
  now(): number;
  /** Whether this is the website's key; tells nothing by the time it takes. False where none is configured. */
  isApiKey(text: string): boolean;
  /** Whether this address may ask again so soon. */
  mayAsk(address: string): boolean;

  readonly rooms: Rooms;
  readonly recordings: Recordings;
  /** Makes a text that says what `content` says, for this purpose, and that nobody else can make. */
  seal(purpose: string, content: object, seconds: number): Promise<string>;
  /** What was sealed; nothing where it was not, for another purpose, or too long ago. */
  unseal(purpose: string, sealed: string): Promise<object | undefined>;
  /** Of the session that can be taken up by this secret; it is over after a goodbye. */
  sessionState(key: string): 'connected' | 'lost' | 'over' | 'none';
  /** An id that nobody can guess: 32 hexadecimal digits. */
  newId(): string;

  room(): Promise<RoomView>;
  memberWith(identityId: Identity['id']): Promise<Member | undefined>;
  /** In the room that wires without rooms enter, unless another is named. */
  administer(
    command: WebsiteCommand,
    room?: RoomName,
  ): Promise<{ readonly accepted: Result } | { readonly refused: Refusal }>;

  /** Who a token of the website's admits; nothing where it does not hold. */
  vouchedFor(token: string): Promise<Identity | undefined>;
  /** Somebody by what the website claims of them; nothing where there is no name in it. */
  identify(claims: Readonly<Record<string, unknown>>): Identity | undefined;
  /** What their token says, by the names that the wire's clients know. */
  claimsOf(identity: Identity): object;
  /** A token for them, good for five minutes. */
  sign(identity: Identity): Promise<string>;

  /** Direct messages with somebody by name, newest first, and how many are older. */
  history(
    identityId: Identity['id'],
    query: { readonly peer: string; readonly before?: MessageId; readonly limit: number },
  ): Promise<{ readonly messages: readonly Message[]; readonly remaining: number }>;
  threads(
    identityId: Identity['id'],
    query: {
      readonly sort: 'newest' | 'oldest' | 'a-z' | 'z-a';
      readonly offset: number;
      readonly limit: number;
    },
  ): Promise<{ readonly threads: readonly Thread[]; readonly count: number }>;
  /** Erases all direct messages of the website's user of this name. Returns how many. */
  eraseDirect(name: string): Promise<number>;

  putBlocklist(name: string, names: readonly string[]): Promise<void>;
  blocklist(name: string): Promise<readonly string[]>;
  /** What the website says about somebody; nothing where it is not asked. Rejects where it did not answer. */
  profile(name: string): Promise<DeskProfile | { readonly error: string } | undefined>;
  /** Tells everybody, and ends the process a moment later with status 1. */
  shutDown(notice: string): void;

  readonly polls: Polls;
  readonly lines: Lines;
  /** What helps browsers find the server, for this client; within a moment. */
  iceServers(clientId: string): readonly IceServer[];
  readonly administration: GroupAdministration;
}

/**
 * The definitions and tokens of groups, for those who manage them (`spec/galene.md` 3.5). Who asks for something has been
 * admitted to that very part.
 */
export interface GroupAdministration {
  /** Who does not administer a part is not told whether it is there. */
  admit(proof: AdministratorProof, part: GroupPart, address: string): Promise<Authority>;
  read(part: GroupPart): Promise<PartReading>;
  /** Makes or replaces it; `body` is JSON. */
  write(order: PartOrder, body: unknown): Promise<PartChange>;
  remove(order: PartOrder): Promise<PartChange>;
  /** A token with a secret of ours, in the list that the order names. */
  makeToken(order: PartOrder, body: unknown): Promise<PartChange>;
  /** A password as somebody says it, for the one that the order names. */
  setPassword(order: PartOrder, password: string): Promise<PartChange>;
  /** All rooms that are open now. */
  measure(): Promise<readonly MeasuredRoom[]>;
}

/** The rooms of the house, as somebody sees them from outside. */
export interface Rooms {
  /** The public ones. */
  list(): Promise<readonly RoomCard[]>;
  find(name: RoomName): Promise<RoomCard | undefined>;
  create(
    order: {
      readonly title: string;
      /** Empty: none. */
      readonly password: string;
      readonly guestLimit: number;
      readonly isPublic: boolean;
    },
    address: string,
  ): Promise<{ readonly name: RoomName } | { readonly refused: Refusal }>;
  checkPassword(name: RoomName, password: string, address: string): Promise<'right' | 'wrong' | 'too-often'>;
}

/** What was recorded in rooms, and who may have it. Of a room it is asked by its card. */
export interface Recordings {
  /** Whether a name and a password are those of somebody who may record there, and how their name is spelt. */
  admit(room: RecordedRoom, login: Login): Promise<{ readonly name: string } | 'refused' | 'too-often'>;
  /** Another word once who is admitted there by a password may be others than before. It says nothing else. */
  admissionVersion(room: RecordedRoom): Promise<string>;
  /** Whose session can be taken up by this secret, if they are in this room and may record there. */
  recorder(room: RecordedRoom, session: string): Member | undefined;
  /** How it stands with a member now. */
  standing(room: RecordedRoom, member: Member['id']): Promise<'may-record' | 'may-not' | 'away'>;
  list(room: RecordedRoom): Promise<readonly Recording[]>;
  /** Nothing where there is no such file. Whoever gets one closes it, or reads it. */
  open(room: RecordedRoom, file: string): Promise<OpenRecording | undefined>;
  /** Whether there was such a file. */
  remove(room: RecordedRoom, file: string): Promise<boolean>;
}

export type RecordedRoom = Pick<RoomCard, 'name' | 'group'>;

export interface Login {
  readonly name: string;
  readonly password: string;
  /** The network address from which it came: its wrong passwords are counted. */
  readonly address: string;
}

/** A file of a recorded stream. */
export interface Recording {
  /** Its name. */
  readonly file: string;
  readonly bytes: number;
  /** Of what it begins with, milliseconds since 1970. */
  readonly startedAt: number;
  /** Absent where it is not known. */
  readonly durationMs?: number;
  /** Empty where it is not known. */
  readonly publisher: string;
  readonly label: string;
  /** What all files have in common that were recorded together. */
  readonly session: string;
  readonly isGrowing: boolean;
}

export interface OpenRecording {
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  /** Another one after each change. */
  readonly stamp: string;
  /** Nothing more will be written to it: it says so itself. */
  readonly isFinished: boolean;
  /** From one byte to another, both included; see `RouteResponse.body`. */
  read(start: number, end: number): AsyncIterableIterator<Uint8Array>;
  close(): Promise<void>;
}

/** What people may know of a room before they are in it. */
export interface RoomCard {
  readonly name: RoomName;
  readonly title: string;
  readonly members: number;
  /** 0 is no limit. */
  readonly guestLimit: number;
  readonly hasPassword: boolean;
  /** A definition says who may come in; its name, and where all who come are sent instead. */
  readonly group?: { readonly name: string; readonly redirect?: string };
  readonly terms?: RoomTerms;
  /** Whether operators alone come in now. */
  readonly isLocked: boolean;
  readonly isPublic: boolean;
  /** When somebody made it, milliseconds since 1970; 0 for those of the configuration. */
  readonly createdAt: number;
  /** When something last happened there, milliseconds since 1970. */
  readonly activeAt: number;
}

export interface DeskProfile {
  readonly headline: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

export interface DeskSettings {
  readonly title: string;
  readonly guestsAllowed: boolean;
  /** Whether people may make rooms. */
  readonly roomsAllowed: boolean;
  /** Whether our pages are served by TLS, so that cookies may be for it alone. */
  readonly isSecure: boolean;
  /** The script of a front end of Camus', where there is one; and whether rooms are made on `/`. */
  readonly camus: { readonly script?: string; readonly home: boolean };
  /** Whether tokens of the website are asked for, and whether nobody gets in without. */
  readonly tokens: { readonly enabled: boolean; readonly strict: boolean };
  /** Where people reach the server, as the operator says; absent where nothing was said. */
  readonly publicUrl?: string;
  readonly galene: {
    /** The page of an original front end. */
    readonly html?: string;
    /** Of an existing installation. */
    readonly proxyUrl?: string;
    readonly canonicalHost?: string;
    /** Whether the server's own ends of streams are at TURN servers alone. */
    readonly relayOnly: boolean;
    readonly allowOrigin: readonly string[];
    readonly allowAdminOrigin: readonly string[];
  };
  readonly landingPage: string;
  readonly websiteUrl: string;
  readonly branding: string;
  readonly corsHosts: readonly string[];
  /** Whether the statistics, which everybody may read, name people. */
  readonly statisticsNames: boolean;
  readonly permitExplicit: boolean;
  readonly ice: { readonly urls: readonly string[]; readonly username: string; readonly credential: string };
  readonly webhooks: { readonly report: boolean; readonly profile: boolean };
  readonly vip: {
    readonly name: string;
    readonly branding: string;
    readonly icon: string;
    readonly mutuallySecret: boolean;
  };
  readonly keepDirect: boolean;
  readonly directDisclaimer: string;
  /** A built front end of this wire's original, to be filled in and served. */
  readonly frontend?: { readonly html: string; readonly path: string };
  /** What people read who come upon a rule; empty where the operator said nothing. */
  readonly ruleTexts: RuleTexts;
}

export type RuleTexts = Readonly<Record<Exclude<Rule, 'no-dark-video'>, string>>;

/** Sessions over requests and answers in turns, in the place of a socket. */
export interface Polls {
  /** Begins one; nothing where there are too many. */
  open(address: string): Poll | undefined;
  find(id: string): Poll | undefined;
}

export interface Poll {
  /** Secret: whoever has it is the session. */
  readonly id: string;
  readonly member: Member | undefined;
  /** Whether frames are still taken. */
  readonly isOpen: boolean;
  /** Hands a frame over, if any, and takes what there is to be sent once it was handled. */
  exchange(frame: string | undefined): Promise<readonly string[]>;
  /** It leaves without a goodbye. */
  end(): void;
}

/** A STUN or TURN server, as browsers want it. */
export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** Sessions whose connection is within the server: an endpoint speaks for somebody who has no socket. */
export interface Lines {
  /** Begins one; nothing where there are too many. */
  open(order: LineOrder): Line | undefined;
}

export interface LineOrder {
  /** The path of the wire's own mount, which has a door. */
  readonly mount: string;
  /** Whom it is for. */
  readonly address: string;
  /** Hears what the session sends. It must not answer before it returns: the room may be in the middle of something. */
  heard(frame: string): void;
  /** Once, whoever ended it. */
  ended(): void;
}

export interface Line {
  /** Hands a frame to the session; nothing where it is over. */
  say(frame: string): void;
  /** It leaves. */
  end(): void;
}
