import type { Disconnect } from '../../core/errors.ts';
import type { Event } from '../../core/event.ts';
import type { Member } from '../../core/member.ts';
import type { Message } from '../../core/message.ts';
import { meetingNotice } from '../../core/notices.ts';
import { canSee } from '../../core/view.ts';
import type { Farewell, Frame, Viewer } from '../dialect.ts';
import { answer, refusal } from './encode-answers.ts';
import { caption, chat, cleared, homeOf, note, retracted } from './encode-chat.ts';
import { entered, joinedChange, recorder, selfChanged, user } from './encode-members.ts';
import { streamEvent } from './encode-streams.ts';
import { errorFrame, frame, notice } from './frames.ts';
import type { GaleneState } from './state.ts';

type GaleneViewer = Viewer<GaleneState>;

/** What is about nobody in particular reads the same for all clients of one generation. */
export function encodeKey(event: Event, viewer: GaleneViewer): string | null {
  switch (event.type) {
    case 'message-posted':
      if (!viewer.member || isOwnUnechoed(event.message, viewer) || event.message.recipient) return null;
      // What was said elsewhere than in the channel that is theirs says so.
      return `${viewer.state.variant.key} ${homeOf(viewer) ?? ''}`;
    case 'member-left':
      return isOneself(event.member, viewer) ? null : viewer.state.variant.key;
    case 'message-retracted':
      return viewer.room ? viewer.state.variant.key : null;
    case 'member-joined':
    case 'captioned':
    case 'note-passed':
    case 'recording-changed':
    case 'messages-cleared':
      return viewer.state.variant.key;
    case 'member-changed':
    case 'member-shown':
    case 'member-renamed':
      if (touches(viewer)) return null;
      return isSeen(event.memberId, viewer) ? viewer.state.variant.key : '';
    default:
      return SILENT_EVENTS.has(event.type) ? '' : null;
  }
}

/** Whether what they see of others may differ from what all see. */
function touches({ member, room }: GaleneViewer): boolean {
  return !member || room?.relations.touches(member.name) === true;
}

function isOneself({ handle }: Member, { state }: GaleneViewer): boolean {
  return handle === state.id;
}

function isSeen(id: Member['id'], { member: self, room }: GaleneViewer): boolean {
  const member = room?.member(id);
  return room !== undefined && self !== undefined && member !== undefined && canSee(room, self, member);
}

function isOwnUnechoed({ author, clientId }: Message, { member, state }: GaleneViewer): boolean {
  return author.identityId === member?.identity.id && state.isUnechoed(clientId);
}

/** There are no reactions, relations, statuses or typing, and cameras are streams. */
const SILENT_EVENTS: ReadonlySet<Event['type']> = new Set<Event['type']>([
  'roster-changed',
  'roster-shown',
  'message-undelivered',
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
  'relayed',
  'channel-created',
  'channel-deleted',
  'welcomed',
]);

export function encode(event: Event, viewer: GaleneViewer): readonly Frame[] {
  const { state, room } = viewer;
  switch (event.type) {
    case 'room-entered':
      return entered(event, viewer);
    case 'self-changed':
      return selfChanged(event.self, viewer);
    case 'member-joined':
      return [user('add', event.member, state)];
    case 'member-left':
      // Who is sent out is told so by the goodbye.
      return isOneself(event.member, viewer) ? [] : [user('delete', event.member, state)];
    case 'member-changed':
    case 'member-shown':
    case 'member-concealed':
    case 'member-renamed':
      return memberNow(event, viewer);
    case 'room-changed':
      return room ? [joinedChange(viewer)] : [];
    case 'message-posted':
      return chat(event.message, viewer);
    case 'message-retracted':
      return retracted(event, viewer);
    case 'messages-cleared':
      return cleared(event, state);
    case 'captioned':
      return caption(event, state);
    case 'recording-changed':
      return [recorder(event.on ? 'add' : 'delete', event.handle, state)];
    case 'note-passed':
      return [note(event, state)];
    case 'identified':
      return [notice(state, 'warning', meetingNotice(event))];
    case 'notice':
      return [notice(state, 'info', event.text)];
    case 'relation-noticed':
      return [
        notice(
          state,
          'info',
          `${event.by} has ${event.on ? '' : 'un'}${event.kind === 'mute' ? 'muted' : 'booted'} you.`,
        ),
      ];
    case 'kept-alive':
      return state.context.now() - state.heardAt > PING_AFTER_MS ? [frame({ type: 'ping' })] : [];
    case 'stream-answered':
    case 'stream-ended':
    case 'stream-restart':
    case 'stream-candidate':
    case 'stream-offered':
    case 'stream-closed':
      return streamEvent(event, state);
    case 'accepted':
      return answer(event, viewer);
    case 'refused':
      return refusal(event, state);
    default:
      return [];
  }
}

/** `spec/galene.md` 1.4. */
const PING_AFTER_MS = 20_000;

function memberNow(
  event: Extract<Event, { type: 'member-changed' | 'member-shown' | 'member-concealed' | 'member-renamed' }>,
  viewer: GaleneViewer,
): readonly Frame[] {
  const { room, state } = viewer;
  const member = room?.member(event.memberId);
  if (!member) return [];
  if (event.type === 'member-concealed') return [user('delete', member, state)];
  // By now they may be out of each other's sight, which is told next.
  if (!isSeen(member.id, viewer)) return [];
  return [user(event.type === 'member-shown' ? 'add' : 'change', member, state)];
}

/** `spec/galene.md` 1.12. Whoever is sent out is told so first, by words that old clients know. */
export function farewell(disconnect: Disconnect, { state }: GaleneViewer): Farewell {
  const { code, reason, by } = disconnect;
  const kicked = (text: string): Farewell => ({ frames: [kickFrame(state, text, by)], code: 1000, reason: '' });
  switch (code) {
    case 'wire-broken':
      return broken(state);
    case 'left':
      return { frames: [], code: 1000, reason: '' };
    case 'kicked':
      return kicked(reason || 'you have been kicked out');
    case 'banned':
      return kicked(`you have been banned${reason ? `: ${reason}` : ''}`);
    case 'dismissed':
      return kicked(reason || 'you have been signed out');
    case 'replaced':
      return kicked('somebody came to whom your name belongs');
    case 'unattended':
      return kicked('there are no operators in this group');
    case 'server-stopping':
      return kicked('server is shutting down');
    case 'not-admitted':
      return kicked('you were not let in');
    case 'no-login':
      return { frames: [], code: 1008, reason: 'no login' };
    case 'frame-too-large':
      return { frames: [], code: 1009, reason: '' };
    case 'slow':
    case 'timed-out':
    case 'server-fault':
      return { frames: [], code: 1011, reason: '' };
    default:
      return code satisfies never;
  }
}

function broken(state: GaleneState): Farewell {
  const { code, text } = state.end ?? { code: 1011, text: '' };
  const frames = state.generation && text !== '' ? [errorFrame(state, text)] : [];
  return { frames, code, reason: text };
}

function kickFrame(state: GaleneState, value: string, by: Disconnect['by']): Frame {
  const kind = state.variant.isRecent ? 'kicked' : 'error';
  return notice(state, kind, value, by ? { id: by.handle, username: by.name } : {});
}
