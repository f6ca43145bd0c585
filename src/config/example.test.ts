import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { resolveConfig } from './resolve.ts';
import { ChannelSchema, ConfigSchema, RoomSchema } from './schema.ts';
import { validateSettings } from './validate.ts';

const example = readFileSync(new URL('../../parlour.example.toml', import.meta.url), 'utf8');
/** With the options that have no default switched on. */
const complete = example.replaceAll(/^# (?=[a-z_]+ = )/gm, '');

interface Option {
  readonly key: string;
  readonly table: string;
  readonly fallback: unknown;
}

const origin = { source: 'parlour.example.toml', folder: '/srv' };
const schemas = Object.entries(ConfigSchema.properties);
const tables = schemas.flatMap(([name, schema]) => ('properties' in schema ? [{ name, schema }] : []));
const plain = schemas.filter(([name]) => name !== 'rooms' && !tables.some((table) => table.name === name));

const options: readonly Option[] = [
  ...plain.map(([key, schema]) => ({ key, table: '', fallback: fallbackOf(schema) })),
  ...tables.flatMap(({ name, schema }) =>
    Object.entries(schema.properties).map(([key, option]) => ({ key, table: name, fallback: fallbackOf(option) })),
  ),
];

function fallbackOf(schema: object): unknown {
  return 'default' in schema ? schema.default : undefined;
}

function tableIn(toml: string, name: string): Readonly<Record<string, unknown>> {
  const content = parse(toml);
  return (name === '' ? content : content[name]) as Readonly<Record<string, unknown>>;
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
    expect(tableIn(example, table)[key]).toEqual(fallback);
  });

  test('shows every option of rooms and channels', () => {
    const rooms = parse(example).rooms as unknown as readonly { readonly channels: readonly object[] }[];
    expect(Object.keys(rooms[0] ?? {}).sort()).toEqual(Object.keys(RoomSchema.properties).sort());
    expect(Object.keys(rooms[0]?.channels[0] ?? {}).sort()).toEqual(Object.keys(ChannelSchema.properties).sort());
  });

  test('every option has a description', () => {
    const nodes = [ConfigSchema, RoomSchema, ChannelSchema, ...tables.map(({ schema }) => schema)];
    const undescribed = nodes.flatMap(({ properties }) =>
      Object.entries<object>(properties)
        .filter(([, schema]) => !('description' in schema))
        .map(([key]) => key),
    );
    expect(undescribed).toEqual([]);
  });
});
