import { Gem, HandHeart, Repeat2, Video } from 'lucide-react';
import { Camera, has } from '../../../../src/core/camera.ts';
import { nameKey } from '../../../../src/core/name.ts';
import type { WireMember } from '../../../../src/dialects/parlour/wire.ts';
import { t } from '../../i18n/t.ts';
import { useCameras, useSession } from '../session-context.ts';
import css from './people.module.css';

interface CameraButtonProps {
  readonly person: WireMember;
  readonly self: boolean;
}

/** Opens somebody's camera; its look tells what they ask of those who watch. */
export function CameraButton({ person, self }: CameraButtonProps) {
  const { cameras } = useSession();
  const { name, camera } = person;
  const watched = useCameras((state) => state.tiles.some((tile) => tile.key === nameKey(name)));
  const notes = notesOf(camera);
  if (self) {
    return (
      <span className={css.camera} data-own title={[t('camera.yours'), ...notes].join(', ')}>
        <Video size={18} aria-hidden />
        <span className="visually-hidden">{[t('camera.yours'), ...notes].join(', ')}</span>
      </span>
    );
  }
  const toggle = () => (watched ? cameras.unwatch(name) : cameras.watch(name));
  return (
    <button
      type="button"
      className={css.camera}
      data-explicit={has(camera, Camera.explicit) || undefined}
      data-watched={watched || undefined}
      aria-label={t(watched ? 'camera.unwatch' : 'camera.watch', { name })}
      title={[t(watched ? 'camera.unwatch' : 'camera.watch', { name }), ...notes].join(', ')}
      aria-pressed={watched}
      onClick={toggle}
    >
      <Video size={18} aria-hidden />
      <CameraSign camera={camera} />
      <span className="visually-hidden">{notes.join(', ')}</span>
    </button>
  );
}

function CameraSign({ camera }: { readonly camera: number }) {
  const Icon = has(camera, Camera.invited)
    ? HandHeart
    : has(camera, Camera.vipOnly)
      ? Gem
      : has(camera, Camera.mutualRequired)
        ? Repeat2
        : undefined;
  return Icon ? <Icon className={css.cameraSign} size={12} aria-hidden /> : null;
}

function notesOf(camera: number): string[] {
  return [
    has(camera, Camera.explicit) ? t('camera.explicit') : '',
    has(camera, Camera.invited) ? t('camera.invited') : '',
    has(camera, Camera.mutualRequired) ? t('camera.mutual') : '',
    has(camera, Camera.vipOnly) ? t('camera.vip') : '',
    has(camera, Camera.micMuted) ? t('camera.mic-muted') : '',
  ].filter((note) => note !== '');
}
