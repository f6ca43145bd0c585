import { useEffect, useState } from 'react';
import { fetchRooms, type ListedRoom } from '../../connection/rooms.ts';
import { errorText } from '../../connection/server.ts';

export type RoomsLook =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  /** `at` is when, in milliseconds since 1970. */
  | { readonly kind: 'known'; readonly rooms: readonly ListedRoom[]; readonly at: number };

/** The list of rooms as it was when it was asked for. */
export function useRooms(): { readonly look: RoomsLook; readonly again: () => void } {
  const [look, setLook] = useState<RoomsLook>({ kind: 'loading' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let stale = false;
    const show = (next: RoomsLook) => {
      if (!stale) setLook(next);
    };
    setLook({ kind: 'loading' });
    fetchRooms().then(
      (rooms) => show({ kind: 'known', rooms, at: Date.now() }),
      (error: unknown) => show({ kind: 'failed', message: errorText(error) }),
    );
    return () => {
      stale = true;
    };
  }, [attempt]);
  return { look, again: () => setAttempt((count) => count + 1) };
}
