import type { Ask } from '../../../../src/dialects/parlour/client.ts';
import type { TextKey } from '../../i18n/t.ts';
import { t } from '../../i18n/t.ts';
import { memberNamed } from '../../room/selectors.ts';
import type { SessionScope } from '../session-context.ts';
import { chooseFiles } from '../transfers/choose-files.ts';
import { sendFiles } from '../transfers/send-files.ts';
import { splitFirst } from './read-command.ts';

type Right = 'op' | 'record' | 'token' | 'present' | 'message';

export interface Command {
  readonly name: string;
  /** What follows the name, for people to read. */
  readonly usage: string;
  readonly what: TextKey;
  /** The right that it takes, or one of several; anybody may where it is absent. */
  readonly needs?: Right | readonly Right[];
  /** Does it; returns why it cannot be done as it was written. */
  readonly run: (scope: SessionScope, rest: string) => string | undefined;
}

const USER = 'NAME';
const USER_AND_TEXT = 'NAME TEXT';

/** Says something to the server that needs nothing else. */
function simply(ask: Ask): Command['run'] {
  return ({ session }) => {
    void session.server.tell(ask);
    return undefined;
  };
}

/** Of somebody who is here. */
function about(run: (scope: SessionScope, name: string, rest: string) => string | undefined): Command['run'] {
  return (scope, text) => {
    const { first, rest } = splitFirst(text);
    if (first === '') return t('commands.whom');
    const member = memberNamed(scope.session.room.get(), first);
    return member ? run(scope, member.name, rest.trim()) : t('commands.nobody', { name: first });
  };
}

/** Asks the server something about somebody. */
function telling(ask: (name: string, rest: string) => Ask): Command['run'] {
  return about(({ session }, name, rest) => {
    void session.server.tell(ask(name, rest));
    return undefined;
  });
}

function granting(permission: 'present' | 'message' | 'op', on: boolean): Command['run'] {
  return telling((name) => ({ type: 'grant', name, permission, on }));
}

const identify = about(({ session: { server, toasts } }, name) => {
  void server.ask({ type: 'identify', name }).then(
    ({ detail: address }) => address && toasts.show(t('person.address', { name, address })),
    () => undefined,
  );
  return undefined;
});

const warn = about(({ session }, name, value) => {
  if (value === '') return t('commands.what-text');
  void session.server.tell({ type: 'note', to: name, kind: 'warning', value });
  return undefined;
});

/** In the order in which they are listed (`spec/galene.md` 5.1). */
export const COMMANDS: readonly Command[] = [
  { name: 'help', usage: '', what: 'commands.help', run: ({ ui }) => void ui.openDialog({ kind: 'commands' }) },
  {
    name: 'msg',
    usage: USER_AND_TEXT,
    what: 'commands.msg',
    needs: 'message',
    run: about(({ session }, to, text) => {
      if (text === '') return t('commands.what-text');
      session.talk.post({ to }, text);
      return undefined;
    }),
  },
  {
    name: 'sendfile',
    usage: USER,
    what: 'commands.sendfile',
    needs: 'message',
    run: about(({ session }, name) => void chooseFiles((files) => sendFiles(session, { name, files }))),
  },
  {
    name: 'raise',
    usage: '',
    what: 'commands.raise',
    run: ({ session }) => void session.meeting.setHand({ raised: true }),
  },
  {
    name: 'unraise',
    usage: '',
    what: 'commands.unraise',
    run: ({ session }) => void session.meeting.setHand({ raised: false }),
  },
  {
    name: 'sharescreen',
    usage: '',
    what: 'commands.sharescreen',
    needs: 'present',
    run: ({ session }) => void session.meeting.shareScreen(),
  },
  {
    name: 'unsharescreen',
    usage: '',
    what: 'commands.unsharescreen',
    run: ({ session }) => void session.meeting.stopScreen(),
  },
  { name: 'leave', usage: '', what: 'commands.leave', run: ({ session }) => void session.close() },
  {
    name: 'invite',
    usage: '',
    what: 'commands.invite',
    needs: 'token',
    run: ({ ui }) => void ui.openDialog({ kind: 'links' }),
  },
  { name: 'record', usage: '', what: 'commands.record', needs: 'record', run: simply({ type: 'record', on: true }) },
  {
    name: 'unrecord',
    usage: '',
    what: 'commands.unrecord',
    // Whoever moderates may end it.
    needs: ['record', 'op'],
    run: simply({ type: 'record', on: false }),
  },
  {
    name: 'lock',
    usage: 'TEXT',
    what: 'commands.lock',
    needs: 'op',
    run: (scope, message) => simply({ type: 'lock', on: true, ...(message === '' ? {} : { message }) })(scope, ''),
  },
  { name: 'unlock', usage: '', what: 'commands.unlock', needs: 'op', run: simply({ type: 'lock', on: false }) },
  { name: 'clear', usage: '', what: 'commands.clear', needs: 'op', run: simply({ type: 'clear' }) },
  {
    name: 'wall',
    usage: 'TEXT',
    what: 'commands.wall',
    needs: 'op',
    run: (scope, value) =>
      value === '' ? t('commands.what-text') : simply({ type: 'note', kind: 'warning', value })(scope, ''),
  },
  { name: 'warn', usage: USER_AND_TEXT, what: 'commands.warn', needs: 'op', run: warn },
  {
    name: 'muteall',
    usage: '',
    what: 'commands.muteall',
    needs: 'op',
    run: simply({ type: 'note', kind: 'mute', value: null }),
  },
  {
    name: 'mute',
    usage: USER,
    what: 'commands.mute',
    needs: 'op',
    run: telling((to) => ({ type: 'note', to, kind: 'mute', value: null })),
  },
  {
    name: 'kick',
    usage: USER_AND_TEXT,
    what: 'commands.kick',
    needs: 'op',
    run: telling((name, reason) => ({ type: 'kick', name, ...(reason === '' ? {} : { reason }) })),
  },
  { name: 'identify', usage: USER, what: 'commands.identify', needs: 'op', run: identify },
  { name: 'op', usage: USER, what: 'commands.op', needs: 'op', run: granting('op', true) },
  { name: 'unop', usage: USER, what: 'commands.unop', needs: 'op', run: granting('op', false) },
  { name: 'present', usage: USER, what: 'commands.present', needs: 'op', run: granting('present', true) },
  { name: 'unpresent', usage: USER, what: 'commands.unpresent', needs: 'op', run: granting('present', false) },
  { name: 'shutup', usage: USER, what: 'commands.shutup', needs: 'op', run: granting('message', false) },
  { name: 'unshutup', usage: USER, what: 'commands.unshutup', needs: 'op', run: granting('message', true) },
];

/** Those that somebody with these rights can do. */
export function commandsFor(permissions: readonly string[]): readonly Command[] {
  return COMMANDS.filter(({ needs }) => needs === undefined || [needs].flat().some((one) => permissions.includes(one)));
}

/** Does what was written. Returns why it cannot be done. */
export function runCommand(
  scope: SessionScope,
  { name, rest }: { readonly name: string; readonly rest: string },
): string | undefined {
  const command = COMMANDS.find((each) => each.name === name);
  if (!command) return t('commands.unknown', { name });
  const { permissions = [] } = scope.session.room.get().self ?? {};
  if (!commandsFor(permissions).includes(command)) return t('commands.not-yours', { name });
  return command.run(scope, rest);
}
