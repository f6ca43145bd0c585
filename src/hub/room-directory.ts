import type { RoomName, Source } from '../core/ids.ts';
import { HostedRoom } from './hosted-room.ts';
import { sendReport, transcribe } from './operating.ts';
import type { HubServices, RoomSettings } from './services.ts';

const ROOM_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Events are kept a little longer than sessions wait to be resumed. */
const LOG_SLACK_MS = 30_000;
/** Longer than anybody takes from asking for a room to being in it. */
const EMPTY_ROOM_MS = 5 * 60_000;
const LOG_ENTRIES = 8192;
const LOG_WEIGHT = 4_000_000;

/** The rooms that are open here. A room opens when somebody first enters it, with what storage knows of it. */
export class RoomDirectory {
  readonly #services: HubServices;
  readonly #source: Source;
  readonly #rooms = new Map<RoomName, Promise<HostedRoom>>();
  /** Rooms, and when they were last entered or found occupied. */
  readonly #opened = new Map<HostedRoom, number>();

  constructor(services: HubServices, source: Source) {
    this.#services = services;
    this.#source = source;
  }

  async open(rawName: RoomName): Promise<HostedRoom | undefined> {
    const name = rawName.toLowerCase();
    const open = this.#rooms.get(name);
    if (open) return this.#used(await open);
    const settings = this.#settingsFor(name);
    if (!settings) return undefined;
    const opening = this.#load(settings);
    this.#rooms.set(name, opening);
    opening.catch(() => this.#rooms.delete(name));
    return opening;
  }

  /** Rooms forget what is too old; those that were made on demand are closed when nobody was there for a while. */
  tidy(): void {
    const now = this.#services.now();
    for (const [room, usedAt] of this.#opened) {
      room.tidy();
      if (room.view.size > 0) this.#used(room);
      else if (now - usedAt > EMPTY_ROOM_MS && !this.#isConfigured(room.view.name)) this.#shut(room);
    }
  }

  /** What the operator set anew, for the rooms that are open. */
  reconfigure(): void {
    for (const room of this.#opened.keys()) {
      const settings = this.#settingsFor(room.view.name) ?? this.#model(room.view.name);
      if (settings) room.reconfigure({ ...settings, ...this.#terms() });
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
    this.#rooms.delete(room.view.name);
  }

  #isConfigured(name: RoomName): boolean {
    return this.#services.settings.rooms.some((room) => room.name === name);
  }

  #settingsFor(name: RoomName): RoomSettings | undefined {
    const { settings } = this.#services;
    const configured = settings.rooms.find((room) => room.name === name);
    if (configured) return configured;
    if (!settings.roomsOnDemand || !ROOM_NAME.test(name) || this.#rooms.size >= settings.maxRooms) return undefined;
    return this.#model(name);
  }

  /** A room that was made on demand is like the default one. */
  #model(name: RoomName): RoomSettings | undefined {
    const { rooms, defaultRoom } = this.#services.settings;
    const model = rooms.find((room) => room.name === defaultRoom) ?? rooms[0];
    return model && { name, title: name, channels: model.channels };
  }

  #terms() {
    const { policy, guards } = this.#services.settings;
    return { policy, guards };
  }

  async #load(settings: RoomSettings): Promise<HostedRoom> {
    const { storage, settings: hub } = this.#services;
    const sanctions = await storage.sanctions(settings.name, this.#services.now());
    const pages = await Promise.all(
      settings.channels
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
        ...this.#terms(),
        ranges: this.#services.ranges,
        source: this.#source,
        sanctions,
        recent: pages.flatMap((page) => page.messages),
      },
      storage,
      meters: this.#services.meters,
      log: { entries: LOG_ENTRIES, weight: LOG_WEIGHT, ageMs: hub.resumeMs + LOG_SLACK_MS },
      rosterBytesPerSecond: hub.rosterBytesPerSecond,
      epoch: this.#services.secret().slice(0, 16),
      now: () => this.#services.now(),
      failed: (error) => this.#services.log.error({ err: error }, 'a room failed'),
      reported: (report) => sendReport(this.#services, report),
      posted: (message) => transcribe(this.#services, message),
      storageFailed: (error) => this.#services.log.error({ err: error }, 'something could not be stored'),
    });
    return this.#used(room);
  }
}
