import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { Safe, type TemplateValue } from './escape.ts';
import { compileTemplate } from './template.ts';

const HOSTILE = `</script><script>alert("1")</script><!-- ' \` & \u2028 \${x}`;

function fill(source: string, root: TemplateValue): string {
  return compileTemplate(source).render(root);
}

describe('actions', () => {
  test.each([
    ['{{.A.B}}', { A: { B: 'x' } }, 'x'],
    ['{{ .A.B }}', { A: { B: 5 } }, '5'],
    ['{{.A.Missing.More}}', { A: {} }, ''],
    ['{{.Method}}', { Method: () => 'called' }, 'called'],
    ['{{.A.Method.B}}', { A: { Method: () => ({ B: 'deep' }) } }, 'deep'],
    ['{{if .A}}yes{{end}}', { A: true }, 'yes'],
    ['{{if .A}}yes{{else}}no{{end}}', { A: '' }, 'no'],
    ['{{if .A}}a{{else if .B}}b{{else}}c{{end}}', { A: [], B: { x: 1 } }, 'b'],
    ['{{if not .A}}none{{end}}', {}, 'none'],
    ['{{if and .A .B}}both{{end}}{{if or .A .B}}one{{end}}', { A: 1, B: 0 }, 'one'],
    ['{{if eq .A "x"}}same{{end}}{{if ne .A "x"}}other{{end}}', { A: 'x' }, 'same'],
    ['{{range .List}}[{{.Name}}]{{else}}none{{end}}', { List: [{ Name: 'a' }, { Name: 'b' }] }, '[a][b]'],
    ['{{range .Map}}{{.}} {{end}}', { Map: { b: 2, a: 1 } }, '1 2 '],
    ['{{if and .Missing .B}}both{{else}}not both{{end}}', { B: 1 }, 'not both'],
    ['{{or .Missing .B}}', { B: 'b' }, 'b'],
    ['{{if gt (len .List) 1}}many{{end}}{{if le .N 2}} few{{end}}', { List: [1, 2], N: 2 }, 'many few'],
    ['{{(index .List 0).Name}}', { List: [{ Name: 'first' }] }, 'first'],
    ['{{index .List}} {{index .List "x"}} {{index .Map "a"}}', { List: [], Map: { a: 'b' } }, '[]  b'],
    ['{{AsHTML .Missing}}{{printf "%s"}}{{len .Missing}}', {}, '0'],
    ['{{toString .A}}{{.constructor}}{{.__proto__}}', { A: 'x' }, 'x'],
    ['{{range .List}}x{{else}}none{{end}}', { List: [] }, 'none'],
    ['{{with .A}}{{.B}}{{$.C}}{{end}}', { A: { B: 1 }, C: 2 }, '12'],
    ['{{len .List}} {{index .List 1}}', { List: ['a', 'b'] }, '2 b'],
    ['{{printf "%s: %d" .A .B}}', { A: 'n', B: 3 }, 'n: 3'],
    ['{{.A | AsHTML}}', { A: '<b>bold</b>' }, '<b>bold</b>'],
    ['{{(.A)}}', { A: 'x' }, 'x'],
    ['a {{- .A -}} b', { A: 'x' }, 'axb'],
    ['a{{/* a comment with }} and {{ in it */}}b', {}, 'ab'],
    ['{{"}}"}}', {}, '}}'],
    ['{{Unknown .A}}', { A: 'shown' }, 'shown'],
    ['{{define "index"}}page {{.A}}{{end}}', { A: 'x' }, 'page x'],
    ['{{define "part"}}[{{.}}]{{end}}{{template "part" .A}}!', { A: 'x' }, '[x]!'],
    ['{{block "part" .A}}({{.}}){{end}}', { A: 'x' }, '(x)'],
    ['{{define "a"}}{{template "a" .}}{{end}}{{template "a" .}}ends', {}, 'ends'],
    ['{{define "other"}}no{{end}}\n{{define "index"}}yes{{end}}', {}, 'yes'],
    ['{{define "a"}}{{template "a" .}}{{template "a" .}}{{end}}{{template "a" .}}ends', {}, 'ends'],
    ['no { action } here }}', {}, 'no { action } here }}'],
  ] satisfies [string, TemplateValue, string][])('%s', (source, root, page) => {
    expect(fill(source, root)).toBe(page);
  });

  test.each([
    ['{{if .A}}', 'line 1: {{if}} is not ended'],
    ['\n\n{{end}}', 'line 3: {{end}} ends nothing'],
    ['{{if .A}}\n{{else iff .B}}{{end}}', 'line 2: {{else iff .B}} does not end {{if}}'],
    ['{{if .A}}\n{{else if .B .C}}{{end}}', 'line 2: a value, or a function with its arguments, is expected'],
    ['\n{{eq .A b}}', 'line 2: "b" is not a value'],
    ['{{"\\x41"}}', 'line 1: "\\x41" is not understood'],
    ['{{$x := .A}}', 'line 1: "$x := .A" is not understood'],
    ['{{.A | .B}}', 'line 1: a value, or a function with its arguments, is expected'],
    ['\n<p{{if .A}} title="{{end}}>', 'line 2: the ways through {{if}} end in different places of the page'],
    ['<script>a{{if .A}};{{end}}\n/"/.test(b)</script>', 'line 1: a slash may divide here or begin'],
    ['{{define "a"}}<i {{if .}}{{template "a"}}{{end}}>{{end}}<b {{template "a"}}', 'calls itself'],
    [`{{define "a"}}\${ \`\${ {{template "a"}}{{end}}<script>\`{{template "a"}}`, 'is called in too many places'],
    ['\n{{.A .B}}', 'line 2: a value, or a function with its arguments, is expected'],
    ['x\n{{ .A ', 'line 2: {{ is not closed'],
    ['{{(.A}}', 'line 1: a bracket is not closed'],
    ['{{template x}}', 'line 1: a name in quotes is expected'],
  ])('%j is a mistake that is named', (source, message) => {
    expect(() => compileTemplate(source)).toThrow(message);
  });
});

describe('a value is written for its place', () => {
  test('in text and attributes, nothing of it is markup', () => {
    expect(fill('<p>{{.}}</p>', '<b>&"')).toBe('<p>&lt;b&gt;&amp;&#34;</p>');
    expect(fill('<p title="{{.}}">', '" onclick="x')).toBe('<p title="&#34; onclick=&#34;x">');
    expect(fill('<p title={{.}}>', 'a onclick=x')).toBe('<p title=a&#32;onclick&#61;x>');
    expect(fill('<p onclick="{{.}}" style="{{.}}">', 'alert(1)')).toBe('<p onclick="" style="">');
    for (const name of ['onclick=alert(1)>', 'onclick', 'HREF', 'checked style']) {
      expect(fill('<p {{.}}>', name)).toBe('<p >');
    }
    expect(fill('<input {{.}}>', 'checked data-x')).toBe('<input checked data-x>');
    expect(fill('<a {{.}}={{.}}>', 'x')).toBe('<a x=\ufffd>');
    expect(fill('<p title={{.}} id=y>', '')).toBe('<p title=\ufffd id=y>');
    expect(fill('<iframe srcdoc="{{.}}">', '<')).toBe('<iframe srcdoc="&amp;lt;">');
    expect(fill('<{{.}}></{{.}}>', 'script')).toBe('&lt;script>&lt;/script>');
    expect(fill('<title>a <b {{.}}{{AsHTML .}}</title>{{.}}', '</i>')).toBe(
      '<title>a <b &lt;/i&gt;&lt;/i></title>&lt;/i&gt;',
    );
  });

  test('in addresses it stays one', () => {
    expect(fill('<a href="{{.}}">', 'java\tscript:alert(1)')).toBe('<a href="#">');
    expect(fill('<a href="{{.}}">', 'https://example.org/?a=b&c')).toBe('<a href="https://example.org/?a=b&amp;c">');
    expect(fill('<link href="/x.css?{{.}}">', 'a&b=c"')).toBe('<link href="/x.css?a%26b%3Dc%22">');
    expect(fill('<a href="/{{if .}}?a{{else}}b{{end}}={{.}}">', '&')).toBe('<a href="/?a=%26">');
    expect(fill('<p data-url="{{.}}" xlink:href="{{.}}">', 'data:x')).toBe('<p data-url="#" xlink:href="#">');
    expect(fill('<a href="?{{.}}">', '\ud800')).toBe('<a href="?%EF%BF%BD">');
  });

  test('in scripts it is JSON, or what a string has in it', () => {
    expect(fill('<script>const a = {{.}};</script>', { x: ['</script>', null] })).toBe(
      '<script>const a = {"x":["\\u003c/script\\u003e",null]};</script>',
    );
    expect(fill('<script>const a = "{{.}}";</script>', 'a"b\\c\n')).toBe(
      '<script>const a = "a\\u0022b\\u005cc\\u000a";</script>',
    );
    expect(fill("<script>const a = '/* {{.}} */';</script>", 'x')).toBe("<script>const a = '/* x */';</script>");
    expect(fill('<script>/* {{.}} */ // {{.}}\nf({{.}})</script>', 'x')).toBe('<script>/*  */ // \nf("x")</script>');
    expect(fill('<script>f({{.}})</script><p>{{.}}', new Safe('js', 'a < b </script>'))).toBe(
      '<script>f(a < b \\u003c/script>)</script><p>a &lt; b &lt;/script&gt;',
    );
    expect(fill('<SCRIPT type="module">f({{.}})</SCRIPT>', undefined)).toBe('<SCRIPT type="module">f( null )</SCRIPT>');
    expect(fill('<script>f({{AsJS .Missing}},{{.Missing.More}})</script>', {})).toBe(
      '<script>f( null , null )</script>',
    );
  });

  test.each([
    ['a regular expression with a quote', `const r = /['"\`]/.test(''), a = {{.}};`],
    ['one with a slash in a class', 'const r = /[/"]/, a = {{.}};'],
    ['one after a keyword', `const r = () => { return /'/ }, a = {{.}};`],
    ['a division after a value', 'const n = {{.}} / 2, m = "/" , a = {{.}};'],
    ['a division after a bracket', 'const n = (4) / 2, m = [1][0] / 1, k = "/", a = {{.}};'],
    ['a template literal within one', `const t = \`\${[\`it's \${ { x: "}" }.x }\`]}"\`, a = {{.}};`],
    ['an HTML comment', `<!-- don't\n const a = {{.}};`],
    ['a comment with a quote', `/* don't */ // can't\n const a = {{.}};`],
    ['a string with a comment', 'const s = "/*", a = {{.}};'],
    ['an escaped quote', String.raw`const s = "\"", a = {{.}};`],
    ['a definition', 'const a = {{template "value" .}};{{define "value"}}{{.}}{{end}}'],
    ['a definition in a string', 'const a = "{{template "value" .}}";{{define "value"}}{{.}}{{end}}'],
    ['a template literal after a dollar', `const b = \`\${{.}}\`, a = b.slice(1);`],
    ['a word right before it', 'const f=()=>{return{{.}}},a=f();'],
    ['ways that differ', 'const a = {{if .}}{{.}}{{else}}"none"{{end}};'],
    ['a list that is written out', 'const [a] = [{{range .List}}{{.}},{{else}}{{.}},{{end}} 1];'],
  ])('in a script, what is before it does not mislead: %s', (_name, script) => {
    for (const value of [HOSTILE, '{alert(1)}', 'alert(1)', '/']) {
      const page = fill(`<script>${script}</script>`, value);
      const [, filled = ''] = /<script>([\s\S]*?)<\/script>/.exec(page) ?? [];
      expect(runInNewContext(`${filled}; a`)).toBe(value);
    }
  });

  test('in a regular expression it means itself', () => {
    const page = fill('<script>const r = /^{{.}}[{{.}}]$/u</script>', 'a.*/]\n');
    expect(runInNewContext(`${page.slice(8, -9)}; r.test('a.*/]\\n]')`)).toBe(true);
    expect(runInNewContext(`${page.slice(8, -9)}; r.test('abc/]\\n]')`)).toBe(false);
    expect(fill('<script>const r = /{{.}}/</script>', '')).toBe('<script>const r = /(?:)/</script>');
  });

  test('nowhere does anything hostile break out', () => {
    const page = fill(
      '<title>{{.}}</title><a href="{{.}}" title=\'{{.}}\' data-x={{.}}>x</a><!-- {{.}} --><style>a{color:{{.}}}</style>' +
        '<script>const a = {{.}}, b = "{{.}}", c = \'{{.}}\', d = `{{.}}`;</script>',
      HOSTILE,
    );
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page.match(/<\/script/g)).toHaveLength(1);
    expect(page).toContain('<!--  -->');
    const [, script = ''] = /<script>([\s\S]*)<\/script>/.exec(page) ?? [];
    expect(new Function(`${script} return [a, b, c, d];`)()).toEqual([HOSTILE, HOSTILE, HOSTILE, HOSTILE]);
  });
});
