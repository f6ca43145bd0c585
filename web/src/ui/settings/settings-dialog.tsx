import { Activity, LogOut } from 'lucide-react';
import { changeSettings, settings } from '../../connection/settings.ts';
import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { ChoiceField, SwitchField } from '../controls/fields.tsx';
import { useRoom, useScope, useSession, useStore } from '../session-context.ts';
import { DevicePickers } from '../video/device-pickers.tsx';
import { AccountPanel } from './account-panel.tsx';
import { AnnouncementForm } from './announcement-form.tsx';
import { BansList } from './bans-list.tsx';
import { ChannelsPanel } from './channels-panel.tsx';
import { InvitationPanel } from './invitation-panel.tsx';
import { RelationList } from './relation-list.tsx';
import css from './settings.module.css';
import { useDeviceSwitch } from './use-device-switch.ts';

const THEMES = [
  { value: 'system', text: t('settings.theme-system') },
  { value: 'light', text: t('settings.theme-light') },
  { value: 'dark', text: t('settings.theme-dark') },
] as const;

interface SettingsDialogProps {
  readonly onClose: () => void;
  readonly onLeave: () => void;
}

export function SettingsDialog({ onClose, onLeave }: SettingsDialogProps) {
  const { theme, passages } = useStore(settings);
  const { ui } = useScope();
  const { presence, account } = useSession();
  const { dnd } = useStore(presence.state);
  const operator = useRoom((room) => room.self?.operator ?? false);
  useDeviceSwitch();
  return (
    <Dialog title={t('settings.title')} onClose={onClose} width={560}>
      <section className={css.section}>
        <h3>{t('settings.appearance')}</h3>
        <ChoiceField
          label={t('settings.theme')}
          value={theme}
          choices={THEMES}
          onChange={(next) => changeSettings({ theme: next })}
        />
        <SwitchField on={passages} onChange={(on) => changeSettings({ passages: on })}>
          {t('settings.passages')}
        </SwitchField>
        <SwitchField on={dnd} onChange={(on) => presence.setDoNotDisturb({ on })} hint={t('own.dnd-hint')}>
          {t('own.dnd')}
        </SwitchField>
      </section>
      {!account.isOfWebsite && (
        <section className={css.section}>
          <h3>{t('account.title')}</h3>
          <AccountPanel onSignOut={onLeave} />
        </section>
      )}
      <section className={css.section}>
        <h3>{t('settings.devices')}</h3>
        <DevicePickers ready />
        <Button onPress={() => ui.openDialog({ kind: 'check' })}>
          <Activity size={17} aria-hidden />
          {t('check.title')}
        </Button>
      </section>
      <section className={css.section}>
        <h3>{t('settings.blocked')}</h3>
        <RelationList kind="block" />
        <h3>{t('settings.muted')}</h3>
        <RelationList kind="mute" />
      </section>
      {operator && (
        <>
          <section className={css.section}>
            <h3>{t('settings.invitations')}</h3>
            <InvitationPanel />
          </section>
          <section className={css.section}>
            <h3>{t('channels.title')}</h3>
            <ChannelsPanel />
          </section>
          <section className={css.section}>
            <h3>{t('announce.title')}</h3>
            <AnnouncementForm />
          </section>
          <section className={css.section}>
            <h3>{t('settings.bans')}</h3>
            <BansList />
          </section>
        </>
      )}
      <section className={css.section}>
        <h3>{t('settings.account')}</h3>
        <Button onPress={onLeave}>
          <LogOut size={17} aria-hidden />
          {t('own.leave')}
        </Button>
      </section>
    </Dialog>
  );
}
