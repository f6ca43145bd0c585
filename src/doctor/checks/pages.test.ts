import { describe, expect, test } from 'vitest';
import { isPublic } from '../address-kind.ts';
import { pagesFindings } from './pages.ts';

const levels = (facts: Partial<Parameters<typeof pagesFindings>[0]>) =>
  pagesFindings({ hasTls: false, trustProxy: false, ...facts }).map(({ level, what }) => `${level} ${what}`);

describe('pages', () => {
  test('over HTTPS of our own are well', () => {
    expect(levels({ publicUrl: 'https://chat.example.org', hasTls: true })).toEqual([
      'ok pages come over HTTPS, so browsers give them cameras',
    ]);
  });

  test('over plain HTTP get no camera, but for localhost', () => {
    expect(levels({ publicUrl: 'http://chat.example.org' })).toEqual([expect.stringMatching(/^fail .*plain HTTP/)]);
    expect(levels({ publicUrl: 'http://localhost:8080' })).toEqual([expect.stringMatching(/^ok /)]);
    expect(levels({ publicUrl: 'http://localhost.example.org' })).toEqual([expect.stringMatching(/^fail /)]);
    expect(levels({})).toEqual([expect.stringMatching(/^warn public_url/), expect.stringMatching(/^warn .*localhost/)]);
  });

  test('behind a proxy need trust_proxy, and nobody who comes past it', () => {
    const publicUrl = 'https://chat.example.org';
    expect(levels({ publicUrl })[1]).toMatch(/^warn .*one address/);
    expect(levels({ publicUrl, trustProxy: true })[1]).toMatch(/^warn .*past the proxy/);
    expect(levels({ publicUrl, trustProxy: true, host: '127.0.0.1' })).toHaveLength(1);
  });

  test('have a host of their own', () => {
    expect(levels({ publicUrl: 'https://example.org/chat', hasTls: true })[1]).toMatch(/^fail .*\/chat/);
  });
});

test('private addresses are told from public ones', () => {
  const inner = ['10.1.2.3', '192.168.0.1', '172.20.0.1', '127.0.0.1', '169.254.1.1', 'fd00::2', 'fe80::1', '::1', 'x'];
  expect([...inner, '100.64.0.9', '::ffff:10.0.0.1'].filter(isPublic)).toEqual([]);
  const outer = ['93.184.216.34', '172.15.0.1', '2a00:1450::1', '::ffff:93.184.216.34'];
  expect(outer.filter(isPublic)).toEqual(outer);
});
