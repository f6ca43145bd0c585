import { refusalText } from '../../core/errors.ts';
import type { MeetingEvent, RoomToken, StreamEvent } from '../../core/event.ts';
import { meetingNotice } from '../../core/notices.ts';
import type { RoomView } from '../../core/view.ts';
import type { Viewer } from '../dialect.ts';
import type { ServerFrame, WireMeeting, WireRoomToken } from './wire.ts';

export function wireMeeting(room: RoomView): WireMeeting {
  const { lock, data, terms, recording } = room;
  return {
    description: terms.description,
    locked: lock !== undefined,
    ...(lock ? { lockMessage: lock } : {}),
    data,
    ...(recording ? { recordingSince: recording.since } : {}),
  };
}

export function wireRoomToken(token: RoomToken): WireRoomToken {
  const { room, issuedAt: _, permissions, ...rest } = token;
  return { ...rest, permissions: [...permissions], url: `/r/${encodeURIComponent(room)}?token=${token.token}` };
}

function whoDid(event: Extract<MeetingEvent, { type: 'room-changed' | 'recording-changed' }>) {
  const { by } = event;
  if (by === undefined) return {};
  if (event.type === 'recording-changed') return { recordingBy: by };
  return event.what === 'lock' ? { lockedBy: by } : {};
}

export function meetingFrame(event: MeetingEvent, { room }: Viewer, seq: number): ServerFrame | undefined {
  switch (event.type) {
    case 'room-changed':
    case 'recording-changed':
      return room && { type: 'meeting', seq, title: room.title, meeting: wireMeeting(room), ...whoDid(event) };
    case 'messages-cleared':
      return {
        type: 'cleared',
        seq,
        by: event.by,
        all: event.author === undefined,
        messageIds: event.messages.map(({ id }) => id),
      };
    case 'identified':
      return { type: 'notice', seq, text: meetingNotice(event) ?? '' };
    case 'captioned':
      return { type: 'caption', seq, name: event.author.name, text: event.text, at: event.at };
    case 'note-passed':
      return {
        type: 'note',
        seq,
        name: event.from.name,
        privileged: event.privileged,
        direct: event.to !== undefined,
        kind: event.kind,
        value: JSON.parse(event.payload) as unknown,
        at: event.at,
      };
    default:
      return event satisfies never;
  }
}

/** What streams are to our clients, who receive by our offers alone. */
export type ToldStreamEvent = Exclude<StreamEvent, { type: 'stream-flowing' | 'stream-played' }>;

export function streamFrame(event: ToldStreamEvent, seq: number): ServerFrame {
  const { stream } = event;
  switch (event.type) {
    case 'stream-answered':
      return { type: 'stream-answer', seq, stream, sdp: event.sdp };
    case 'stream-ended':
      return { type: 'stream-ended', seq, stream, code: event.refusal.code, message: refusalText(event.refusal) };
    case 'stream-restart':
      return { type: 'stream-restart', seq, stream };
    case 'stream-candidate':
      return { type: 'stream-candidate', seq, stream, candidate: event.candidate };
    case 'stream-offered': {
      const { label, publisher, sdp, tracks, replaces } = event;
      const { id, name } = publisher;
      const instead = replaces === undefined ? {} : { replaces };
      return { type: 'stream-offer', seq, stream, label, id, name, sdp, tracks: [...tracks], ...instead };
    }
    case 'stream-closed': {
      const { refusal } = event;
      const why = refusal ? { code: refusal.code, message: refusalText(refusal) } : {};
      return { type: 'stream-closed', seq, stream, ...why };
    }
    default:
      return event satisfies never;
  }
}
