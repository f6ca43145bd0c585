import { actionIn } from '../../core/action.ts';
import type { CommandType } from '../../core/command.ts';
import { DISCONNECTS, type Disconnect, type DisconnectCode, type RefusalCode } from '../../core/errors.ts';
import type { Departure, Event } from '../../core/event.ts';
import type { Member } from '../../core/member.ts';
import type { Body, ImageData, Message } from '../../core/message.ts';
import { nameKey } from '../../core/name.ts';
import { meetingNotice } from '../../core/notices.ts';
import { mayRead } from '../../core/view.ts';
import type { DialectSettings, Farewell, Frame, Viewer } from '../dialect.ts';
import { cameraFields, errorFrame, frameOf, jwtRules } from './frames.ts';
import { escapeHtml, imageHtml, renderMarkdown } from './markup.ts';
import type { BareState } from './state.ts';
import { whoFrame } from './who.ts';
import { ACTIONS, type BareFrame, NUDGE_MESSAGE_ID } from './wire.ts';
import { accepted, markedWords, refusalWords, relationText } from './words.ts';

/** All but direct messages, and what is one member's own, reads the same for everybody. */
export function encodeKey(event: Event, viewer: Viewer<BareState>): string | null {
  switch (event.type) {
    case 'message-posted':
      return event.message.recipient ? sideOf(event.message, viewer) : '';
    case 'member-joined':
    case 'member-left':
      return isMutedBy(event.member.name, viewer) ? 'muted' : '';
    case 'member-renamed':
      return isMutedBy(event.name, viewer) ? 'muted' : '';
    case 'room-entered':
    case 'accepted':
    case 'refused':
    case 'kept-alive':
      return null;
    default:
      return '';
  }
}

/** Who muted somebody does not hear of their coming and going (`spec/barertc.md` 1.9.10); the who list has them. */
function isMutedBy(name: string, { member, room }: Viewer): boolean {
  const muters = room?.relations.toward(name, 'mute');
  return muters !== undefined && muters.size > 0 && member !== undefined && muters.has(nameKey(member.name));
}

function sideOf(message: Message, viewer: Viewer): 'author' | 'recipient' {
  return viewer.member?.identity.id === message.author.identityId ? 'author' : 'recipient';
}

export function encode(event: Event, viewer: Viewer<BareState>): readonly Frame[] {
  const { settings } = viewer.state.context;
  switch (event.type) {
    case 'room-entered':
      return entered(event, viewer);
    case 'member-joined':
      return isMutedBy(event.member.name, viewer) ? [] : [presence(event.member.name, 'has joined the room!')];
    case 'member-left':
      return departed(event, viewer);
    case 'self-changed':
      return [me(event.self)];
    case 'message-posted':
      return [message(event.message, { side: sideOf(event.message, viewer), image: event.image, settings })];
    case 'message-undelivered':
      return [message(event.message, { side: 'author', image: event.image, settings })];
    case 'message-retracted':
      return [frameOf({ action: ACTIONS.takeback, msgID: event.messageId })];
    case 'reaction-changed':
      return [reaction({ by: event.by.name, messageId: event.messageId, text: event.emoji })];
    case 'nudged':
      return [reaction({ by: event.by, messageId: NUDGE_MESSAGE_ID, text: event.name })];
    case 'camera-rung':
      return [frameOf({ action: ACTIONS.ring, username: event.viewer, openSecret: event.secret })];
    case 'camera-opened':
      return opened(event);
    case 'camera-watched':
      return [frameOf({ action: event.on ? ACTIONS.watch : ACTIONS.unwatch, username: event.viewer })];
    case 'camera-cut':
      return [frameOf({ action: ACTIONS.cut })];
    case 'camera-marked':
      return [errorFrame(markedWords(event, settings))];
    case 'signalled':
      return [signal(event)];
    case 'relation-noticed':
      return [errorFrame({ text: relationText(event) })];
    case 'notice':
      return [errorFrame({ markdown: event.text })];
    case 'member-renamed':
      return isMutedBy(event.name, viewer) ? [] : [presence(event.from, `is now called ${event.name}.`)];
    case 'channel-created':
      return [errorFrame({ text: `There is a new channel, "${event.channel.name}". Reload the page to see it.` })];
    case 'channel-deleted':
      return [errorFrame({ text: `The channel "${event.channelId}" was deleted.` })];
    case 'estranged':
      return [frameOf({ action: ACTIONS.block, username: event.name })];
    case 'kept-alive':
      return [ping(event, viewer)];
    case 'accepted':
      return accepted(event.command, event.result);
    case 'refused':
      return isSilent(event) ? [] : [errorFrame(refusalWords(event.refusal, settings))];
    case 'messages-cleared':
      return event.messages.map(({ id }) => frameOf({ action: ACTIONS.takeback, msgID: id }));
    case 'room-changed':
    case 'recording-changed':
    case 'identified':
    case 'note-passed':
    case 'captioned': {
      const text = meetingNotice(event);
      return text === undefined ? [] : [errorFrame({ text })];
    }
    // Streams are another wire's: cameras go from browser to browser here.
    case 'stream-answered':
    case 'stream-ended':
    case 'stream-restart':
    case 'stream-flowing':
    case 'stream-played':
    case 'stream-candidate':
    case 'stream-offered':
    case 'stream-closed':
    // Rosters go whole, and the wire knows neither typing nor sessions.
    case 'roster-changed':
    case 'member-changed':
    case 'member-shown':
    case 'member-concealed':
    case 'relayed':
    case 'roster-shown':
    case 'typing-changed':
    case 'relation-changed':
    case 'welcomed':
      return [];
    default:
      return event satisfies never;
  }
}

/** The order of 2025: me, who, echo, presence, welcome (`spec/barertc.md` 1.9.1). Older clients take any order. */
function entered(event: Extract<Event, { type: 'room-entered' }>, viewer: Viewer): Frame[] {
  const { self } = event;
  const channels = viewer.room?.channels.filter((channel) => mayRead(channel, self)) ?? [];
  return [
    me(self),
    whoFrame(viewer),
    echo(event.recent),
    presence(self.name, 'has joined the room!'),
    ...channels.flatMap((channel) =>
      channel.welcome.map((markdown) => errorFrame({ markdown }, { channel: channel.id })),
    ),
  ];
}

function me(self: Member): Frame {
  return frameOf({ action: ACTIONS.me, username: self.name, ...cameraFields(self.camera) });
}

/** Texts only. Always sent; without messages, just the action. */
function echo(recent: readonly Message[]): Frame {
  const messages = recent
    .filter((item) => item.body.kind === 'text')
    .map((item) => ({
      ...messageFields(item, { side: 'recipient', settings: undefined }),
      timestamp: new Date(item.at).toISOString(),
    }));
  return frameOf({ action: ACTIONS.echo, ...(messages.length > 0 ? { messages } : {}) });
}

function presence(username: string, text: string): Frame {
  return frameOf({ action: ACTIONS.presence, username, message: text });
}

/** Who gave way to the owner of their name has not gone in anybody's eyes: the name is still there. */
function departed({ member, how }: Extract<Event, { type: 'member-left' }>, viewer: Viewer): Frame[] {
  return how === 'replaced' || isMutedBy(member.name, viewer) ? [] : [presence(member.name, DEPARTURES[how])];
}

/** `spec/barertc.md` 1.9.2: for who came with a token, the next one and what they may not do. */
function ping({ token }: Extract<Event, { type: 'kept-alive' }>, { member }: Viewer): Frame {
  if (token === undefined || !member) return frameOf({ action: ACTIONS.ping });
  return frameOf({ action: ACTIONS.ping, jwt: token, jwtRules: jwtRules(member.rules) });
}

/** Clients look for the first two in these words (1.9.15). */
const DEPARTURES: Readonly<Record<Exclude<Departure, 'replaced'>, string>> = {
  left: 'has exited the room!',
  kicked: 'has been kicked from the room!',
  banned: 'has been banned!',
  'timed-out': 'has timed out!',
};

interface MessageSide {
  readonly side: 'author' | 'recipient';
  readonly image?: ImageData | undefined;
  readonly settings: Pick<DialectSettings, 'previewWidth'> | undefined;
}

function message(item: Message, options: MessageSide): Frame {
  return frameOf(messageFields(item, options));
}

function messageFields(item: Message, options: MessageSide): BareFrame {
  return {
    action: ACTIONS.message,
    channel: channelOf(item, options.side),
    username: item.author.name,
    message: htmlOf(item, options),
    msgID: item.id,
  };
}

/** A direct message is in the channel of the other side, for each side. */
function channelOf(item: Message, side: MessageSide['side']): string {
  if (item.target.kind === 'channel') return item.target.channel;
  return `@${side === 'author' ? item.target.name : item.author.name}`;
}

function htmlOf(item: Message, { image, settings }: MessageSide): string {
  if (item.body.kind === 'text') return textHtml(item.author.name, item.body);
  const { attachment, fileName } = item.body;
  if (!image) return escapeHtml(fileName);
  const { mediaType, width, height } = attachment;
  const previewWidth = settings ? { previewWidth: settings.previewWidth } : {};
  return imageHtml({ mediaType, width, height, bytes: image.bytes, ...previewWidth });
}

/** What somebody does is said of them: the wire has no word for it. */
function textHtml(author: string, { text, breaks }: Extract<Body, { kind: 'text' }>): string {
  const action = actionIn(text);
  if (action === undefined) return renderMarkdown(text, breaks ? { breaks } : {});
  return `<p><em>${escapeHtml(author)} ${renderMarkdown(action).replace(/^<p>|<\/p>\s*$/g, '')}</em></p>`;
}

/** The wire has one word for adding and removing; clients keep count (1.9.18). */
function reaction(change: { readonly by: string; readonly messageId: number; readonly text: string }): Frame {
  return frameOf({ action: ACTIONS.react, username: change.by, msgID: change.messageId, message: change.text });
}

/** Clients send a note that ends like this to where operators look for such (1.9.15). */
function opened(event: Extract<Event, { type: 'camera-opened' }>): Frame[] {
  const open = frameOf({ action: ACTIONS.open, username: event.broadcaster, openSecret: event.secret });
  if (!event.despite) return [open];
  const name = escapeHtml(event.broadcaster);
  const html = `${name} had booted you off their camera before, and won't be notified of your watch.`;
  return [errorFrame({ html }), open];
}

function signal(event: Extract<Event, { type: 'signalled' }>): Frame {
  return event.kind === 'candidate'
    ? frameOf({ action: ACTIONS.candidate, username: event.from, candidate: event.payload })
    : frameOf({ action: ACTIONS.sdp, username: event.from, description: event.payload });
}

/** Before the login, only what a person did is answered; a ban is told by the goodbye. */
function isSilent(event: Extract<Event, { type: 'refused' }>): boolean {
  const { code } = event.refusal;
  if (SILENT_CODES.has(code)) return true;
  return code === 'not-joined' && event.command !== undefined && QUIET_COMMANDS.has(event.command);
}

const SILENT_CODES: ReadonlySet<RefusalCode> = new Set(['message-empty', 'banned', 'link-spam']);
const QUIET_COMMANDS: ReadonlySet<CommandType> = new Set(['signal', 'watch-camera', 'set-presence']);

/**
 * Clients never come back after 1001, and mostly not after 1000; after anything else they do (1.9.16). Older ones wait
 * for the server to close after `disconnect`.
 */
export function farewell(disconnect: Disconnect): Farewell {
  const { comeBack, text } = DISCONNECTS[disconnect.code];
  const words = disconnect.reason && TOLD.has(disconnect.code) ? `${text} ${disconnect.reason}` : text;
  const frames = [errorFrame({ text: words })];
  if (!comeBack) frames.push(frameOf({ action: ACTIONS.disconnect }));
  return { frames, code: CLOSE_CODES[disconnect.code] ?? DISCONNECTS[disconnect.code].wsCode, reason: disconnect.code };
}

const TOLD: ReadonlySet<DisconnectCode> = new Set(['kicked', 'banned', 'dismissed']);
const CLOSE_CODES: Partial<Record<DisconnectCode, number>> = {
  kicked: 1001,
  banned: 1001,
  dismissed: 1001,
  unattended: 1001,
  replaced: 1001,
  'not-admitted': 1001,
  left: 1001,
};
