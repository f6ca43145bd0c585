import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filterText } from '../core/filter.ts';
import { renderMarkdown } from '../dialects/barertc/markup.ts';
import { messageFilters } from './patterns.ts';

const filters = messageFilters([
  {
    ...{ enabled: true, channels: true, direct: true, phrases: ['(?i)foo'] },
    ...{ censor: true, forward: true, report: false, response: '' },
  },
]);

const shown = (text: string) => filterText(filters, { text, kind: 'channel' })?.text ?? text;

describe('censored messages in HTML', () => {
  test.each([
    ['foo', '<p>***</p>'],
    ['foo foo', '<p>*** ***</p>'],
    ['you foo, and foo you', '<p>you ***, and *** you</p>'],
    ['xfoox yfooy', '<p>x***x y***y</p>'],
    ['- foo', '<ul>\n<li>***</li>\n</ul>'],
    ['f**o**o', '<p>*<strong>*</strong>*</p>'],
    ['**foo** bar', '<p><strong>***</strong> bar</p>'],
    ['so f<b>o</b>o', '<p>so \u2217<b>\u2217</b>\u2217</p>'],
    ['`foo` it', '<p><code>\u2217\u2217\u2217</code> it</p>'],
    ['a <b title="foo">x</b>', '<p>a <b title="\u2217\u2217\u2217">x</b></p>'],
    ['\\foo', '<p>\\\u2217\u2217\u2217</p>'],
    ['FOO\n===', '<h1>***</h1>'],
  ])('%j', (text, html) => {
    expect(renderMarkdown(shown(text))).toBe(html);
  });

  test('links stay links', () => {
    const rel = 'rel="nofollow noreferrer noopener"';
    expect(renderMarkdown(shown('a [foo](http://a.example/foo) b'))).toBe(
      `<p>a <a href="http://a.example/***" ${rel}>***</a> b</p>`,
    );
    expect(renderMarkdown(shown('a [f*o*o](http://a.example/) b'))).toBe(
      `<p>a <a href="http://a.example/" ${rel}>*<em>*</em>*</a> b</p>`,
    );
  });

  test('are what they would be with another word in its place', () => {
    const piece = fc.constantFrom(
      ...['foo', 'FOO', 'foo', 'bar', ' ', ' ', '\n', '\n\n', '- ', '1. ', '> ', '# ', '| ', '-|-', '    ', '\t'],
      ...[
        '[',
        '](/u)',
        '<b>',
        '</b>',
        '<i title="',
        '">',
        '"',
        '.',
        ', ',
        '!',
        '`',
        '```\n',
        '\\',
        '---',
        '&amp;',
        'é',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        const html = renderMarkdown(shown(text)).replace(/[*\u2217]/g, 'x');
        expect(html).toBe(renderMarkdown(text.replace(/foo/gi, 'xxx')));
      }),
      { numRuns: 2000 },
    );
  });
});
