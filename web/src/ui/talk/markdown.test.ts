import { describe, expect, test } from 'vitest';
import { renderMarkdown } from './markdown.ts';

describe('Markdown of messages', () => {
  test('HTML is text', () => {
    const html = renderMarkdown('<img src=x onerror=alert(1)> <script>alert(1)</script>', 'me');
    expect(html).not.toMatch(/<(img|script)/);
    expect(html).toContain('&lt;img');
  });

  test('links open elsewhere and tell nothing', () => {
    expect(renderMarkdown('see https://example.org/a', 'me')).toContain(
      '<a href="https://example.org/a" target="_blank" rel="noopener noreferrer nofollow">',
    );
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', '/relative'])('%s is no link', (url) => {
    expect(renderMarkdown(`[click](${url})`, 'me')).not.toContain('<a');
  });

  test('an image becomes a link, with its words escaped', () => {
    const html = renderMarkdown('![a "<b>"](https://example.org/x.png?"onload=1)', 'me');
    expect(html).not.toContain('<img');
    expect(html).toContain('a &quot;&lt;b&gt;&quot;');
    expect(html).not.toMatch(/"onload/);
  });

  test('who is meant stands out, whole names only', () => {
    expect(renderMarkdown('hi @Ann and @Anna', 'ann')).toBe('<p>hi <mark>@Ann</mark> and @Anna</p>\n');
  });

  test('line breaks stay, headings are no headings of the page', () => {
    expect(renderMarkdown('one\ntwo', 'me')).toContain('<br>');
    expect(renderMarkdown('# Title', 'me')).toBe('<p data-heading="1">Title</p>');
  });
});
