import type { Channel } from '../core/channel.ts';
import type { Refusal } from '../core/errors.ts';
import type { RoomName } from '../core/ids.ts';
import type { RoomTerms } from '../core/terms.ts';
import type { RoomCard } from '../dialects/desk.ts';
import type { Group } from '../groups/groups.ts';
import type { StoredRoom } from '../storage/port.ts';
import type { HubServices, RoomSettings } from './services.ts';
import { slugOf } from './slug.ts';

const ROOM_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** What a room that somebody made begins with. */
const FIRST_CHANNEL: Channel = {
  id: 'lobby',
  name: 'Lobby',
  icon: '',
  description: '',
  welcome: [],
  vip: false,
  photos: true,
  newcomerMessages: 20,
};

/** What somebody wants of a room. */
export interface RoomOrder {
  /** One line, for people. */
  readonly title: string;
  readonly passwordHash?: string;
  /** 0 is no limit. */
  readonly guestLimit: number;
  readonly isPublic: boolean;
}

/** What is known of the rooms that are open. */
export interface Occupancy {
  members(name: RoomName): number;
  /** When somebody was last there, as far as that is known; milliseconds since 1970, or 0. */
  usedAt(name: RoomName): number;
  isLocked(name: RoomName): boolean;
  /** Whether it is open, or about to be. */
  isOpen(name: RoomName): boolean;
  /** How many are. */
  readonly size: number;
}

/** Which rooms there are, open or not: those of the configuration, those that people made, and those on demand. */
export class RoomCatalogue {
  readonly #services: HubServices;
  readonly #occupancy: Occupancy;
  readonly #removing = new Set<RoomName>();

  constructor(services: HubServices, occupancy: Occupancy) {
    this.#services = services;
    this.#occupancy = occupancy;
  }

  /** What a room is to be like, where there is one of this name (in lower case). */
  async find(name: RoomName): Promise<RoomSettings | undefined> {
    const configured = this.configured(name);
    const group = await this.#services.groups.find(name);
    if (group) return this.#ofGroup(name, group, configured);
    // A definition that nobody can read keeps everybody out, whatever else is said of the room.
    if (await this.#services.groups.isDefined(name)) return undefined;
    if (configured) return configured;
    if (!ROOM_NAME.test(name)) return undefined;
    const stored = await this.#stored(name);
    return stored ? settingsOf(stored) : this.#onDemand(name);
  }

  #ofGroup(name: RoomName, group: Group, configured: RoomSettings | undefined): RoomSettings {
    const settings = groupSettings(name, group, configured);
    const { writableGroups } = this.#services.groups.config;
    return writableGroups ? { ...settings, terms: { ...settings.terms, passwordsChangeable: true } } : settings;
  }

  configured(name: RoomName): RoomSettings | undefined {
    return this.#services.settings.rooms.find((room) => room.name === name);
  }

  /** A room that was made on demand is like the default one. */
  model(name: RoomName): RoomSettings | undefined {
    const { rooms, defaultRoom } = this.#services.settings;
    const model = rooms.find((room) => room.name === defaultRoom) ?? rooms[0];
    return model && { name, title: name, channels: model.channels };
  }

  /** What people may know of a room before they are in it; nothing where there is none. */
  async card(rawName: RoomName): Promise<RoomCard | undefined> {
    const name = rawName.toLowerCase();
    const room = await this.find(name);
    const stored = room && !this.configured(name) ? await this.#services.storage.room(name) : undefined;
    return room && this.#cardOf(room, stored ?? this.#configuredTimes());
  }

  /** The public ones: those of the configuration first, then by name. */
  async cards(): Promise<readonly RoomCard[]> {
    const { groups: defined } = this.#services;
    const isDefined = ({ name }: { readonly name: RoomName }) => defined.isDefined(name);
    const configured = await without(
      this.#services.settings.rooms.filter((room) => room.isPublic !== false),
      isDefined,
    );
    const stored = await without(
      (await this.#services.storage.rooms({ publicOnly: true })).filter(
        (room) => !this.configured(room.name) && !this.#isOver(room),
      ),
      isDefined,
    );
    const groups = await Promise.all(this.#services.groups.publicNames().map((name) => this.card(name)));
    return [
      ...groups.filter((card) => card !== undefined),
      ...configured.map((room) => this.#cardOf(room, this.#configuredTimes())),
      ...stored.map((room) => this.#cardOf(settingsOf(room), room)),
    ];
  }

  /** Makes a room of its own, whose name in addresses is made of its title. */
  async create(order: RoomOrder): Promise<{ readonly name: RoomName } | Refusal> {
    const { allowed, count } = this.#services.settings.madeRooms;
    const { title, passwordHash, guestLimit, isPublic } = order;
    if (!allowed) return { code: 'rooms-closed' };
    const name = slugOf(title);
    if (!ROOM_NAME.test(name)) return { code: 'name-invalid' };
    const isTaken =
      this.configured(name) !== undefined ||
      (await this.#services.groups.isDefined(name)) ||
      this.#removing.has(name) ||
      this.#occupancy.isOpen(name);
    if (isTaken) return { code: 'room-exists', subject: title };
    const { storage } = this.#services;
    const former = await storage.room(name);
    if (former && this.#isOver(former)) await this.erase(name);
    if ((await storage.rooms({ publicOnly: false })).length >= count) return { code: 'rooms-closed' };
    const now = this.#services.now();
    const room: StoredRoom = {
      name,
      title,
      ...(passwordHash === undefined ? {} : { passwordHash }),
      guestLimit,
      isPublic,
      createdAt: now,
      activeAt: now,
    };
    const isNew = await storage.createRoom(room, [FIRST_CHANNEL]);
    return isNew ? { name } : { code: 'room-exists', subject: title };
  }

  /** Those that people made and that nobody was in for too long. */
  async overdue(): Promise<readonly RoomName[]> {
    const stored = await this.#services.storage.rooms({ publicOnly: false });
    // One that the operator has configured since is not for us to remove.
    return stored.filter((room) => !this.configured(room.name) && this.#isOver(room)).map(({ name }) => name);
  }

  /** Erases a room that is not open; meanwhile there is none of this name. */
  async erase(name: RoomName): Promise<void> {
    this.#removing.add(name);
    try {
      await this.#services.storage.removeRoom(name);
    } finally {
      this.#removing.delete(name);
    }
  }

  /** The lower of the room's own and everybody's; 0 is no limit. */
  limitFor(guestLimit: number): number {
    const { maxMembers } = this.#services.settings.policy;
    return guestLimit > 0 && maxMembers > 0 ? Math.min(guestLimit, maxMembers) : Math.max(guestLimit, maxMembers);
  }

  #onDemand(name: RoomName): RoomSettings | undefined {
    const { roomsOnDemand, maxRooms } = this.#services.settings;
    // The one that is asked for may be among them already.
    return roomsOnDemand && this.#occupancy.size <= maxRooms ? this.model(name) : undefined;
  }

  async #stored(name: RoomName): Promise<StoredRoom | undefined> {
    const room = this.#removing.has(name) ? undefined : await this.#services.storage.room(name);
    return room && !this.#isOver(room) ? room : undefined;
  }

  #isOver({ name, activeAt }: StoredRoom): boolean {
    const { idleMs } = this.#services.settings.madeRooms;
    if (idleMs === 0 || this.#occupancy.members(name) > 0) return false;
    return this.#services.now() - Math.max(activeAt, this.#occupancy.usedAt(name)) > idleMs;
  }

  #configuredTimes(): Pick<StoredRoom, 'createdAt' | 'activeAt'> {
    return { createdAt: 0, activeAt: this.#services.now() };
  }

  #cardOf(room: RoomSettings, { createdAt, activeAt }: Pick<StoredRoom, 'createdAt' | 'activeAt'>): RoomCard {
    const { name, title, passwordHash, guestLimit = 0 } = room;
    const members = this.#occupancy.members(name);
    return {
      name,
      title,
      members,
      guestLimit: this.limitFor(guestLimit),
      hasPassword: passwordHash !== undefined,
      ...(room.group ? { group: room.group } : {}),
      ...(room.terms ? { terms: room.terms } : {}),
      isLocked: this.#occupancy.isLocked(name),
      isPublic: room.isPublic !== false,
      createdAt,
      activeAt: members > 0 ? this.#services.now() : activeAt,
    };
  }
}

async function without<T>(items: readonly T[], isOut: (item: T) => Promise<boolean>): Promise<readonly T[]> {
  const out = await Promise.all(items.map(isOut));
  return items.filter((_, index) => !out[index]);
}

/** As many as newcomers are shown (`spec/galene.md` 1.9). */
const GROUP_MESSAGES = 50;

/** A room that has a definition is as it says, with the channels that the configuration may have for it. */
function groupSettings(
  name: RoomName,
  group: Group,
  configured: RoomSettings | undefined,
): RoomSettings & { readonly terms: RoomTerms } {
  const { description: it } = group;
  return {
    name,
    title: it.displayName || configured?.title || group.name,
    channels: configured?.channels ?? [{ ...FIRST_CHANNEL, newcomerMessages: GROUP_MESSAGES }],
    guestLimit: it.maxClients,
    isPublic: it.isPublic,
    codecs: it.codecs,
    terms: {
      description: it.description,
      autolock: it.autolock,
      autokick: it.autokick,
      recording: it.allowRecording,
      historyAgeMs: it.maxHistoryMs,
      ...(it.notBefore === undefined ? {} : { notBefore: it.notBefore }),
      ...(it.expires === undefined ? {} : { expires: it.expires }),
      ...(it.authServer === undefined ? {} : { authServer: it.authServer }),
      ...(it.authPortal === undefined ? {} : { authPortal: it.authPortal }),
    },
    group: {
      name: group.name,
      definedBy: group.definedBy,
      ...(it.redirect === undefined ? {} : { redirect: it.redirect }),
    },
  };
}

/** All channels of a room that somebody made are stored. */
function settingsOf({ name, title, passwordHash, guestLimit, isPublic }: StoredRoom): RoomSettings {
  return { name, title, channels: [], guestLimit, isPublic, ...(passwordHash === undefined ? {} : { passwordHash }) };
}
