import { LogOut } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { useRoom, useSession } from '../session-context.ts';
import { NameForm } from './name-form.tsx';
import { PasswordForm } from './password-form.tsx';
import css from './settings.module.css';

/** Our name here, and what makes it ours. */
export function AccountPanel({ onSignOut }: { readonly onSignOut: () => void }) {
  const { account, bootstrap } = useSession();
  const name = useRoom((room) => room.self?.name ?? '');
  const hasAccount = useRoom((room) => room.self?.account ?? false);
  const groupLogin = useRoom((room) => room.self?.groupLogin);
  const signOut = () => {
    account.forget();
    onSignOut();
  };
  return (
    <>
      <p className={css.none}>{t(textOf({ hasAccount, isUser: groupLogin !== undefined }), { name })}</p>
      {!hasAccount && !groupLogin && <NameForm />}
      {/* One form for both, so that the focus stays where an account is made. */}
      {(hasAccount || (bootstrap.registration && !groupLogin)) && <PasswordForm name={name} hasAccount={hasAccount} />}
      {groupLogin && (
        <PasswordForm
          name={groupLogin.user}
          hasAccount
          setPassword={(change) => account.setGroupPassword(groupLogin, change)}
        />
      )}
      {hasAccount && (
        <>
          <Button onPress={signOut}>
            <LogOut size={17} aria-hidden />
            {t('account.sign-out')}
          </Button>
          <p className={css.hint}>{t('account.sign-out-hint')}</p>
        </>
      )}
    </>
  );
}

function textOf({ hasAccount, isUser }: { readonly hasAccount: boolean; readonly isUser: boolean }) {
  if (isUser) return 'account.user';
  return hasAccount ? 'account.signed-in' : 'account.guest';
}
