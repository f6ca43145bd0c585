import { lazy, Suspense } from 'react';
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

const CommandsDialog = lazy(() =>
  import('../commands/commands-dialog.tsx').then(({ CommandsDialog: dialog }) => ({ default: dialog })),
);
const RecordDialog = lazy(() =>
  import('../meeting/record-dialog.tsx').then(({ RecordDialog: dialog }) => ({ default: dialog })),
);
const WordDialog = lazy(() =>
  import('../people/word-dialog.tsx').then(({ WordDialog: dialog }) => ({ default: dialog })),
);

/** What lies over the room. What is seldom wanted is loaded when it is. */
export function Dialogs({ onLeave }: { readonly onLeave: () => void }) {
  return (
    <Suspense fallback={null}>
      <OpenDialog onLeave={onLeave} />
    </Suspense>
  );
}

function OpenDialog({ onLeave }: { readonly onLeave: () => void }) {
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
    case 'commands':
      return <CommandsDialog onClose={close} />;
    case 'record':
      return <RecordDialog onClose={close} />;
    case 'word':
      return <WordDialog purpose={dialog.purpose} name={dialog.name} onClose={close} />;
    case 'ban':
      return <BanDialog name={dialog.name} onClose={close} />;
    case 'report':
      return <ReportDialog about={dialog.about} onClose={close} />;
    default:
      return null;
  }
}
