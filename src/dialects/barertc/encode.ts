import type { CommandType } from '../../core/command.ts';
import {
  DISCONNECTS,
  type Disconnect,
  type DisconnectCode,
  type Refusal,
  type RefusalCode,
  refusalText,
} from '../../core/errors.ts';
import type { Departure, Event, Result } from '../../core/event.ts';
import type { Member } from '../../core/member.ts';
import type { ImageData, Message } from '../../core/message.ts';
import { nameKey } from '../../core/name.ts';
import { mayRead } from '../../core/view.ts';
import type { DialectSettings, Farewell, Frame, Viewer } from '../dialect.ts';
import { cameraFields, errorFrame, frameOf, jwtRules, type Words } from './frames.ts';
import { escapeHtml, imageHtml, renderMarkdown } from './markup.ts';
import type { BareState } from './state.ts';
import { whoFrame } from './who.ts';
import { ACTIONS, type BareFrame, NUDGE_MESSAGE_ID } from './wire.ts';

/** All but direct messages, and what is one member's own, reads the same for everybody. */
export function encodeKey(event: Event, viewer: Viewer<BareState>): string | null {
  switch (event.type) {
    case 'message-posted':
      return event.message.recipient ? sideOf(event.message, viewer) : '';
    case 'member-joined':
    case 'member-left':
      return isMutedBy(event.member.name, viewer) ? 'muted' : '';
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
    case 'estranged':
      return [frameOf({ action: ACTIONS.block, username: event.name })];
    case 'kept-alive':
      return [ping(event, viewer)];
    case 'accepted':
      return accepted(event.command, event.result);
    case 'refused':
      return isSilent(event) ? [] : [errorFrame(refusalWords(event.refusal, settings))];
    // Rosters go whole, and the wire knows neither typing nor sessions.
    case 'roster-changed':
    case 'member-changed':
    case 'member-shown':
    case 'member-concealed':
    case 'member-renamed':
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
  if (item.body.kind === 'text') return renderMarkdown(item.body.text);
  const { attachment, fileName } = item.body;
  if (!image) return escapeHtml(fileName);
  const { mediaType, width, height } = attachment;
  const previewWidth = settings ? { previewWidth: settings.previewWidth } : {};
  return imageHtml({ mediaType, width, height, bytes: image.bytes, ...previewWidth });
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

function relationText(event: Extract<Event, { type: 'relation-noticed' }>): string {
  if (event.kind === 'mute') return `${event.by} has ${event.on ? 'muted' : 'unmuted'} you!`;
  return event.on ? `${event.by} has booted you off of their camera!` : `${event.by} has let you back on their camera.`;
}

/** In the operator's own words, where there are some; these are trusted. */
function refusalWords(refusal: Refusal, { ruleTexts }: Pick<DialectSettings, 'ruleTexts'>): Words {
  if (refusal.code === 'filtered') return { markdown: refusal.detail ?? refusalText(refusal) };
  const rule = RULES_OF_CODES[refusal.code];
  const html = rule === undefined ? '' : ruleTexts[rule];
  return html === '' ? { text: refusalText(refusal) } : { html };
}

const RULES_OF_CODES: Partial<Record<RefusalCode, keyof DialectSettings['ruleTexts']>> = {
  'rule-no-video': 'no-video',
  'rule-no-broadcast': 'no-broadcast',
  'rule-no-image': 'no-image',
};

function markedWords(
  event: Extract<Event, { type: 'camera-marked' }>,
  { ruleTexts }: Pick<DialectSettings, 'ruleTexts'>,
): Words {
  const html = ruleTexts['camera-explicit'];
  return event.rule && html !== '' ? { html } : { text: markedText(event) };
}

function markedText(event: Extract<Event, { type: 'camera-marked' }>): string {
  if (event.rule) return 'Your camera has been marked as explicit, as is the rule for your account.';
  const who = event.by === undefined ? 'An operator' : `@${event.by}`;
  return `${who} has marked your camera as explicit. Please mark it yourself next time you share such content.`;
}

function signal(event: Extract<Event, { type: 'signalled' }>): Frame {
  return event.kind === 'candidate'
    ? frameOf({ action: ACTIONS.candidate, username: event.from, candidate: event.payload })
    : frameOf({ action: ACTIONS.sdp, username: event.from, description: event.payload });
}

/** Operators are told in words what their command did; everybody else sees it happen. */
function accepted(command: CommandType, result: Result): Frame[] {
  if (result.kind === 'bans') return [errorFrame({ html: banList(result.bans) })];
  const text = confirmation(command, result);
  return text === undefined ? [] : [errorFrame({ text })];
}

function confirmation(command: CommandType, result: Result): string | undefined {
  const name = result.kind === 'about' ? result.name : '';
  switch (command) {
    case 'kick':
      return `${name} has been kicked from the room.`;
    case 'ban':
    case 'ban-addresses':
      return `${name} has been banned${result.kind === 'about' && result.detail ? ` until ${result.detail}` : ''}.`;
    case 'unban':
      return `${name} is no longer banned.`;
    case 'cut-camera':
      return `The camera of ${name} has been turned off.`;
    case 'set-operator':
      return `The operator rights of ${name} have been changed.`;
    case 'mark-explicit':
      return `The camera of ${name} is now marked as explicit.`;
    case 'report':
      return 'Thank you: your report has been delivered.';
    case 'reconfigure':
      return 'The settings have been read again.';
    case 'shut-down':
      return 'The server is being restarted.';
    case 'unmute-all':
      return `${result.kind === 'count' ? result.count : 0} mutes were taken back; you see and hear everybody.`;
    default:
      return undefined;
  }
}

function banList(bans: Extract<Result, { kind: 'bans' }>['bans']): string {
  if (bans.length === 0) return 'Nobody is banned.';
  const items = bans.map(({ name, addresses = '', expiresAt, by, reason }) => {
    const until = new Date(expiresAt).toISOString();
    const why = reason === '' ? '' : `: ${reason}`;
    return `<li>${escapeHtml(`${name ?? addresses}, until ${until}, by ${by}${why}`)}</li>`;
  });
  return `<p>Banned:</p><ul>${items.join('')}</ul>`;
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
  replaced: 1001,
  left: 1001,
};
