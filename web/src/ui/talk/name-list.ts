import { t } from '../../i18n/t.ts';

const list = new Intl.ListFormat('en', { type: 'conjunction' });

/** "Ann, Bob, and Cy", or so many of them "and 4 more". */
export function nameList(names: readonly string[], max: number): string {
  const unique = [...new Set(names)];
  if (unique.length <= max) return list.format(unique);
  return t('list.more', { names: unique.slice(0, max).join(', '), count: unique.length - max });
}
