import { escapeHtml } from '../markup.ts';
import type { Context } from './context.ts';

/** What a template is filled with. A function is a method without arguments. */
export type TemplateValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | Safe
  | readonly TemplateValue[]
  | { readonly [name: string]: TemplateValue }
  | (() => TemplateValue);

/** Written as it is where it belongs: HTML in text, JavaScript in scripts. */
export class Safe {
  readonly kind: 'html' | 'js';
  readonly text: string;

  constructor(kind: 'html' | 'js', text: string) {
    this.kind = kind;
    this.text = text;
  }

  toJSON(): string {
    return this.text;
  }
}

/** As Go's `html/template` writes a value in this place. */
export function escapeFor(context: Context, value: TemplateValue): string {
  switch (context.in) {
    case 'text':
      return value instanceof Safe && value.kind === 'html' ? value.text : escapeHtml(textOf(value));
    case 'attribute':
      return attribute(context, textOf(value));
    case 'script':
      return context.quote === '' ? script(value) : scriptString(textOf(value));
    case 'tag':
    case 'style':
      return textOf(value).replace(/[^\w#%., -]/g, '');
    case 'comment':
    case 'script-comment':
      return '';
    default:
      return context satisfies never;
  }
}

const ADDRESSES: ReadonlySet<string> = new Set(['href', 'src', 'action', 'formaction', 'poster', 'data']);

function attribute(context: Extract<Context, { in: 'attribute' }>, text: string): string {
  // What an event does is a script, of which a page has none with a value in it.
  if (context.attribute.startsWith('on') || context.attribute === 'style') return '';
  const isAddress = ADDRESSES.has(context.attribute);
  const written = isAddress ? address(context.value, text) : text;
  const escaped = escapeHtml(written);
  return context.quote === '' ? escaped.replace(/[\s=`]/g, (character) => `&#${character.charCodeAt(0)};`) : escaped;
}

/** Within a query, a value is one value; at the beginning, it must not be a script. */
function address(before: string, text: string): string {
  if (/[?#]/.test(before)) return encodeURIComponent(text);
  const scheme = before === '' ? /^([^/?#]*?):/.exec(text.replace(/[\s\p{C}]+/gu, '')) : null;
  return scheme && !/^(?:https?|mailto)$/i.test(scheme[1] ?? '') ? '#' : text;
}

function script(value: TemplateValue): string {
  if (value instanceof Safe && value.kind === 'js') return value.text.replace(/<(?=\/script|!--)/gi, '\\u003c');
  const json = JSON.stringify(plain(value)) ?? 'null';
  return json.replace(/[<>&\u2028\u2029]/g, codePoint);
}

function scriptString(text: string): string {
  return text.replace(/[\\"'`<>&\n\r\u2028\u2029$\0]/g, codePoint);
}

function codePoint(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function plain(value: TemplateValue): unknown {
  if (typeof value === 'function') return plain(value());
  if (value instanceof Safe) return value.text;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}

export function textOf(value: TemplateValue): string {
  const said = plain(value);
  if (said === null || said === undefined) return '';
  return typeof said === 'object' ? JSON.stringify(said) : String(said);
}
