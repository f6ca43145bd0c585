import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Clone, Default } from 'typebox/value';
import { ConfigError } from './config-error.ts';
import { expectation, knownKeys, pointerSteps } from './expectation.ts';
import { nearest } from './nearest.ts';
import { oneLine } from './one-line.ts';
import { ConfigSchema, type Settings } from './schema.ts';

const settings = Compile(ConfigSchema);

/** Fills in the defaults and checks. `source` names the file in errors. Throws {@link ConfigError}. */
export function validateSettings(source: string, content: unknown): Settings {
  const value: unknown = Default(ConfigSchema, Clone(content));
  if (settings.Check(value)) return value;
  const problem = firstProblem(ConfigSchema, value, settings.Errors(value));
  throw new ConfigError(`${source}: ${problem}`);
}

/** Checks one option that was given outside a file. `label` names it in errors, as in `--port`. */
export function validateOption<S extends TSchema>(label: string, schema: S, value: unknown): Static<S> {
  const check = Compile(schema);
  if (check.Check(value)) return value;
  throw new ConfigError(`${label} must be ${expectation(schema, '')}, but is ${show(value)}`);
}

interface Problem {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
}

/** One problem at a time: the first is the one to mend, and it fits in one line. */
function firstProblem(schema: TSchema, value: unknown, problems: readonly Problem[]): string {
  for (const { keyword, instancePath, params } of problems) {
    if ('additionalProperties' in params) return unknownKey(schema, instancePath, firstOf(params.additionalProperties));
    if ('requiredProperties' in params) return `${path(instancePath, firstOf(params.requiredProperties))} is missing`;
    // TypeBox's echo of an unknown key, whose own entry follows.
    if (keyword === 'boolean') continue;
    return `${path(instancePath)} must be ${expectation(schema, instancePath)}${reality(value, instancePath)}`;
  }
  return 'is not a configuration';
}

/** Their values are for nobody's eyes; errors end up in logs. */
const SECRETS =
  /^\/(tokens\/secret|website\/api_key|ice\/(credential|turn_secret|twilio\/auth_token)|camus\/secret|rooms\/\d+\/password)$/;

function reality(value: unknown, pointer: string): string {
  return SECRETS.test(pointer) ? '' : `, but is ${show(at(value, pointer))}`;
}

function unknownKey(schema: TSchema, pointer: string, key: string): string {
  const known = knownKeys(schema, pointer);
  const near = nearest(key, known);
  const unknown = `unknown option ${path(pointer, key)}`;
  if (near !== undefined) return `${unknown}; did you mean ${path(pointer, near)}?`;
  const home = tableOf(schema, key);
  if (home !== undefined) return `${unknown}; it belongs in the table [${home}]`;
  return `${unknown}; known here: ${known.join(', ')}`;
}

/** In TOML what stands below a table's head belongs to that table, so right keys often end up in the wrong place. */
function tableOf(schema: TSchema, key: string): string | undefined {
  return knownKeys(schema, '').find((table) => knownKeys(schema, `/${table}`).includes(key));
}

/** `/rooms/0/name` as an operator would write it: `rooms[0].name`. */
function path(pointer: string, ...more: readonly string[]): string {
  const steps = [...pointerSteps(pointer), ...more];
  const joined = steps.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${oneLine(step)}`)).join('');
  return joined.replace(/^\./, '') || 'the file';
}

function at(value: unknown, pointer: string): unknown {
  let current = value;
  for (const step of pointerSteps(pointer)) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Readonly<Record<string, unknown>>)[step];
  }
  return current;
}

function show(value: unknown): string {
  if (value instanceof Date) return 'a date';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a table';
  if (typeof value === 'bigint') return String(value);
  return oneLine(JSON.stringify(value) ?? 'nothing');
}

function firstOf(list: unknown): string {
  return Array.isArray(list) ? String(list[0]) : '';
}
