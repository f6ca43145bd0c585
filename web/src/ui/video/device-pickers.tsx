import { useEffect, useState } from 'react';
import { changeSettings, settings } from '../../connection/settings.ts';
import { t } from '../../i18n/t.ts';
import { type Devices, listDevices } from '../../media/capture.ts';
import { ChoiceField } from '../controls/fields.tsx';
import { useStore } from '../session-context.ts';
import css from './video.module.css';

const NONE: Devices = { cameras: [], microphones: [] };

/** Which camera and microphone. Names are known once the browser allowed one of them (`ready`). */
export function DevicePickers({ ready }: { readonly ready: boolean }) {
  const { devices: chosen } = useStore(settings);
  const devices = useDevices(ready);
  const pick = (kind: 'camera' | 'microphone', id: string) => {
    const { [kind]: _, ...other } = chosen;
    changeSettings({ devices: id === '' ? other : { ...other, [kind]: id } });
  };
  return (
    <div className={css.pickers}>
      <ChoiceField
        label={t('setup.camera')}
        value={known(chosen.camera, devices.cameras)}
        choices={choices(devices.cameras)}
        onChange={(id) => pick('camera', id === DEFAULT ? '' : id)}
      />
      <ChoiceField
        label={t('setup.microphone')}
        value={known(chosen.microphone, devices.microphones)}
        choices={choices(devices.microphones)}
        onChange={(id) => pick('microphone', id === DEFAULT ? '' : id)}
      />
    </div>
  );
}

const DEFAULT = 'default choice';

function choices(devices: readonly MediaDeviceInfo[]) {
  const named = devices.map((device, index) => ({
    value: device.deviceId,
    text: device.label || `${index + 1}`,
  }));
  return [{ value: DEFAULT, text: t('setup.default') }, ...named.filter((choice) => choice.value !== 'default')];
}

function known(id: string | undefined, devices: readonly MediaDeviceInfo[]): string {
  return devices.find((device) => device.deviceId === id)?.deviceId ?? DEFAULT;
}

function useDevices(ready: boolean): Devices {
  const [devices, setDevices] = useState<Devices>(NONE);
  // Permission gives the devices their names.
  useEffect(() => {
    let stale = false;
    const look = () =>
      void listDevices().then((found) => {
        if (!stale) setDevices(found);
      });
    look();
    navigator.mediaDevices?.addEventListener?.('devicechange', look);
    return () => {
      stale = true;
      navigator.mediaDevices?.removeEventListener?.('devicechange', look);
    };
  }, [ready]);
  return devices;
}
