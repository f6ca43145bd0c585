import type { Channel } from '../../core/channel.ts';
import type { ChannelId, RoomName } from '../../core/ids.ts';
import type { StoredRoom } from '../port.ts';
import type { Database } from './database.ts';
import { flag, integer, optionalText, type Row, text, textList } from './row.ts';

const INSERT_ROOM = `
  INSERT INTO rooms (name, title, password_hash, guest_limit, public, created_at, active_at)
  VALUES (:name, :title, :passwordHash, :guestLimit, :public, :createdAt, :activeAt)
  ON CONFLICT DO NOTHING`;

export function createRoom(database: Database, room: StoredRoom, channels: readonly Channel[]): boolean {
  const { name, title, passwordHash = null, guestLimit, isPublic, createdAt, activeAt } = room;
  return database.transaction(() => {
    const row = { name, title, passwordHash, guestLimit, public: isPublic ? 1 : 0, createdAt, activeAt };
    if (database.run(INSERT_ROOM, row) === 0) return false;
    for (const channel of channels) insertChannel(database, name, channel);
    return true;
  });
}

const ROOM = 'SELECT * FROM rooms WHERE name = :name';

export function storedRoom(database: Database, name: RoomName): StoredRoom | undefined {
  const row = database.get(ROOM, { name });
  return row && roomOf(row);
}

const ROOMS = 'SELECT * FROM rooms WHERE public >= :public ORDER BY name';

export function storedRooms(database: Database, { publicOnly }: { readonly publicOnly: boolean }): StoredRoom[] {
  return database.all(ROOMS, { public: publicOnly ? 1 : 0 }).map(roomOf);
}

function roomOf(row: Row): StoredRoom {
  const passwordHash = optionalText(row, 'password_hash');
  return {
    name: text(row, 'name'),
    title: text(row, 'title'),
    ...(passwordHash === undefined ? {} : { passwordHash }),
    guestLimit: integer(row, 'guest_limit'),
    isPublic: flag(row, 'public'),
    createdAt: integer(row, 'created_at'),
    activeAt: integer(row, 'active_at'),
  };
}

const TOUCH = 'UPDATE rooms SET active_at = max(active_at, :at) WHERE name = :name';

export function touchRoom(database: Database, name: RoomName, at: number): void {
  database.run(TOUCH, { name, at });
}

/** What remains of a room whose messages are erased. */
export function removeEmptiedRoom(database: Database, name: RoomName): void {
  database.transaction(() => {
    for (const table of ['channels', 'sanctions', 'relations', 'tombstones']) {
      database.run(`DELETE FROM ${table} WHERE room = :name`, { name });
    }
    database.run('DELETE FROM group_tokens WHERE group_name = :name', { name });
    database.run('DELETE FROM rooms WHERE name = :name', { name });
  });
}

const INSERT_CHANNEL = `
  INSERT INTO channels (room, id, name, icon, description, welcome, vip, photos, newcomer_messages)
  VALUES (:room, :id, :name, :icon, :description, :welcome, :vip, :photos, :newcomerMessages)`;

export function insertChannel(database: Database, room: RoomName, channel: Channel): void {
  const { id, name, icon, description, welcome, vip, photos, newcomerMessages } = channel;
  database.run(INSERT_CHANNEL, {
    room,
    id,
    name,
    icon,
    description,
    welcome: JSON.stringify(welcome),
    vip: vip ? 1 : 0,
    photos: photos ? 1 : 0,
    newcomerMessages,
  });
}

const DELETE_CHANNEL = 'DELETE FROM channels WHERE room = :room AND id = :id';

export function deleteChannel(database: Database, room: RoomName, id: ChannelId): void {
  database.run(DELETE_CHANNEL, { room, id });
}

const CHANNELS = 'SELECT * FROM channels WHERE room = :room ORDER BY position';

export function storedChannels(database: Database, room: RoomName): Channel[] {
  return database.all(CHANNELS, { room }).map((row) => ({
    id: text(row, 'id'),
    name: text(row, 'name'),
    icon: text(row, 'icon'),
    description: text(row, 'description'),
    welcome: textList(row, 'welcome'),
    vip: flag(row, 'vip'),
    photos: flag(row, 'photos'),
    newcomerMessages: integer(row, 'newcomer_messages'),
  }));
}
