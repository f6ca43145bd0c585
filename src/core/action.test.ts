import { expect, test } from 'vitest';
import { actionIn } from './action.ts';

test.each([
  ['/me waves', 'waves'],
  ['/me   waves at\tBob  ', 'waves at\tBob'],
  ['/me writes\ntwo lines', 'writes\ntwo lines'],
  ['/me\nwaves', 'waves'],
  ['/me /me', '/me'],
  ['/me 👋', '👋'],
])('%j is what somebody does: %j', (text, action) => {
  expect(actionIn(text)).toBe(action);
});

test.each([
  '',
  'hello',
  '/me',
  '/me ',
  '/me \n\t ',
  '/mean words',
  '/ME waves',
  ' /me waves',
  'see /me waves',
  '//me x',
])('%j is words', (text) => {
  expect(actionIn(text)).toBeUndefined();
});
