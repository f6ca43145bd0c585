import { en } from '../i18n/en.ts';
import { type TextKey, t } from '../i18n/t.ts';

/** What a status means; other clients have statuses of their own, which are shown as they are. */
export function statusText(status: string): string {
  const key = `status.${status || 'online'}`;
  return key in en ? t(key as TextKey) : status;
}
