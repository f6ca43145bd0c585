import { Mic, MicOff, SlidersHorizontal, VideoOff, Webcam } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import { IconButton } from '../controls/button.tsx';
import { useCameras, useRoom, useScope } from '../session-context.ts';

/** In the conversation's head: to go on camera; then to mute, to change, to stop. */
export function CameraControls() {
  const { session, ui } = useScope();
  const own = useCameras((cameras) => cameras.own);
  const mayPresent = useRoom((room) => room.self?.permissions.includes('present') ?? false);
  const open = () => ui.openDialog({ kind: 'camera' });
  if (own.kind === 'off') {
    return mayPresent && <IconButton label={t('camera.start-hint')} icon={<Webcam size={20} />} onPress={open} />;
  }
  const { muted } = own.choice;
  const audible = own.stream.getAudioTracks().length > 0;
  return (
    <>
      {audible && (
        <IconButton
          label={t(muted ? 'camera.unmute' : 'camera.mute')}
          tone={muted ? 'bad' : undefined}
          icon={muted ? <MicOff size={20} /> : <Mic size={20} />}
          onPress={() => session.cameras.change({ muted: !muted })}
        />
      )}
      <IconButton label={t('camera.options')} icon={<SlidersHorizontal size={20} />} onPress={open} />
      <IconButton
        label={t('camera.stop')}
        tone="accent"
        icon={<VideoOff size={20} />}
        onPress={() => session.cameras.stop()}
      />
    </>
  );
}
