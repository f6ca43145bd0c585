import { createContext, useContext, useSyncExternalStore } from 'react';
import type { RoomSession } from '../connection/room-session.ts';
import type { CamerasState } from '../media/cameras.ts';
import type { MeetingState } from '../media/meeting/meeting.ts';
import type { RoomModel } from '../room/room-model.ts';
import type { Ui } from './ui-state.ts';

export interface SessionScope {
  readonly session: RoomSession;
  readonly ui: Ui;
}

export const SessionContext = createContext<SessionScope | undefined>(undefined);

export function useScope(): SessionScope {
  const scope = useContext(SessionContext);
  if (!scope) throw new Error('There is no session here.');
  return scope;
}

export function useSession(): RoomSession {
  return useScope().session;
}

interface Readable<S> {
  readonly get: () => S;
  readonly subscribe: (listener: () => void) => () => void;
}

export function useStore<S>(store: Readable<S>): S {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** What `select` picks must keep its identity while it does not change. */
export function useRoom<T>(select: (room: RoomModel) => T): T {
  const { room } = useSession();
  return useSyncExternalStore(room.subscribe, () => select(room.get()));
}

export function useCameras<T>(select: (cameras: CamerasState) => T): T {
  const { state } = useSession().cameras;
  return useSyncExternalStore(state.subscribe, () => select(state.get()));
}

export function useMeeting<T>(select: (meeting: MeetingState) => T): T {
  const { state } = useSession().meeting;
  return useSyncExternalStore(state.subscribe, () => select(state.get()));
}

export function useUi() {
  return useStore(useScope().ui.state);
}
