import { useEffect, useMemo, useRef } from 'react';
import type { ClosedReason } from '../../../src/dialects/parlour/client.ts';
import type { DoorRefusal } from '../connection/entry.ts';
import type { RoomSession } from '../connection/room-session.ts';
import { RoomFrame } from './frame/room-frame.tsx';
import { Splash } from './frame/splash.tsx';
import { Ended } from './notices/ended.tsx';
import { SessionContext, useStore } from './session-context.ts';
import { Ui } from './ui-state.ts';

interface StayProps {
  readonly session: RoomSession;
  /** The room let us in, for the first time. */
  readonly onEntered: () => void;
  readonly onLeave: (refusal?: DoorRefusal) => void;
  readonly onAgain: (name: string) => void;
}

/** While somebody is in a room: it starts the session and closes it. */
export function Stay({ session, onEntered, onLeave, onAgain }: StayProps) {
  const scope = useMemo(() => ({ session, ui: new Ui() }), [session]);
  const connection = useStore(session.connection);
  const room = useStore(session.room);
  useLifetime(session);

  const { entered } = room;
  const enteredRef = useRef(onEntered);
  const leaveRef = useRef(onLeave);
  useEffect(() => {
    if (entered) enteredRef.current();
  }, [entered]);

  const reason = connection.kind === 'closed' ? connection.reason : undefined;
  const toSignIn = reason !== undefined && belongsToSignIn(reason);
  useEffect(() => {
    if (!reason || !toSignIn) return;
    leaveRef.current(reason.kind === 'refused' ? reason.refusal : undefined);
  }, [reason, toSignIn]);

  if (reason && !toSignIn) {
    const name = room.self?.name ?? '';
    return <Ended reason={reason} onReturn={() => (name ? onAgain(name) : onLeave())} />;
  }
  if (!entered) return <Splash waiting />;
  return (
    <SessionContext value={scope}>
      <RoomFrame onLeave={() => session.close()} />
    </SessionContext>
  );
}

/** What the person can mend by entering another name, or left by themselves. */
function belongsToSignIn(reason: ClosedReason): boolean {
  if (reason.kind === 'own') return true;
  if (reason.kind === 'bye') return reason.bye.code === 'left';
  return reason.refusal.code !== 'banned';
}

/** In development React mounts everything twice; a closed session cannot start again. */
function useLifetime(session: RoomSession): void {
  const closing = useRef<number | undefined>(undefined);
  useEffect(() => {
    window.clearTimeout(closing.current);
    session.start();
    return () => {
      closing.current = window.setTimeout(() => session.close());
    };
  }, [session]);
}
