import type { Channel } from '../core/channel.ts';
import type { Refusal } from '../core/errors.ts';
import type { ChannelId, RoomName, Source } from '../core/ids.ts';
import type { RoomCard } from '../dialects/desk.ts';
import type { StoredRoom } from '../storage/port.ts';
import { HostedRoom, type RoomDoor } from './hosted-room.ts';
import { sendReport, transcribe } from './operating.ts';
import type { HubServices, RoomSettings } from './services.ts';
import { slugOf } from './slug.ts';

const ROOM_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Events are kept a little longer than sessions wait to be resumed. */
const LOG_SLACK_MS = 30_000;
/** Longer than anybody takes from asking for a room to being in it. */
const EMPTY_ROOM_MS = 5 * 60_000;
const LOG_ENTRIES = 8192;
const LOG_WEIGHT = 4_000_000;

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

/** The rooms that are open here. A room opens when somebody first enters it, with what storage knows of it. */
export class RoomDirectory {
  readonly #services: HubServices;
  readonly #source: Source;
  readonly #rooms = new Map<RoomName, Promise<HostedRoom | undefined>>();
  /** Rooms, and when they were last entered or found occupied. */
  readonly #opened = new Map<HostedRoom, number>();
  /** The same rooms. */
  readonly #byName = new Map<RoomName, HostedRoom>();
  /** Those that people made: all of their channels are stored. */
  readonly #isMade = new WeakSet<HostedRoom>();
  readonly #removing = new Set<RoomName>();

  constructor(services: HubServices, source: Source) {
    this.#services = services;
    this.#source = source;
  }

  async open(rawName: RoomName): Promise<HostedRoom | undefined> {
    const name = rawName.toLowerCase();
    const open = this.#rooms.get(name);
    if (open) return this.#usedIfThere(await open);
    if (!ROOM_NAME.test(name)) return undefined;
    const opening = this.#find(name);
    this.#rooms.set(name, opening);
    try {
      const room = await opening;
      if (!room) this.#rooms.delete(name);
      return room;
    } catch (error) {
      this.#rooms.delete(name);
      throw error;
    }
  }

  async #find(name: RoomName): Promise<HostedRoom | undefined> {
    const configured = this.#configured(name);
    if (configured) return this.#load(configured);
    const stored = await this.#stored(name);
    if (stored) {
      await this.#services.storage.touchRoom(name, this.#services.now());
      return this.#load(settingsOf(stored));
    }
    const model = this.#onDemand(name);
    return model && this.#load(model);
  }

  #usedIfThere(room: HostedRoom | undefined): HostedRoom | undefined {
    return room && this.#used(room);
  }

  // --- rooms that people make ---------------------------------------------------------------------------------------

  /** Makes a room of its own, whose name in addresses is made of its title. */
  async create(order: RoomOrder): Promise<{ readonly name: RoomName } | Refusal> {
    const { allowed, count } = this.#services.settings.madeRooms;
    const { title, passwordHash, guestLimit, isPublic } = order;
    if (!allowed) return { code: 'rooms-closed' };
    const name = slugOf(title);
    const isTaken = this.#configured(name) !== undefined || this.#removing.has(name);
    if (!ROOM_NAME.test(name)) return { code: 'name-invalid' };
    if (isTaken || this.#rooms.has(name)) return { code: 'room-exists', subject: title };
    const { storage } = this.#services;
    const former = await storage.room(name);
    if (former && this.#isOver(former)) await this.#remove(name);
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

  /** What people may know of a room before they are in it; nothing where there is none. */
  async card(rawName: RoomName): Promise<RoomCard | undefined> {
    const name = rawName.toLowerCase();
    const settings = this.#configured(name);
    if (settings) return this.#cardOf(settings, this.#services.now());
    const stored = ROOM_NAME.test(name) ? await this.#stored(name) : undefined;
    if (stored) return this.#cardOf(settingsOf(stored), stored.activeAt);
    const model = ROOM_NAME.test(name) ? this.#onDemand(name) : undefined;
    return model && this.#cardOf(model, this.#services.now());
  }

  /** Of the room's password, where it has one. */
  async passwordHash(rawName: RoomName): Promise<string | undefined> {
    const name = rawName.toLowerCase();
    const settings = this.#configured(name);
    return settings ? settings.passwordHash : (await this.#stored(name))?.passwordHash;
  }

  /** The public ones: those of the configuration first, then by name. */
  async cards(): Promise<readonly RoomCard[]> {
    const now = this.#services.now();
    const configured = this.#services.settings.rooms.filter((room) => room.isPublic !== false);
    const stored = (await this.#services.storage.rooms({ publicOnly: true })).filter(
      (room) => !this.#configured(room.name) && !this.#isOver(room),
    );
    return [
      ...configured.map((room) => this.#cardOf(room, now)),
      ...stored.map((room) => this.#cardOf(settingsOf(room), room.activeAt)),
    ];
  }

  /** Notes who is in which room, and removes those that nobody was in for too long. */
  async keep(): Promise<void> {
    const { storage } = this.#services;
    for (const room of this.#opened.keys()) {
      const { name, size } = room.view;
      if (size > 0 && !this.#configured(name)) await storage.touchRoom(name, this.#services.now());
    }
    for (const room of await storage.rooms({ publicOnly: false })) {
      // One that the operator has configured since is not for us to remove.
      if (!this.#configured(room.name) && this.#isOver(room)) await this.#remove(room.name);
    }
  }

  #cardOf(room: RoomSettings, activeAt: number): RoomCard {
    const { name, title, passwordHash, guestLimit = 0 } = room;
    const members = this.#membersOf(name);
    return {
      name,
      title,
      members,
      guestLimit: this.#limitFor(guestLimit),
      hasPassword: passwordHash !== undefined,
      isPublic: room.isPublic !== false,
      activeAt: members > 0 ? this.#services.now() : activeAt,
    };
  }

  #membersOf(name: RoomName): number {
    return this.#byName.get(name)?.view.size ?? 0;
  }

  /** The lower of the room's own and everybody's; 0 is no limit. */
  #limitFor(guestLimit: number): number {
    const { maxMembers } = this.#services.settings.policy;
    return guestLimit > 0 && maxMembers > 0 ? Math.min(guestLimit, maxMembers) : Math.max(guestLimit, maxMembers);
  }

  async #stored(name: RoomName): Promise<StoredRoom | undefined> {
    const room = this.#removing.has(name) ? undefined : await this.#services.storage.room(name);
    return room && !this.#isOver(room) ? room : undefined;
  }

  /** Whether nobody was there for too long. */
  #isOver({ name, activeAt }: StoredRoom): boolean {
    const { idleMs } = this.#services.settings.madeRooms;
    if (idleMs === 0 || this.#membersOf(name) > 0) return false;
    return this.#services.now() - Math.max(activeAt, this.#usedAt(name)) > idleMs;
  }

  /** When somebody was last there, as far as that is known here. */
  #usedAt(name: RoomName): number {
    const room = this.#byName.get(name);
    return (room && this.#opened.get(room)) ?? 0;
  }

  async #remove(name: RoomName): Promise<void> {
    const open = await this.#rooms.get(name);
    if (open && open.view.size > 0) return;
    this.#removing.add(name);
    try {
      if (open) this.#shut(open);
      await this.#services.storage.removeRoom(name);
    } finally {
      this.#removing.delete(name);
    }
  }

  // --- rooms that are open ------------------------------------------------------------------------------------------

  /** Rooms forget what is too old; those that were made on demand are closed when nobody was there for a while. */
  tidy(): void {
    const now = this.#services.now();
    for (const [room, usedAt] of this.#opened) {
      room.tidy();
      if (room.view.size > 0) this.#used(room);
      else if (now - usedAt > EMPTY_ROOM_MS && !this.#configured(room.view.name)) this.#shut(room);
    }
  }

  /** What the operator set anew, for the rooms that are open. */
  reconfigure(): void {
    for (const room of this.#opened.keys()) {
      const { name } = room.view;
      const settings = this.#configured(name) ?? (this.#isMade.has(room) ? undefined : this.#model(name));
      if (settings) {
        room.reconfigure({ ...settings, ...this.#terms(settings) });
        room.door = doorOf(settings);
      } else room.reconfigure({ title: room.view.title, channels: [], ...this.#terms(room.door) });
    }
  }

  close(): void {
    for (const room of this.#opened.keys()) room.close();
  }

  #used(room: HostedRoom): HostedRoom {
    this.#opened.set(room, this.#services.now());
    return room;
  }

  #shut(room: HostedRoom): void {
    room.close();
    this.#opened.delete(room);
    this.#byName.delete(room.view.name);
    this.#rooms.delete(room.view.name);
  }

  #configured(name: RoomName): RoomSettings | undefined {
    return this.#services.settings.rooms.find((room) => room.name === name);
  }

  #onDemand(name: RoomName): RoomSettings | undefined {
    const { roomsOnDemand, maxRooms } = this.#services.settings;
    // The one that is asked for may be among them already.
    return roomsOnDemand && this.#rooms.size <= maxRooms ? this.#model(name) : undefined;
  }

  /** A room that was made on demand is like the default one. */
  #model(name: RoomName): RoomSettings | undefined {
    const { rooms, defaultRoom } = this.#services.settings;
    const model = rooms.find((room) => room.name === defaultRoom) ?? rooms[0];
    return model && { name, title: name, channels: model.channels };
  }

  #terms({ guestLimit = 0 }: Pick<RoomSettings, 'guestLimit'>) {
    const { policy, guards } = this.#services.settings;
    return { policy: { ...policy, maxMembers: this.#limitFor(guestLimit) }, guards };
  }

  async #load(settings: RoomSettings): Promise<HostedRoom> {
    const { storage, settings: hub } = this.#services;
    const sanctions = await storage.sanctions(settings.name, this.#services.now());
    const made = await storage.channels(settings.name);
    const pages = await Promise.all(
      [...settings.channels, ...made]
        .filter((channel) => channel.newcomerMessages > 0)
        .map((channel) =>
          storage.messages(settings.name, {
            thread: { kind: 'channel', channel: channel.id },
            limit: channel.newcomerMessages * 2,
          }),
        ),
    );
    const room = new HostedRoom({
      setup: {
        name: settings.name,
        title: settings.title,
        channels: settings.channels,
        made,
        ...this.#terms(settings),
        ranges: this.#services.ranges,
        source: this.#source,
        sanctions,
        recent: pages.flatMap((page) => page.messages),
      },
      door: doorOf(settings),
      storage,
      meters: this.#services.meters,
      log: { entries: LOG_ENTRIES, weight: LOG_WEIGHT, ageMs: hub.resumeMs + LOG_SLACK_MS },
      rosterBytesPerSecond: hub.rosterBytesPerSecond,
      epoch: this.#services.secret().slice(0, 16),
      now: () => this.#services.now(),
      failed: (error) => this.#services.log.error({ err: error }, 'a room failed'),
      reported: (report) => sendReport(this.#services, report),
      channelDeleted: (channelId) => this.#eraseChannel(settings.name, channelId),
      posted: (message) => transcribe(this.#services, message),
      storageFailed: (error) => this.#services.log.error({ err: error }, 'something could not be stored'),
    });
    if (!this.#configured(settings.name) && settings.channels.length === 0) this.#isMade.add(room);
    this.#byName.set(settings.name, room);
    return this.#used(room);
  }

  /** What was said there so far; the channel may be made anew meanwhile. */
  #eraseChannel(room: RoomName, channelId: ChannelId): void {
    const { storage, log } = this.#services;
    storage.eraseChannel(room, channelId, this.#source.messageId()).catch((error: unknown) => {
      log.error({ err: error }, 'what was said in a deleted channel could not be erased');
    });
  }
}

function settingsOf({ name, title, passwordHash, guestLimit, isPublic }: StoredRoom): RoomSettings {
  return { name, title, channels: [], guestLimit, isPublic, ...(passwordHash === undefined ? {} : { passwordHash }) };
}

function doorOf({ passwordHash, guestLimit = 0, isPublic = true }: RoomSettings): RoomDoor {
  return { guestLimit, isPublic, ...(passwordHash === undefined ? {} : { passwordHash }) };
}
