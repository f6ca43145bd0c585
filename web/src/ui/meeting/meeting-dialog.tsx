import { useState } from 'react';
import { changeSettings, settings } from '../../connection/settings.ts';
import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { SwitchField } from '../controls/fields.tsx';
import { useMeeting, useRoom, useSession, useStore } from '../session-context.ts';
import { DevicePickers } from '../video/device-pickers.tsx';
import { Preview } from '../video/preview.tsx';
import { usePreview } from '../video/use-preview.ts';
import css from './meeting.module.css';
import { ReceiveField } from './receive-field.tsx';

/** Before joining the meeting: what others will see and hear. */
export function MeetingDialog({ onClose }: { readonly onClose: () => void }) {
  const { meeting } = useSession();
  const { devices, joining } = useStore(settings);
  const attending = useMeeting((state) => state.attending);
  const name = useRoom((room) => room.self?.name ?? '');
  const [{ camera, microphone }, setChoice] = useState(joining);
  const change = (part: Partial<typeof joining>) => setChoice((known) => ({ ...known, ...part }));
  const preview = usePreview(devices, { audio: true, video: camera });
  const ready = preview.state.kind === 'ready';
  const join = () => {
    changeSettings({ joining: { camera, microphone } });
    meeting.join(preview.take(), { camera, microphone });
    onClose();
  };
  const lookOn = () => {
    meeting.attend();
    onClose();
  };
  const footer = (
    <>
      <Button onPress={onClose}>{t('action.cancel')}</Button>
      {!attending && <Button onPress={lookOn}>{t('meeting.look-on')}</Button>}
      <Button look="primary" onPress={join} isDisabled={!ready}>
        {t('meeting.go')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('meeting.title')} onClose={onClose} footer={footer} width={560}>
      <p className={css.what}>{t('meeting.what')}</p>
      <Preview state={preview.state} onRetry={preview.retry} name={name} />
      <div className={css.switches}>
        <SwitchField on={camera} onChange={(on) => change({ camera: on })}>
          {t('meeting.with-camera')}
        </SwitchField>
        <SwitchField on={microphone} onChange={(on) => change({ microphone: on })}>
          {t('meeting.with-microphone')}
        </SwitchField>
      </div>
      <DevicePickers ready={ready} />
      <ReceiveField />
    </Dialog>
  );
}
