import { HubRooms } from '../hub-rooms.ts';
import type { MadeRoomsSettings } from '../services.ts';
import { OTHER_SETTINGS } from './settings.ts';
import { openStage, type Stage, type StageOptions } from './stage.ts';

/** For tests only: a stage on which people make rooms. */
export interface House extends Stage {
  readonly rooms: HubRooms;
  /** Makes one, and returns its name, or the code of the refusal. */
  make(title: string, more?: Partial<Order>, address?: string): Promise<string>;
  /** How entering went: the name somebody got, or the code of the refusal. */
  enter(room: string, name: string, more?: object): Promise<string>;
}

type Order = Parameters<HubRooms['create']>[0];

export async function onHouse(
  play: (house: House) => Promise<void>,
  { made = {}, ...options }: StageOptions & { readonly made?: Partial<MadeRoomsSettings> } = {},
): Promise<void> {
  const stage = await openStage({
    ...options,
    settings: { roomsOnDemand: false, madeRooms: { ...OTHER_SETTINGS.madeRooms, ...made }, ...options.settings },
  });
  const rooms = new HubRooms(stage.hub);
  try {
    await play({
      ...stage,
      rooms,
      make: async (title, more = {}, address = '192.0.2.1') => {
        const order = { title, password: '', guestLimit: 0, isPublic: true, ...more };
        const result = await rooms.create(order, address);
        return 'name' in result ? result.name : result.refused.code;
      },
      enter: async (room, name, more = {}) => {
        const peer = await stage.hello(name, { room, ...more }).catch((error: Error) => error);
        if (!(peer instanceof Error)) return name;
        return /"code":"([a-z-]+)"/.exec(peer.message)?.[1] ?? peer.message;
      },
    });
  } finally {
    await stage.hub.close();
  }
}
