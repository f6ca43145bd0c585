import {
  SCRIPT,
  type ScriptCommentContext,
  type ScriptContext,
  scriptAfterValue,
  stepScript,
  stepScriptComment,
} from './script-context.ts';

/** Where in a page a value would stand: it decides how it has to be written there. */
export type Context =
  | { readonly in: 'text' }
  /** Elements that have text only. */
  | { readonly in: 'plain'; readonly name: 'title' | 'textarea' }
  | TagContext
  | AttributeContext
  | { readonly in: 'comment' }
  | ScriptContext
  | ScriptCommentContext
  | { readonly in: 'style' };

interface TagContext {
  readonly in: 'tag';
  readonly name: string;
  /** The latest attribute, lower case. */
  readonly attribute: string;
}

export interface AttributeContext {
  readonly in: 'attribute';
  readonly name: string;
  readonly attribute: string;
  readonly quote: '"' | "'" | '';
  /** Where in an address it is, if it is one. */
  readonly part: 'start' | 'path' | 'query';
}

export const TEXT: Context = { in: 'text' };

/** An attribute whose name is not known before the page is written. */
export const ANY_ATTRIBUTE = '?';

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

/** The context after a value that was written there. */
export function contextAfterValue(context: Context): Context {
  if (context.in === 'tag') return { ...context, attribute: ANY_ATTRIBUTE };
  return context.in === 'script' ? scriptAfterValue(context) : context;
}

/** The context where two ways meet, the stricter where they differ a little; undefined where they cannot meet. */
export function contextOfBoth(one: Context, other: Context): Context | undefined {
  if (contextKey(one) === contextKey(other)) return one;
  if (one.in === 'tag' && other.in === 'tag') {
    return one.name === other.name ? { ...one, attribute: ANY_ATTRIBUTE } : undefined;
  }
  if (one.in === 'attribute' && other.in === 'attribute') {
    const parts = [one.part, other.part];
    const part = parts.includes('query') ? 'query' : 'start';
    const merged: Context = { ...one, part };
    return contextKey(merged) === contextKey({ ...other, part }) ? merged : undefined;
  }
  if (one.in === 'script' && other.in === 'script') {
    const merged: Context = { ...one, slash: 'unknown' };
    return contextKey(merged) === contextKey({ ...other, slash: 'unknown' }) ? merged : undefined;
  }
  return undefined;
}

/** The same for contexts that are the same. */
export function contextKey(context: Context): string {
  return JSON.stringify(Object.entries(context).sort(([one], [other]) => (one < other ? -1 : 1)));
}

interface Step {
  readonly context: Context;
  readonly at: number;
}

function advance(context: Context, html: string, at: number): Step {
  switch (context.in) {
    case 'text':
      return inText(html, at);
    case 'plain':
    case 'style':
      return untilClosed(context, html, at);
    case 'tag':
      return inTag(context, html, at);
    case 'attribute':
      return inAttribute(context, html, at);
    case 'comment': {
      const end = html.indexOf('-->', at);
      return end < 0 ? { context, at: html.length } : { context: TEXT, at: end + 3 };
    }
    case 'script':
      return outOfScript(stepScript(context, html, at));
    case 'script-comment':
      return outOfScript(stepScriptComment(context, html, at));
    default:
      return context satisfies never;
  }
}

function outOfScript({ context, at }: { readonly context: Context | undefined; readonly at: number }): Step {
  return { context: context ?? { in: 'tag', name: '/script', attribute: '' }, at };
}

function untilClosed(context: Extract<Context, { in: 'plain' | 'style' }>, html: string, at: number): Step {
  const name = context.in === 'style' ? 'style' : context.name;
  const end = html.slice(at).search(new RegExp(`</${name}`, 'i'));
  if (end < 0) return { context, at: html.length };
  return { context: { in: 'tag', name: `/${name}`, attribute: '' }, at: at + end + name.length + 2 };
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
const SPACE = /\s*/y;

function inTag(context: TagContext, html: string, at: number): Step {
  const character = html[at] ?? '';
  if (character === '>') return { context: afterTag(context.name), at: at + 1 };
  if (/[\s/]/.test(character)) return { context, at: at + 1 };
  if (character === '=') return atValue(context, html, at + 1);
  ATTRIBUTE_NAME.lastIndex = at;
  const [name] = ATTRIBUTE_NAME.exec(html) ?? [];
  if (name === undefined) return { context, at: at + 1 };
  return { context: { ...context, attribute: name.toLowerCase() }, at: at + name.length };
}

function atValue({ name, attribute }: TagContext, html: string, at: number): Step {
  SPACE.lastIndex = at;
  const from = at + (SPACE.exec(html)?.[0].length ?? 0);
  const begun = { in: 'attribute', name, attribute, part: 'start' } as const;
  const quote = html[from];
  if (quote === '"' || quote === "'") return { context: { ...begun, quote }, at: from + 1 };
  return { context: { ...begun, quote: '' }, at: from };
}

function afterTag(name: string): Context {
  if (name === 'script') return SCRIPT;
  if (name === 'title' || name === 'textarea') return { in: 'plain', name };
  return name === 'style' ? { in: 'style' } : TEXT;
}

function inAttribute(context: AttributeContext, html: string, at: number): Step {
  const { quote, name, part } = context;
  const rest = html.slice(at);
  const end = quote === '' ? rest.search(/[\s>]/) : rest.indexOf(quote);
  if (end < 0) return { context: { ...context, part: partAfter(part, rest) }, at: html.length };
  return { context: { in: 'tag', name, attribute: '' }, at: at + end + quote.length };
}

function partAfter(part: AttributeContext['part'], text: string): AttributeContext['part'] {
  if (part === 'query' || /[?#]/.test(text)) return 'query';
  return text === '' ? part : 'path';
}
