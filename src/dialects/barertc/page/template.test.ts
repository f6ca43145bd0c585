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
    ['{{range .List}}<{{.Name}}>{{else}}none{{end}}', { List: [{ Name: 'a' }, { Name: 'b' }] }, '<a><b>'],
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
    ['no { action } here }}', {}, 'no { action } here }}'],
  ] satisfies [string, TemplateValue, string][])('%s', (source, root, page) => {
    expect(fill(source, root)).toBe(page);
  });

  test.each([
    ['{{if .A}}', 'line 1: {{if}} is not ended'],
    ['\n\n{{end}}', '{{end}} ends nothing'],
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
    expect(fill('<p {{.}}>', 'onclick=alert(1)>')).toBe('<p onclickalert1>');
  });

  test('in addresses it stays one', () => {
    expect(fill('<a href="{{.}}">', 'java\tscript:alert(1)')).toBe('<a href="#">');
    expect(fill('<a href="{{.}}">', 'https://example.org/?a=b&c')).toBe('<a href="https://example.org/?a=b&amp;c">');
    expect(fill('<link href="/x.css?{{.}}">', 'a&b=c"')).toBe('<link href="/x.css?a%26b%3Dc%22">');
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
    expect(fill('<SCRIPT type="module">f({{.}})</SCRIPT>', undefined)).toBe('<SCRIPT type="module">f(null)</SCRIPT>');
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
