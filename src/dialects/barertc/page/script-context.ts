import { TemplateError } from './template-error.ts';

/** Within a script. A value in quotes is part of a string, elsewhere it is an expression. */
export interface ScriptContext {
  readonly in: 'script';
  /** What began the string or regular expression, `[` being a class within one; empty in code. */
  readonly quote: '"' | "'" | '`' | '/' | '[' | '';
  /** What a slash would be: it is told from what is before it only, and only mostly, as in Go. */
  readonly slash: 'regexp' | 'divide' | 'unknown';
  /** For each template literal around the code, how many braces are open since its `${`. */
  readonly braces: readonly number[];
}

export interface ScriptCommentContext {
  readonly in: 'script-comment';
  readonly line: boolean;
  readonly code: ScriptContext;
}

export const SCRIPT: ScriptContext = { in: 'script', quote: '', slash: 'regexp', braces: [] };

export interface ScriptStep {
  /** None where `</script` ends it all, wherever it stands. */
  readonly context: ScriptContext | ScriptCommentContext | undefined;
  readonly at: number;
}

const END = /<\/script/i;
const END_HERE = /<\/script/iy;

export function stepScript(context: ScriptContext, text: string, at: number): ScriptStep {
  END_HERE.lastIndex = at;
  const end = END_HERE.exec(text);
  if (end) return { context: undefined, at: at + end[0].length };
  switch (context.quote) {
    case '':
      return inCode(context, text, at);
    case '/':
    case '[':
      return inRegexp(context, text, at);
    default:
      return inString(context, text, at);
  }
}

export function stepScriptComment(context: ScriptCommentContext, text: string, at: number): ScriptStep {
  const rest = text.slice(at);
  const ended = context.line ? /[\n\r\u2028\u2029]/ : /\*\//;
  const end = rest.search(new RegExp(`${ended.source}|${END.source}`, 'i'));
  if (end < 0) return { context, at: text.length };
  return { context: context.code, at: at + end + (rest.startsWith('*/', end) && !context.line ? 2 : 0) };
}

/** A value is an operand, so that a slash after it divides. */
export function scriptAfterValue(context: ScriptContext): ScriptContext {
  return context.quote === '' ? { ...context, slash: 'divide' } : context;
}

function inString(context: ScriptContext, text: string, at: number): ScriptStep {
  const character = text[at];
  if (character === '\\') return { context, at: at + 2 };
  if (character === context.quote) return { context: { ...context, quote: '', slash: 'divide' }, at: at + 1 };
  if (context.quote === '`' && text.startsWith('${', at)) {
    return { context: { ...context, quote: '', slash: 'regexp', braces: [...context.braces, 0] }, at: at + 2 };
  }
  return { context, at: at + 1 };
}

function inRegexp(context: ScriptContext, text: string, at: number): ScriptStep {
  const isClass = context.quote === '[';
  switch (text[at]) {
    case '\\':
      return { context, at: at + 2 };
    case '[':
      return { context: { ...context, quote: '[' }, at: at + 1 };
    case ']':
      return { context: { ...context, quote: '/' }, at: at + 1 };
    case '/':
      return { context: isClass ? context : { ...context, quote: '', slash: 'divide' }, at: at + 1 };
    default:
      return { context, at: at + 1 };
  }
}

const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$]*|\d[\w.]*/uy;
const BEFORE_OPERAND: ReadonlySet<string> = new Set(
  'await break case continue delete do else finally in instanceof of return throw try typeof void yield'.split(' '),
);

function inCode(context: ScriptContext, text: string, at: number): ScriptStep {
  const character = text[at] ?? '';
  if (/\s/.test(character)) return { context, at: at + 1 };
  if (character === '"' || character === "'" || character === '`') {
    return { context: { ...context, quote: character }, at: at + 1 };
  }
  if (character === '/') return atSlash(context, text, at);
  // Browsers know HTML's comments in classic scripts.
  if (text.startsWith('<!--', at)) return comment(context, 'line', at + 4);
  if (text.startsWith('++', at) || text.startsWith('--', at)) return operator(context, 'divide', at + 2);
  if (character === '{' || character === '}') return atBrace(context, character, at);
  WORD.lastIndex = at;
  const [word] = WORD.exec(text) ?? [];
  if (word !== undefined) {
    return operator(context, BEFORE_OPERAND.has(word) ? 'regexp' : 'divide', at + word.length);
  }
  return operator(context, character === ')' || character === ']' ? 'divide' : 'regexp', at + 1);
}

function operator(context: ScriptContext, slash: ScriptContext['slash'], at: number): ScriptStep {
  return { context: { ...context, slash }, at };
}

function comment(code: ScriptContext, kind: 'line' | 'block', at: number): ScriptStep {
  return { context: { in: 'script-comment', line: kind === 'line', code }, at };
}

function atSlash(context: ScriptContext, text: string, at: number): ScriptStep {
  if (text[at + 1] === '/') return comment(context, 'line', at + 2);
  if (text[at + 1] === '*') return comment(context, 'block', at + 2);
  if (context.slash === 'unknown') throw new TemplateError('a slash may divide here or begin a regular expression');
  if (context.slash === 'divide') return operator(context, 'regexp', at + 1);
  return { context: { ...context, quote: '/' }, at: at + 1 };
}

function atBrace(context: ScriptContext, brace: '{' | '}', at: number): ScriptStep {
  const [open, ...outer] = context.braces.toReversed();
  if (open === undefined) return operator(context, 'regexp', at + 1);
  const around = outer.toReversed();
  if (brace === '}' && open === 0) return { context: { ...context, quote: '`', braces: around }, at: at + 1 };
  const braces = [...around, open + (brace === '{' ? 1 : -1)];
  return { context: { ...context, slash: 'regexp', braces }, at: at + 1 };
}
