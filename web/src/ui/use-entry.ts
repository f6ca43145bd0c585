import { type FormEvent, useState } from 'react';
import type { Bootstrap } from '../connection/bootstrap.ts';
import type { DoorRefusal, Entry, KnownEntry } from '../connection/entry.ts';
import {
  type EntryErrors,
  type EntryFields,
  entryOf,
  firstErrors,
  firstFields,
  firstFocus,
  missingIn,
} from './entry-form.ts';

export interface Door {
  readonly bootstrap: Bootstrap;
  /** What the form begins with. */
  readonly entry: KnownEntry;
  readonly refusal: DoorRefusal | undefined;
  readonly onJoin: (entry: Entry) => void;
}

export function useEntry({ bootstrap, entry, refusal, onJoin }: Door) {
  const [form, setForm] = useState(() => firstFields({ asksRoom: bootstrap.roomPassword, entry, refusal }));
  const [errors, setErrors] = useState<EntryErrors>(() => firstErrors({ entry, refusal }));
  const change = (said: Partial<EntryFields>) => setForm({ ...form, ...said });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const missing = missingIn(form);
    setErrors(missing);
    if (Object.keys(missing).length === 0) onJoin(entryOf(form));
  };
  return { form, change, focus: firstFocus({ refusal }), errors, submit };
}
