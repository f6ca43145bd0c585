import { expect, test } from 'vitest';
import { roleOf, rolesWithin } from './link-roles.ts';

test('a role is known by its permissions, in whatever order they come', () => {
  expect(roleOf([])).toBe('observer');
  expect(roleOf(['message', 'present'])).toBe('presenter');
  expect(roleOf(['token', 'op', 'caption', 'message', 'present'])).toBe('operator');
  expect(roleOf(['present'])).toBe('other');
});

test('nobody is offered to give away what they have not', () => {
  expect(rolesWithin(['message', 'present', 'token'])).toEqual(['observer', 'writer', 'presenter']);
  expect(rolesWithin(['op', 'message', 'present', 'token', 'caption', 'record'])).toContain('operator');
});
