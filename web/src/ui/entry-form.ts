import type { DoorRefusal, Entry, KnownEntry } from '../connection/entry.ts';
import { t } from '../i18n/t.ts';

/** The form at the door, as it is filled in. */
export interface EntryFields {
  readonly name: string;
  readonly hasAccount: boolean;
  readonly password: string;
  /** Whether the room asks for a password. */
  readonly asksRoom: boolean;
  readonly roomPassword: string;
}

export type EntryErrors = Readonly<Partial<Record<'name' | 'password' | 'roomPassword', string>>>;

interface Arrival {
  readonly asksRoom: boolean;
  readonly entry: KnownEntry;
  readonly refusal: DoorRefusal | undefined;
}

/** Who was refused for a password is asked for it again. */
export function firstFields({ asksRoom, entry, refusal }: Arrival): EntryFields {
  return {
    ...entry,
    password: '',
    asksRoom: asksRoom || refusal?.code === 'room-password',
  };
}

/** What the server said about a field. */
export function firstErrors({ entry, refusal }: Pick<Arrival, 'entry' | 'refusal'>): EntryErrors {
  const isWrong = refusal?.code === 'room-password' && entry.roomPassword !== '';
  return isWrong ? { roomPassword: t('signin.room-password-wrong') } : {};
}

/** Where to begin: with what was wrong. */
export function firstFocus({ refusal }: Pick<Arrival, 'refusal'>): keyof EntryErrors {
  if (refusal?.code === 'login-failed') return 'password';
  return refusal?.code === 'room-password' ? 'roomPassword' : 'name';
}

/** Nothing where all is there. */
export function missingIn({ name, hasAccount, password }: EntryFields): EntryErrors {
  return {
    ...(name.trim() === '' ? { name: t('signin.empty') } : {}),
    ...(hasAccount && password === '' ? { password: t('signin.password-empty') } : {}),
  };
}

export function entryOf({ name, hasAccount, password, asksRoom, roomPassword }: EntryFields): Entry {
  return {
    name: name.trim(),
    ...(hasAccount ? { password } : {}),
    roomPassword: asksRoom ? roomPassword : '',
  };
}
