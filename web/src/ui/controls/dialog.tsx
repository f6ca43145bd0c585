import { X } from 'lucide-react';
import type { CSSProperties, ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { t } from '../../i18n/t.ts';
import { cx } from '../cx.ts';
import { IconButton } from './button.tsx';
import css from './controls.module.css';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  /** Pixels. */
  readonly width?: number;
}

/** A modal dialog, open as long as it is rendered; from below on small screens. */
export function Dialog({ title, onClose, children, footer, width = 480 }: DialogProps) {
  return (
    <ModalOverlay className={cx(css.overlay)} isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className={cx(css.modal)} style={{ '--width': `${width}px` } as CSSProperties}>
        <AriaDialog className={cx(css.dialog)}>
          <div className={css.dialogHead}>
            <Heading slot="title" className={cx(css.dialogTitle)}>
              {title}
            </Heading>
            <IconButton label={t('action.close')} icon={<X size={20} />} onPress={onClose} />
          </div>
          <div className={css.dialogBody}>{children}</div>
          {footer && <div className={css.dialogFoot}>{footer}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
