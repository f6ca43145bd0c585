import { CheckDialog } from '../connection/check-dialog.tsx';
import { ClearDialog } from '../meeting/clear-dialog.tsx';
import { LinksDialog } from '../meeting/links-dialog.tsx';
import { LockDialog } from '../meeting/lock-dialog.tsx';
import { MeetingDialog } from '../meeting/meeting-dialog.tsx';
import { MeetingOptions } from '../meeting/meeting-options.tsx';
import { BanDialog } from '../people/ban-dialog.tsx';
import { ReportDialog } from '../people/report-dialog.tsx';
import { RoomsDialog } from '../rooms/rooms-dialog.tsx';
import { useScope, useUi } from '../session-context.ts';
import { SettingsDialog } from '../settings/settings-dialog.tsx';
import { CameraDialog } from '../video/camera-dialog.tsx';
import { WatchersDialog } from '../video/watchers-dialog.tsx';

export function Dialogs({ onLeave }: { readonly onLeave: () => void }) {
  const { dialog } = useUi();
  const { ui, session } = useScope();
  const close = () => ui.closeDialog();
  switch (dialog?.kind) {
    case 'camera':
      return <CameraDialog onClose={close} />;
    case 'settings':
      return <SettingsDialog onClose={close} onLeave={onLeave} />;
    case 'rooms': {
      const { room, roomsAllowed, guestsAllowed } = session.bootstrap;
      return <RoomsDialog here={room} mayCreate={roomsAllowed && guestsAllowed} onClose={close} />;
    }
    case 'check':
      return <CheckDialog servers={session.bootstrap.ice} onClose={close} />;
    case 'watchers':
      return <WatchersDialog onClose={close} />;
    case 'meeting':
      return <MeetingDialog onClose={close} />;
    case 'meeting-options':
      return <MeetingOptions onClose={close} />;
    case 'lock':
      return <LockDialog onClose={close} />;
    case 'clear':
      return <ClearDialog onClose={close} />;
    case 'links':
      return <LinksDialog onClose={close} />;
    case 'ban':
      return <BanDialog name={dialog.name} onClose={close} />;
    case 'report':
      return <ReportDialog about={dialog.about} onClose={close} />;
    default:
      return null;
  }
}
