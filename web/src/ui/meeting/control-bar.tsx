import {
  Hand,
  LayoutGrid,
  Maximize2,
  Mic,
  MicOff,
  Minimize2,
  MonitorUp,
  PhoneOff,
  SlidersHorizontal,
  UserRound,
  Video,
  VideoOff,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { Toolbar } from 'react-aria-components';
import { t } from '../../i18n/t.ts';
import { canShareScreen } from '../../media/meeting/capture-parts.ts';
import type { OwnPartState } from '../../media/meeting/own-part.ts';
import { hasHandUp } from '../../room/meeting-reducer.ts';
import { IconButton } from '../controls/button.tsx';
import { cx } from '../cx.ts';
import { useMeeting, useRoom, useScope, useSession, useUi } from '../session-context.ts';
import css from './meeting.module.css';

/** What somebody does in the meeting. */
export function ControlBar() {
  const { session, ui } = useScope();
  const own = useMeeting((meeting) => meeting.own);
  const { stage } = useUi();
  const { view, wide } = stage;
  return (
    <Toolbar className={cx(css.bar)} aria-label={t('meeting.controls')}>
      {own && <OwnControls own={own} />}
      <HandControl />
      <Control
        label={t(view === 'grid' ? 'meeting.view-speaker' : 'meeting.view-grid')}
        icon={view === 'grid' ? <UserRound size={20} /> : <LayoutGrid size={20} />}
        onPress={() => ui.setStage({ view: view === 'grid' ? 'speaker' : 'grid', pinned: undefined })}
      />
      <Control
        label={t(wide ? 'meeting.shrink' : 'meeting.enlarge')}
        icon={wide ? <Minimize2 size={19} /> : <Maximize2 size={19} />}
        onPress={() => ui.setStage({ wide: !wide })}
      />
      <Control
        label={t('meeting.options')}
        icon={<SlidersHorizontal size={20} />}
        onPress={() => ui.openDialog({ kind: 'meeting-options' })}
      />
      <Control
        label={t('meeting.leave')}
        tone="danger"
        icon={<PhoneOff size={20} />}
        onPress={() => session.meeting.leave()}
      />
    </Toolbar>
  );
}

function OwnControls({ own }: { readonly own: OwnPartState }) {
  const { meeting } = useSession();
  const sharing = useMeeting((state) => state.screen !== undefined);
  const speaks = own.microphone === 'on';
  const seen = own.camera === 'on';
  return (
    <>
      <Control
        label={t(speaks ? 'meeting.microphone-off' : 'meeting.microphone-on')}
        tone={speaks ? undefined : 'off'}
        icon={speaks ? <Mic size={20} /> : <MicOff size={20} />}
        onPress={() => void meeting.setMicrophone({ on: !speaks })}
      />
      <Control
        label={t(seen ? 'meeting.camera-off' : 'meeting.camera-on')}
        tone={seen ? undefined : 'off'}
        icon={seen ? <Video size={20} /> : <VideoOff size={20} />}
        onPress={() => void meeting.setCamera({ on: !seen })}
      />
      {(canShareScreen() || sharing) && (
        <Control
          label={t(sharing ? 'meeting.share-stop' : 'meeting.share')}
          tone={sharing ? 'on' : undefined}
          icon={<MonitorUp size={20} />}
          onPress={() => (sharing ? meeting.stopScreen() : void meeting.shareScreen())}
        />
      )}
    </>
  );
}

function HandControl() {
  const { meeting } = useSession();
  const raised = useRoom((room) => room.self !== undefined && hasHandUp(room.members[room.self.id] ?? room.self));
  return (
    <Control
      label={t(raised ? 'meeting.hand-down' : 'meeting.hand-up')}
      tone={raised ? 'on' : undefined}
      icon={<Hand size={20} />}
      onPress={() => meeting.setHand({ raised: !raised })}
    />
  );
}

interface ControlProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly onPress: () => void;
  readonly tone?: 'on' | 'off' | 'danger' | undefined;
}

function Control({ label, icon, onPress, tone }: ControlProps) {
  return (
    <span className={css.control} data-tone={tone}>
      <IconButton label={label} icon={icon} onPress={onPress} />
    </span>
  );
}
