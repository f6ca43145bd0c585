import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DISCONNECTS, type DisconnectCode, REFUSALS } from '../../src/core/errors.ts';
import { DIALECT_SETTINGS } from '../../src/dialects/contract-events.fixture.ts';
import type { Dialect } from '../../src/dialects/dialect.ts';
import { loadDialects } from '../../src/dialects/registry.ts';
import { type Row, rowsUnder } from './markdown-tables.ts';

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
const refusals = rowsUnder(page, 'Refusals');
const disconnects = rowsUnder(page, 'Disconnects');
const dialects = await loadDialects();
const CODES = Object.keys(DISCONNECTS) as readonly DisconnectCode[];

function codesOf(rows: readonly Row[]): (string | undefined)[] {
  return rows.map((row) => row.code?.replaceAll('`', ''));
}

function rowOf(rows: readonly Row[], code: string): Row {
  const row = rows.find((each) => each.code === `\`${code}\``);
  if (!row) throw new Error(`docs/errors.md has no row for ${code}`);
  return row;
}

function closeCodeOf(dialect: Dialect, code: DisconnectCode): number {
  const state = dialect.open({ now: () => 0, settings: DIALECT_SETTINGS });
  return dialect.farewell({ code }, { state, member: undefined, room: undefined }).code;
}

describe('refusals in docs/errors.md', () => {
  test('are those of the core, in its order', () => {
    expect(codesOf(refusals)).toEqual(Object.keys(REFUSALS));
  });

  test.each(Object.entries(REFUSALS))(
    '%s: the text is what a person reads, and both sides are explained',
    (code, text) => {
      const row = rowOf(refusals, code);
      expect(row['a person reads']).toBe(text);
      expect(row.when).toMatch(/\.$/);
      expect(row['a client should']).toMatch(/^[a-z]/);
    },
  );
});

describe('disconnects in docs/errors.md', () => {
  test('are those of the core, in its order', () => {
    expect(codesOf(disconnects)).toEqual(CODES);
  });

  test('have a column for each wire', () => {
    const wires = Object.keys(disconnects[0] ?? {}).flatMap((name) => /^`(.*)`$/.exec(name)?.[1] ?? []);
    expect(wires.sort()).toEqual(dialects.map(({ name }) => name).sort());
  });

  test.each(CODES)('%s: text, close codes and whether to come back are true', (code) => {
    const row = rowOf(disconnects, code);
    const { text, comeBack } = DISCONNECTS[code];
    expect(row).toMatchObject({ 'a person reads': text, 'come back': comeBack ? 'yes' : 'no' });
    expect(row.when).toMatch(/\.$/);
    for (const dialect of dialects) expect(row[`\`${dialect.name}\``]).toBe(String(closeCodeOf(dialect, code)));
  });
});
