import type { Command } from '../../core/command.ts';
import { WireError } from '../../core/errors.ts';
import { cleanName } from '../../core/name.ts';
import type { Decoded, Frame, InboundFrame, Viewer } from '../dialect.ts';
import { authPacket, packetFrame, spelled } from './encode.ts';
import { channelsOf, namesSeenBy } from './roster.ts';
import type { RwciState } from './state.ts';
import { type ClientPacket, MAX_NAME_LENGTH, parsePacket } from './wire.ts';

const NOTHING: Decoded = { requests: [] };

/** `spec/rwci.md` 1.2 and 1.6: what is malformed or unknown is dropped without a word. */
export function decode(state: RwciState, inbound: InboundFrame, viewer: Viewer<RwciState>): Decoded {
  const packet = inbound.kind === 'text' ? parsePacket(inbound.text) : undefined;
  if (!packet) return NOTHING;
  if (packet.type === 'auth') return auth(state, packet, viewer);
  if (!viewer.member) {
    if (packet.type === 'message') throw new WireError('A message came before the login.', { severity: 'close' });
    return NOTHING;
  }
  switch (packet.type) {
    case 'message':
      return message(packet, viewer);
    case 'direct_message':
      return direct(packet);
    case 'typing':
      return command({ type: 'set-typing', target: { kind: 'channel', channel: channelFor('', viewer) }, on: true });
    case 'user_list':
    case 'channel_list':
    case 'default_channel':
      return { requests: [], replies: [listed(packet.type, viewer)] };
    default:
      return NOTHING;
  }
}

function command(asked: Command): Decoded {
  return { requests: [{ command: asked }] };
}

/**
 * Names are taken as they are written, or not at all: clients wait for a `join` of the very name that they gave. Letters
 * in parts are put together, and told to this client as it wrote them.
 */
function auth(state: RwciState, { username = '', password = '' }: ClientPacket, viewer: Viewer): Decoded {
  if (viewer.member) return { requests: [], replies: [packetFrame(authPacket('refused'))] };
  const name = username.normalize('NFC');
  const isName = [...name].length <= MAX_NAME_LENGTH && cleanName(name) === name;
  state.spelling = name === username ? undefined : { name, written: username };
  return command({
    type: 'join',
    room: state.context.settings.defaultRoom,
    name: isName ? name : '',
    credentials: { password, register: true },
    presence: {},
    relations: {},
    abilities: { video: 'none', direct: true },
    onlyOnce: true,
  });
}

function message({ message: text = '', channel = '' }: ClientPacket, viewer: Viewer): Decoded {
  if (text.trim() === '') return NOTHING;
  const target = { kind: 'channel', channel: channelFor(channel, viewer) } as const;
  return command({ type: 'post-message', target, body: { kind: 'text', text, breaks: true } });
}

function direct({ message: text = '', recipient = '' }: ClientPacket): Decoded {
  if (text.trim() === '' || recipient === '') return NOTHING;
  return command({
    type: 'post-message',
    target: { kind: 'member', name: recipient },
    body: { kind: 'text', text, breaks: true },
  });
}

/** The one that is named, or the default: clients name none before they were told of any, and some never do. */
function channelFor(named: string, viewer: Viewer): string {
  const channels = channelsOf(viewer);
  return channels.includes(named) ? named : (channels[0] ?? '');
}

function listed(type: 'user_list' | 'channel_list' | 'default_channel', viewer: Viewer<RwciState>): Frame {
  const { state } = viewer;
  if (type === 'user_list') {
    const users = namesSeenBy(viewer);
    for (const user of users) state.users.add(user);
    return packetFrame(spelled({ type, users }, state));
  }
  const channels = channelsOf(viewer);
  for (const channel of channels) state.channels.add(channel);
  return packetFrame(type === 'channel_list' ? { type, channels } : { type, channel: channels[0] ?? '' });
}
