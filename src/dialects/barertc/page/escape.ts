import { escapeHtml } from '../markup.ts';
import { ANY_ATTRIBUTE, type AttributeContext, type Context } from './context.ts';
import type { ScriptContext } from './script-context.ts';

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
      return isSafe(value, 'html') ? value.text : escapeHtml(textOf(value));
    case 'plain':
      // Entities mean something there, tags do not.
      return isSafe(value, 'html') ? value.text.replace(/</g, '&lt;') : escapeHtml(textOf(value));
    case 'attribute':
      return attribute(context, textOf(value));
    case 'script':
      return script(context, value);
    case 'tag':
      return attributeNames(textOf(value));
    case 'style':
      return textOf(value).replace(/[^\w#%., -]/g, '');
    case 'comment':
    case 'script-comment':
      return '';
    default:
      return context satisfies never;
  }
}

/** JSON that can stand in a script: nothing in it ends the script, or a line of it. */
export function scriptJson(value: unknown): string {
  return (JSON.stringify(value) ?? 'null').replace(/[<>&\u2028\u2029]/g, codePoint);
}

export function textOf(value: TemplateValue): string {
  const said = plain(value);
  if (said === null || said === undefined) return '';
  return typeof said === 'object' ? JSON.stringify(said) : String(said);
}

function isSafe(value: TemplateValue, kind: Safe['kind']): value is Safe {
  return value instanceof Safe && value.kind === kind;
}

const ADDRESSES: ReadonlySet<string> = new Set(
  'action background cite data formaction href longdesc manifest poster profile usemap'.split(' '),
);

type AttributeKind = 'plain' | 'address' | 'page' | 'code';

/** Like Go, with the attributes that scripts read as they read the plain ones: `data-href` is an address. */
function attributeKind(attribute: string): AttributeKind {
  const name = attribute.replace(/^data-|^.*:/, '');
  if (name === ANY_ATTRIBUTE || name === 'style' || name.startsWith('on')) return 'code';
  if (name === 'srcdoc') return 'page';
  return ADDRESSES.has(name) || /src|ur[il]/.test(name) ? 'address' : 'plain';
}

function attribute({ attribute, quote, part }: AttributeContext, text: string): string {
  const kind = attributeKind(attribute);
  const written = quote === '' ? unquoted : escapeHtml;
  switch (kind) {
    case 'plain':
      return written(text);
    case 'address':
      return written(address(part, text));
    case 'page':
      return written(escapeHtml(text));
    case 'code':
      // What an event does is a script, of which a page has none with a value in it.
      return written('');
    default:
      return kind satisfies never;
  }
}

/** Something stands there in any case, as the next attribute would be taken for the value. */
function unquoted(text: string): string {
  const escaped = escapeHtml(text).replace(/[\s=`]/g, (character) => `&#${character.charCodeAt(0)};`);
  return escaped === '' ? '\ufffd' : escaped;
}

/** Within a query, a value is one value; at the beginning, it must not be a script. */
function address(part: AttributeContext['part'], text: string): string {
  if (part === 'query') return encodeURIComponent(text.toWellFormed());
  const scheme = part === 'start' ? /^([^/?#]*?):/.exec(text.replace(/[\s\p{C}]+/gu, '')) : null;
  return scheme && !/^(?:https?|mailto)$/i.test(scheme[1] ?? '') ? '#' : text;
}

function attributeNames(text: string): string {
  const isHarmless =
    /^[\w -]*$/.test(text) && text.split(' ').every((name) => attributeKind(name.toLowerCase()) === 'plain');
  return isHarmless ? text : '';
}

function script({ quote }: ScriptContext, value: TemplateValue): string {
  switch (quote) {
    case '':
      return expression(value);
    case '/':
    case '[':
      return regexp(textOf(value), quote);
    case '`':
      return textOf(value).replace(/[\\"'`<>&\n\r\u2028\u2029${}\0]/g, codePoint);
    default:
      return textOf(value).replace(/[\\"'`<>&\n\r\u2028\u2029\0]/g, codePoint);
  }
}

function expression(value: TemplateValue): string {
  if (isSafe(value, 'js')) return value.text.replace(/<(?=\/script|!--)/gi, '\\u003c');
  const json = scriptJson(plain(value));
  // Apart from `return` and the like, which a minified script has right before it.
  return /^["[{]/.test(json) ? json : ` ${json} `;
}

/** Without anything, two slashes would be a comment. */
function regexp(text: string, quote: '/' | '['): string {
  if (text === '') return quote === '/' ? '(?:)' : '';
  return text.replace(/[^\p{L}\p{N}]/gu, (character) => character.split('').map(codePoint).join(''));
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
