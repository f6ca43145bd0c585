import { useMemo } from 'react';
import type { TrayState } from '../../connection/image-tray.ts';
import type { Thread } from '../../room/thread.ts';
import { useSession, useStore } from '../session-context.ts';

export interface Tray extends TrayState {
  readonly add: (files: readonly File[]) => void;
  readonly remove: (id: number) => void;
  /** Sends all, in order; what fails stays. */
  readonly send: () => void;
}

/** The images that wait, and what can be done with them in this thread. */
export function useTray(thread: Thread | undefined): Tray {
  const { tray } = useSession();
  const state = useStore(tray.state);
  const target = thread?.target;
  return useMemo(
    () => ({
      ...state,
      add: (files) => target && tray.add(files, target),
      remove: (id) => tray.remove(id),
      send: () => target && void tray.send(target),
    }),
    [state, tray, target],
  );
}
