import { useEffect, useState } from 'react';
import { dropSecrets, nameIn, readAddress } from '../connection/address.ts';
import { type Bootstrap, fetchBootstrap } from '../connection/bootstrap.ts';
import type { DoorRefusal, Entry, KnownEntry } from '../connection/entry.ts';
import { Identities } from '../connection/identities.ts';
import { lasting, ofThisTab } from '../connection/memory.ts';
import { RoomPasswords } from '../connection/room-passwords.ts';
import { RoomSession, type RoomSessionOptions } from '../connection/room-session.ts';
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
  | {
      readonly kind: 'sign-in';
      readonly bootstrap: Bootstrap;
      /** Said before, and refused or left. */
      readonly said?: KnownEntry;
      readonly refusal?: DoorRefusal;
    }
  | {
      readonly kind: 'inside';
      readonly bootstrap: Bootstrap;
      readonly session: RoomSession;
      readonly said?: KnownEntry;
    };

const posted = document.querySelector<HTMLMetaElement>('meta[name="parlour-jwt"]')?.content;
const address = readAddress(window.location, posted);
const identities = new Identities(lasting);
const roomPasswords = new RoomPasswords(ofThisTab);
const roomTokens = new RoomPasswords(ofThisTab, 'token');
/** A token that admits to the room said no name, and we neither: not a mistake of anybody's. */
const NAME_WANTED: readonly string[] = ['name-required', 'name-invalid'];
/** It does not hold any more. */
const TOKEN_OVER: readonly string[] = ['token-invalid', 'token-unknown'];

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
    const { said } = phase;
    const leave = (refusal?: DoorRefusal) => {
      if (refusal?.code === 'room-password') roomPasswords.forget(bootstrap.room);
      if (refusal && TOKEN_OVER.includes(refusal.code)) roomTokens.forget(bootstrap.room);
      const asksName = refusal && !said && NAME_WANTED.includes(refusal.code);
      const why = refusal && !asksName ? { refusal, ...(said ? { said } : {}) } : {};
      setPhase({ kind: 'sign-in', bootstrap, ...why });
    };
    const entered = () => {
      setInvitation(undefined);
      if (said) roomPasswords.keep(bootstrap.room, said.roomPassword);
    };
    const again = (name: string) => setPhase({ kind: 'inside', bootstrap, session: enter({ bootstrap, name }) });
    return (
      <Stay key={keyOf(phase.session)} session={phase.session} onEntered={entered} onLeave={leave} onAgain={again} />
    );
  }
  const join = (entry: Entry) => {
    const session = enter({ bootstrap, ...entry, ...(invitation ? { invitation } : {}) });
    const { name, roomPassword, password } = entry;
    setPhase({ kind: 'inside', bootstrap, session, said: { name, roomPassword, hasAccount: password !== undefined } });
  };
  return (
    <SignIn
      bootstrap={bootstrap}
      invited={invitation !== undefined || roomTokens.get(bootstrap.room) !== ''}
      known={identities.lastName !== ''}
      entry={phase.said ?? known(bootstrap.room)}
      refusal={phase.refusal}
      onJoin={join}
    />
  );
}

/** Nobody can enter here who was neither sent by the website nor invited nor here before. */
function mustComeFromWebsite({ guestsAllowed, landingPage }: Bootstrap): boolean {
  const hasReason =
    address.jwt ||
    address.invitation ||
    address.roomToken ||
    identities.lastName !== '' ||
    ofThisTab.read('parlour.jwt');
  return !guestsAllowed && landingPage !== undefined && !hasReason;
}

/** Whom the website signed in is there at once; a page that was reloaded goes on where it was. */
function firstPhase(bootstrap: Bootstrap): Phase {
  const { jwt } = address;
  if (jwt) {
    return { kind: 'inside', bootstrap, session: enter({ bootstrap, name: nameIn(jwt) || '?', jwt }) };
  }
  const { roomToken } = address;
  if (roomToken) {
    roomTokens.keep(bootstrap.room, roomToken);
    // Whom it names is known to the server alone.
    return { kind: 'inside', bootstrap, session: enter({ bootstrap, name: '' }) };
  }
  const snapshot = address.invitation ? undefined : takeSnapshot(ofThisTab, bootstrap.room, Date.now());
  if (!snapshot) return { kind: 'sign-in', bootstrap };
  return { kind: 'inside', bootstrap, session: enter({ bootstrap, name: snapshot.name, snapshot }) };
}

function known(room: string): KnownEntry {
  return { name: identities.lastName, roomPassword: roomPasswords.get(room), hasAccount: false };
}

/** With the password of the room, or the token for it, that is known of an earlier entry, unless one is said. */
function enter(entry: Omit<RoomSessionOptions, 'identities' | 'lasting'>): RoomSession {
  const roomPassword = roomPasswords.get(entry.bootstrap.room);
  const roomToken = roomTokens.get(entry.bootstrap.room);
  const admitting = roomToken === '' ? {} : { roomToken };
  return new RoomSession({ roomPassword, ...admitting, ...entry, identities, lasting });
}

const keys = new WeakMap<RoomSession, number>();
let lastKey = 0;

function keyOf(session: RoomSession): number {
  const key = keys.get(session) ?? ++lastKey;
  keys.set(session, key);
  return key;
}
