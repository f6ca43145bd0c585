import { expect, test } from 'vitest';
import { iceServersIn } from './client-ice-servers.ts';
import { linksTo } from './http/answers.ts';

test.each([
  [null, []],
  ['', []],
  ['<https://example.org>; rel="next"', []],
  ['<stun:a.example>; rel="ice-server"', [{ urls: 'stun:a.example' }]],
  ['<stun:a.example>;rel=ice-server', [{ urls: 'stun:a.example' }]],
  [
    '<stun:a.example>; rel="ice-server", <turn:b.example?transport=udp>; rel="ice-server"; username="u,1;x"; credential="p\\"q"; credential-type="password"',
    [{ urls: 'stun:a.example' }, { urls: 'turn:b.example?transport=udp', username: 'u,1;x', credential: 'p"q' }],
  ],
])('the servers of %j', (link, servers) => {
  expect(iceServersIn(link)).toEqual(servers);
});

test('what the server writes is read again', () => {
  const urls = ['turn:[2001:db8::1]:3478?transport=tcp', 'turns:c.example'];
  const link = linksTo([{ urls, username: 'a\\b"c', credential: '>; rel="x", <y>' }, { urls: ['stun:d.example'] }]);
  expect(iceServersIn(link)).toEqual([
    ...urls.map((each) => ({ urls: each, username: 'a\\b"c', credential: '>; rel="x", <y>' })),
    { urls: 'stun:d.example' },
  ]);
  expect(linksTo([{ urls: ['stun:a\r\nx: y'] }])).toBe('');
});
