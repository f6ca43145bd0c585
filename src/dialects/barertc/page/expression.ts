import type { TemplateValue } from './escape.ts';
import { functions, member } from './functions.ts';
import { TemplateError } from './template-error.ts';

/** Gives a value of what stands at the dot. */
export type Expression = (dot: TemplateValue, root: TemplateValue) => TemplateValue;

/** The expression of a template's action: operands, functions and `|`. Throws {@link TemplateError}. */
export function parseExpression(source: string): Expression {
  const tokens = tokenize(source);
  const parser = new Parser(tokens);
  const expression = parser.pipeline();
  if (!parser.isAtEnd) throw new TemplateError(`"${parser.peek()}" makes no sense in {{${source}}}`);
  return expression;
}

const FIELDS = String.raw`(?:\.[A-Za-z_]\w*)`;
const TOKEN = new RegExp(
  String.raw`\s*("(?:[^"\\]|\\.)*"|\`[^\`]*\`|\$?${FIELDS}+|\$(?!\w)|\.|-?\d+(?:\.\d+)?|[A-Za-z_]\w*|[|(]|\)${FIELDS}*)`,
  'y',
);

/** A closing bracket has the fields of what is in the brackets with it. */
function tokenize(source: string): string[] {
  const tokens: string[] = [];
  const text = source.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex;
    const [, token] = TOKEN.exec(text) ?? [];
    if (token === undefined) throw new TemplateError(`"${text.slice(from, from + 20).trim()}" is not understood`);
    tokens.push(token);
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  /** Each command gets what the one before it gave as its last argument. */
  pipeline(): Expression {
    let expression = this.#command(undefined);
    while (this.peek() === '|') {
      this.#at++;
      expression = this.#command(expression);
    }
    return expression;
  }

  #command(piped: Expression | undefined): Expression {
    const word = this.peek();
    const call = word !== undefined && /^[A-Za-z_]/.test(word) && !LITERALS.has(word) ? word : undefined;
    if (call !== undefined) this.#at++;
    const operands: Expression[] = [];
    for (let next = this.peek(); next !== undefined && !/^[|)]/.test(next); next = this.peek()) {
      operands.push(this.#operand());
    }
    if (call === undefined) {
      const [only, ...more] = operands;
      if (!only || more.length > 0 || piped) {
        throw new TemplateError('a value, or a function with its arguments, is expected');
      }
      return only;
    }
    if (piped) operands.push(piped);
    const run = functions.get(call);
    // What it does cannot be known; that its argument is shown is most likely.
    if (!run) return operands.at(-1) ?? (() => undefined);
    return (dot, root) => run(operands.map((operand) => operand(dot, root)));
  }

  #operand(): Expression {
    const token = this.#tokens[this.#at++] ?? '';
    if (token === '(') return this.#inBrackets();
    if (token === '.') return (dot) => dot;
    if (token === '$') return (_dot, root) => root;
    if (token.startsWith('$.')) return (_dot, root) => member(root, token.slice(2).split('.'));
    if (token.startsWith('.')) return (dot) => member(dot, token.slice(1).split('.'));
    const literal = literalOf(token);
    return () => literal;
  }

  #inBrackets(): Expression {
    const inner = this.pipeline();
    const [close, ...fields] = this.#tokens[this.#at++]?.split('.') ?? [];
    if (close !== ')') throw new TemplateError('a bracket is not closed');
    return fields.length === 0 ? inner : (dot, root) => member(inner(dot, root), fields);
  }
}

const LITERALS: ReadonlyMap<string, TemplateValue> = new Map<string, TemplateValue>([
  ['true', true],
  ['false', false],
  ['nil', null],
]);

function literalOf(token: string): TemplateValue {
  if (LITERALS.has(token)) return LITERALS.get(token);
  if (token.startsWith('`')) return token.slice(1, -1);
  if (token.startsWith('"')) return stringOf(token);
  if (/^[A-Za-z_]/.test(token)) throw new TemplateError(`"${token}" is not a value`);
  return Number(token);
}

/** Of Go's escapes, those that JSON has as well. */
function stringOf(token: string): string {
  try {
    return JSON.parse(token) as string;
  } catch {
    throw new TemplateError(`${token} is not understood`);
  }
}
