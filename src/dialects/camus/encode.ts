import { DISCONNECTS, type Disconnect, type RefusalCode, refusalText } from '../../core/errors.ts';
import type { Departure, Event } from '../../core/event.ts';
import type { Member } from '../../core/member.ts';
import type { Message } from '../../core/message.ts';
import { meetingNotice } from '../../core/notices.ts';
import { canSee } from '../../core/view.ts';
import type { Farewell, Frame, Viewer } from '../dialect.ts';
import { clientIdOf, isInMesh } from './addresses.ts';
import type { CamusState } from './state.ts';
import { textOf } from './text.ts';
import { GROUND_CONTROL, type ServerMessage } from './wire.ts';

type CamusViewer = Viewer<CamusState>;

export function messageFrame({ sender, receiver, type, data }: ServerMessage): Frame {
  return { text: JSON.stringify({ sender, receiver, type, data: data ?? null }) };
}

/** Each message bears its receiver's id, so that none reads the same for two. */
export function encodeKey(event: Event): string | null {
  return SILENT_EVENTS.has(event.type) ? '' : null;
}

/**
 * There are no channels, direct messages, reactions, relations or statuses, and no cameras but those of the mesh; what
 * was taken back was said; that a session is kept is nothing to tell.
 */
const SILENT_EVENTS: ReadonlySet<Event['type']> = new Set<Event['type']>([
  'member-changed',
  'member-shown',
  'member-concealed',
  'roster-changed',
  'self-changed',
  'message-undelivered',
  'message-retracted',
  'reaction-changed',
  'nudged',
  'typing-changed',
  'camera-rung',
  'camera-opened',
  'camera-watched',
  'camera-cut',
  'camera-marked',
  'signalled',
  'relation-changed',
  'estranged',
  'channel-created',
  'channel-deleted',
  'accepted',
  'welcomed',
  // Streams that the server forwards, and what is said with them, are other wires'.
  'captioned',
  'stream-answered',
  'stream-ended',
  'stream-restart',
  'stream-flowing',
  'stream-played',
  'stream-candidate',
  'stream-offered',
  'stream-closed',
]);

export function encode(event: Event, viewer: CamusViewer): readonly Frame[] {
  const { state } = viewer;
  switch (event.type) {
    case 'room-entered':
      return [...othersPresent(viewer)].map((text) => said(state, text));
    case 'member-joined':
      return passage(event.member, `${event.member.name} joined the room.`, state);
    case 'member-left':
      return passage(event.member, `${event.member.name} ${DEPARTURES[event.how]}.`, state);
    case 'member-renamed':
      return renamed(event, viewer);
    case 'roster-shown':
      state.awaitsRoster = false;
      return [roomInfo(viewer)].filter((frame) => frame !== undefined);
    case 'message-posted':
      return posted(event, viewer);
    case 'relayed':
      return [relayed(event, state)];
    case 'notice':
      return [said(state, event.text)];
    case 'room-changed':
    case 'recording-changed':
    case 'messages-cleared':
    case 'identified':
    case 'note-passed': {
      const text = meetingNotice(event);
      return text === undefined ? [] : [said(state, text)];
    }
    case 'relation-noticed':
      return [said(state, `${event.by} has ${event.on ? '' : 'un'}${event.kind === 'mute' ? 'muted' : 'booted'} you.`)];
    case 'kept-alive':
      return [messageFrame({ sender: GROUND_CONTROL, receiver: state.id, type: 'ping', data: seconds(state) })];
    case 'refused':
      if (event.command === 'show-roster') state.awaitsRoster = false;
      return event.command === 'show-roster' || SILENT_REFUSALS.has(event.refusal.code)
        ? []
        : [said(state, refusalText(event.refusal))];
    default:
      return [];
  }
}

/** Those in the mesh, oneself among them: whom clients are told of, they call (1.7). */
export function roomInfo({ member: self, room, state }: CamusViewer): Frame | undefined {
  if (!self || !room) return undefined;
  const seesAll = !room.relations.touches(self.name);
  const rows: string[] = [];
  for (const member of room.members()) {
    if (isInMesh(member) && (seesAll || canSee(room, self, member))) rows.push(rowOf(member));
  }
  const head = `{"sender":"${GROUND_CONTROL}","receiver":"${state.id}","type":"room-info"`;
  return { text: `${head},"data":{"room_id":${JSON.stringify(room.name)},"clients":[${rows.join(',')}]}}` };
}

/** Of each member, as long as they are the same. */
const rowTexts = new WeakMap<Member, string>();

function rowOf(member: Member): string {
  let text = rowTexts.get(member);
  if (text === undefined) {
    text = JSON.stringify({ id: clientIdOf(member.identity.id), username: member.name });
    rowTexts.set(member, text);
  }
  return text;
}

/** Not before a client knows its own id, nor between its question and the answer. */
export function roster(viewer: CamusViewer): Frame | undefined {
  const { state } = viewer;
  return state.knowsItself && !state.awaitsRoster ? roomInfo(viewer) : undefined;
}

/** Who speaks where the server does: a name that nobody can have. */
const SPEAKER = 'Server';

/** What the server says to people is a line of the chat. */
function said(state: CamusState, text: string): Frame {
  return messageFrame({
    sender: GROUND_CONTROL,
    receiver: state.id,
    type: 'text',
    data: { from: SPEAKER, time: state.context.now(), text },
  });
}

/** People of other wires are in no call, but hear and speak: who comes is told of them. */
function* othersPresent({ member: self, room }: CamusViewer): Iterable<string> {
  if (!self || !room) return;
  const names = [...room.members()]
    .filter((member) => member.id !== self.id && !isInMesh(member) && canSee(room, self, member))
    .map(({ name }) => name);
  if (names.length === 0) return;
  const listed = names.slice(0, MAX_LISTED).join(', ');
  const more = names.length > MAX_LISTED ? ` and ${names.length - MAX_LISTED} more` : '';
  yield `Also here, in the chat only: ${listed}${more}.`;
}

const MAX_LISTED = 20;

const DEPARTURES: Readonly<Record<Departure, string>> = {
  left: 'left the room',
  kicked: 'was kicked from the room',
  banned: 'was banned',
  'timed-out': 'timed out',
  replaced: 'left the room',
};

/** Of those in the mesh the roster tells. */
function passage(member: Member, text: string, state: CamusState): Frame[] {
  return isInMesh(member) ? [] : [said(state, text)];
}

function renamed(event: Extract<Event, { type: 'member-renamed' }>, { room, state }: CamusViewer): Frame[] {
  const member = room?.member(event.memberId);
  return member ? passage(member, `${event.from} is now called ${event.name}.`, state) : [];
}

/** What follows the receiver's id is the same for all of them. */
const tails = new WeakMap<Event, string>();

/** What one sends to somebody alone does not come back (1.4). */
function posted(event: Extract<Event, { type: 'message-posted' }>, { member, room, state }: CamusViewer): Frame[] {
  const { message } = event;
  if (message.target.kind === 'member' && message.recipient?.identityId !== member?.identity.id) return [];
  let tail = tails.get(event);
  if (tail === undefined) {
    const data = lineOf(message, event.sentAt, {
      publicUrl: state.context.settings.publicUrl(),
      home: room?.channels[0]?.id,
    });
    tail = `","type":"text","data":${JSON.stringify(data)}}`;
    tails.set(event, tail);
  }
  return [{ text: `{"sender":"${clientIdOf(message.author.identityId)}","receiver":"${state.id}${tail}` }];
}

function lineOf(
  message: Message,
  sentAt: number | undefined,
  place: { readonly publicUrl: string; readonly home: string | undefined },
) {
  return { from: message.author.name, time: sentAt ?? message.at, text: textOf(message, place) };
}

/** As it came, but for who sent it. */
function relayed({ from, kind, payload }: Extract<Event, { type: 'relayed' }>, state: CamusState): Frame {
  const head = JSON.stringify({ sender: clientIdOf(from), receiver: state.id, type: kind });
  return { text: `${head.slice(0, -1)},"data":${payload}}` };
}

/** With a fraction, as the original says it (1.4). */
function seconds(state: CamusState): number {
  return state.context.now() / 1000;
}

const SILENT_REFUSALS: ReadonlySet<RefusalCode> = new Set([
  'not-joined',
  'message-empty',
  'member-absent',
  'link-spam',
]);

/** A line of the chat that says why, and `bye`; clients come back by themselves whatever the code says (1.10). */
export function farewell(disconnect: Disconnect, { state }: CamusViewer): Farewell {
  const { code, reason } = disconnect;
  const { text, wsCode } = DISCONNECTS[code];
  if (code === 'left') return { frames: [], code: 1000, reason: code };
  const words = reason && TOLD.has(code) ? `${text} ${reason}` : text;
  const bye = messageFrame({ sender: GROUND_CONTROL, receiver: state.id, type: 'bye', data: seconds(state) });
  return { frames: [said(state, words), bye], code: wsCode, reason: code };
}

const TOLD: ReadonlySet<Disconnect['code']> = new Set(['kicked', 'banned', 'dismissed']);
