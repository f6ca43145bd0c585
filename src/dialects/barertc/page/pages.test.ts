import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { aboutPage, logoutPage, messagePage } from './pages.ts';

const HOSTILE = `</title><script>alert('1')</script>"&`;
const ESCAPED = '&lt;/title&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&#34;&amp;';

describe.each([
  ['about', aboutPage({ home: '/', title: HOSTILE }), 0],
  ['logout', logoutPage({ home: '/', title: HOSTILE }), 1],
  [
    'message',
    messagePage({ title: HOSTILE, heading: HOSTILE, text: HOSTILE, link: `https://a.example/${HOSTILE}` }),
    0,
  ],
])('the page %s', (_name, html, scripts) => {
  test('shows names as text', () => {
    expect(html).toContain(ESCAPED);
    expect(html).not.toContain(HOSTILE);
    expect(html.match(/<script/g) ?? []).toHaveLength(scripts);
  });

  test('loads nothing, and is for everybody: language, width, light and dark, one heading', () => {
    expect(html).not.toMatch(/<link|<img|\bsrc=|@import|url\(/);
    expect(html).toContain('<html lang="en">');
    expect(html).toContain('content="width=device-width, initial-scale=1"');
    expect(html).toContain('color-scheme: light dark');
    expect(html.match(/<h1[ >]/g)).toHaveLength(1);
    expect(html).toContain('<main>');
  });
});

test('the help has the parts that the client leads to', () => {
  const html = aboutPage({ home: '/', title: 'Chat' });
  for (const id of ['about', 'troubleshooting', 'watermarks']) expect(html.split(`id="${id}"`)).toHaveLength(2);
});

test('the goodbye closes the tab after five seconds, and leads back', () => {
  const html = logoutPage({ home: '/', title: 'Chat' });
  const [, script = ''] = /<script>([\s\S]*)<\/script>/.exec(html) ?? [];
  const done: string[] = [];
  const setTimeout = (run: () => void, ms: number) => {
    done.push(`after ${ms} ms`);
    run();
  };
  runInNewContext(script, { setTimeout, window: { close: () => done.push('closed') } });
  expect(done).toEqual(['after 5000 ms', 'closed']);
  expect(html).toContain('<a href="/">');
});

test('a message leads on only where there is something', () => {
  const message = { title: 'Chat', heading: 'Please sign in', text: 'From the website only.' };
  expect(messagePage(message)).not.toContain('<a ');
  expect(messagePage({ ...message, link: 'https://www.example.com' })).toContain('<a href="https://www.example.com">');
});
