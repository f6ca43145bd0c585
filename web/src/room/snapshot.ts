import type { ResumePoint } from '../../../src/dialects/parlour/client.ts';
import type { Memory } from '../connection/memory.ts';
import type { RoomModel } from './room-model.ts';
import type { Thread, ThreadKey } from './thread.ts';

/** A room as it was when the page went, and the place in its stream of events that belongs to it. */
export interface Snapshot {
  readonly version: 2;
  readonly savedAt: number;
  readonly name: string;
  readonly resume: ResumePoint;
  readonly room: RoomModel;
}

const MAX_MESSAGES = 150;
/** After this long no server still holds the session. */
const MAX_AGE_MS = 10 * 60_000;

export function saveSnapshot(memory: Memory, snapshot: Omit<Snapshot, 'version'>): void {
  memory.write(keyOf(snapshot.room.name), { ...snapshot, version: 2, room: forStorage(snapshot.room) });
}

/** Taken out: whoever reloads twice must not take up the older state. */
export function takeSnapshot(memory: Memory, roomName: string, now: number): Snapshot | undefined {
  const snapshot = memory.read<Snapshot>(keyOf(roomName));
  memory.remove(keyOf(roomName));
  if (snapshot?.version !== 2 || !snapshot.room?.entered || !snapshot.resume) return undefined;
  return now - snapshot.savedAt < MAX_AGE_MS ? snapshot : undefined;
}

export function forStorage(room: RoomModel): RoomModel {
  const threads: Record<ThreadKey, Thread> = {};
  for (const thread of Object.values(room.threads)) {
    const cut = thread.messages.length > MAX_MESSAGES;
    threads[thread.key] = {
      ...thread,
      messages: cut ? thread.messages.slice(-MAX_MESSAGES) : thread.messages,
      past: cut ? 'more' : thread.past,
      // An object URL does not outlive its page.
      pending: thread.pending.filter((pending) => !pending.image),
    };
  }
  return { ...room, threads, typists: [] };
}

function keyOf(roomName: string): string {
  return `parlour.room.${roomName}`;
}
