import { DISCONNECTS, type Disconnect, type RefusalCode, refusalText } from '../../core/errors.ts';
import type { Event } from '../../core/event.ts';
import type { Member } from '../../core/member.ts';
import type { Message } from '../../core/message.ts';
import { meetingNotice } from '../../core/notices.ts';
import type { Farewell, Frame, Viewer } from '../dialect.ts';
import { channelsOf, namesSeenBy } from './roster.ts';
import type { RwciState } from './state.ts';
import { textOf, withoutTags } from './text.ts';
import type { ServerPacket } from './wire.ts';

export function packetFrame(packet: ServerPacket): Frame {
  return { text: JSON.stringify(packet) };
}

/** Fields for the clients of both generations (`spec/rwci.md` 1.8). */
export function authPacket(outcome: 'registered' | 'known' | 'refused'): ServerPacket {
  const status = { registered: 'Registered and logged in ok', known: 'Logged in ok', refused: 'Login failed' }[outcome];
  return { type: 'auth', success: outcome !== 'refused', status, new_account: outcome === 'registered' };
}

/** What depends on whom and what a client was told of is its own; the rest reads the same for all. */
export function encodeKey(event: Event, viewer: Viewer<RwciState>): string | null {
  if (viewer.state.spelling) return null;
  switch (event.type) {
    case 'message-posted':
      return messageKey(event.message, viewer);
    case 'room-entered':
    case 'member-joined':
    case 'member-left':
    case 'member-shown':
    case 'member-concealed':
    case 'member-renamed':
    case 'channel-created':
    case 'channel-deleted':
    case 'refused':
      return null;
    default:
      return '';
  }
}

function messageKey({ target, author, recipient }: Message, { member, state }: Viewer<RwciState>): string | null {
  if (target.kind === 'channel') return state.channels.has(target.channel) ? '' : null;
  return recipient?.identityId === member?.identity.id ? 'to' : author.identityId === member?.identity.id ? 'by' : '';
}

export function encode(event: Event, viewer: Viewer<RwciState>): readonly Frame[] {
  return packets(event, viewer).map((packet) => packetFrame(spelled(packet, viewer.state)));
}

/** Its own name as the client writes it: its library compares, and is ready at the `join` of that alone. */
export function spelled(packet: ServerPacket, { spelling }: RwciState): ServerPacket {
  if (!spelling) return packet;
  const asWritten = (name: string) => (name === spelling.name ? spelling.written : name);
  if ('username' in packet) return { ...packet, username: asWritten(packet.username) };
  if ('author' in packet) return { ...packet, author: asWritten(packet.author) };
  return 'users' in packet ? { ...packet, users: packet.users.map(asWritten) } : packet;
}

function packets(event: Event, viewer: Viewer<RwciState>): readonly ServerPacket[] {
  switch (event.type) {
    case 'room-entered':
      return entered(event.self, viewer);
    case 'member-joined':
      return joined(event.member.name, viewer);
    case 'member-shown':
      return joined(viewer.room?.member(event.memberId)?.name, viewer);
    case 'member-left':
      return gone(event.member.name, viewer);
    case 'member-concealed':
      return gone(viewer.room?.member(event.memberId)?.name, viewer);
    case 'member-renamed':
      return [...gone(event.from, viewer), ...joined(event.name, viewer)];
    case 'message-posted':
      return posted(event.message, viewer);
    case 'typing-changed':
      return event.on ? [{ type: 'typing', username: event.name }] : [];
    case 'channel-created':
      return channelMade(event.channel.id, viewer);
    case 'channel-deleted':
      return channelDeleted(event.channelId, viewer);
    case 'notice':
      return [broadcast(event.text)];
    case 'relation-noticed':
      return [broadcast(`${event.by} has ${event.on ? '' : 'un'}${past(event.kind)} you.`)];
    case 'refused':
      return refusal(event);
    case 'room-changed':
    case 'recording-changed':
    case 'messages-cleared':
    case 'identified':
    case 'note-passed':
    case 'captioned': {
      const message = meetingNotice(event);
      return message === undefined ? [] : [{ type: 'broadcast', message }];
    }
    case 'stream-answered':
    case 'stream-ended':
    case 'stream-restart':
    case 'stream-flowing':
    case 'stream-played':
    case 'stream-candidate':
    case 'stream-offered':
    case 'stream-closed':
    // There are no cameras, reactions, statuses or relations; what was taken back was said; sessions do not last.
    case 'roster-changed':
    case 'member-changed':
    case 'self-changed':
    case 'message-undelivered':
    case 'message-retracted':
    case 'reaction-changed':
    case 'nudged':
    case 'camera-rung':
    case 'camera-opened':
    case 'camera-watched':
    case 'camera-cut':
    case 'camera-marked':
    case 'signalled':
    case 'relayed':
    case 'relation-changed':
    case 'estranged':
    case 'accepted':
    case 'roster-shown':
    case 'kept-alive':
    case 'welcomed':
      return [];
    default:
      return event satisfies never;
  }
}

/** In this order, one's own `join` last: the clients' library is ready at that (1.4). */
function entered(self: Member, viewer: Viewer<RwciState>): ServerPacket[] {
  const users = namesSeenBy(viewer);
  const channels = channelsOf(viewer);
  viewer.state.begin(users, channels);
  return [
    authPacket(self.identity.isNew ? 'registered' : 'known'),
    { type: 'user_list', users },
    { type: 'channel_list', channels },
    { type: 'default_channel', channel: channels[0] ?? '' },
    { type: 'join', username: self.name },
  ];
}

function joined(name: string | undefined, { state }: Viewer<RwciState>): ServerPacket[] {
  if (name === undefined || state.users.has(name)) return [];
  state.users.add(name);
  return [{ type: 'join', username: name }];
}

function gone(name: string | undefined, { state }: Viewer<RwciState>): ServerPacket[] {
  return name !== undefined && state.users.delete(name) ? [{ type: 'quit', username: name }] : [];
}

/** What one sends directly is not echoed: clients show it by themselves. */
function posted(message: Message, viewer: Viewer<RwciState>): ServerPacket[] {
  const { target, author, recipient } = message;
  const text = textOf(message, viewer.state.context.settings.publicUrl());
  if (target.kind === 'channel') {
    const announced = channelMade(target.channel, viewer);
    return [...announced, { type: 'message', author: author.name, message: text, channel: target.channel }];
  }
  if (recipient?.identityId !== viewer.member?.identity.id) return [];
  return [{ type: 'direct_message', author: author.name, message: text }];
}

function channelMade(channel: string, { state }: Viewer<RwciState>): ServerPacket[] {
  if (state.channels.has(channel)) return [];
  state.channels.add(channel);
  return [{ type: 'channel_create', channel }];
}

/** Where it was the default one, there is another. Else none is said: clients go there at the word, wherever they are. */
function channelDeleted(channel: string, viewer: Viewer<RwciState>): ServerPacket[] {
  const { state } = viewer;
  if (!state.channels.delete(channel)) return [];
  const gone = { type: 'channel_delete', channel } as const;
  if (channel !== state.defaultChannel) return [gone];
  state.defaultChannel = channelsOf(viewer)[0] ?? '';
  return [{ type: 'default_channel', channel: state.defaultChannel }, gone];
}

/** The wire has no errors: a login's is the answer to it, others are told as a notice that nobody else reads. */
function refusal(event: Extract<Event, { type: 'refused' }>): ServerPacket[] {
  if (event.command === 'join') return [authPacket('refused')];
  if (SILENT.has(event.refusal.code)) return [];
  return [broadcast(`(Only you read this.) ${refusalText(event.refusal)}`)];
}

/** Clients print it as they print messages. */
function broadcast(text: string): ServerPacket {
  return { type: 'broadcast', message: withoutTags(text) };
}

/** What the protocol's document lets pass without a word. */
const SILENT: ReadonlySet<RefusalCode> = new Set(['member-absent', 'message-empty', 'not-joined', 'link-spam']);

function past(kind: 'mute' | 'boot'): string {
  return kind === 'mute' ? 'muted' : 'booted';
}

/** The last notice, and the close; a refused login was answered already. */
export function farewell(disconnect: Disconnect): Farewell {
  const { code, reason } = disconnect;
  const { text, wsCode } = DISCONNECTS[code];
  if (code === 'left' || code === 'not-admitted') return { frames: [], code: 1000, reason: code };
  const words = reason && TOLD.has(code) ? `${text} ${reason}` : text;
  return { frames: [packetFrame(broadcast(words))], code: wsCode, reason: code };
}

const TOLD: ReadonlySet<Disconnect['code']> = new Set(['kicked', 'banned', 'dismissed']);
