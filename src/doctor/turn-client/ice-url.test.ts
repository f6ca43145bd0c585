import { describe, expect, test } from 'vitest';
import { parseIceUrl } from './ice-url.ts';

describe('addresses of STUN and TURN servers', () => {
  test.each([
    ['stun:stun.example', { scheme: 'stun', host: 'stun.example', port: 3478, transport: 'udp' }],
    ['turn:turn.example:80?transport=tcp', { scheme: 'turn', host: 'turn.example', port: 80, transport: 'tcp' }],
    ['turn:turn.example?transport=udp', { scheme: 'turn', host: 'turn.example', port: 3478, transport: 'udp' }],
    ['turns:turn.example', { scheme: 'turn', host: 'turn.example', port: 5349, transport: 'tls' }],
    ['turns:turn.example:443?transport=tcp', { scheme: 'turn', host: 'turn.example', port: 443, transport: 'tls' }],
    ['TURN:[2001:db8::1]:3478', { scheme: 'turn', host: '2001:db8::1', port: 3478, transport: 'udp' }],
  ])('%s', (url, read) => expect(parseIceUrl(url)).toEqual(read));

  test.each([
    '',
    'http://turn.example',
    'turn:',
    'turn:a:0',
    'turn:a:65536',
    'turn://a',
    'turn:me@a',
    'turn:a?transport=sctp',
    'turns:a?transport=udp',
  ])('%s is none', (url) => expect(parseIceUrl(url)).toBeUndefined());
});
