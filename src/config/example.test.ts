import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { resolveConfig } from './resolve.ts';
import { ChannelSchema, ConfigSchema, RoomSchema } from './schema.ts';
import { FilterSchema, RuleSchema } from './schema-website.ts';
import { validateSettings } from './validate.ts';

const example = readFileSync(new URL('../../parlour.example.toml', import.meta.url), 'utf8');
/** With everything switched on that is commented out: what has no default, and secrets. */
const complete = example.replaceAll(/^# (?=[a-z_]+ = |\[\[)/gm, '');

interface Option {
  readonly key: string;
  readonly table: string;
  readonly fallback: unknown;
}

const origin = { source: 'parlour.example.toml', folder: '/srv' };

interface Table {
  /** As in its head, `moderation.link_spam`; empty for the file. */
  readonly name: string;
  readonly schema: { readonly properties: Readonly<Record<string, object>> };
}

function tablesWithin({ name, schema }: Table): readonly Table[] {
  const inner = Object.entries(schema.properties).flatMap(([key, option]) =>
    'properties' in option ? tablesWithin({ name: joined(name, key), schema: option as Table['schema'] }) : [],
  );
  return [{ name, schema }, ...inner];
}

function joined(table: string, key: string): string {
  return table === '' ? key : `${table}.${key}`;
}

const tables = tablesWithin({ name: '', schema: ConfigSchema });

const options: readonly Option[] = tables.flatMap(({ name, schema }) =>
  Object.entries(schema.properties)
    // The rooms of the example are the default, which the schema does not say.
    .filter(([key, option]) => !('properties' in option) && key !== 'rooms')
    .map(([key, option]) => ({ key, table: name, fallback: fallbackOf(option) })),
);

function fallbackOf(schema: object): unknown {
  return 'default' in schema ? schema.default : undefined;
}

/** A list of tables can be shown only with a table in it, and a secret only with something in it. */
function isNothing(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}

function tableIn(toml: string, name: string): Readonly<Record<string, unknown>> {
  let content: unknown = parse(toml);
  for (const step of name.split('.').filter(Boolean)) content = (content as Readonly<Record<string, unknown>>)[step];
  return content as Readonly<Record<string, unknown>>;
}

describe('parlour.example.toml', () => {
  test('is a configuration, also with everything switched on', () => {
    expect(() => resolveConfig(validateSettings('example', parse(example)), origin)).not.toThrow();
    expect(() => resolveConfig(validateSettings('example', parse(complete)), origin)).not.toThrow();
  });

  test('says what Parlour does without a file', () => {
    const fromExample = resolveConfig(validateSettings('example', parse(example)), origin);
    expect(fromExample).toEqual(resolveConfig(validateSettings('nothing', {}), origin));
  });

  test.each(options)('shows $table $key with its default', ({ table, key, fallback }) => {
    expect(tableIn(complete, table)).toHaveProperty(key);
    const shown = tableIn(example, table)[key];
    expect(shown === undefined && isNothing(fallback) ? fallback : shown).toEqual(fallback);
  });

  test('shows every option of rooms and channels', () => {
    const rooms = parse(complete).rooms as unknown as readonly { readonly channels?: readonly object[] }[];
    const keys = new Set(rooms.flatMap((room) => Object.keys(room)));
    expect([...keys].sort()).toEqual(Object.keys(RoomSchema.properties).sort());
    expect(Object.keys(rooms[0]?.channels?.[0] ?? {}).sort()).toEqual(Object.keys(ChannelSchema.properties).sort());
  });

  test.each([
    ['rules', RuleSchema],
    ['filters', FilterSchema],
  ])('shows every option of moderation.%s with its default', (list, { properties }) => {
    const [shown, ...rest] = tableIn(complete, 'moderation')[list] as readonly Readonly<Record<string, unknown>>[];
    expect(Object.keys(shown ?? {}).sort()).toEqual(Object.keys(properties).sort());
    expect(rest).toEqual([]);
    const flags = Object.entries<object>(properties).filter(([, option]) => typeof fallbackOf(option) === 'boolean');
    expect(shown).toMatchObject(Object.fromEntries(flags.map(([key, option]) => [key, fallbackOf(option)])));
  });

  test('every option has a description', () => {
    const lists: Table['schema'][] = [RoomSchema, ChannelSchema, RuleSchema, FilterSchema];
    const nodes = [...lists, ...tables.map(({ schema }) => schema)];
    const undescribed = nodes.flatMap(({ properties }) =>
      Object.entries<object>(properties)
        .filter(([, schema]) => !('description' in schema))
        .map(([key]) => key),
    );
    expect(undescribed).toEqual([]);
  });
});
