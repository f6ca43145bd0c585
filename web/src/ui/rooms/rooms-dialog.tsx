import { useId, useState } from 'react';
import { ofThisTab } from '../../connection/memory.ts';
import { RoomPasswords } from '../../connection/room-passwords.ts';
import { roomPath } from '../../connection/rooms.ts';
import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { focusAround } from '../controls/focus-around.ts';
import { RoomForm } from './room-form.tsx';
import { RoomsList } from './rooms-list.tsx';
import { type CreatedRoom, useCreation } from './use-creation.ts';

interface RoomsDialogProps {
  /** The name of the room that the page is about. */
  readonly here: string;
  /** Whether visitors may make rooms. */
  readonly mayCreate: boolean;
  readonly onClose: () => void;
}

/** Where else one can go, and a way to a room of one's own. */
export function RoomsDialog({ here, mayCreate, onClose }: RoomsDialogProps) {
  const [creating, setCreating] = useState(false);
  const creation = useCreation(goTo);
  const form = useId();
  const switchTo = (target: Element, what: { readonly creating: boolean }) => {
    focusAround(target);
    setCreating(what.creating);
  };
  if (!creating) {
    const create = mayCreate && (
      <Button look="primary" onPress={({ target }) => switchTo(target, { creating: true })}>
        {t('rooms.create')}
      </Button>
    );
    return (
      <Dialog key="rooms" title={t('rooms.title')} onClose={onClose} footer={create}>
        <RoomsList here={here} mayCreate={mayCreate} />
      </Dialog>
    );
  }
  const footer = (
    <>
      <Button onPress={({ target }) => switchTo(target, { creating: false })}>{t('action.back')}</Button>
      <Button type="submit" form={form} look="primary">
        {t(creation.busy ? 'rooms.creating' : 'rooms.create-do')}
      </Button>
    </>
  );
  return (
    <Dialog key="rooms" title={t('rooms.create')} onClose={onClose} footer={footer}>
      <RoomForm id={form} creation={creation} />
    </Dialog>
  );
}

/** Its maker need not say the password again. */
function goTo({ name, password }: CreatedRoom): void {
  new RoomPasswords(ofThisTab).keep(name, password);
  window.location.assign(roomPath(name));
}
