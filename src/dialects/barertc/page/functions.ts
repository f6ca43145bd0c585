import { Safe, type TemplateValue, textOf } from './escape.ts';

type TemplateFunction = (args: readonly TemplateValue[]) => TemplateValue;

/** Go's own functions, and those that such pages bring along. None of them throws, whatever it gets. */
export const functions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['AsHTML', ([value]) => safe('html', value)],
  ['AsJS', ([value]) => safe('js', value)],
  ['safeHTML', ([value]) => safe('html', value)],
  ['safeJS', ([value]) => safe('js', value)],
  ['and', (args) => args[orLast(args, (value) => !isTrue(value))]],
  ['or', (args) => args[orLast(args, isTrue)]],
  ['not', ([value]) => !isTrue(value)],
  ['eq', ([one, ...others]) => others.some((other) => compare(one, other) === 0)],
  ['ne', ([one, other]) => compare(one, other) !== 0],
  ['lt', ([one, other]) => compare(one, other) < 0],
  ['le', ([one, other]) => compare(one, other) <= 0],
  ['gt', ([one, other]) => compare(one, other) > 0],
  ['ge', ([one, other]) => compare(one, other) >= 0],
  ['len', ([value]) => (typeof value === 'string' ? Buffer.byteLength(value) : itemsOf(value).length)],
  ['index', ([value, ...keys]) => keys.reduce(at, value)],
  ['print', (args) => args.map(textOf).join('')],
  ['printf', ([format, ...args]) => printf(textOf(format), args)],
]);

/** Fields and methods by name. What is not there is nothing, and harms no page. */
export function member(value: TemplateValue, path: readonly string[]): TemplateValue {
  let current = value;
  for (const name of path) {
    if (!isRecord(current)) return undefined;
    current = Object.hasOwn(current, name) ? current[name] : undefined;
    if (typeof current === 'function') current = current();
  }
  return current;
}

/** As Go has it: nothing, zero, and what is empty are false. */
export function isTrue(value: TemplateValue): boolean {
  if (typeof value === 'function') return isTrue(value());
  if (value instanceof Safe) return value.text !== '';
  return typeof value === 'object' && value !== null ? itemsOf(value).length > 0 : Boolean(value);
}

/** What `range` goes through: a list, or what is in an object, by the order of its keys. */
export function itemsOf(value: TemplateValue): readonly TemplateValue[] {
  if (isList(value)) return value;
  if (!isRecord(value)) return [];
  return Object.keys(value)
    .sort()
    .map((key) => value[key]);
}

function isList(value: TemplateValue): value is readonly TemplateValue[] {
  return Array.isArray(value);
}

function isRecord(value: TemplateValue): value is { readonly [name: string]: TemplateValue } {
  return typeof value === 'object' && value !== null && !isList(value) && !(value instanceof Safe);
}

/** A value that is not there stays so: a script gets `null` for it, not a gap. */
function safe(kind: Safe['kind'], value: TemplateValue): TemplateValue {
  return value === undefined || value === null ? value : new Safe(kind, textOf(value));
}

function orLast(args: readonly TemplateValue[], wanted: (value: TemplateValue) => boolean): number {
  const found = args.findIndex(wanted);
  return found < 0 ? args.length - 1 : found;
}

function compare(one: TemplateValue, other: TemplateValue): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  const [first, second] = [textOf(one), textOf(other)];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}

function at(value: TemplateValue, key: TemplateValue): TemplateValue {
  return isList(value) ? value[Number(textOf(key) || Number.NaN)] : member(value, [textOf(key)]);
}

function printf(format: string, args: readonly TemplateValue[]): string {
  let next = 0;
  return format.replace(/%[svdq%]/g, (verb) => {
    if (verb === '%%') return '%';
    const text = textOf(args[next++]);
    return verb === '%q' ? JSON.stringify(text) : text;
  });
}
