import { type Context, contextAfter, TEXT } from './context.ts';
import { escapeFor, type TemplateValue } from './escape.ts';
import { type Expression, isTrue, parseExpression, TemplateError } from './expression.ts';

export { TemplateError };

/** A template of Go's `html/template`, as far as a built page uses it (`spec/barertc.md` 6.1). */
export interface CompiledTemplate {
  render(root: TemplateValue): string;
}

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly expression: Expression; readonly context: Context }
  | {
      readonly kind: 'branch';
      readonly word: 'if' | 'with' | 'range';
      readonly expression: Expression;
      readonly then: readonly Node[];
      readonly otherwise: readonly Node[];
    }
  | { readonly kind: 'call'; readonly name: string; readonly expression: Expression };

/**
 * Takes a template apart, once. Values are escaped for the place where they stand: HTML, attributes, addresses, scripts.
 * A file that is one definition is that definition. Throws {@link TemplateError}, with the line.
 */
export function compileTemplate(source: string): CompiledTemplate {
  const compiler = new Compiler(piecesOf(source));
  const main = compiler.compile();
  const [only] = compiler.definitions.values();
  const isBare = main.every((node) => node.kind === 'text' && node.text.trim() === '');
  const nodes = isBare && only ? only : main;
  return { render: (root) => write(nodes, { dot: root, root, definitions: compiler.definitions }) };
}

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly text: string; readonly line: number };

const ACTION =
  /\{\{(-(?=\s))?\s*(\/\*[\s\S]*?\*\/|(?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|[^"`}]|\}(?!\}))*?)\s*((?<=\s)-)?\}\}/g;

function piecesOf(source: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trimStart = false;
  for (const match of source.matchAll(ACTION)) {
    const [all, trimBefore, inner = '', trimAfter] = match;
    const text = source.slice(at, match.index);
    pieces.push({ kind: 'text', text: trimmed(text, { start: trimStart, end: trimBefore !== undefined }) });
    const line = source.slice(0, match.index).split('\n').length;
    if (!inner.startsWith('/*')) pieces.push({ kind: 'action', text: inner.trim(), line });
    trimStart = trimAfter !== undefined;
    at = match.index + all.length;
  }
  const rest = source.slice(at);
  if (rest.includes('{{'))
    throw new TemplateError(`line ${lineOf(source, source.indexOf('{{', at))}: {{ is not closed`);
  pieces.push({ kind: 'text', text: trimmed(rest, { start: trimStart, end: false }) });
  return pieces;
}

function lineOf(source: string, index: number): number {
  return source.slice(0, index).split('\n').length;
}

function trimmed(text: string, sides: { readonly start: boolean; readonly end: boolean }): string {
  const from = sides.start ? text.trimStart() : text;
  return sides.end ? from.trimEnd() : from;
}

interface Block {
  readonly nodes: readonly Node[];
  /** What ended it: `end`, `else`, or the end of the file. */
  readonly end: string | undefined;
}

class Compiler {
  readonly definitions = new Map<string, readonly Node[]>();
  readonly #pieces: readonly Piece[];
  #at = 0;
  #context: Context = TEXT;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  compile(): readonly Node[] {
    const { nodes, end } = this.#block();
    if (end !== undefined) throw new TemplateError(`{{${end}}} ends nothing`);
    return nodes;
  }

  #block(): Block {
    const nodes: Node[] = [];
    for (let piece = this.#pieces[this.#at]; piece; piece = this.#pieces[this.#at]) {
      this.#at++;
      if (piece.kind === 'text') {
        this.#context = contextAfter(this.#context, piece.text);
        nodes.push({ kind: 'text', text: piece.text });
        continue;
      }
      if (/^(end|else)\b/.test(piece.text)) return { nodes, end: piece.text };
      const node = this.#located(piece, () => this.#action(piece.text));
      if (node) nodes.push(node);
    }
    return { nodes, end: undefined };
  }

  #located<T>({ line }: { readonly line: number }, make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof TemplateError) || error.message.startsWith('line ')) throw error;
      throw new TemplateError(`line ${line}: ${error.message}`);
    }
  }

  #action(text: string): Node | undefined {
    const [, word = '', rest = ''] = /^([a-z]+)\b\s*([\s\S]*)$/.exec(text) ?? [];
    switch (word) {
      case 'define':
        this.#define(rest);
        return undefined;
      case 'block':
        return this.#inlineBlock(rest);
      case 'template':
        return this.#call(rest);
      case 'if':
      case 'with':
      case 'range':
        return this.#branch(word, rest);
      default:
        return { kind: 'value', expression: parseExpression(text), context: this.#context };
    }
  }

  #define(rest: string): void {
    const name = nameIn(rest);
    const outer = this.#context;
    this.#context = TEXT;
    this.definitions.set(name, this.#body('define'));
    this.#context = outer;
  }

  #inlineBlock(rest: string): Node {
    const name = nameIn(rest);
    this.definitions.set(name, this.#body('block'));
    return this.#call(rest);
  }

  #call(rest: string): Node {
    const argument = rest.replace(/^"[^"]*"/, '').trim();
    return {
      kind: 'call',
      name: nameIn(rest),
      expression: argument === '' ? () => undefined : parseExpression(argument),
    };
  }

  #body(word: string): readonly Node[] {
    const { nodes, end } = this.#block();
    if (end !== 'end') throw new TemplateError(`{{${word}}} is not ended`);
    return nodes;
  }

  /** Both ways begin in the same place, and should end in the same. */
  #branch(word: 'if' | 'with' | 'range', rest: string): Node {
    const expression = parseExpression(rest);
    const start = this.#context;
    const { nodes: then, end } = this.#block();
    if (end === undefined) throw new TemplateError(`{{${word}}} is not ended`);
    if (end === 'end') return { kind: 'branch', word, expression, then, otherwise: [] };
    this.#context = start;
    const again = /^else\s+(if|with)\s+([\s\S]+)$/.exec(end);
    const otherwise = again ? [this.#branch(again[1] === 'if' ? 'if' : 'with', again[2] ?? '')] : this.#body(word);
    return { kind: 'branch', word, expression, then, otherwise };
  }
}

function nameIn(rest: string): string {
  const [, name] = /^"([^"]*)"/.exec(rest) ?? [];
  if (name === undefined) throw new TemplateError('a name in quotes is expected');
  return name;
}

interface Scope {
  readonly dot: TemplateValue;
  readonly root: TemplateValue;
  readonly definitions: ReadonlyMap<string, readonly Node[]>;
  readonly depth?: number;
}

/** Definitions that call each other without an end. */
const MAX_DEPTH = 50;

function write(nodes: readonly Node[], scope: Scope): string {
  return nodes.map((node) => writeNode(node, scope)).join('');
}

function writeNode(node: Node, scope: Scope): string {
  const { dot, root, depth = 0 } = scope;
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'value':
      return escapeFor(node.context, node.expression(dot, root));
    case 'branch':
      return writeBranch(node, scope);
    case 'call': {
      const called = node.expression(dot, root);
      const inner = { ...scope, dot: called, root: called, depth: depth + 1 };
      return depth < MAX_DEPTH ? write(scope.definitions.get(node.name) ?? [], inner) : '';
    }
    default:
      return node satisfies never;
  }
}

function writeBranch(node: Extract<Node, { kind: 'branch' }>, scope: Scope): string {
  const value = node.expression(scope.dot, scope.root);
  if (!isTrue(value)) return write(node.otherwise, scope);
  if (node.word === 'if') return write(node.then, scope);
  const items = node.word === 'range' && Array.isArray(value) ? (value as readonly TemplateValue[]) : [value];
  return items.map((dot) => write(node.then, { ...scope, dot })).join('');
}
