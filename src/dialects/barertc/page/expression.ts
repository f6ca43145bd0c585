import { Safe, type TemplateValue, textOf } from './escape.ts';

/** A mistake in a template. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

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

const TOKEN = /\s*("(?:[^"\\]|\\.)*"|`[^`]*`|\$?(?:\.[A-Za-z_]\w*)+|\$|\.|-?\d+(?:\.\d+)?|[A-Za-z_]\w*|[|()])/y;

function tokenize(source: string): string[] {
  const tokens: string[] = [];
  const text = source.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex;
    const [, token] = TOKEN.exec(text) ?? [];
    if (token === undefined) throw new TemplateError(`"${text.slice(from, from + 20)}" is not understood`);
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
    for (let next = this.peek(); next !== undefined && next !== '|' && next !== ')'; next = this.peek()) {
      operands.push(this.#operand());
    }
    if (piped) operands.push(piped);
    if (call === undefined) {
      const [only, ...more] = operands;
      if (!only || more.length > 0) throw new TemplateError('a value, or a function with its arguments, is expected');
      return only;
    }
    const run = FUNCTIONS[call];
    // What it does cannot be known; that its argument is shown is most likely.
    if (!run) return operands.at(-1) ?? (() => undefined);
    return (dot, root) => run(operands.map((operand) => operand(dot, root)));
  }

  #operand(): Expression {
    const token = this.#tokens[this.#at++] ?? '';
    if (token === '(') {
      const inner = this.pipeline();
      if (this.#tokens[this.#at++] !== ')') throw new TemplateError('a bracket is not closed');
      return inner;
    }
    if (token === '.') return (dot) => dot;
    if (token === '$') return (_dot, root) => root;
    if (token.startsWith('$.')) return (_dot, root) => member(root, token.slice(2).split('.'));
    if (token.startsWith('.')) return (dot) => member(dot, token.slice(1).split('.'));
    const literal = literalOf(token);
    return () => literal;
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
  if (token.startsWith('"')) return JSON.parse(token) as string;
  return Number(token);
}

/** Fields and methods by name. What is not there is nothing, and harms no page. */
function member(value: TemplateValue, path: readonly string[]): TemplateValue {
  let current = value;
  for (const name of path) {
    if (typeof current !== 'object' || current === null || Array.isArray(current) || current instanceof Safe) {
      return undefined;
    }
    current = Object.hasOwn(current, name) ? (current as Readonly<Record<string, TemplateValue>>)[name] : undefined;
    if (typeof current === 'function') current = current();
  }
  return current;
}

/** Go's own functions, and those that such pages bring along. */
const FUNCTIONS: Readonly<Record<string, (args: readonly TemplateValue[]) => TemplateValue>> = {
  AsHTML: ([value]) => new Safe('html', textOf(value)),
  AsJS: ([value]) => new Safe('js', textOf(value)),
  and: (args) => args.find((value) => !isTrue(value)) ?? args.at(-1),
  or: (args) => args.find(isTrue) ?? args.at(-1),
  not: ([value]) => !isTrue(value),
  eq: ([one, ...others]) => others.some((other) => textOf(one) === textOf(other)),
  ne: ([one, other]) => textOf(one) !== textOf(other),
  len: ([value]) => (Array.isArray(value) ? value.length : textOf(value).length),
  index: ([value, key]) => (Array.isArray(value) ? value[Number(key)] : member(value, [textOf(key)])),
  print: (args) => args.map(textOf).join(''),
  printf: ([format, ...args]) => {
    let next = 0;
    return textOf(format).replace(/%[svdq%]/g, (verb) => (verb === '%%' ? '%' : textOf(args[next++])));
  },
};

/** As Go has it: nothing, zero, and what is empty are false. */
export function isTrue(value: TemplateValue): boolean {
  if (typeof value === 'function') return isTrue(value());
  if (value instanceof Safe) return value.text !== '';
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}
