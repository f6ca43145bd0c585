import type { Grantable } from '../../core/command.ts';
import type { Decoded, Viewer } from '../dialect.ts';
import { asks, memberCalled, soft } from './frames.ts';
import type { GaleneState } from './state.ts';
import { type ClientMessage, isObject, objectIn, textIn } from './wire.ts';

const GRANTS: Readonly<Record<string, { readonly permission: Grantable; readonly on: boolean }>> = {
  op: { permission: 'op', on: true },
  unop: { permission: 'op', on: false },
  present: { permission: 'present', on: true },
  unpresent: { permission: 'present', on: false },
  unshutup: { permission: 'message', on: true },
  shutup: { permission: 'message', on: false },
};

/** Nothing where the kind is not known (`spec/galene.md` 1.11). */
export function userAction(state: GaleneState, message: ClientMessage, viewer: Viewer): Decoded | undefined {
  const kind = textIn(message, 'kind') ?? '';
  const dest = textIn(message, 'dest') ?? '';
  if (kind === 'setdata' || kind === 'setstatus') return setOwnData(state, message, dest);
  const grant = Object.hasOwn(GRANTS, kind) ? GRANTS[kind] : undefined;
  if (!grant && kind !== 'kick' && kind !== 'identify') return undefined;
  // The recorder is sent out as anybody is.
  if (kind === 'kick' && dest === viewer.room?.recording?.handle) return asks({ type: 'record', on: false });
  const target = memberCalled(viewer, dest);
  if (!target) return soft(state, 'no such user');
  const { name } = target;
  if (grant) return asks({ type: 'grant', name, ...grant });
  if (kind === 'identify') return asks({ type: 'identify', name });
  return asks({ type: 'kick', name, reason: textIn(message, 'value') ?? '' });
}

function setOwnData(state: GaleneState, message: ClientMessage, dest: string): Decoded {
  if (dest !== '' && dest !== state.id) return soft(state, 'not authorised');
  const changes = objectIn(message, 'value');
  return changes ? asks({ type: 'set-own-data', changes }) : soft(state, 'Bad value in setdata');
}

/** Nothing where the kind is not known (`spec/galene.md` 1.10). */
export function groupAction(state: GaleneState, message: ClientMessage): Decoded | undefined {
  const kind = textIn(message, 'kind');
  switch (kind) {
    case 'clearchat':
      return clearChat(state, message);
    case 'lock':
      return asks({ type: 'set-lock', on: true, message: lockMessage(message) });
    case 'unlock':
      return asks({ type: 'set-lock', on: false });
    case 'record':
    case 'unrecord':
      return asks({ type: 'record', on: kind === 'record' });
    case 'subgroups':
      return asks({ type: 'list-subrooms' });
    case 'setdata': {
      const changes = objectIn(message, 'value');
      return changes ? asks({ type: 'set-room-data', changes }) : soft(state, 'Bad value in setdata');
    }
    case 'maketoken':
      return asks({ type: 'make-room-token', order: objectIn(message, 'value') ?? {} });
    case 'edittoken':
      return asks({ type: 'edit-room-token', order: objectIn(message, 'value') ?? {} });
    case 'listtokens':
      return asks({ type: 'list-room-tokens' });
    default:
      return undefined;
  }
}

function lockMessage(message: ClientMessage): string {
  const value = message.fields.get('value');
  return typeof value === 'string' ? value : '';
}

function clearChat(state: GaleneState, message: ClientMessage): Decoded {
  const value = message.fields.get('value');
  if (value === undefined || value === '') return asks({ type: 'clear-messages' });
  if (!isObject(value)) return soft(state, 'bad value in clearchat');
  const { id, userId } = value;
  const by = typeof userId === 'string' ? userId : '';
  if (by === '') return soft(state, 'bad value in clearchat');
  if (typeof id !== 'string' || id === '') return asks({ type: 'clear-messages', by });
  // Ours are numbers, and so may be those that clients give.
  const messageId = /^\d{1,16}$/.test(id) ? Number(id) : 0;
  return asks({ type: 'retract-message', messageId, posted: { by, clientId: `g:${id}` } });
}
