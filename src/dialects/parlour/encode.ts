import { DISCONNECTS, type Disconnect, type Refusal, refusalText } from '../../core/errors.ts';
import type { Event, Result } from '../../core/event.ts';
import { isVip } from '../../core/member.ts';
import type { Message, Target } from '../../core/message.ts';
import { commonRow, hasOwnView, mayRead, rowFor } from '../../core/view.ts';
import type { Envelope, Farewell, Frame, Viewer } from '../dialect.ts';
import { meetingFrame, streamFrame, wireMeeting, wireRoomToken } from './encode-meeting.ts';
import { wireChannel, wireMember, wireMessage, wireRoster, wireSelf } from './rows.ts';
import { KEEP_ALIVE_MS, type ServerFrame } from './wire.ts';

/**
 * Events that read the same for all readers. Of the others, some have a few variants (a direct message's two sides, a
 * roster line for VIPs), and some are one reader's own.
 */
export function encodeKey(event: Event, viewer: Viewer): string | null {
  switch (event.type) {
    case 'message-posted':
    case 'message-undelivered':
      return isAuthor(event.message, viewer) ? null : 'reader';
    case 'member-joined':
    case 'member-changed':
    case 'member-shown':
      return lineKey(event.type === 'member-joined' ? event.member.id : event.memberId, viewer);
    case 'room-entered':
    case 'self-changed':
    case 'welcomed':
    case 'accepted':
    case 'refused':
    case 'nudged':
    case 'kept-alive':
    case 'stream-answered':
    case 'stream-ended':
    case 'stream-restart':
    case 'stream-flowing':
    case 'stream-played':
    case 'stream-candidate':
    case 'stream-offered':
      return null;
    case 'room-changed':
    case 'recording-changed':
      return viewer.room ? '' : null;
    case 'roster-changed':
    case 'member-left':
    case 'member-concealed':
    case 'member-renamed':
    case 'estranged':
    case 'relayed':
    case 'channel-created':
    case 'channel-deleted':
    case 'roster-shown':
    case 'message-retracted':
    case 'reaction-changed':
    case 'typing-changed':
    case 'camera-rung':
    case 'camera-opened':
    case 'camera-watched':
    case 'camera-cut':
    case 'camera-marked':
    case 'signalled':
    case 'relation-changed':
    case 'relation-noticed':
    case 'notice':
    case 'messages-cleared':
    case 'identified':
    case 'captioned':
    case 'note-passed':
    case 'stream-closed':
      return '';
    default:
      return event satisfies never;
  }
}

function isAuthor(message: Message, viewer: Viewer): boolean {
  return message.author.identityId === viewer.member?.identity.id;
}

/** Whose line it is sees it in full, and who has relations of their own sees what these leave of it. */
function lineKey(memberId: string, { member, room }: Viewer): string | null {
  if (!member || !room || memberId === member.id || hasOwnView(room, member)) return null;
  return isVip(member) ? 'vip' : '';
}

export function encode(event: Event, viewer: Viewer, { seq }: Envelope): readonly Frame[] {
  const frame = frameOf(event, viewer, seq);
  return frame ? [{ text: JSON.stringify(frame) }] : [];
}

function frameOf(event: Event, viewer: Viewer, seq: number): ServerFrame | undefined {
  switch (event.type) {
    case 'welcomed':
      return {
        type: 'welcome',
        session: event.session,
        token: event.token,
        epoch: event.epoch,
        seq: event.seq,
        recovered: event.recovered,
        keepAliveMs: KEEP_ALIVE_MS,
      };
    case 'kept-alive':
      return event.token === undefined ? undefined : { type: 'token', jwt: event.token };
    case 'accepted':
      return { type: 'ok', ...refOf(event), ...resultOf(event.result, viewer) };
    case 'refused':
      return refused({ ref: event.ref, refusal: event.refusal });
    case 'room-entered':
      return roomFrame(event, viewer, seq);
    case 'member-joined':
      return line(event.member.id, viewer, { seq, joined: true });
    case 'member-changed':
    case 'member-shown':
      return line(event.memberId, viewer, { seq, joined: false });
    case 'member-left':
      return { type: 'gone', seq, id: event.member.id, name: event.member.name, how: event.how };
    case 'member-concealed':
      return { type: 'gone', seq, id: event.memberId };
    case 'member-renamed':
      return { type: 'renamed', seq, id: event.memberId, from: event.from, name: event.name };
    case 'self-changed':
      return viewer.room && { type: 'self', seq, self: wireSelf(viewer.room, event.self) };
    case 'message-posted':
      return { type: 'message', seq, message: wireMessage(event.message, { identityId: viewer.member?.identity.id }) };
    case 'message-retracted':
      return { type: 'retracted', seq, messageId: event.messageId };
    case 'reaction-changed':
      return {
        type: 'reaction',
        seq,
        messageId: event.messageId,
        emoji: event.emoji,
        by: event.by.name,
        on: event.added,
      };
    case 'typing-changed':
      return {
        type: 'typing',
        seq,
        id: event.memberId,
        name: event.name,
        ...channelOf(event.target),
        on: event.on,
      };
    case 'camera-rung':
      return { type: 'ring', seq, name: event.viewer, id: event.viewerId };
    case 'camera-opened':
      return { type: 'opened', seq, name: event.broadcaster, id: event.broadcasterId };
    case 'camera-watched':
      return { type: 'watching', seq, name: event.viewer, id: event.viewerId, on: event.on };
    case 'camera-cut':
      return { type: 'cut', seq };
    case 'camera-marked':
      return { type: 'marked', seq, ...(event.by === undefined ? {} : { by: event.by }) };
    case 'signalled':
      return { type: 'signal', seq, name: event.from, id: event.fromId, kind: event.kind, payload: event.payload };
    case 'relation-changed':
      return { type: 'relation', seq, kind: event.kind, names: [...event.names], on: event.on };
    case 'relation-noticed':
      return { type: 'notice', seq, text: relationNotice(event) };
    case 'notice':
      return { type: 'notice', seq, text: event.text };
    case 'channel-created':
      return { type: 'channel', seq, channel: wireChannel(event.channel) };
    case 'channel-deleted':
      return { type: 'channel-gone', seq, id: event.channelId };
    case 'nudged':
      return viewer.member?.name === event.name ? { type: 'nudge', seq } : undefined;
    case 'room-changed':
    case 'recording-changed':
    case 'messages-cleared':
    case 'identified':
    case 'captioned':
    case 'note-passed':
      return meetingFrame(event, viewer, seq);
    case 'stream-answered':
    case 'stream-ended':
    case 'stream-restart':
    case 'stream-candidate':
    case 'stream-offered':
    case 'stream-closed':
      return streamFrame(event, seq);
    // The refusal that answers the post says it all; a whole roster is for wires without lines of it.
    case 'message-undelivered':
    case 'roster-changed':
    // Relations say it.
    case 'estranged':
    // Within the mesh of another wire.
    case 'relayed':
    case 'roster-shown':
    // Our clients receive by our offers, and see for themselves whether they are heard.
    case 'stream-flowing':
    case 'stream-played':
      return undefined;
    default:
      return event satisfies never;
  }
}

function roomFrame(
  event: Extract<Event, { type: 'room-entered' }>,
  viewer: Viewer,
  seq: number,
): ServerFrame | undefined {
  const { room } = viewer;
  if (!room) return undefined;
  const { self } = event;
  const channels = room.channels.filter((channel) => mayRead(channel, self));
  return {
    type: 'room',
    seq,
    name: room.name,
    title: room.title,
    channels: channels.map(wireChannel),
    self: wireSelf(room, self),
    members: wireRoster(room, self),
    messages: event.recent.map((message) => wireMessage(message, { identityId: self.identity.id })),
    permitExplicit: room.policy.permitExplicit,
    meeting: wireMeeting(room),
  };
}

/** A roster line as the viewer may see it now; that somebody is out of sight by now is said so, too. */
function line(
  memberId: string,
  viewer: Viewer,
  options: { readonly seq: number; readonly joined: boolean },
): ServerFrame | undefined {
  const { member: self, room } = viewer;
  const member = room?.member(memberId);
  if (!self || !room || !member) return undefined;
  if (member.id === self.id) return { type: 'self', seq: options.seq, self: wireSelf(room, self) };
  const row = hasOwnView(room, self) ? rowFor(room, self, member) : commonRow(room, member, { vip: isVip(self) });
  if (!row) return undefined;
  const joined = options.joined ? { joined: true as const } : {};
  return { type: 'member', seq: options.seq, member: wireMember(row), ...joined };
}

function resultOf(result: Result, viewer: Viewer): object {
  switch (result.kind) {
    case 'done':
      return {};
    case 'about':
      return result.detail === undefined ? {} : { detail: result.detail };
    case 'count':
      return { detail: String(result.count) };
    case 'message':
      return { messageId: result.messageId, at: result.at };
    case 'bans':
      return { bans: result.bans.map(({ id: _, room: __, identityId: ___, ...ban }) => ban) };
    case 'history':
      return {
        messages: result.messages.map((message) => wireMessage(message, { identityId: viewer.member?.identity.id })),
        more: result.more,
      };
    case 'threads':
      return { threads: result.threads };
    case 'invitation':
      return { url: result.url };
    case 'identity':
      return { detail: result.address ?? '' };
    case 'subrooms':
      return {};
    case 'room-tokens':
      return { tokens: result.tokens.map(wireRoomToken) };
    default:
      return result satisfies never;
  }
}

function refused(answer: { readonly ref: string | undefined; readonly refusal: Refusal }): ServerFrame {
  const { refusal } = answer;
  return {
    type: 'refused',
    ...refOf(answer),
    code: refusal.code,
    message: refusalText(refusal),
    ...(refusal.subject === undefined ? {} : { subject: refusal.subject }),
  };
}

export function refusedFrame(answer: { readonly ref: string | undefined; readonly refusal: Refusal }): Frame {
  return { text: JSON.stringify(refused(answer)) };
}

function refOf(answer: { readonly ref?: string | undefined }): { readonly ref?: string } {
  return answer.ref === undefined ? {} : { ref: answer.ref };
}

function channelOf(target: Target): { readonly channel?: string } {
  return target.kind === 'channel' ? { channel: target.channel } : {};
}

function relationNotice(event: Extract<Event, { type: 'relation-noticed' }>): string {
  const verb =
    event.kind === 'mute'
      ? ['muted you', 'unmuted you']
      : ['booted you off their camera', 'let you back on their camera'];
  return `${event.by} has ${event.on ? verb[0] : verb[1]}.`;
}

export function farewell(disconnect: Disconnect): Farewell {
  const { comeBack, text, wsCode } = DISCONNECTS[disconnect.code];
  const frame: ServerFrame = {
    type: 'bye',
    code: disconnect.code,
    message: text,
    ...(disconnect.reason ? { reason: disconnect.reason } : {}),
    comeBack,
  };
  return { frames: [{ text: JSON.stringify(frame) }], code: wsCode, reason: disconnect.code };
}
