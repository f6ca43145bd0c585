import type { Channel } from './channel.ts';
import type { RoomCommand } from './command.ts';
import { cleanLine } from './name.ts';
import { type Outcome, OutcomeBuilder, refused } from './outcome.ts';
import type { RoomState } from './room-state.ts';

type CommandOf<T extends RoomCommand['type']> = Extract<RoomCommand, { type: T }>;

/** At most this many channels in one room. */
export const MAX_CHANNELS = 100;
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const NEWCOMER_MESSAGES = 20;

export function createChannel(state: RoomState, command: CommandOf<'create-channel'>): Outcome {
  const { id = '', icon = '', description = '', vip = false, photos = true } = command;
  const name = cleanLine(command.name, 100);
  if (!ID.test(id) || name === '' || state.channels.length >= MAX_CHANNELS) return refused('channel-invalid');
  // Ids differing only in case would be one channel to people and two to the storage.
  const isTaken = state.channels.some((channel) => channel.id.toLowerCase() === id.toLowerCase());
  if (isTaken) return refused('channel-exists', { subject: name });
  const channel: Channel = {
    id,
    name,
    icon: cleanLine(icon, 64),
    description: cleanLine(description, 500),
    welcome: [],
    vip,
    photos,
    newcomerMessages: NEWCOMER_MESSAGES,
  };
  state.addChannel(channel);
  return new OutcomeBuilder()
    .store({ type: 'channel-created', room: state.name, channel })
    .toAll({ type: 'channel-created', channel }, state.shutOutOf(channel))
    .accept({ kind: 'about', name: id, detail: id });
}

/** Those of the configuration would be there again after a restart; and a room without any is none. */
export function deleteChannel(state: RoomState, { id }: CommandOf<'delete-channel'>): Outcome {
  const channel = state.channel(id);
  if (!channel) return refused('channel-unknown');
  if (!state.isMade(id)) return refused('channel-fixed', { detail: 'It is in the configuration.' });
  if (state.channels.length === 1) return refused('channel-fixed', { detail: 'It is the last one.' });
  const except = state.shutOutOf(channel);
  state.removeChannel(id);
  return new OutcomeBuilder()
    .store({ type: 'channel-deleted', room: state.name, channelId: id })
    .toAll({ type: 'channel-deleted', channelId: id }, except)
    .accept({ kind: 'about', name: channel.name });
}
