import type { WireMessage } from '../../../../src/dialects/parlour/wire.ts';
import { t } from '../../i18n/t.ts';
import css from './images.module.css';
import { useList } from './list-context.ts';

const MAX_WIDTH = 420;
const MAX_HEIGHT = 320;

interface MessageImageProps {
  readonly message: WireMessage;
  readonly image: NonNullable<WireMessage['image']>;
}

export function MessageImage({ message, image }: MessageImageProps) {
  const { show } = useList();
  const scale = Math.min(1, MAX_WIDTH / image.width, MAX_HEIGHT / image.height);
  return (
    <button
      type="button"
      className={css.image}
      aria-label={t('message.open-image', { name: image.fileName })}
      onClick={() => show(message)}
    >
      <img
        src={image.url}
        alt={t('message.image', { name: image.fileName })}
        width={Math.round(image.width * scale)}
        height={Math.round(image.height * scale)}
        loading="lazy"
        decoding="async"
      />
    </button>
  );
}
