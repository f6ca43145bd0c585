/** Where in a page a value would stand: it decides how it has to be written there. */
export type Context =
  | { readonly in: 'text' }
  | { readonly in: 'tag'; readonly name: string; readonly attribute: string }
  | {
      readonly in: 'attribute';
      readonly name: string;
      readonly attribute: string;
      readonly quote: '"' | "'" | '';
      readonly value: string;
    }
  | { readonly in: 'comment' }
  | { readonly in: 'script'; readonly quote: '"' | "'" | '`' | '' }
  | { readonly in: 'script-comment'; readonly line: boolean }
  | { readonly in: 'style' };

export const TEXT: Context = { in: 'text' };

/** The context after some more of the page. Lenient, as browsers are: what it does not understand is text. */
export function contextAfter(start: Context, html: string): Context {
  let context = start;
  let at = 0;
  while (at < html.length) {
    const step = advance(context, html, at);
    context = step.context;
    at = step.at;
  }
  return context;
}

interface Step {
  readonly context: Context;
  readonly at: number;
}

function advance(context: Context, html: string, at: number): Step {
  switch (context.in) {
    case 'text':
      return inText(html, at);
    case 'tag':
      return inTag(context, html, at);
    case 'attribute':
      return inAttribute(context, html, at);
    case 'comment':
      return until(html, at, { end: '-->', within: context, after: TEXT });
    case 'style':
      return until(html, at, { end: '</style', within: context, after: { in: 'tag', name: '/style', attribute: '' } });
    case 'script':
      return inScript(context, html, at);
    case 'script-comment':
      return inScriptComment(context, html, at);
    default:
      return context satisfies never;
  }
}

function until(
  html: string,
  at: number,
  span: { readonly end: string; readonly within: Context; readonly after: Context },
) {
  const found = html.toLowerCase().indexOf(span.end, at);
  if (found < 0) return { context: span.within, at: html.length };
  return { context: span.after, at: found + span.end.length };
}

const TAG = /<(\/?[a-z][^\s/>]*)/iy;

function inText(html: string, at: number): Step {
  const open = html.indexOf('<', at);
  if (open < 0) return { context: TEXT, at: html.length };
  if (html.startsWith('<!--', open)) return { context: { in: 'comment' }, at: open + 4 };
  TAG.lastIndex = open;
  const [all, name] = TAG.exec(html) ?? [];
  if (all === undefined || name === undefined) return { context: TEXT, at: open + 1 };
  return { context: { in: 'tag', name: name.toLowerCase(), attribute: '' }, at: open + all.length };
}

const ATTRIBUTE_NAME = /[^\s=/>"']+/y;

function inTag(context: Extract<Context, { in: 'tag' }>, html: string, at: number): Step {
  const character = html[at] ?? '';
  if (character === '>') return { context: afterTag(context.name), at: at + 1 };
  if (/[\s/]/.test(character)) return { context, at: at + 1 };
  const attribute = { in: 'attribute', name: context.name, attribute: context.attribute, value: '' } as const;
  if (character === '=') {
    const value = /\s*/y;
    value.lastIndex = at + 1;
    const from = at + 1 + (value.exec(html)?.[0].length ?? 0);
    const quote = html[from];
    if (quote === '"' || quote === "'") return { context: { ...attribute, quote }, at: from + 1 };
    return { context: { ...attribute, quote: '' }, at: from };
  }
  ATTRIBUTE_NAME.lastIndex = at;
  const [name] = ATTRIBUTE_NAME.exec(html) ?? [];
  if (name === undefined) return { context, at: at + 1 };
  return { context: { ...context, attribute: name.toLowerCase() }, at: at + name.length };
}

function afterTag(name: string): Context {
  if (name === 'script') return { in: 'script', quote: '' };
  return name === 'style' ? { in: 'style' } : TEXT;
}

function inAttribute(context: Extract<Context, { in: 'attribute' }>, html: string, at: number): Step {
  const { quote, name } = context;
  const rest = html.slice(at);
  const end = quote === '' ? rest.search(/[\s>]/) : rest.indexOf(quote);
  if (end < 0) return { context: { ...context, value: context.value + rest }, at: html.length };
  return { context: { in: 'tag', name, attribute: '' }, at: at + end + quote.length };
}

function inScript(context: Extract<Context, { in: 'script' }>, html: string, at: number): Step {
  const character = html[at] ?? '';
  if (/^<\/script/i.test(html.slice(at, at + 8))) {
    return { context: { in: 'tag', name: '/script', attribute: '' }, at: at + 8 };
  }
  if (context.quote !== '') {
    if (character === '\\') return { context, at: at + 2 };
    return { context: character === context.quote ? { in: 'script', quote: '' } : context, at: at + 1 };
  }
  if (character === '"' || character === "'" || character === '`') {
    return { context: { in: 'script', quote: character }, at: at + 1 };
  }
  if (html.startsWith('//', at)) return { context: { in: 'script-comment', line: true }, at: at + 2 };
  if (html.startsWith('/*', at)) return { context: { in: 'script-comment', line: false }, at: at + 2 };
  return { context, at: at + 1 };
}

function inScriptComment(context: Extract<Context, { in: 'script-comment' }>, html: string, at: number): Step {
  const rest = html.slice(at);
  const end = rest.search(context.line ? /\n|<\/script/i : /\*\/|<\/script/i);
  if (end < 0) return { context, at: html.length };
  const isComment = rest.startsWith('*/', end);
  return { context: { in: 'script', quote: '' }, at: at + end + (isComment ? 2 : 0) };
}
