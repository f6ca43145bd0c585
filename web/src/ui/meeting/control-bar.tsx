import {
  Captions,
  CircleDot,
  Hand,
  LayoutGrid,
  Maximize2,
  Mic,
  MicOff,
  Minimize2,
  MonitorUp,
  PhoneOff,
  SlidersHorizontal,
  Square,
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
import { mayRecord } from '../../room/selectors.ts';
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
      <CaptionControl />
      <RecordControl />
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

function CaptionControl() {
  const { ui } = useScope();
  const { captioning } = useUi().stage;
  const mayCaption = useRoom((room) => room.self?.permissions.includes('caption') ?? false);
  if (!mayCaption) return null;
  return (
    <Control
      label={t(captioning ? 'captions.stop' : 'captions.write')}
      tone={captioning ? 'on' : undefined}
      icon={<Captions size={20} />}
      seldom
      onPress={() => ui.setStage({ captioning: !captioning })}
    />
  );
}

function RecordControl() {
  const { session, ui } = useScope();
  const recorded = useRoom((room) => room.meeting.recordingSince !== undefined);
  const may = useRoom((room) => mayRecord(room));
  if (!may) return null;
  return (
    <Control
      label={t(recorded ? 'record.stop' : 'record.start')}
      tone={recorded ? 'danger' : undefined}
      icon={recorded ? <Square size={18} /> : <CircleDot size={20} />}
      seldom
      onPress={() =>
        recorded ? void session.server.tell({ type: 'record', on: false }) : ui.openDialog({ kind: 'record' })
      }
    />
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
  /** On phones it is in the menu of the room alone. */
  readonly seldom?: boolean;
}

function Control({ label, icon, onPress, tone, seldom }: ControlProps) {
  return (
    <span className={css.control} data-tone={tone} data-seldom={seldom}>
      <IconButton label={label} icon={icon} onPress={onPress} />
    </span>
  );
}
