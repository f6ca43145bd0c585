import { expect, test } from 'vitest';
import { proofIn } from './api-credentials.ts';

const basic = (text: string, encoding: BufferEncoding = 'utf8') =>
  proofIn(`Basic ${Buffer.from(text, encoding).toString('base64')}`);

test('says who somebody is by Basic, in whichever letters', () => {
  expect(basic('ann:a:b')).toEqual({ kind: 'password', username: 'ann', password: 'a:b' });
  expect(basic(':')).toEqual({ kind: 'password', username: '', password: '' });
  expect(basic('zoë:été')).toEqual({ kind: 'password', username: 'zoë', password: 'été' });
  expect(basic('zoë:été', 'latin1')).toEqual({ kind: 'password', username: 'zoë', password: 'été' });
  expect(proofIn('bAsIc  YTpi')).toEqual({ kind: 'password', username: 'a', password: 'b' });
});

test('or by a token', () => {
  expect(proofIn('Bearer a.b-c')).toEqual({ kind: 'token', token: 'a.b-c' });
});

test.each([undefined, '', 'Basic', 'Basic ', 'Bearer ', 'Bearer a b', 'Digest x', 'Basic YQ==', 'YTpi'])(
  '"%s" proves nothing',
  (text) => {
    expect(proofIn(text)).toBeUndefined();
  },
);
