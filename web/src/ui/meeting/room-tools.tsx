import type { LucideIcon } from 'lucide-react';
import { Captions, CircleDot, Eraser, Film, Link, Lock, LockOpen, MicOff, Settings2, Square } from 'lucide-react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { errorText } from '../../connection/server.ts';
import { t } from '../../i18n/t.ts';
import { mayRecord } from '../../room/selectors.ts';
import { IconButton } from '../controls/button.tsx';
import controls from '../controls/controls.module.css';
import { cx } from '../cx.ts';
import { type SessionScope, useMeeting, useRoom, useScope, useUi } from '../session-context.ts';

interface Tool {
  readonly id: string;
  readonly text: string;
  readonly icon: LucideIcon;
  readonly run: () => void;
}

/** For those who run the room, and those who may invite, record or write captions. */
export function RoomTools() {
  const scope = useScope();
  const self = useRoom((room) => room.self);
  const locked = useRoom((room) => room.meeting.locked);
  const recorded = useRoom((room) => room.meeting.recordingSince !== undefined);
  const maySwitch = useRoom(mayRecord);
  const { captioning } = useUi().stage;
  const inMeeting = useMeeting(
    ({ own, screen, tiles }) => own !== undefined || screen !== undefined || tiles.length > 0,
  );
  const may = (permission: string) => self?.permissions.includes(permission) ?? false;
  const { meetings } = scope.session.bootstrap;
  const tools = [
    ...(self?.operator ? operatorTools(scope, { locked }) : []),
    ...(may('token') ? [linksTool(scope)] : []),
    ...(inMeeting && may('caption') ? [captionTool(scope, { captioning })] : []),
    ...(meetings && maySwitch ? [recordTool(scope, { recorded })] : []),
    ...(meetings && may('record') ? [recordingsTool(scope)] : []),
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

function captionTool({ ui }: SessionScope, { captioning }: { readonly captioning: boolean }): Tool {
  const text = t(captioning ? 'captions.stop' : 'captions.write');
  return { id: 'captions', text, icon: Captions, run: () => ui.setStage({ captioning: !captioning }) };
}

function recordTool({ session, ui }: SessionScope, { recorded }: { readonly recorded: boolean }): Tool {
  return recorded
    ? {
        id: 'unrecord',
        text: t('record.stop'),
        icon: Square,
        run: () => void session.server.tell({ type: 'record', on: false }),
      }
    : { id: 'record', text: t('record.start'), icon: CircleDot, run: () => ui.openDialog({ kind: 'record' }) };
}

function recordingsTool({ session }: SessionScope): Tool {
  return { id: 'recordings', text: t('record.open'), icon: Film, run: () => void openRecordings(session) };
}

/** In a page of its own, which is opened while somebody clicks: later, browsers would not. */
async function openRecordings(session: SessionScope['session']): Promise<void> {
  const page = window.open('', '_blank');
  try {
    const address = await session.recordings();
    if (page) page.location.href = address;
    else window.location.assign(address);
  } catch (error) {
    page?.close();
    session.toasts.show(errorText(error), 'bad');
  }
}
