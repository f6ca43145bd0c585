import { BellOff, Check, ChevronDown } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components';
import { STATUSES } from '../../connection/own-presence.ts';
import { t } from '../../i18n/t.ts';
import controls from '../controls/controls.module.css';
import { cx } from '../cx.ts';
import { useSession, useStore } from '../session-context.ts';
import { statusText } from '../status-text.ts';
import css from './channels.module.css';

const DND = 'dnd';

/** Under our name: what we are doing, and whether we want to be disturbed. */
export function StatusMenu() {
  const { presence } = useSession();
  const { status, dnd } = useStore(presence.state);
  const pick = (key: string | number) => {
    if (key === DND) presence.setDoNotDisturb({ on: !dnd });
    else presence.setStatus(String(key));
  };
  return (
    <MenuTrigger>
      <Button className={cx(css.status)} aria-label={`${t('own.status')}: ${statusText(status)}`}>
        {dnd && <BellOff size={13} aria-hidden />}
        <span className={css.statusText}>{statusText(status)}</span>
        <ChevronDown size={13} aria-hidden />
      </Button>
      <Popover className={cx(controls.popover)} placement="top start">
        <Menu className={cx(controls.menu)} onAction={pick} aria-label={t('own.status')}>
          {STATUSES.map((each) => (
            <MenuItem key={each} id={each} textValue={statusText(each)} className={cx(controls.item)}>
              <span className={css.tick}>{each === status && <Check size={16} aria-hidden />}</span>
              {statusText(each)}
            </MenuItem>
          ))}
          <Separator className={cx(controls.separator)} />
          <MenuItem id={DND} textValue={t('own.dnd')} className={cx(controls.item)}>
            <span className={css.tick}>{dnd && <Check size={16} aria-hidden />}</span>
            {t('own.dnd')}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
