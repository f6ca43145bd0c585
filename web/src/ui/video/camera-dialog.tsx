import { useState } from 'react';
import { changeSettings, settings } from '../../connection/settings.ts';
import { t } from '../../i18n/t.ts';
import { type CameraChoice, DEFAULT_CHOICE } from '../../media/camera-choice.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { SwitchField } from '../controls/fields.tsx';
import { useCameras, useRoom, useSession, useStore } from '../session-context.ts';
import { DevicePickers } from './device-pickers.tsx';
import { Preview } from './preview.tsx';
import { usePreview } from './use-preview.ts';
import css from './video.module.css';

/** Before going on camera: what others will see, and who may. While on camera: the same, to change it. */
export function CameraDialog({ onClose }: { readonly onClose: () => void }) {
  const { cameras } = useSession();
  const { devices, camera: remembered } = useStore(settings);
  const own = useCameras((state) => state.own);
  const [choice, setChoice] = useState<CameraChoice>(
    own.kind === 'on' ? own.choice : { ...DEFAULT_CHOICE, ...remembered, explicit: false },
  );
  const preview = usePreview(devices);
  const { state } = preview;
  const ready = state.kind === 'ready';

  const go = () => {
    changeSettings({ camera: choice });
    if (!ready) return;
    if (own.kind === 'on') cameras.replace(preview.take(), choice);
    else cameras.start(preview.take(), choice);
    onClose();
  };
  const footer = (
    <>
      <Button onPress={onClose}>{t('action.cancel')}</Button>
      <Button look="primary" onPress={go} isDisabled={!ready}>
        {t(own.kind === 'on' ? 'setup.update' : 'setup.go')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('setup.title')} onClose={onClose} footer={footer} width={560}>
      <p className={css.what}>{t('setup.what')}</p>
      <Preview state={state} onRetry={preview.retry} />
      <DevicePickers ready={ready} />
      <CameraSwitches choice={choice} onChange={(part) => setChoice((known) => ({ ...known, ...part }))} />
    </Dialog>
  );
}

interface CameraSwitchesProps {
  readonly choice: CameraChoice;
  readonly onChange: (part: Partial<CameraChoice>) => void;
}

function CameraSwitches({ choice, onChange }: CameraSwitchesProps) {
  const permitExplicit = useRoom((room) => room.permitExplicit);
  const vip = useRoom((room) => room.self?.vip ?? false);
  return (
    <div>
      <SwitchField on={choice.muted} onChange={(muted) => onChange({ muted })}>
        {t('setup.muted')}
      </SwitchField>
      {permitExplicit && (
        <SwitchField
          on={choice.explicit}
          onChange={(explicit) => onChange({ explicit })}
          hint={t('setup.explicit-hint')}
        >
          {t('setup.explicit')}
        </SwitchField>
      )}
      <SwitchField on={choice.mutualRequired} onChange={(mutualRequired) => onChange({ mutualRequired })}>
        {t('setup.mutual')}
      </SwitchField>
      <SwitchField on={choice.mutualOpen} onChange={(mutualOpen) => onChange({ mutualOpen })}>
        {t('setup.open')}
      </SwitchField>
      {vip && (
        <SwitchField on={choice.vipOnly} onChange={(vipOnly) => onChange({ vipOnly })}>
          {t('setup.vip')}
        </SwitchField>
      )}
    </div>
  );
}
