import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeHtml, imageHtml, renderMarkdown } from './markup.ts';

const REL = 'rel="nofollow noreferrer noopener"';

describe('Markdown', () => {
  test.each([
    ['hello', '<p>hello</p>'],
    ['  hello  ', '<p>hello</p>'],
    ['hello **x**', '<p>hello <strong>x</strong></p>'],
    ['two\nlines', '<p>two\nlines</p>'],
    ['snake_case_name', '<p>snake_case_name</p>'],
    ['~~gone~~', '<p><s>gone</s></p>'],
    ['#tag', '<p>#tag</p>'],
    ['# Title', '<h1>Title</h1>'],
    ['1 < 2 & "3"', '<p>1 &lt; 2 &amp; "3"</p>'],
    ['```js\na<b\n```', '<pre><code>a&lt;b\n</code></pre>'],
    ['a<br>b <u>c</u>', '<p>a<br />b <u>c</u></p>'],
    ['readme.md and example.com', '<p>readme.md and example.com</p>'],
  ])('%j', (source, html) => {
    expect(renderMarkdown(source)).toBe(html);
  });

  test('tables', () => {
    expect(renderMarkdown('a | b\n--|--\n1 | 2')).toMatch(/^<table>.*<td>1<\/td>\s*<td>2<\/td>.*<\/table>$/s);
  });

  test('links carry nofollow', () => {
    expect(renderMarkdown('https://example.com/a?b=c&d')).toBe(
      `<p><a href="https://example.com/a?b=c&amp;d" ${REL}>https://example.com/a?b=c&amp;d</a></p>`,
    );
    expect(renderMarkdown('[x](/about "t")')).toBe(`<p><a title="t" href="/about" ${REL}>x</a></p>`);
    expect(renderMarkdown('<a href="mailto:a@b.example" rel="opener" target="_top">m</a>')).toBe(
      `<p><a href="mailto:a@b.example" ${REL}>m</a></p>`,
    );
  });

  test.each([
    '',
    ' \n\t',
    '<!-- nothing -->',
    '<script>x</script>',
    '<b></b>',
    '![](data:image/png;base64,AA)',
    '[a]: b',
  ])('%j has nothing to be seen', (source) => {
    expect(renderMarkdown(source)).toBe('');
  });
});

describe('images from elsewhere', () => {
  test('become links', () => {
    expect(renderMarkdown('![a cat](https://e.example/c.png)')).toBe(
      `<p><a href="https://e.example/c.png" ${REL}>a cat</a></p>`,
    );
    expect(renderMarkdown('<img src="//e.example/c.png" onerror="x()"> tail')).toBe(
      `<p><a href="//e.example/c.png" ${REL}>//e.example/c.png</a> tail</p>`,
    );
  });

  test('within a link leave its text', () => {
    expect(renderMarkdown('[![cat](https://e.example/c.png)](https://e.example/) tail')).toBe(
      `<p><a href="https://e.example/" ${REL}><span>cat</span></a> tail</p>`,
    );
  });

  test('of data are taken out', () => {
    expect(renderMarkdown('a ![cat](data:image/png;base64,AAAA) b')).toBe('<p>a <span>cat</span> b</p>');
  });
});

describe('hostile sources', () => {
  const sources = [
    '<script>alert(1)</script>hi',
    '<SCRIPT SRC=//e.example/x.js></SCRIPT>',
    '<iframe src="https://e.example"></iframe>',
    '<img src=x onerror=alert(1)>',
    '<svg><script>alert(1)</script></svg>',
    '<svg/onload=alert(1)>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](java&#10;script:alert(1))',
    '[x](&#x6A;avascript:alert(1))',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="\u0001javascript:alert(1)">x</a>',
    '<a href="vbscript:x">x</a><a href="data:text/html,x">y</a>',
    '<javascript:alert(1)>',
    '<p id="app" class="modal" style="position:fixed" onclick="x()" name="Config">hi</p>',
    '<form action="/logout"><input name=x><button>go</button></form>',
    '<object data=x></object><embed src=x><link rel=stylesheet href=x><meta http-equiv=refresh><base href=//e.example>',
    '<style>*{display:none}</style>hi',
    '<div title="</div><script>alert(1)</script>">x</div>',
    '<b title=\'" onmouseover="x()\'>x</b>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<textarea><script>x</script></textarea><xmp><script>x</script></xmp><plaintext><script>x',
    '<a title="a&#34; onclick=&#34;x()" href=/>x</a>',
    '```"><script>\nx\n```',
    '- [ ] task <input type=checkbox checked>',
    '<table background="//e.example/x"><td background="javascript:x">x</table>',
    '<video src=//e.example autoplay></video><audio src=//e.example><source src=//e.example>',
  ];

  test.each(sources)('%j', (source) => {
    expectHarmless(renderMarkdown(source));
  });

  test('arbitrary mixtures of markup', () => {
    const pieces = fc.constantFrom(
      ...[
        '<',
        '>',
        '"',
        "'",
        '&',
        '`',
        '\n',
        ' ',
        '[',
        '](',
        ')',
        '![',
        '<a href=',
        '</a>',
        '<img src=',
        '<!--',
        '-->',
      ],
      ...[
        '<script>',
        '</script>',
        '<svg>',
        '<style>',
        '<p ',
        'onclick=x',
        ' id=x',
        'javascript:',
        'https://e.example/',
      ],
      ...[
        '<table>',
        '<td>',
        '|',
        '-|-',
        '&lt;',
        '&#x3c;',
        '\\',
        '<title>',
        '<![CDATA[',
        ']]>',
        '<?',
        '<math>',
        'data:',
      ],
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 3 })), { maxLength: 30 }), (parts) => {
        expectHarmless(renderMarkdown(parts.join('')));
      }),
      { numRuns: 500 },
    );
  });

  // Real times are below 0.1 s; anything that grows with the square of the length takes far more than this.
  const long = (piece: string) => piece.repeat(Math.ceil(16_000 / piece.length)).slice(0, 16_000);
  test.each([
    ...['[', '![', '![a](', '[a](<b', '*a_ ', '**a *a ', '`a', '<', '<!--', 'a <!A ', '<a b="', '> ', '- ', '|', '|-'],
    ...['http://', "http://a.b/'", 'http://a.b/(', 'mailto:a@', '<b>', '<div>', '<img src=a>', '&', '\\', '<http://'],
    ...[
      '<a href="https://youtube.com/watch?',
      '[a]: ',
      'a\n---\n',
      '~~a ',
      '<svg>',
      ':-|\n',
      '*[a_`<b>',
      '"',
      '~~~a\n',
    ],
  ])('16,000 characters of %j are done at once', (piece) => {
    const start = performance.now();
    const html = renderMarkdown(long(piece));
    expect(performance.now() - start).toBeLessThan(1500);
    expect(html.length).toBeLessThan(129_000);
  });

  test('little text cannot become much HTML', () => {
    const table = `${'a|'.repeat(2000)}\n${'-|'.repeat(2000)}\n${'a\n'.repeat(2000)}`;
    const references = `[a]: http://${'x'.repeat(2000)}\n\n${'[a] '.repeat(3500)}`;
    for (const source of [table, references]) expect(renderMarkdown(source).length).toBeLessThan(129_000);
  });

  test('what would be slow is rendered without tables and bare links', () => {
    const table = (columns: number, rows: number) =>
      [`|${'a|'.repeat(columns)}`, `|${'-|'.repeat(columns)}`, ...Array(rows).fill('|x|')].join('\n');
    expect(renderMarkdown(table(5, 20))).toContain('<table>');
    expect(renderMarkdown(table(60, 100))).not.toContain('<table>');
    expect(renderMarkdown(`${'x'.repeat(2000)} http://e.example/`)).toContain('<a ');
    expect(renderMarkdown(`${'x'.repeat(3000)} http://e.example/`)).not.toContain('<a ');
  });

  test('deep nesting ends somewhere', () => {
    const html = renderMarkdown(`${'<b>'.repeat(2000)}x${'</b>'.repeat(2000)}`);
    expect(html).toContain('x');
    expect(html.match(/<b>/g)?.length).toBeLessThan(100);
  });
});

describe('YouTube', () => {
  const id = 'dQw4w9WgXcQ';
  test.each([
    `https://www.youtube.com/watch?v=${id}`,
    `https://youtube.com/watch?feature=share&v=${id}&t=3`,
    `http://m.youtube.com/watch?v=${id}`,
    `https://youtu.be/${id}?t=4`,
    `https://www.youtube.com/embed/${id}`,
    `https://www.youtube.com/v/${id}`,
    `https://www.youtube-nocookie.com/embed/${id}`,
  ])('%s is followed by one player', (url) => {
    const html = renderMarkdown(`look: ${url} and https://youtu.be/aaaaaaaaaaA`);
    expect(html).toMatch(/^<p>look: .*<\/p>\n<iframe [^<>]*><\/iframe>$/s);
    expect(html.match(/<iframe/g)).toHaveLength(1);
    expect(html).toContain(` src="https://www.youtube.com/embed/${id}"`);
    expect(html).toContain(' class="youtube-embed" width="560" height="315"');
  });

  test.each([
    'https://youtu.be/tooshort',
    'https://youtu.be/dQw4w9WgXcR',
    'https://youtu.be/dQw4w9WgXcq',
    `https://youtu.be/${id}more`,
    `https://notyoutube.com/watch?v=${id}`,
    `https://e.example/?u=https://youtu.be/${id}`,
    `\`https://youtu.be/${id}\``,
    `https://www.youtube.com/playlist?v=${id}`,
  ])('%s is not', (text) => {
    expect(renderMarkdown(text)).not.toContain('<iframe');
  });
});

test('text that is to mean itself', () => {
  expect(escapeHtml(`<a href="x" title='y'>&amp;`)).toBe('&lt;a href=&#34;x&#34; title=&#39;y&#39;&gt;&amp;amp;');
});

describe('images of members', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const sizeOf = (html: string) => /width="(\d+)" height="(\d+)"/.exec(html)?.slice(1).map(Number);

  test('are one element with the data in it', () => {
    expect(imageHtml({ mediaType: 'image/png', bytes, width: 2000, height: 1000 })).toBe(
      '<img src="data:image/png;base64,AQID" width="360" height="180" onclick="setModalImage(this.src)" style="cursor: pointer">',
    );
  });

  test.each([
    [1000, 2000, [180, 360]],
    [100, 50, [100, 50]],
    [360, 360, [360, 360]],
    [10_000, 1, [360, 1]],
    [0, 0, [1, 1]],
  ])('%i × %i are shown as %j', (width, height, size) => {
    expect(sizeOf(imageHtml({ mediaType: 'image/gif', bytes, width, height }))).toEqual(size);
  });

  test('the longest side is a setting, and a part of a buffer its own bytes', () => {
    const part = Uint8Array.of(9, 1, 2, 3, 9).subarray(1, 4);
    const html = imageHtml({ mediaType: 'image/png', bytes: part, width: 200, height: 100, previewWidth: 100 });
    expect(sizeOf(html)).toEqual([100, 50]);
    expect(html).toContain('base64,AQID"');
  });
});

const TAG = /^<(\/?)([a-z][a-z0-9]*)((?: [a-z]+(?:="[^"<>]*")?)*)(?: \/)?>/;
const FORBIDDEN =
  /^(?:script|style|iframe|img|svg|math|form|input|button|object|embed|link|meta|base|video|audio|source)$/;
const ATTRIBUTES = /^(?:title|dir|lang|href|rel|start|type|value|align|colspan|rowspan|datetime|open)$/;

/** Each `<` begins a tag that is well formed, allowed, and has only attributes that do nothing. */
function expectHarmless(html: string): void {
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
    const [whole, , name = '', attributes = ''] = TAG.exec(html.slice(at)) ?? [];
    expect(whole, html.slice(at, at + 80)).toBeDefined();
    expect(name).not.toMatch(FORBIDDEN);
    for (const [, attribute = '', value = ''] of attributes.matchAll(/ ([a-z]+)(?:="([^"]*)")?/g)) {
      expect(attribute).toMatch(ATTRIBUTES);
      if (attribute === 'href') expect(value).toMatch(/^(?:https?:|mailto:|[^:]*$|[^:]*[/?#])/i);
    }
  }
}
