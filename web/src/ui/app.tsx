import { useEffect, useState } from 'react';
import { dropSecrets, nameIn, readAddress } from '../connection/address.ts';
import { type Bootstrap, fetchBootstrap } from '../connection/bootstrap.ts';
import { Identities } from '../connection/identities.ts';
import { lasting, ofThisTab } from '../connection/memory.ts';
import { RoomSession } from '../connection/room-session.ts';
import { applyTheme, settings } from '../connection/settings.ts';
import { t } from '../i18n/t.ts';
import { takeSnapshot } from '../room/snapshot.ts';
import { Splash } from './frame/splash.tsx';
import { useStore } from './session-context.ts';
import { SignIn } from './sign-in.tsx';
import { Stay } from './stay.tsx';

type Phase =
  | { readonly kind: 'loading' }
  | { readonly kind: 'unreachable'; readonly message: string }
  | { readonly kind: 'sign-in'; readonly bootstrap: Bootstrap; readonly error?: string }
  | { readonly kind: 'inside'; readonly bootstrap: Bootstrap; readonly session: RoomSession };

const posted = document.querySelector<HTMLMetaElement>('meta[name="parlour-jwt"]')?.content;
const address = readAddress(window.location, posted);
const identities = new Identities(lasting);

/** From the first look at the server to being in the room, and out again. */
export function App() {
  const { theme } = useStore(settings);
  const [phase, setPhase] = useState<Phase>({ kind: 'loading' });
  const [invitation, setInvitation] = useState(address.invitation);
  // The theme itself is read from the settings.
  useEffect(applyTheme, [theme]);

  useEffect(() => {
    dropSecrets();
    let stale = false;
    void fetchBootstrap(address.room).then((answer) => {
      if (stale) return;
      if (answer.kind === 'refused') setPhase({ kind: 'unreachable', message: answer.message || t('error.no-room') });
      else if (mustComeFromWebsite(answer.bootstrap)) window.location.replace(answer.bootstrap.landingPage ?? '');
      else setPhase(firstPhase(answer.bootstrap));
    });
    return () => {
      stale = true;
    };
  }, []);

  useEffect(() => {
    if (phase.kind === 'sign-in') document.title = `${phase.bootstrap.roomTitle} · ${phase.bootstrap.title}`;
  }, [phase]);

  if (phase.kind === 'loading') return <Splash />;
  if (phase.kind === 'unreachable') return <Splash message={phase.message} />;
  const { bootstrap } = phase;
  if (phase.kind === 'inside') {
    const leave = (error?: string) => setPhase({ kind: 'sign-in', bootstrap, ...(error ? { error } : {}) });
    const entered = () => setInvitation(undefined);
    const again = (name: string) => setPhase({ kind: 'inside', bootstrap, session: enter({ bootstrap, name }) });
    return (
      <Stay key={keyOf(phase.session)} session={phase.session} onEntered={entered} onLeave={leave} onAgain={again} />
    );
  }
  const join = (name: string) => {
    const session = enter({ bootstrap, name, ...(invitation ? { invitation } : {}) });
    setPhase({ kind: 'inside', bootstrap, session });
  };
  return (
    <SignIn
      bootstrap={bootstrap}
      invited={invitation !== undefined}
      knownName={identities.lastName}
      error={phase.error}
      onJoin={join}
    />
  );
}

/** Nobody can enter here who was neither sent by the website nor invited nor here before. */
function mustComeFromWebsite({ guestsAllowed, landingPage }: Bootstrap): boolean {
  const hasReason = address.jwt || address.invitation || identities.lastName !== '' || ofThisTab.read('parlour.jwt');
  return !guestsAllowed && landingPage !== undefined && !hasReason;
}

/** Whom the website signed in is there at once; a page that was reloaded goes on where it was. */
function firstPhase(bootstrap: Bootstrap): Phase {
  const { jwt } = address;
  if (jwt) {
    const session = new RoomSession({ bootstrap, name: nameIn(jwt) || '?', jwt, identities, lasting });
    return { kind: 'inside', bootstrap, session };
  }
  const snapshot = address.invitation ? undefined : takeSnapshot(ofThisTab, bootstrap.room, Date.now());
  if (!snapshot) return { kind: 'sign-in', bootstrap };
  const session = new RoomSession({ bootstrap, name: snapshot.name, snapshot, identities, lasting });
  return { kind: 'inside', bootstrap, session };
}

function enter(entry: {
  readonly bootstrap: Bootstrap;
  readonly name: string;
  readonly invitation?: string;
}): RoomSession {
  return new RoomSession({ ...entry, identities, lasting });
}

const keys = new WeakMap<RoomSession, number>();
let lastKey = 0;

function keyOf(session: RoomSession): number {
  const key = keys.get(session) ?? ++lastKey;
  keys.set(session, key);
  return key;
}
