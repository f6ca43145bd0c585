import { useEffect, useRef } from 'react';
import { settings } from '../../connection/settings.ts';
import { t } from '../../i18n/t.ts';
import { CaptureError } from '../../media/capture.ts';
import { useSession, useStore } from '../session-context.ts';

/** Who picks another device while on camera goes on with that one. */
export function useDeviceSwitch(): void {
  const { cameras, meeting, toasts } = useSession();
  const { devices } = useStore(settings);
  const former = useRef(devices);
  useEffect(() => {
    if (former.current === devices) return;
    const before = former.current;
    former.current = devices;
    if (before.camera !== devices.camera) void meeting.switchDevice('video');
    if (before.microphone !== devices.microphone) void meeting.switchDevice('audio');
    cameras.switchDevices(devices).catch((error: unknown) => {
      toasts.show(t(`setup.${error instanceof CaptureError ? error.failure : 'busy'}`), 'bad');
    });
  }, [devices, cameras, meeting, toasts]);
}
