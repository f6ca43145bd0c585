import { isSameSecret } from '../auth/secrets.ts';
import { claimsOf, identityOf, tokenIdentityId, type WebsiteTokens } from '../auth/website-tokens.ts';
import type { WebsiteCommand } from '../core/command.ts';
import type { Identity } from '../core/identity.ts';
import type { RoomName } from '../core/ids.ts';
import type { Member } from '../core/member.ts';
import { cleanName, nameKey } from '../core/name.ts';
import type { RoomView } from '../core/view.ts';
import { mayReadMessage } from '../core/view.ts';
import type {
  Desk,
  DeskProfile,
  DeskSettings,
  GroupAdministration,
  Lines,
  Polls,
  Recordings,
  Rooms,
} from '../dialects/desk.ts';
import type { IceServer } from '../dialects/dialect.ts';
import { HubAdministration } from './administering.ts';
import type { HostedRoom, Reply } from './hosted-room.ts';
import type { Hub } from './hub.ts';
import { HubRecordings } from './hub-recordings.ts';
import { HubRooms } from './hub-rooms.ts';
import { withId } from './posting.ts';
import { Session } from './session.ts';
import { type Rate, TokenBuckets } from './token-bucket.ts';

export interface DeskOptions {
  readonly hub: Hub;
  readonly tokens: WebsiteTokens;
  readonly polls: Polls;
  readonly lines: Lines;
  /** Read at each use, so that settings may change. */
  settings(): DeskSettings & { readonly apiKey: string };
  readonly requests: Rate;
  readonly seals: Pick<Desk, 'seal' | 'unseal'>;
  /** The folder of all recordings; it need not be there. */
  readonly recordings: string;
  newId(): string;
}

/** Ids beyond all that are given out: everything is older. */
const NEWEST = Number.MAX_SAFE_INTEGER;

/** The wires' HTTP endpoints come here; see {@link Desk}. */
export class HubDesk implements Desk {
  readonly polls: Polls;
  readonly lines: Lines;
  readonly rooms: Rooms;
  readonly recordings: Recordings;
  readonly administration: GroupAdministration;
  readonly #options: DeskOptions;
  readonly #requests: TokenBuckets;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.polls = options.polls;
    this.lines = options.lines;
    this.#requests = new TokenBuckets(options.requests);
    this.rooms = new HubRooms(options.hub);
    this.recordings = new HubRecordings(options.hub, options.recordings);
    this.administration = new HubAdministration(options.hub);
  }

  get settings(): DeskSettings {
    return this.#options.settings();
  }

  now(): number {
    return this.#hub.now();
  }

  isApiKey(text: string): boolean {
    const { apiKey } = this.#options.settings();
    return apiKey !== '' && isSameSecret(text, apiKey);
  }

  mayAsk(address: string): boolean {
    return this.#requests.take(this.#hub.context.ranges.household(address), this.now());
  }

  seal(purpose: string, content: object, seconds: number): Promise<string> {
    return this.#options.seals.seal(purpose, content, seconds);
  }

  unseal(purpose: string, sealed: string): Promise<object | undefined> {
    return this.#options.seals.unseal(purpose, sealed);
  }

  sessionState(key: string): ReturnType<Desk['sessionState']> {
    const session = this.#hub.context.sessionBySecret(key);
    if (!session) return this.#hub.saidGoodbye(key) ? 'over' : 'none';
    return session.connected ? 'connected' : 'lost';
  }

  newId(): string {
    return this.#options.newId();
  }

  iceServers(clientId: string): readonly IceServer[] {
    return this.#hub.context.settings.iceServers(clientId);
  }

  // --- the room -----------------------------------------------------------------------------------------------------

  async room(): Promise<RoomView> {
    return (await this.#room()).view;
  }

  async memberWith(identityId: Identity['id']): Promise<Member | undefined> {
    return (await this.#room()).memberWithIdentity(identityId);
  }

  async administer(command: WebsiteCommand, name?: RoomName): Promise<Reply> {
    const room = name === undefined ? await this.#room() : await this.#hub.openRoom(name);
    if (!room) return { refused: { code: 'room-unknown' } };
    if (command.type === 'create-channel') return room.administer(withId(command));
    if (command.type !== 'amend') return room.administer(command);
    return this.#amend(room, command);
  }

  async #amend(room: HostedRoom, command: Extract<WebsiteCommand, { type: 'amend' }>): Promise<Reply> {
    const name = nameKey(cleanName(command.identity.name));
    const owner = (await this.#hub.context.storage.nameOwners([name])).get(name);
    if (owner !== undefined && owner !== command.identity.id) {
      return { refused: { code: 'name-taken', subject: command.identity.name } };
    }
    // Clients keep the token for their next login, and for what they ask over HTTP.
    const token = await this.sign(command.identity);
    const member = room.view.memberNamed(cleanName(command.name));
    const session = member && room.sessionOf(member.id);
    return room.administer(command, () => {
      if (session instanceof Session) session.tell({ type: 'kept-alive', token }, { seq: 0 });
    });
  }

  // --- who somebody is ----------------------------------------------------------------------------------------------

  vouchedFor(token: string): Promise<Identity | undefined> {
    return this.#hub.context.identities.vouchedFor(token);
  }

  identify(claims: Readonly<Record<string, unknown>>): Identity | undefined {
    return identityOf(claims);
  }

  claimsOf(identity: Identity): object {
    return claimsOf(identity);
  }

  sign(identity: Identity): Promise<string> {
    return this.#options.tokens.renew(identity, identity.permissions);
  }

  // --- direct messages ----------------------------------------------------------------------------------------------

  async history(identityId: Identity['id'], query: Parameters<Desk['history']>[1]): ReturnType<Desk['history']> {
    const { view } = await this.#room();
    const { storage } = this.#hub.context;
    const thread = { kind: 'direct', identityId, peer: nameKey(query.peer) } as const;
    const { before = NEWEST, limit } = query;
    const { messages } = await storage.messages(view.name, { thread, before, limit });
    const oldest = messages[0]?.id;
    const remaining = oldest === undefined ? 0 : await storage.countBefore(view.name, { thread, before: oldest });
    const reader = (await this.#room()).memberWithIdentity(identityId);
    const readable = reader ? messages.filter((message) => mayReadMessage(view, message, reader)) : messages;
    return { messages: readable.toReversed(), remaining };
  }

  async threads(identityId: Identity['id'], query: Parameters<Desk['threads']>[1]): ReturnType<Desk['threads']> {
    const { view } = await this.#room();
    return this.#hub.context.storage.threads(view.name, identityId, query);
  }

  async eraseDirect(name: string): Promise<number> {
    const room = await this.#room();
    const who = { identityId: tokenIdentityId(name), name: nameKey(name) };
    room.forgetDirect(who);
    return this.#hub.context.storage.eraseDirect(room.view.name, who);
  }

  // --- the website --------------------------------------------------------------------------------------------------

  putBlocklist(name: string, names: readonly string[]): Promise<void> {
    return this.#hub.context.storage.putBlocklist(name, names);
  }

  blocklist(name: string): Promise<readonly string[]> {
    return this.#hub.context.storage.blocklist(nameKey(name));
  }

  profile(name: string): Promise<DeskProfile | { readonly error: string } | undefined> {
    return this.#hub.context.website.profile(name);
  }

  shutDown(notice: string): void {
    void this.administer({ type: 'announce', text: notice }).finally(() => this.#hub.context.shutDown());
  }

  get #hub(): Hub {
    return this.#options.hub;
  }

  async #room(): Promise<HostedRoom> {
    const room = await this.#hub.openRoom(this.#hub.context.settings.defaultRoom);
    if (!room) throw new Error('The default room is not there.');
    return room;
  }
}
