import { VideoOff } from 'lucide-react';
import { useState } from 'react';
import { changeSettings, settings } from '../../connection/settings.ts';
import { t } from '../../i18n/t.ts';
import { type CameraChoice, DEFAULT_CHOICE } from '../../media/camera-choice.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { SwitchField } from '../controls/fields.tsx';
import { cx } from '../cx.ts';
import { useCameras, useRoom, useSession, useStore } from '../session-context.ts';
import { DevicePickers } from './device-pickers.tsx';
import { usePreview } from './use-preview.ts';
import css from './video.module.css';
import { VideoPicture } from './video-picture.tsx';

/** Before going on camera: what others will see, and who may. While on camera: the same, to change it. */
export function CameraDialog({ onClose }: { readonly onClose: () => void }) {
  const { cameras } = useSession();
  const { devices, camera: remembered } = useStore(settings);
  const own = useCameras((state) => state.own);
  const permitExplicit = useRoom((room) => room.permitExplicit);
  const vip = useRoom((room) => room.self?.vip ?? false);
  const [choice, setChoice] = useState<CameraChoice>(
    own.kind === 'on' ? own.choice : { ...DEFAULT_CHOICE, ...remembered, explicit: false },
  );
  const change = (part: Partial<CameraChoice>) => setChoice((known) => ({ ...known, ...part }));
  const preview = usePreview(devices);

  const go = () => {
    changeSettings({ camera: choice });
    if (preview.state.kind !== 'ready') return;
    if (own.kind === 'on') cameras.replace(preview.take(), choice);
    else cameras.start(preview.take(), choice);
    onClose();
  };

  const footer = (
    <>
      <Button onPress={onClose}>{t('action.cancel')}</Button>
      <Button look="primary" onPress={go} isDisabled={preview.state.kind !== 'ready'}>
        {t(own.kind === 'on' ? 'setup.update' : 'setup.go')}
      </Button>
    </>
  );
  const { state } = preview;
  return (
    <Dialog title={t('setup.title')} onClose={onClose} footer={footer} width={560}>
      <div className={css.preview}>
        {state.kind === 'ready' && (
          <VideoPicture className={cx(css.picture)} stream={state.stream} label={t('camera.yours')} muted mirrored />
        )}
        {state.kind === 'opening' && <p role="status">{t('setup.opening')}</p>}
        {state.kind === 'failed' && (
          <div className={css.previewFailed} role="alert">
            <VideoOff size={28} aria-hidden />
            <p>{t(`setup.${state.failure}`)}</p>
            <Button onPress={preview.retry}>{t('action.retry')}</Button>
          </div>
        )}
      </div>
      <DevicePickers ready={state.kind === 'ready'} />
      <div>
        <SwitchField on={choice.muted} onChange={(muted) => change({ muted })}>
          {t('setup.muted')}
        </SwitchField>
        {permitExplicit && (
          <SwitchField
            on={choice.explicit}
            onChange={(explicit) => change({ explicit })}
            hint={t('setup.explicit-hint')}
          >
            {t('setup.explicit')}
          </SwitchField>
        )}
        <SwitchField on={choice.mutualRequired} onChange={(mutualRequired) => change({ mutualRequired })}>
          {t('setup.mutual')}
        </SwitchField>
        <SwitchField on={choice.mutualOpen} onChange={(mutualOpen) => change({ mutualOpen })}>
          {t('setup.open')}
        </SwitchField>
        {vip && (
          <SwitchField on={choice.vipOnly} onChange={(vipOnly) => change({ vipOnly })}>
            {t('setup.vip')}
          </SwitchField>
        )}
      </div>
    </Dialog>
  );
}
