import type { RoomName, Source } from '../core/ids.ts';
import { HostedRoom } from './hosted-room.ts';
import type { HubServices, RoomSettings } from './services.ts';

const ROOM_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Events are kept a little longer than sessions wait to be resumed. */
const LOG_SLACK_MS = 30_000;
const LOG_ENTRIES = 8192;
const LOG_WEIGHT = 4_000_000;

/** The rooms that are open here. A room opens when somebody first enters it, with what storage knows of it. */
export class RoomDirectory {
  readonly #services: HubServices;
  readonly #source: Source;
  readonly #rooms = new Map<RoomName, Promise<HostedRoom>>();
  readonly #opened = new Set<HostedRoom>();

  constructor(services: HubServices, source: Source) {
    this.#services = services;
    this.#source = source;
  }

  async open(rawName: RoomName): Promise<HostedRoom | undefined> {
    const name = rawName.toLowerCase();
    const open = this.#rooms.get(name);
    if (open) return open;
    const settings = this.#settingsFor(name);
    if (!settings) return undefined;
    const opening = this.#load(settings);
    this.#rooms.set(name, opening);
    opening.catch(() => this.#rooms.delete(name));
    return opening;
  }

  tidy(): void {
    for (const room of this.#opened) room.tidy();
  }

  close(): void {
    for (const room of this.#opened) room.close();
  }

  #settingsFor(name: RoomName): RoomSettings | undefined {
    const { settings } = this.#services;
    const configured = settings.rooms.find((room) => room.name === name);
    if (configured) return configured;
    if (!settings.roomsOnDemand || !ROOM_NAME.test(name) || this.#rooms.size >= settings.maxRooms) return undefined;
    const model = settings.rooms.find((room) => room.name === settings.defaultRoom) ?? settings.rooms[0];
    return model && { name, title: name, channels: model.channels };
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
        policy: hub.policy,
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
      storageFailed: (error) => this.#services.log.error({ err: error }, 'something could not be stored'),
    });
    this.#opened.add(room);
    return room;
  }
}
