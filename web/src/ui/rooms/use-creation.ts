import { type FormEvent, useState } from 'react';
import { createRoom, type NewRoom } from '../../connection/rooms.ts';
import { errorText } from '../../connection/server.ts';

/** What is known of a room that was just made; `name` is the one in addresses. */
export interface CreatedRoom {
  readonly name: string;
  readonly password: string;
}

export interface Creation {
  readonly order: NewRoom;
  readonly change: (change: Partial<NewRoom>) => void;
  readonly busy: boolean;
  /** The name is missing. */
  readonly missing: boolean;
  readonly refusal: string | undefined;
  readonly submit: (event: FormEvent) => void;
}

const BLANK: NewRoom = { name: '', password: '', isPublic: true, guestLimit: 0 };

export function useCreation(onCreated: (room: CreatedRoom) => void): Creation {
  const [order, setOrder] = useState(BLANK);
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const create = async () => {
    const name = order.name.trim();
    setMissing(name === '');
    if (name === '' || busy) return;
    setBusy(true);
    setRefusal(undefined);
    try {
      onCreated({ name: await createRoom({ ...order, name }), password: order.password });
    } catch (error) {
      setRefusal(errorText(error));
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void create();
  };
  return { order, change: (change) => setOrder({ ...order, ...change }), busy, missing, refusal, submit };
}
