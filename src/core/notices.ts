import type { MeetingEvent } from './event.ts';

/** In the place of the name of an operator whom somebody must not see. */
export const UNNAMED = 'An operator';

/**
 * What people read of a meeting where their wire has no word of its own for it; nothing where it is nothing to read.
 */
export function meetingNotice(event: MeetingEvent): string | undefined {
  switch (event.type) {
    case 'room-changed':
      return event.what === 'lock'
        ? `${event.by ?? 'The server'} has ${event.locked ? '' : 'un'}locked the room.`
        : undefined;
    case 'recording-changed':
      if (event.by === undefined) return event.on ? 'This room is being recorded.' : undefined;
      return event.on ? `${event.by} records this room from now on.` : `${event.by} has ended the recording.`;
    case 'messages-cleared':
      return event.author === undefined ? `${event.by} has cleared the chat.` : undefined;
    case 'identified':
      return `${event.by} asked from which address you are connected.`;
    case 'note-passed':
      return warningIn(event);
    case 'captioned':
      return undefined;
    default:
      return event satisfies never;
  }
}

/** A warning of an operator's (`/warn` and `/wall` of Galène's clients, `spec/galene.md` 5.1). */
function warningIn({ kind, privileged, payload, from }: Extract<MeetingEvent, { type: 'note-passed' }>) {
  if (kind !== 'warning' || !privileged) return undefined;
  const text: unknown = JSON.parse(payload);
  return typeof text === 'string' && text !== '' ? `${from.name}: ${text}` : undefined;
}
