import type { Channel } from '../core/channel.ts';
import type { RoomName } from '../core/ids.ts';
import type { RoomConfig } from './config.ts';

/** What a room has whose channels nobody configured; rooms made on demand are such rooms. */
export function defaultRoom(name: RoomName): RoomConfig {
  return { name, title: titleFrom(name), guestLimit: 0, public: true, channels: defaultChannels };
}

export const defaultChannels: readonly Channel[] = [
  {
    id: 'lobby',
    name: 'Lobby',
    icon: '',
    description: 'Where everybody arrives.',
    welcome: ['Welcome! Say hello, or turn your camera on.'],
    vip: false,
    photos: true,
    newcomerMessages: 20,
  },
  {
    id: 'offtopic',
    name: 'Off Topic',
    icon: '',
    description: 'Everything else.',
    welcome: [],
    vip: false,
    photos: true,
    newcomerMessages: 20,
  },
];

/** A title for what has only a name: `night-shift` becomes `Night shift`. */
export function titleFrom(name: string): string {
  const words = name.replaceAll(/[-_.]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
