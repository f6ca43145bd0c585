import { t } from '../../i18n/t.ts';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });

export function clockTime(at: number): string {
  return clock.format(at);
}

export function fullTime(at: number): string {
  return full.format(at);
}

/** "Today", "Yesterday", or a date. */
export function dayName(at: number, now: number): string {
  const date = new Date(at);
  if (date.toDateString() === new Date(now).toDateString()) return t('talk.today');
  if (date.toDateString() === new Date(now - 86_400_000).toDateString()) return t('talk.yesterday');
  return date.getFullYear() === new Date(now).getFullYear() ? day.format(at) : dayOfYear.format(at);
}
