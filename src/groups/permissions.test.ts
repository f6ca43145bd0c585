import { expect, test } from 'vitest';
import { isPermissionSet, knownPermissions, type PermissionGrant, permissionsOf } from './permissions.ts';

const NONE = { allowRecording: false, unrestrictedTokens: false };
const BOTH = { allowRecording: true, unrestrictedTokens: true };

test.each<[PermissionGrant, string, string]>([
  ['op', 'caption message op present token', 'caption message op present record token'],
  ['present', 'message present', 'message present token'],
  ['message', 'message', 'message'],
  ['observe', '', ''],
  ['caption', 'caption', 'caption'],
  ['admin', 'admin', 'admin'],
  [['op', 'present'], 'op present', 'op present'],
  [['present'], 'present', 'present'],
  [['system', 'fly', 'message', 'vip'], 'message', 'message'],
])('%j gives %j, and %j where the group allows more', (grant, plain, extended) => {
  expect([...permissionsOf(grant, NONE)].sort().join(' ')).toBe(plain);
  expect([...permissionsOf(grant, BOTH)].sort().join(' ')).toBe(extended);
});

test('only the sets have their names', () => {
  expect(['op', 'observe', 'record', 'toString', '__proto__'].filter(isPermissionSet)).toEqual(['op', 'observe']);
});

test('a set that was given is not the next one’s to change', () => {
  const first = permissionsOf('op', BOTH);
  expect(permissionsOf('op', NONE).has('record')).toBe(false);
  expect(first.has('record')).toBe(true);
  expect(knownPermissions([]).size).toBe(0);
});
