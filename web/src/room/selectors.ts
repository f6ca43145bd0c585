import { nameKey } from '../../../src/core/name.ts';
import type { WireChannel, WireMember, WireTarget } from '../../../src/dialects/parlour/wire.ts';
import { memo } from './memo.ts';
import { mentions } from './mention.ts';
import type { RoomModel } from './room-model.ts';
import { channelKey, isDirect, type Thread, type ThreadKey } from './thread.ts';

export interface ThreadLine {
  readonly key: ThreadKey;
  readonly name: string;
  readonly channel?: WireChannel;
  readonly open: boolean;
  readonly unread: number;
  /** Somebody called the reader in what they have not read. */
  readonly mention: boolean;
}

export function unreadOf(thread: Thread, lastRead: number, selfName: string): { unread: number; mention: boolean } {
  let unread = 0;
  let mention = false;
  for (let index = thread.messages.length - 1; index >= 0; index--) {
    const message = thread.messages[index];
    if (!message || message.id <= lastRead) break;
    if (message.own) continue;
    unread++;
    mention ||= mentions(message.text, selfName);
  }
  // Not loaded yet, but something is there.
  if (unread === 0 && thread.messages.length === 0 && thread.lastId > lastRead) unread = 1;
  return { unread, mention };
}

export const selectChannelLines = memoOfRoom((room): readonly ThreadLine[] =>
  room.channels.map((channel) => {
    const key = channelKey(channel.id);
    const thread = room.threads[key];
    const counts = thread ? unreadOf(thread, room.lastRead[key] ?? 0, room.self?.name ?? '') : noneUnread;
    return { key, name: channel.name, channel, open: room.open === key, ...counts };
  }),
);

export const selectDirectLines = memoOfRoom((room): readonly ThreadLine[] =>
  Object.values(room.threads)
    .filter((thread) => isDirect(thread.key))
    .sort((one, other) => other.lastAt - one.lastAt)
    .map((thread) => {
      const name = 'to' in thread.target ? thread.target.to : '';
      const counts = unreadOf(thread, room.lastRead[thread.key] ?? 0, room.self?.name ?? '');
      return { key: thread.key, name, open: room.open === thread.key, ...counts };
    }),
);

const noneUnread = { unread: 0, mention: false } as const;

/** For what depends on threads, channels, reading and the reader's name only: typing or presence do not redo it. */
function memoOfRoom<O>(derive: (room: Pick<RoomModel, 'threads' | 'channels' | 'lastRead' | 'open' | 'self'>) => O) {
  const inner = memo(
    (
      threads: RoomModel['threads'],
      channels: RoomModel['channels'],
      lastRead: RoomModel['lastRead'],
      open: RoomModel['open'],
      self: RoomModel['self'],
    ) => derive({ threads, channels, lastRead, open, self }),
  );
  return (room: RoomModel): O => inner(room.threads, room.channels, room.lastRead, room.open, room.self);
}

const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });

/** Who raises a hand comes first, in that order; then operators, then everybody, by name. The reader is among them. */
const people = memo((members: RoomModel['members'], hands: RoomModel['hands']): readonly WireMember[] => {
  const turn = ({ id }: WireMember) => hands.indexOf(id) + 1 || hands.length + 1;
  return Object.values(members).sort(
    (one, other) =>
      turn(one) - turn(other) ||
      Number(other.operator) - Number(one.operator) ||
      collator.compare(one.name, other.name),
  );
});

export function selectPeople(room: RoomModel): readonly WireMember[] {
  return people(room.members, room.hands);
}

/** Which turn somebody has who raises a hand; 0 where they do not. */
export function turnOf(room: RoomModel, id: string): number {
  return room.hands.indexOf(id) + 1;
}

const byName = memo(
  (members: RoomModel['members']): ReadonlyMap<string, WireMember> =>
    new Map(Object.values(members).map((member) => [nameKey(member.name), member])),
);

export function memberNamed(room: RoomModel, name: string): WireMember | undefined {
  return byName(room.members).get(nameKey(name));
}

export function threadName(room: Pick<RoomModel, 'channels'>, thread: Thread): string {
  const { target } = thread;
  if ('to' in target) return target.to;
  return room.channels.find((channel) => channel.id === target.channel)?.name ?? target.channel;
}

export function hasRelation(room: RoomModel, kind: 'mute' | 'block' | 'boot' | 'invite', name: string): boolean {
  return room.self?.relations[kind].includes(nameKey(name)) ?? false;
}

export function unreadDirect(room: RoomModel): number {
  return selectDirectLines(room).reduce((sum, line) => sum + line.unread, 0);
}

export function photosPermitted(room: RoomModel, target: WireTarget): boolean {
  if ('to' in target) return true;
  return room.channels.find((channel) => channel.id === target.channel)?.photos ?? false;
}

/** Two who agree on a file pass notes, which who may not write may not. */
export function maySendFiles(room: RoomModel): boolean {
  return room.self?.permissions.includes('message') ?? false;
}

/** As their client says: a black picture looks like any other to us, and one that does not come like one that is lost. */
export function hasCameraOff(member: Pick<WireMember, 'data'> | undefined): boolean {
  return member?.data?.camera === 'off';
}

/** Who sends and receives streams, the recorder among them: what somebody gets is not to lower what is recorded. */
export function countParties({ members, meeting }: RoomModel): number {
  return Object.keys(members).length + (meeting.recordingSince === undefined ? 0 : 1);
}

/** Who may not, but moderates, may end what somebody else began. */
export function mayRecord({ self, meeting }: RoomModel): boolean {
  const isOn = meeting.recordingSince !== undefined;
  return (self?.permissions.includes('record') ?? false) || (isOn && (self?.operator ?? false));
}

const NOBODY: readonly string[] = [];
const unheard = memo((muted: readonly string[], blocked: readonly string[]) => [...muted, ...blocked]);

/** Keys of the names of those whose messages in channels are not shown; the server does the same with earlier ones. */
export function selectUnheard(room: RoomModel): readonly string[] {
  const { mute, block } = room.self?.relations ?? {};
  return unheard(mute ?? NOBODY, block ?? NOBODY);
}
