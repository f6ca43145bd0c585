import { t } from '../../i18n/t.ts';
import { Logo } from '../logo.tsx';
import css from './splash.module.css';

interface SplashProps {
  readonly message?: string;
  readonly waiting?: boolean;
}

/** Before there is a room to show. */
export function Splash({ message, waiting }: SplashProps) {
  return (
    <main className={css.splash}>
      <Logo size={56} />
      <h1 className={css.text}>{message ?? (waiting ? t('signin.joining') : t('app.loading'))}</h1>
      {message !== undefined && <a href="/">{t('error.to-lobby')}</a>}
    </main>
  );
}
