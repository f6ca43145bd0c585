import { describe, expect, test } from 'vitest';
import { linksIn } from './links.ts';
import { cpuMilliseconds } from './testing.ts';

const one = (text: string) => {
  const links = [...linksIn(text)];
  expect(links).toHaveLength(1);
  return links[0];
};

describe('the same link', () => {
  const link = one('https://shop.example/a/b?c=d');

  test.each([
    'http://shop.example/a/b?c=d',
    'HTTPS://SHOP.Example/a/b?c=d',
    'https://www.shop.example/a/b?c=d',
    'www.shop.example/a/b?c=d',
    'shop.example/a/b?c=d',
    'look: (https://shop.example/a/b?c=d).',
    '**https://shop.example/a/b?c=d**',
    '[cheap](https://shop.example/a/b?c=d)',
    '[https://shop.example/a/b?c=d](https://shop.example/a/b?c=d)',
    '[cheap](<https://shop.example/a/b?c=d> "title")',
    '<https://shop.example/a/b?c=d>',
    '<a href="https://shop.example/a/b?c=d">x</a>',
    '`https://shop.example/a/b?c=d`',
    'https://shop.example/a/b?c=d#part',
    'https://shop.example/a/b/?c=d',
    'https://shop.example//a//b?c=d',
    'https://shop.example:443/a/b?c=d',
    'https://shop.example./a/b?c=d',
    'https://anybody:secret@shop.example/a/b?c=d',
    'https://shop.example/%61/b?c=%64',
    'https://shop\u200b.example/a/b?c=d',
    'https://shop.example/a/b?c=d&',
    'https://sh\uff4fp.example/a/b?c=d!!!',
    'shop.example/a/b?c=d https://shop.example/a/b?c=d',
  ])('%s', (text) => {
    expect(one(text)).toBe(link);
  });

  test('at its root', () => {
    expect(
      new Set(['https://a.com', 'https://a.com/', 'a.com', 'a.com,', '(www.a.com)', '//://a.com?'].map(one)).size,
    ).toBe(1);
  });
});

test.each([
  'https://shop.example/a/b?c=e',
  'https://shop.example/a/B?c=d',
  'https://shop.example/a',
  'https://shop.example:8080/a/b?c=d',
  'https://a.shop.example/a/b?c=d',
  'https://shop.example/a%2Fb?c=d',
])('%s is another link', (text) => {
  expect(one(text)).not.toBe(one('https://shop.example/a/b?c=d'));
});

test.each([
  'hello',
  'and/or',
  'e.g. this',
  'a.b',
  'readme.md',
  'hi.how are you',
  '3.5/10',
  '://',
  'http://',
  'https:// x',
  '...com',
])('%j has no link', (text) => {
  expect(linksIn(text).size).toBe(0);
});

test('a link within a link counts, too', () => {
  const links = linksIn('https://safe.example/?to=https://shop.example/a');
  expect(links.size).toBe(2);
  expect(links).toContain(one('https://shop.example/a'));
});

test.each([
  '://',
  '://a',
  '://a.b/',
  'www.',
  'a.',
  'a.b/',
  'a',
  '/',
  '.',
  '%61',
  '(',
  '@',
  '&amp;',
  '\ufdfa',
  'www.a ',
])('16,000 characters of %j take no time', (unit) => {
  const spent = cpuMilliseconds(() => {
    linksIn(`https://x.example/${unit.repeat(16_000 / unit.length)}!`);
    linksIn(`${unit.repeat(16_000 / unit.length)}!`);
  });
  expect(spent).toBeLessThan(1000);
});
