import { t } from '../../i18n/t.ts';
import { Dialog } from '../controls/dialog.tsx';
import { useMeeting } from '../session-context.ts';
import { useDeviceSwitch } from '../settings/use-device-switch.ts';
import { DevicePickers } from '../video/device-pickers.tsx';
import { ReceiveField } from './receive-field.tsx';

/** In the meeting: the devices, and how much is received. */
export function MeetingOptions({ onClose }: { readonly onClose: () => void }) {
  const joined = useMeeting((meeting) => meeting.own !== undefined);
  useDeviceSwitch();
  return (
    <Dialog title={t('meeting.options')} onClose={onClose} width={480}>
      {joined && <DevicePickers ready />}
      <ReceiveField />
    </Dialog>
  );
}
