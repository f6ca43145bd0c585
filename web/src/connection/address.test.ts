import { afterEach, describe, expect, test, vi } from 'vitest';
import { dropSecrets, nameIn, readAddress, wireUrl } from './address.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('an address', () => {
  test.each([
    ['/', '', {}],
    ['/r/quiet', '', { room: 'quiet' }],
    ['/r/caf%C3%A9%20noir/', '', { room: 'café noir' }],
    ['/r/100%', '', { room: '100%' }],
    ['/r/a/b', '', {}],
    ['/', '?invite=s3cret', { invitation: 's3cret' }],
    ['/r/quiet', '?invite=s3cret&jwt=a.b.c', { room: 'quiet', invitation: 's3cret', jwt: 'a.b.c' }],
    ['/r/quiet', '?token=t0ken', { room: 'quiet', roomToken: 't0ken' }],
    ['/', '?invite=&jwt=&token=', {}],
  ])('%s%s', (pathname, search, said) => {
    expect(readAddress({ pathname, search })).toEqual(said);
  });

  test('a token that was posted goes before that of the address', () => {
    expect(readAddress({ pathname: '/', search: '?jwt=old' }, 'new')).toEqual({ jwt: 'new' });
  });
});

test('the wire is as safe as the page', () => {
  expect(wireUrl({ protocol: 'https:', host: 'chat.test' })).toBe('wss://chat.test/ws');
  expect(wireUrl({ protocol: 'http:', host: 'localhost:8080' })).toBe('ws://localhost:8080/ws');
});

describe('secrets', () => {
  test.each([
    ['http://chat.test/r/quiet?invite=s&jwt=t&theme=dark#top', 'http://chat.test/r/quiet?theme=dark#top'],
    ['http://chat.test/?jwt=t', 'http://chat.test/'],
    ['http://chat.test/r/quiet?token=t', 'http://chat.test/r/quiet'],
    ['http://chat.test/?theme=dark', undefined],
  ])('leave %s', (href, expected) => {
    const replaced: string[] = [];
    const history = { state: null, replaceState: (_: unknown, __: string, url: URL) => replaced.push(url.href) };
    vi.stubGlobal('window', { location: { href }, history });
    dropSecrets();
    expect(replaced).toEqual(expected === undefined ? [] : [expected]);
  });
});

describe('the name in a token', () => {
  const token = (payload: unknown) => `x.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.y`;

  test('is its subject, in any script, up to a length', () => {
    expect(nameIn(token({ sub: 'Zoë 佐藤' }))).toBe('Zoë 佐藤');
    expect(nameIn(token({ sub: 'x'.repeat(100) }))).toHaveLength(48);
  });

  test.each(['', 'x', 'a.b.c', 'x.%%%.y', token({ sub: 7 }), token(null)])('is none in %j', (jwt) => {
    expect(nameIn(jwt)).toBe('');
  });
});
