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
  const today = new Date(now);
  // Not 24 hours ago: some days have 23 or 25.
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === today.toDateString()) return t('talk.today');
  if (date.toDateString() === yesterday.toDateString()) return t('talk.yesterday');
  return date.getFullYear() === today.getFullYear() ? day.format(at) : dayOfYear.format(at);
}
