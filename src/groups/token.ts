import type { GroupToken } from '../storage/port.ts';

/** Whether it admits to this group (`spec/galene.md` 4.6). */
export function isFor({ group, includeSubgroups }: GroupToken, name: string): boolean {
  if (!includeSubgroups) return group !== '' && group === name;
  return group === '' || group === name || name.startsWith(`${group}/`);
}

/** A token that does not say until when it holds does not. */
export function isInForce({ expires, notBefore }: GroupToken, now: number): boolean {
  return expires !== undefined && now <= expires && (notBefore === undefined || now >= notBefore);
}
