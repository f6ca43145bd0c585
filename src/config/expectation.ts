import type { TSchema } from 'typebox';

/** The parts of a JSON Schema that our options use. */
interface SchemaNode {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly expects?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
}

/** What an option must be, in words that follow "must be". `pointer` is a JSON pointer into a checked value. */
export function expectation(schema: TSchema, pointer: string): string {
  const node = nodeAt(schema, pointer);
  return node === undefined ? 'something else' : describe(node);
}

/** The keys of the table at `pointer`. */
export function knownKeys(schema: TSchema, pointer: string): readonly string[] {
  return Object.keys(nodeAt(schema, pointer)?.properties ?? {});
}

export function pointerSteps(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function nodeAt(schema: TSchema, pointer: string): SchemaNode | undefined {
  let node: SchemaNode | undefined = schema as SchemaNode;
  for (const step of pointerSteps(pointer)) node = node?.items ?? node?.properties?.[step];
  return node;
}

function describe(node: SchemaNode): string {
  if (node.expects !== undefined) return node.expects;
  if (node.anyOf !== undefined) return `one of ${node.anyOf.map((option) => JSON.stringify(option.const)).join(', ')}`;
  switch (node.type) {
    case 'integer':
      return `a whole number${bounds(node)}`;
    case 'number':
      return `a number${bounds(node)}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      return describeText(node);
    case 'array':
      return `a list${node.maxItems === undefined ? '' : ` of at most ${node.maxItems}`}`;
    default:
      return 'a table';
  }
}

function bounds({ minimum, exclusiveMinimum, maximum }: SchemaNode): string {
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}, at most ${maximum}`;
  return minimum === undefined ? '' : ` from ${minimum} to ${maximum}`;
}

function describeText({ minLength, maxLength }: SchemaNode): string {
  if (minLength !== undefined && minLength > 1) return `text of ${minLength} to ${maxLength} characters`;
  const length = maxLength === undefined ? '' : ` of at most ${maxLength} characters`;
  return `${minLength === undefined ? 'text' : 'text that is not empty'}${length}`;
}
