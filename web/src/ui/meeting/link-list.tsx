import type { WireRoomToken } from '../../../../src/dialects/parlour/wire.ts';
import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { focusAround } from '../controls/focus-around.ts';
import { roleOf } from './link-roles.ts';
import css from './meeting.module.css';

interface LinkListProps {
  readonly links: readonly WireRoomToken[];
  readonly onRevoke: (link: WireRoomToken) => void;
}

export function LinkList({ links, onRevoke }: LinkListProps) {
  return (
    <section className={css.links}>
      <h3>{t('links.known')}</h3>
      {links.length === 0 && <p className={css.what}>{t('links.none')}</p>}
      <ul aria-label={t('links.known')}>
        {links.map((link) => {
          const what = describe(link);
          return (
            <li key={link.token}>
              <div>
                {t(`links.${roleOf(link.permissions)}`)}
                <p>{what}</p>
              </div>
              <Button
                aria-label={t('links.revoke-which', { what })}
                onPress={({ target }) => {
                  focusAround(target);
                  onRevoke(link);
                }}
              >
                {t('links.revoke')}
              </Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

const time = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

function describe({ username, issuedBy, expires }: WireRoomToken): string {
  return [
    username === undefined ? '' : t('links.for', { name: username }),
    issuedBy === undefined ? '' : t('links.by', { name: issuedBy }),
    expires === undefined ? '' : t('links.until', { until: time.format(expires) }),
  ]
    .filter((part) => part !== '')
    .join(', ');
}
