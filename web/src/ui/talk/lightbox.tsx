import { X } from 'lucide-react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import type { WireMessage } from '../../../../src/dialects/parlour/wire.ts';
import { t } from '../../i18n/t.ts';
import { IconButton } from '../controls/button.tsx';
import { cx } from '../cx.ts';
import css from './images.module.css';

interface ImageLightboxProps {
  readonly message: WireMessage;
  readonly onClose: () => void;
}

export function ImageLightbox({ message, onClose }: ImageLightboxProps) {
  const { image } = message;
  if (!image) return null;
  const label = t('message.image', { name: image.fileName });
  return (
    <ModalOverlay className={cx(css.lightbox)} isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className={cx(css.lightboxModal)}>
        <Dialog className={cx(css.lightboxDialog)} aria-label={label}>
          <img src={image.url} alt={label} width={image.width} height={image.height} />
          <div className={css.lightboxFoot}>
            <span>{image.fileName}</span>
            <span className={css.lightboxFrom}>{message.from}</span>
            <IconButton label={t('action.close')} icon={<X size={20} />} onPress={onClose} autoFocus />
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
