import type { CommandType } from '../../core/command.ts';
import { type Refusal, type RefusalCode, refusalText } from '../../core/errors.ts';

/** How a join fails (`spec/galene.md` 1.5). `error` is what clients look at, `value` what people read. */
export interface JoinFailure {
  readonly kind: 'fail' | 'redirect';
  readonly error?: string;
  readonly value: string;
}

const JOIN_TEXTS: Partial<Readonly<Record<RefusalCode, string>>> = {
  'room-unknown': 'group does not exist',
  'login-failed': 'not authorised',
  'token-invalid': 'not authorised',
  'token-required': 'not authorised',
  'room-password': 'not authorised',
  'name-invalid': 'not authorised',
  'room-locked': 'this group is locked',
  'room-early': 'this group is not open yet',
  'room-over': 'this group is closed',
  'room-unattended': 'there are no operators in this group',
  'room-full': 'too many users',
  'handle-taken': 'internal server error',
};

export function joinFailure(refusal: Refusal): JoinFailure {
  const { code, detail } = refusal;
  if (code === 'name-required') return { kind: 'fail', error: 'need-username', value: 'username required' };
  if (code === 'name-taken') {
    return { kind: 'fail', error: 'duplicate-username', value: 'not authorised: this username is taken' };
  }
  if (code === 'room-elsewhere') return { kind: 'redirect', value: detail ?? '' };
  // Whoever locked it may have said why.
  if (code === 'room-locked' && detail !== undefined) return { kind: 'fail', value: detail };
  return { kind: 'fail', value: JOIN_TEXTS[code] ?? refusalText(refusal) };
}

const TEXTS: Partial<Readonly<Record<RefusalCode, string>>> = {
  'not-permitted': 'not authorised',
  'not-yours': 'not authorised',
  'rule-no-broadcast': 'not authorised',
  'not-joined': 'join a group first',
  'member-absent': 'user unknown',
  'recording-on': 'already recording',
  'recording-off': 'recording is not available',
};

/** Of these, clients that write them hear nothing where there is nothing to do. */
const SILENT: ReadonlySet<RefusalCode> = new Set(['message-empty', 'link-spam', 'message-unknown']);

/** What is said to a refusal; nothing where it is better not answered. */
export function errorText(command: CommandType | undefined, refusal: Refusal): string | undefined {
  if (SILENT.has(refusal.code)) return undefined;
  if (refusal.code === 'not-joined' && command !== undefined && STREAM_COMMANDS.has(command)) return undefined;
  return TEXTS[refusal.code] ?? refusalText(refusal);
}

const STREAM_COMMANDS: ReadonlySet<CommandType> = new Set(['trickle', 'unpublish', 'answer-stream', 'refuse-stream']);
