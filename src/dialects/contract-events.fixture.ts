import type { Channel } from '../core/channel.ts';
import type { CommandType } from '../core/command.ts';
import { REFUSALS, type RefusalCode } from '../core/errors.ts';
import type { Event, EventType, Result } from '../core/event.ts';
import type { Member } from '../core/member.ts';
import type { Attachment, Author, Message } from '../core/message.ts';
import type { DialectSettings } from './dialect.ts';

const NOW = 1_753_000_000_000;

/** Whom the sample events are about. */
export interface Parties {
  readonly author: Member;
  readonly recipient: Member;
}

type Samples = { readonly [T in EventType]: readonly Extract<Event, { type: T }>[] };

/** At least one event of each type: a new type does not compile until it has a sample here. */
export function sampleEvents(parties: Parties): readonly Event[] {
  const { author, recipient } = parties;
  const to = { kind: 'member', name: recipient.name } as const;
  const lobby = { kind: 'channel', channel: 'lobby' } as const;
  const by = asAuthor(author);
  const said = text(author, 'Good *evening*, <b>all</b> \u{1f388}');
  const whispered: Message = { ...said, id: NOW + 2, target: to, recipient: asAuthor(recipient), clientId: 'c1' };
  const shown: Message = { ...said, id: NOW + 3, body: { kind: 'image', attachment: PICTURE, fileName: 'dot.png' } };
  const image = { bytes: Uint8Array.of(1, 2, 3) };
  const about = { messageId: said.id, target: lobby, author: by };
  const direct = { messageId: whispered.id, target: to, author: by, recipient: asAuthor(recipient) };
  const note = {
    type: 'note-passed',
    from: { handle: author.handle, name: author.name },
    privileged: true,
    at: NOW,
  } as const;
  const offer = {
    type: 'stream-offered',
    label: 'camera',
    publisher: { id: author.id, handle: author.handle, name: author.name },
    sdp: 'v=0\r\n',
  } as const;
  const samples: Samples = {
    'room-entered': [
      { type: 'room-entered', self: author, recent: [], again: false },
      { type: 'room-entered', self: author, recent: [said, shown], again: true },
    ],
    'member-joined': [{ type: 'member-joined', member: author }],
    'member-left': (['left', 'kicked', 'banned', 'timed-out', 'replaced'] as const).map((how) => ({
      type: 'member-left',
      member: author,
      how,
    })),
    'roster-changed': [{ type: 'roster-changed' }],
    'member-renamed': [{ type: 'member-renamed', memberId: author.id, from: 'former <b>', name: author.name }],
    estranged: [{ type: 'estranged', name: author.name }],
    'kept-alive': [{ type: 'kept-alive' }, { type: 'kept-alive', token: 'a.b.c' }],
    'member-changed': [
      { type: 'member-changed', memberId: author.id },
      { type: 'member-changed', memberId: 'somebody who is gone' },
    ],
    'member-shown': [{ type: 'member-shown', memberId: author.id }],
    'member-concealed': [{ type: 'member-concealed', memberId: author.id }],
    'self-changed': [{ type: 'self-changed', self: author }],
    'message-posted': [
      { type: 'message-posted', message: said },
      { type: 'message-posted', message: whispered },
      { type: 'message-posted', message: { ...whispered, shadow: true } },
      { type: 'message-posted', message: { ...said, body: { kind: 'text', text: '/me waves' } }, sentAt: NOW - 5 },
      { type: 'message-posted', message: shown, image },
      // As it is replayed to whoever was away: without the bytes.
      { type: 'message-posted', message: shown },
    ],
    'message-undelivered': [
      { type: 'message-undelivered', message: said, refusal: { code: 'member-absent', subject: 'nobody' } },
      { type: 'message-undelivered', message: shown, refusal: { code: 'you-muted-them' }, image },
    ],
    'message-retracted': [
      { type: 'message-retracted', ...about, by: author.name },
      { type: 'message-retracted', ...direct, by: recipient.name },
    ],
    'reaction-changed': [
      { type: 'reaction-changed', ...about, by, emoji: '\u{1f388}', added: true },
      { type: 'reaction-changed', ...direct, by, emoji: '<3', added: false },
    ],
    nudged: [{ type: 'nudged', name: recipient.name, by: author.name }],
    'typing-changed': [
      { type: 'typing-changed', memberId: author.id, name: author.name, target: lobby, on: true },
      { type: 'typing-changed', memberId: author.id, name: author.name, target: to, on: false },
    ],
    'camera-rung': [{ type: 'camera-rung', viewer: author.name, viewerId: author.id, secret: 'abcdefghijklmnop' }],
    'camera-opened': [
      { type: 'camera-opened', broadcaster: author.name, broadcasterId: author.id, secret: 'abcdefghijklmnop' },
      {
        type: 'camera-opened',
        broadcaster: author.name,
        broadcasterId: author.id,
        secret: 'abcdefghijklmnop',
        despite: 'boot',
      },
    ],
    'camera-watched': [{ type: 'camera-watched', viewer: author.name, viewerId: author.id, on: true }],
    'camera-cut': [{ type: 'camera-cut' }],
    'camera-marked': [
      { type: 'camera-marked' },
      { type: 'camera-marked', by: author.name },
      { type: 'camera-marked', rule: true },
    ],
    signalled: (['description', 'candidate'] as const).map((kind) => ({
      type: 'signalled',
      from: author.name,
      fromId: author.id,
      kind,
      payload: '{"sdp":"v=0\\r\\n"}',
    })),
    'relation-changed': [{ type: 'relation-changed', kind: 'mute', names: [recipient.name], on: true }],
    'relation-noticed': [
      { type: 'relation-noticed', kind: 'mute', by: author.name, on: false },
      { type: 'relation-noticed', kind: 'boot', by: author.name, on: true },
    ],
    relayed: [
      { type: 'relayed', from: author.identity.id, kind: 'offer', payload: '{"type":"offer"}' },
      { type: 'relayed', from: 'nobody', kind: '"', payload: 'null' },
    ],
    'channel-created': [{ type: 'channel-created', channel: NEW_CHANNEL }],
    'channel-deleted': [{ type: 'channel-deleted', channelId: NEW_CHANNEL.id }],
    'roster-shown': [{ type: 'roster-shown' }],
    'room-changed': [
      { type: 'room-changed', what: 'lock', locked: true, by: author.name },
      { type: 'room-changed', what: 'lock', locked: false },
      { type: 'room-changed', what: 'data', locked: false },
      { type: 'room-changed', what: 'terms', locked: true },
    ],
    'recording-changed': [
      { type: 'recording-changed', on: true, handle: 'recorder', since: NOW, by: author.name },
      { type: 'recording-changed', on: false, handle: 'recorder', since: NOW, by: author.name },
      { type: 'recording-changed', on: true, handle: 'recorder', since: NOW },
    ],
    'messages-cleared': [
      { type: 'messages-cleared', by: author.name, messages: [] },
      { type: 'messages-cleared', by: author.name, messages: [{ id: said.id, target: lobby, author: by }] },
      {
        type: 'messages-cleared',
        by: recipient.name,
        author: author.handle,
        messages: [{ id: said.id, target: lobby, author: by }],
      },
    ],
    identified: [{ type: 'identified', by: recipient.name }],
    captioned: [{ type: 'captioned', author: by, handle: author.handle, text: 'and <so> on', at: NOW }],
    'note-passed': [
      { ...note, kind: 'mute', payload: 'null' },
      { ...note, kind: 'warning', payload: '"mind the <step>"' },
      { ...note, kind: 'warning', payload: '{"no":"text"}' },
      { ...note, privileged: false, to: recipient.handle, kind: 'filetransfer', payload: '{"type":"invite"}' },
    ],
    'stream-answered': [{ type: 'stream-answered', stream: 's1', sdp: 'v=0\r\n' }],
    'stream-ended': [{ type: 'stream-ended', stream: 's1', refusal: { code: 'rule-no-broadcast' } }],
    'stream-restart': [{ type: 'stream-restart', stream: 's1' }],
    'stream-flowing': [{ type: 'stream-flowing', stream: 's1' }],
    'stream-played': [{ type: 'stream-played', stream: 's1', sdp: 'v=0\r\n' }],
    'stream-candidate': [
      { type: 'stream-candidate', stream: 's1', candidate: { candidate: '' } },
      { type: 'stream-candidate', stream: 's1', candidate: { candidate: 'candidate:1 1 UDP 1', sdpMid: '0' } },
    ],
    'stream-offered': [
      { ...offer, stream: 's1', tracks: [] },
      { ...offer, stream: 's2', tracks: [{ mid: '0', kind: 'video' }], replaces: 's1' },
    ],
    'stream-closed': [
      { type: 'stream-closed', stream: 's1' },
      { type: 'stream-closed', stream: 's1', refusal: { code: 'stream-unfit', detail: 'No codec.' } },
    ],
    notice: [{ type: 'notice', text: 'The kettle is <on> & hot.' }],
    accepted: [...commandsAccepted(), ...results(said).map((result) => accepted('post-message', result))],
    refused: REFUSAL_CODES.flatMap((code) => [
      { type: 'refused', refusal: { code } },
      { type: 'refused', ref: 'r1', command: 'open-camera', refusal: { code, subject: '<i>', detail: 'Sorry.' } },
    ]),
    welcomed: [
      { type: 'welcomed', session: 'secret', token: 'token', epoch: 'epoch', recovered: true, seq: 7 },
      { type: 'welcomed', session: 'secret', token: '', epoch: 'epoch', recovered: false, seq: 0 },
    ],
  };
  return Object.values(samples).flat();
}

const REFUSAL_CODES = Object.keys(REFUSALS) as readonly RefusalCode[];

const COMMANDS: { readonly [T in CommandType]: true } = {
  'post-message': true,
  'retract-message': true,
  react: true,
  nudge: true,
  'set-presence': true,
  'set-typing': true,
  relate: true,
  'block-all': true,
  'unmute-all': true,
  'open-camera': true,
  'watch-camera': true,
  signal: true,
  relay: true,
  rename: true,
  'create-channel': true,
  'delete-channel': true,
  announce: true,
  kick: true,
  'kick-all': true,
  ban: true,
  'ban-addresses': true,
  unban: true,
  'list-bans': true,
  'set-operator': true,
  'mark-explicit': true,
  'cut-camera': true,
  'set-lock': true,
  'set-room-data': true,
  'set-own-data': true,
  grant: true,
  'clear-messages': true,
  identify: true,
  caption: true,
  record: true,
  'pass-note': true,
  publish: true,
  unpublish: true,
  trickle: true,
  'request-streams': true,
  'request-stream': true,
  'answer-stream': true,
  'restart-stream': true,
  'refuse-stream': true,
  'play-stream': true,
  'make-room-token': true,
  'edit-room-token': true,
  'list-room-tokens': true,
  'list-subrooms': true,
  report: true,
  join: true,
  leave: true,
  resume: true,
  'post-image': true,
  'post-attachment': true,
  'fetch-history': true,
  'list-threads': true,
  'show-roster': true,
  'set-password': true,
  'create-invitation': true,
  reconfigure: true,
  'shut-down': true,
};

export const COMMAND_TYPES = Object.keys(COMMANDS) as readonly CommandType[];

function commandsAccepted(): Extract<Event, { type: 'accepted' }>[] {
  return COMMAND_TYPES.map((command) => accepted(command, { kind: 'done' }));
}

function accepted(command: CommandType, result: Result): Extract<Event, { type: 'accepted' }> {
  return { type: 'accepted', command, ref: 'r1', result };
}

type Results = { readonly [K in Result['kind']]: Extract<Result, { kind: K }> };

function results(message: Message): readonly Result[] {
  const all: Results = {
    done: { kind: 'done' },
    about: { kind: 'about', name: 'Trent "T" O.', detail: '2030-01-01T00:00:00.000Z' },
    message: { kind: 'message', messageId: message.id, at: message.at },
    count: { kind: 'count', count: 3 },
    bans: {
      kind: 'bans',
      bans: [
        { id: 's1', room: 'lobby', name: '<m>', reason: 'spam', by: 'op', at: NOW, expiresAt: NOW + 1 },
        { id: 's2', room: 'lobby', addresses: '192.0.2.0/24', reason: '', by: 'op', at: NOW, expiresAt: NOW + 1 },
      ],
    },
    history: { kind: 'history', messages: [message], more: true },
    threads: { kind: 'threads', threads: [{ name: 'bob', lastMessageId: message.id, lastAt: NOW }] },
    subrooms: { kind: 'subrooms', rooms: [{ name: 'lobby/a', members: 2 }] },
    identity: { kind: 'identity', handle: 'h1', name: '<m>', address: '192.0.2.7' },
    'room-tokens': {
      kind: 'room-tokens',
      tokens: [
        { token: 'abc', room: 'lobby', permissions: ['present', 'message'], expires: NOW, issuedBy: 'op' },
        { token: 'def', room: 'lobby', username: '<m>', permissions: [], notBefore: NOW, issuedAt: NOW },
      ],
    },
    invitation: { kind: 'invitation', url: 'http://localhost:8080/?invite=word' },
  };
  return Object.values(all);
}

const NEW_CHANNEL: Channel = {
  id: 'night',
  name: 'Night <b>',
  icon: '',
  description: '',
  welcome: [],
  vip: false,
  photos: true,
  newcomerMessages: 20,
};

const PICTURE: Attachment = { id: 'picture', mediaType: 'image/png', width: 360, height: 180, byteLength: 3 };

function text(author: Member, words: string): Message {
  const reaction = { emoji: '\u{1f388}', by: [asAuthor(author)] };
  return {
    id: NOW + 1,
    target: { kind: 'channel', channel: 'lobby' },
    author: asAuthor(author),
    body: { kind: 'text', text: words },
    at: NOW,
    reactions: [reaction],
  };
}

function asAuthor(member: Member): Author {
  return { identityId: member.identity.id, name: member.name };
}

/** What no operator said anything of. */
export const DIALECT_SETTINGS: DialectSettings = {
  defaultRoom: 'lobby',
  title: 'Parlour',
  publicUrl: () => 'http://localhost:8080',
  iceServers: () => [{ urls: ['stun:localhost:3478'] }],
  previewWidth: 360,
  galene: { permissions: 'object', relayOnly: false },
  ruleTexts: { 'no-video': '', 'no-broadcast': '', 'no-image': '', 'camera-explicit': '' },
};
