import type { LucideIcon } from 'lucide-react';
import { Clapperboard, Eraser, Link, Lock, LockOpen, MicOff, Settings2 } from 'lucide-react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { t } from '../../i18n/t.ts';
import { IconButton } from '../controls/button.tsx';
import controls from '../controls/controls.module.css';
import { cx } from '../cx.ts';
import { type SessionScope, useRoom, useScope } from '../session-context.ts';

interface Tool {
  readonly id: string;
  readonly text: string;
  readonly icon: LucideIcon;
  readonly run: () => void;
}

/** For those who run the room, and those who may invite. */
export function RoomTools() {
  const scope = useScope();
  const operator = useRoom((room) => room.self?.operator ?? false);
  const mayInvite = useRoom((room) => room.self?.permissions.includes('token') ?? false);
  const locked = useRoom((room) => room.meeting.locked);
  const mayRecord = useRoom((room) => room.self?.permissions.includes('record') ?? false);
  const tools = [
    ...(operator ? operatorTools(scope, { locked }) : []),
    ...(mayInvite ? [linksTool(scope)] : []),
    ...(mayRecord ? [recordingsTool(scope)] : []),
  ];
  if (tools.length === 0) return null;
  return (
    <MenuTrigger>
      <IconButton label={t('roomtools.title')} icon={<Settings2 size={20} />} />
      <Popover className={cx(controls.popover)} placement="bottom end">
        <Menu
          className={cx(controls.menu)}
          aria-label={t('roomtools.title')}
          onAction={(key) => tools.find(({ id }) => id === key)?.run()}
        >
          {tools.map(({ id, text, icon: Icon }) => (
            <MenuItem key={id} id={id} textValue={text} className={cx(controls.item)}>
              <Icon size={17} aria-hidden />
              {text}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function operatorTools({ session, ui }: SessionScope, { locked }: { readonly locked: boolean }): readonly Tool[] {
  const { server, toasts } = session;
  const muteAll = async () => {
    if (await server.tell({ type: 'note', kind: 'mute', value: null })) toasts.show(t('roomtools.muted-all'), 'good');
  };
  return [
    { id: 'mute-all', text: t('roomtools.mute-all'), icon: MicOff, run: () => void muteAll() },
    locked
      ? {
          id: 'unlock',
          text: t('roomtools.unlock'),
          icon: LockOpen,
          run: () => void server.tell({ type: 'lock', on: false }),
        }
      : { id: 'lock', text: t('roomtools.lock'), icon: Lock, run: () => ui.openDialog({ kind: 'lock' }) },
    { id: 'clear', text: t('roomtools.clear'), icon: Eraser, run: () => ui.openDialog({ kind: 'clear' }) },
  ];
}

function linksTool({ ui }: SessionScope): Tool {
  return { id: 'links', text: t('roomtools.links'), icon: Link, run: () => ui.openDialog({ kind: 'links' }) };
}

function recordingsTool({ session }: SessionScope): Tool {
  const open = async () => {
    // At once: later, the browser would not know any more that somebody wanted it.
    const tab = window.open('', '_blank');
    if (tab) tab.opener = null;
    try {
      const address = await session.recordingsAddress();
      (tab ?? window).location.assign(address);
    } catch {
      tab?.close();
      session.toasts.show(t('roomtools.no-recordings'), 'bad');
    }
  };
  return { id: 'recordings', text: t('roomtools.recordings'), icon: Clapperboard, run: () => void open() };
}
