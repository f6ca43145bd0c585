import type { Command } from '../../core/command.ts';
import type { Member } from '../../core/member.ts';
import { canSee } from '../../core/view.ts';
import type { Decoded, Frame, Viewer } from '../dialect.ts';
import type { GaleneState } from './state.ts';
import type { ServerMessage } from './wire.ts';

export const NOTHING: Decoded = { requests: [] };

export function frame(message: ServerMessage): Frame {
  return { text: JSON.stringify(message) };
}

export function replies(...frames: readonly Frame[]): Decoded {
  return { requests: [], replies: frames };
}

export function asks(command: Command, ref?: string): Decoded {
  return { requests: [{ command, ...(ref === undefined ? {} : { ref }) }] };
}

/** Told, and the connection goes on. */
export function soft(state: GaleneState, text: string): Decoded {
  return replies(errorFrame(state, text));
}

export function errorFrame(state: GaleneState, text: string): Frame {
  return notice(state, 'error', text);
}

/** From the server to this client alone; clients look away from what is not privileged. */
export function notice(state: GaleneState, kind: string, value: unknown, more: object = {}): Frame {
  return frame({ type: 'usermessage', kind, dest: state.id, privileged: true, ...more, value });
}

/** Who is called so by this wire's clients, if the viewer may know of them. */
export function memberCalled({ member: self, room }: Viewer, handle: string): Member | undefined {
  const member = room?.memberCalled(handle);
  return self && room && member && canSee(room, self, member) ? member : undefined;
}
