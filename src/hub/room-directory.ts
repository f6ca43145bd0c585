import type { ChannelId, RoomName, Source } from '../core/ids.ts';
import { NO_TERMS } from '../core/terms.ts';
import { CODEC_NAMES } from '../media/port.ts';
import { HostedRoom, type RoomDoor } from './hosted-room.ts';
import { sendReport, transcribe } from './operating.ts';
import { type Occupancy, RoomCatalogue } from './room-catalogue.ts';
import type { HubServices, RoomSettings } from './services.ts';

/** Events are kept a little longer than sessions wait to be resumed. */
const LOG_SLACK_MS = 30_000;
/** Longer than anybody takes from asking for a room to being in it. */
const EMPTY_ROOM_MS = 5 * 60_000;
const LOG_ENTRIES = 8192;
const LOG_WEIGHT = 4_000_000;

/** The rooms that are open here. A room opens when somebody first enters it, with what storage knows of it. */
export class RoomDirectory implements Occupancy {
  readonly catalogue: RoomCatalogue;
  readonly #services: HubServices;
  readonly #source: Source;
  readonly #forgetGroups: () => void;
  readonly #rooms = new Map<RoomName, Promise<HostedRoom | undefined>>();
  /** Rooms, and when they were last entered or found occupied. */
  readonly #opened = new Map<HostedRoom, number>();
  /** The same rooms. */
  readonly #byName = new Map<RoomName, HostedRoom>();

  constructor(services: HubServices, source: Source) {
    this.#services = services;
    this.#source = source;
    this.catalogue = new RoomCatalogue(services, this);
    this.#forgetGroups = services.groups.onChanged((name) => {
      for (const room of this.#opened.keys()) if (concerns(name, room)) void this.#redefine(room);
    });
  }

  async open(rawName: RoomName): Promise<HostedRoom | undefined> {
    const name = rawName.toLowerCase();
    const opening = this.#rooms.get(name) ?? this.#begin(name);
    const room = await opening;
    return room && this.#used(room);
  }

  #begin(name: RoomName): Promise<HostedRoom | undefined> {
    const opening = this.catalogue.find(name).then((settings) => settings && this.#load(settings));
    this.#rooms.set(name, opening);
    const forget = () => this.#rooms.delete(name);
    opening.then((room) => room ?? forget(), forget);
    return opening;
  }

  opened(): Iterable<HostedRoom> {
    return this.#opened.keys();
  }

  // --- what is known of them ----------------------------------------------------------------------------------------

  get size(): number {
    return this.#rooms.size;
  }

  members(name: RoomName): number {
    return this.#byName.get(name)?.view.size ?? 0;
  }

  isLocked(name: RoomName): boolean {
    return this.#byName.get(name)?.view.lock !== undefined;
  }

  usedAt(name: RoomName): number {
    const room = this.#byName.get(name);
    return (room && this.#opened.get(room)) ?? 0;
  }

  isOpen(name: RoomName): boolean {
    return this.#rooms.has(name);
  }

  /** Rooms whose names continue this one's, with who is there. */
  below({ view: { name } }: HostedRoom): readonly { readonly name: RoomName; readonly members: number }[] {
    return [...this.#byName.values()]
      .filter(({ view }) => view.name.startsWith(`${name}/`) && view.size > 0)
      .map(({ view, door }) => ({ name: door.group?.name ?? view.name, members: view.size }));
  }

  // --- keeping ------------------------------------------------------------------------------------------------------

  /** Rooms forget what is too old; those that are not configured are closed when nobody was there for a while. */
  tidy(): void {
    const now = this.#services.now();
    for (const [room, usedAt] of this.#opened) {
      room.tidy();
      if (room.view.size > 0) this.#used(room);
      else if (now - usedAt > EMPTY_ROOM_MS && !this.catalogue.configured(room.view.name)) this.#shut(room);
    }
  }

  /** Notes who is in which room, and removes those that nobody was in for too long. */
  async keep(): Promise<void> {
    for (const [room, usedAt] of this.#opened) {
      if (!this.catalogue.configured(room.view.name)) await this.#services.storage.touchRoom(room.view.name, usedAt);
    }
    for (const name of await this.catalogue.overdue()) await this.#remove(name);
  }

  async #remove(name: RoomName): Promise<void> {
    const open = await this.#rooms.get(name);
    if (open && open.view.size > 0) return;
    if (open) this.#shut(open);
    await this.catalogue.erase(name);
  }

  /** What the operator set anew, for the rooms that are open. */
  reconfigure(): void {
    for (const room of this.#opened.keys()) {
      const { view, door } = room;
      if (door.group) {
        void this.#redefine(room);
        continue;
      }
      const settings = this.catalogue.configured(view.name);
      // What people made has its own terms, and no channels of the configuration.
      const isMade = !settings && room.isMade;
      const next = settings ?? (isMade ? { name: view.name, title: view.title, channels: [], ...door } : undefined);
      const terms = next ?? this.catalogue.model(view.name);
      if (!terms) continue;
      room.reconfigure({ ...terms, ...this.#terms(terms) });
      room.door = doorOf(terms);
    }
  }

  /** A definition changed: those who are there stay, and find other terms. */
  async #redefine(room: HostedRoom): Promise<void> {
    const settings = await this.catalogue.find(room.view.name);
    if (!settings?.group) return;
    room.door = doorOf(settings);
    room.codecs = settings.codecs ?? CODEC_NAMES;
    room.reconfigure({ ...settings, ...this.#terms(settings) });
  }

  close(): void {
    this.#forgetGroups();
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

  // --- opening ------------------------------------------------------------------------------------------------------

  #terms({ guestLimit = 0, terms = NO_TERMS }: Pick<RoomSettings, 'guestLimit' | 'terms'>) {
    const { policy, guards } = this.#services.settings;
    return { policy: { ...policy, maxMembers: this.catalogue.limitFor(guestLimit) }, guards, terms };
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
      ...(settings.codecs ? { codecs: settings.codecs } : {}),
      isMade: settings.channels.length === 0,
      storage,
      ...(this.#services.media ? { media: this.#services.media } : {}),
      ...(this.#services.recordings === undefined ? {} : { recordings: this.#services.recordings }),
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

/** Whether a definition is that of a room, or would be if it had one. */
function concerns(definition: string, { door, view }: HostedRoom): boolean {
  if (door.group) return door.group.definedBy === definition;
  const name = definition.toLowerCase();
  return view.name === name || view.name.startsWith(`${name}/`);
}

function doorOf({ passwordHash, guestLimit = 0, isPublic = true, group }: RoomSettings): RoomDoor {
  return { guestLimit, isPublic, ...(passwordHash === undefined ? {} : { passwordHash }), ...(group ? { group } : {}) };
}
