import { t } from '../../i18n/t.ts';
import { Dialog } from '../controls/dialog.tsx';
import { SwitchField } from '../controls/fields.tsx';
import { useMeeting, useScope, useUi } from '../session-context.ts';
import { useDeviceSwitch } from '../settings/use-device-switch.ts';
import { DevicePickers } from '../video/device-pickers.tsx';
import { ReceiveField } from './receive-field.tsx';

/** In the meeting: the devices, and how much is received. */
export function MeetingOptions({ onClose }: { readonly onClose: () => void }) {
  const joined = useMeeting((meeting) => meeting.own !== undefined);
  const { ui } = useScope();
  const { figures } = useUi().stage;
  useDeviceSwitch();
  return (
    <Dialog title={t('meeting.options')} onClose={onClose} width={480}>
      {joined && <DevicePickers ready />}
      <ReceiveField />
      <SwitchField on={figures} onChange={(on) => ui.setStage({ figures: on })} hint={t('figures.hint')}>
        {t('figures.show')}
      </SwitchField>
    </Dialog>
  );
}
