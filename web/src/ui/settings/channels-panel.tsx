import { useState } from 'react';
import type { WireChannel } from '../../../../src/dialects/parlour/wire.ts';
import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { focusAround } from '../controls/focus-around.ts';
import { useRoom, useSession } from '../session-context.ts';
import { ChannelForm } from './channel-form.tsx';
import css from './settings.module.css';

/** The channels of the room, for operators: a new one, and an end to old ones. */
export function ChannelsPanel() {
  const channels = useRoom((room) => room.channels);
  return (
    <>
      <ul aria-label={t('channels.title')}>
        {channels.map((channel) => (
          <ChannelLine key={channel.id} channel={channel} />
        ))}
      </ul>
      <ChannelForm />
    </>
  );
}

function ChannelLine({ channel }: { readonly channel: WireChannel }) {
  const { server, toasts } = useSession();
  const [asked, setAsked] = useState(false);
  const { id, name, description } = channel;
  const remove = async () => {
    setAsked(false);
    if (await server.tell({ type: 'delete-channel', id })) toasts.show(t('manage.deleted', { name }), 'good');
  };
  if (asked) {
    return (
      <li className={css.line}>
        <p className={css.lineName} role="alert">
          {t('manage.delete-sure', { name })}
        </p>
        <Button
          autoFocus
          onPress={({ target }) => {
            focusAround(target);
            setAsked(false);
          }}
        >
          {t('action.cancel')}
        </Button>
        <Button
          look="danger"
          onPress={({ target }) => {
            focusAround(target);
            void remove();
          }}
        >
          {t('action.delete')}
        </Button>
      </li>
    );
  }
  return (
    <li className={css.line}>
      <div className={css.lineName}>
        {name}
        {description !== '' && <p>{description}</p>}
      </div>
      <Button aria-label={t('manage.delete', { name })} onPress={() => setAsked(true)}>
        {t('action.delete')}
      </Button>
    </li>
  );
}
