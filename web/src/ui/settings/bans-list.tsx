import { useEffect, useState } from 'react';
import type { Answer } from '../../connection/server.ts';
import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { focusAround } from '../controls/focus-around.ts';
import { useSession } from '../session-context.ts';
import { fullTime } from '../talk/format-time.ts';
import { BanAddresses } from './ban-addresses.tsx';
import css from './settings.module.css';

type Bans = NonNullable<Answer['bans']>;

/** Of somebody, or of all who come from some addresses. */
function whomOf(ban: Bans[number]): string {
  return ban.name ?? ban.addresses ?? '';
}

export function BansList() {
  const { server, toasts } = useSession();
  const [bans, setBans] = useState<Bans>();
  const [look, setLook] = useState(0);
  useEffect(() => {
    let stale = false;
    server.ask({ type: 'bans' }).then(
      (answer) => {
        if (!stale) setBans(answer.bans ?? []);
      },
      () => undefined,
    );
    return () => {
      stale = true;
    };
  }, [server, look]);
  const lift = async (name: string) => {
    if (!(await server.tell({ type: 'unban', name }))) return;
    toasts.show(t('settings.ban-lifted', { name }), 'good');
    setBans((known) => known?.filter((ban) => whomOf(ban) !== name));
  };
  if (!bans) return <p className={css.none}>{t('app.loading')}</p>;
  return (
    <>
      <BanAddresses onBanned={() => setLook(look + 1)} />
      {bans.length === 0 ? <p className={css.none}>{t('settings.bans-none')}</p> : list(bans, lift)}
    </>
  );
}

function list(bans: Bans, lift: (name: string) => Promise<void>) {
  return (
    <ul aria-label={t('settings.bans')}>
      {bans.map((ban) => (
        <li key={`${whomOf(ban)} ${ban.at}`} className={css.line}>
          <div className={css.lineName}>
            {whomOf(ban)}
            <p>{t('settings.ban-line', { by: ban.by, until: fullTime(ban.expiresAt) })}</p>
            {ban.reason && <p>{ban.reason}</p>}
          </div>
          <Button
            aria-label={t('settings.ban-lift', { name: whomOf(ban) })}
            onPress={({ target }) => {
              focusAround(target);
              void lift(whomOf(ban));
            }}
          >
            {t('action.undo')}
          </Button>
        </li>
      ))}
    </ul>
  );
}
