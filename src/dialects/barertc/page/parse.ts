import { type Expression, parseExpression } from './expression.ts';
import { TemplateError } from './template-error.ts';

/** What a template consists of. */
export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly expression: Expression; readonly line: number }
  | BranchNode
  | { readonly kind: 'call'; readonly name: string; readonly expression: Expression; readonly line: number };

export interface BranchNode {
  readonly kind: 'branch';
  readonly word: 'if' | 'with' | 'range';
  readonly expression: Expression;
  readonly then: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[];
  readonly line: number;
}

export interface ParsedTemplate {
  readonly main: readonly TemplateNode[];
  readonly definitions: ReadonlyMap<string, readonly TemplateNode[]>;
}

/** Throws {@link TemplateError}, with the line. */
export function parseTemplate(source: string): ParsedTemplate {
  const parser = new Parser(piecesOf(source));
  return { main: parser.file(), definitions: parser.definitions };
}

/** Runs what may find a mistake, which is in this line unless it is said to be in another. */
export function inLine<T>(line: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof TemplateError) || error.message.startsWith('line ')) throw error;
    throw new TemplateError(`line ${line}: ${error.message}`);
  }
}

interface Action {
  readonly kind: 'action';
  readonly text: string;
  readonly line: number;
}

type Piece = { readonly kind: 'text'; readonly text: string } | Action;

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
    if (!inner.startsWith('/*')) pieces.push({ kind: 'action', text: inner.trim(), line: lineAt(source, match.index) });
    trimStart = trimAfter !== undefined;
    at = match.index + all.length;
  }
  const rest = source.slice(at);
  const open = rest.indexOf('{{');
  if (open >= 0) throw new TemplateError(`line ${lineAt(source, at + open)}: {{ is not closed`);
  pieces.push({ kind: 'text', text: trimmed(rest, { start: trimStart, end: false }) });
  return pieces;
}

function lineAt(source: string, index: number): number {
  return source.slice(0, index).split('\n').length;
}

function trimmed(text: string, sides: { readonly start: boolean; readonly end: boolean }): string {
  const from = sides.start ? text.trimStart() : text;
  return sides.end ? from.trimEnd() : from;
}

interface Block {
  readonly nodes: readonly TemplateNode[];
  /** What ended it, `end` or `else`; none at the end of the file. */
  readonly end: Action | undefined;
}

class Parser {
  readonly definitions = new Map<string, readonly TemplateNode[]>();
  readonly #pieces: readonly Piece[];
  #at = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  file(): readonly TemplateNode[] {
    const { nodes, end } = this.#block();
    if (end) throw new TemplateError(`line ${end.line}: {{${end.text}}} ends nothing`);
    return nodes;
  }

  #block(): Block {
    const nodes: TemplateNode[] = [];
    for (let piece = this.#pieces[this.#at]; piece; piece = this.#pieces[this.#at]) {
      this.#at++;
      if (piece.kind === 'text') {
        nodes.push(piece);
        continue;
      }
      if (/^(end|else)\b/.test(piece.text)) return { nodes, end: piece };
      const action = piece;
      const node = inLine(action.line, () => this.#action(action));
      if (node) nodes.push(node);
    }
    return { nodes, end: undefined };
  }

  #action({ text, line }: Action): TemplateNode | undefined {
    const [, word = '', rest = ''] = /^([a-z]+)\b\s*([\s\S]*)$/.exec(text) ?? [];
    switch (word) {
      case 'define':
        this.definitions.set(nameIn(rest), this.#body('define'));
        return undefined;
      case 'block':
        this.definitions.set(nameIn(rest), this.#body('block'));
        return call(rest, line);
      case 'template':
        return call(rest, line);
      case 'if':
      case 'with':
      case 'range':
        return this.#branch(word, rest, line);
      default:
        return { kind: 'value', expression: parseExpression(text), line };
    }
  }

  #body(word: string): readonly TemplateNode[] {
    const { nodes, end } = this.#block();
    if (end?.text !== 'end') throw notEnded(word, end);
    return nodes;
  }

  #branch(word: BranchNode['word'], rest: string, line: number): TemplateNode {
    const branch = { kind: 'branch', word, expression: parseExpression(rest), line } as const;
    const { nodes: then, end } = this.#block();
    if (end?.text === 'end') return { ...branch, then, otherwise: [] };
    if (end?.text === 'else') return { ...branch, then, otherwise: this.#body(word) };
    const again = /^else\s+(if|with)\b\s*([\s\S]*)$/.exec(end?.text ?? '');
    if (!end || !again) throw notEnded(word, end);
    const next = again[1] === 'if' ? 'if' : 'with';
    return { ...branch, then, otherwise: [inLine(end.line, () => this.#branch(next, again[2] ?? '', end.line))] };
  }
}

function notEnded(word: string, end: Action | undefined): TemplateError {
  if (!end) return new TemplateError(`{{${word}}} is not ended`);
  return new TemplateError(`line ${end.line}: {{${end.text}}} does not end {{${word}}}`);
}

function call(rest: string, line: number): TemplateNode {
  const argument = rest.replace(/^"[^"]*"/, '').trim();
  const expression = argument === '' ? () => undefined : parseExpression(argument);
  return { kind: 'call', name: nameIn(rest), expression, line };
}

function nameIn(rest: string): string {
  const [, name] = /^"([^"]*)"/.exec(rest) ?? [];
  if (name === undefined) throw new TemplateError('a name in quotes is expected');
  return name;
}
