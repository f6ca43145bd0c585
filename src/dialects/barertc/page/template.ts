import { type Context, contextAfter, contextAfterValue, contextKey, contextOfBoth, TEXT } from './context.ts';
import { escapeFor, type TemplateValue } from './escape.ts';
import { isTrue, itemsOf } from './functions.ts';
import { type BranchNode, inLine, type ParsedTemplate, parseTemplate, type TemplateNode } from './parse.ts';
import { TemplateError } from './template-error.ts';

/** A template of Go's `html/template`, as far as a built page uses it (`spec/barertc.md` 6.1). */
export interface CompiledTemplate {
  /** Never throws: what the page asks for and is not there is written as nothing, in scripts as `null`. */
  render(root: TemplateValue): string;
}

/**
 * Takes a template apart, once. Values are escaped for the place where they stand: HTML, attributes, addresses, scripts.
 * A file that has only definitions is the one named `index`, or the first. Throws {@link TemplateError}, with the line.
 */
export function compileTemplate(source: string): CompiledTemplate {
  const parsed = parseTemplate(source);
  const { write } = new Compiler(parsed.definitions).compile(pageOf(parsed), TEXT);
  return { render: (root) => write({ dot: root, root, depth: 0, budget: { calls: MAX_CALLS } }) };
}

function pageOf({ main, definitions }: ParsedTemplate): readonly TemplateNode[] {
  const isBare = main.every((node) => node.kind === 'text' && node.text.trim() === '');
  const [first = main] = definitions.values();
  return isBare ? (definitions.get('index') ?? first) : main;
}

/** For definitions that call each other without an end. */
const MAX_DEPTH = 50;
const MAX_CALLS = 10_000;
const MAX_PLACES = 500;

interface Scope {
  readonly dot: TemplateValue;
  readonly root: TemplateValue;
  readonly depth: number;
  /** Shared by the whole page. */
  readonly budget: { calls: number };
}

type Write = (scope: Scope) => string;

interface Compiled {
  readonly write: Write;
  /** Where the page is after it. */
  readonly after: Context;
}

/** A definition in one of the places where it is called: what it writes there differs from what it writes elsewhere. */
interface Place {
  write: Write;
  after: Context;
  /** It calls itself, and was taken to end where it begins. */
  isAssumed: boolean;
  isDone: boolean;
}

class Compiler {
  readonly #definitions: ParsedTemplate['definitions'];
  readonly #places = new Map<string, Place>();

  constructor(definitions: ParsedTemplate['definitions']) {
    this.#definitions = definitions;
  }

  compile(nodes: readonly TemplateNode[], start: Context): Compiled {
    const writes: Write[] = [];
    let context = start;
    let line = 1;
    for (const node of nodes) {
      if (node.kind !== 'text') line = node.line;
      const at = context;
      const compiled = inLine(line, () => this.#node(node, at));
      writes.push(compiled.write);
      context = compiled.after;
    }
    return { write: (scope) => writes.map((write) => write(scope)).join(''), after: context };
  }

  #node(node: TemplateNode, context: Context): Compiled {
    switch (node.kind) {
      case 'text':
        return text(node.text, context);
      case 'value': {
        const { expression } = node;
        const write: Write = ({ dot, root }) => escapeFor(context, expression(dot, root));
        return { write, after: contextAfterValue(context) };
      }
      case 'branch':
        return node.word === 'range' ? this.#range(node, context) : this.#choice(node, context);
      case 'call':
        return this.#call(node, context);
      default:
        return node satisfies never;
    }
  }

  #choice({ word, expression, ...node }: BranchNode, context: Context): Compiled {
    const then = this.compile(node.then, context);
    const otherwise = this.compile(node.otherwise, context);
    const write: Write = (scope) => {
      const value = expression(scope.dot, scope.root);
      if (!isTrue(value)) return otherwise.write(scope);
      return then.write(word === 'with' ? { ...scope, dot: value } : scope);
    };
    return { write, after: meeting(then.after, otherwise.after, word) };
  }

  /** What is repeated stands after itself, too. */
  #range({ expression, ...node }: BranchNode, context: Context): Compiled {
    const once = this.compile(node.then, context);
    const then = this.compile(node.then, meeting(context, once.after, 'range'));
    const otherwise = this.compile(node.otherwise, context);
    const write: Write = (scope) => {
      const items = itemsOf(expression(scope.dot, scope.root));
      return items.length === 0 ? otherwise.write(scope) : items.map((dot) => then.write({ ...scope, dot })).join('');
    };
    const atEnd = meeting(meeting(context, once.after, 'range'), then.after, 'range');
    return { write, after: meeting(atEnd, otherwise.after, 'range') };
  }

  #call({ name, expression }: Extract<TemplateNode, { kind: 'call' }>, context: Context): Compiled {
    const place = this.#place(name, context);
    const write: Write = (scope) => {
      if (scope.depth >= MAX_DEPTH || scope.budget.calls-- <= 0) return '';
      const dot = expression(scope.dot, scope.root);
      return place.write({ ...scope, dot, root: dot, depth: scope.depth + 1 });
    };
    return { write, after: place.after };
  }

  #place(name: string, context: Context): Place {
    const key = `${name}\n${contextKey(context)}`;
    const known = this.#places.get(key);
    if (known) {
      known.isAssumed ||= !known.isDone;
      return known;
    }
    if (this.#places.size >= MAX_PLACES) throw new TemplateError(`{{template "${name}"}} is called in too many places`);
    const place: Place = { write: () => '', after: context, isAssumed: false, isDone: false };
    this.#places.set(key, place);
    const { write, after } = this.compile(this.#definitions.get(name) ?? [], context);
    if (place.isAssumed && contextKey(after) !== contextKey(context)) {
      throw new TemplateError(`"${name}" calls itself, and ends in another place of the page than it begins`);
    }
    return Object.assign(place, { write, after, isDone: true });
  }
}

/** A tag that would begin with a value is not one. */
function text(source: string, context: Context): Compiled {
  const after = contextAfter(context, source);
  const written = after.in === 'text' ? source.replace(/<(\/?)$/, '&lt;$1') : source;
  return { write: () => written, after };
}

function meeting(one: Context, other: Context, word: string): Context {
  const both = contextOfBoth(one, other);
  if (!both) throw new TemplateError(`the ways through {{${word}}} end in different places of the page`);
  return both;
}
