import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ConfigSchema } from '../../src/config/schema.ts';
import { loadDialects } from '../../src/dialects/registry.ts';
import { commandRates } from '../../src/hub/limits.ts';
import { prometheusMetrics } from '../../src/metrics/prometheus.ts';
import { type Row, rowsUnder } from './markdown-tables.ts';

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

/** The word in `code` that a row is about, and its other cells as they are. */
function entries(rows: readonly Row[], column: string): [string, Row][] {
  return rows.map((row) => [/^`([^`]+)`/.exec(row[column] ?? '')?.[1] ?? '', row]);
}

describe('docs/operations.md', () => {
  test('lists the limits with their defaults', () => {
    const said = entries(rowsUnder(page, 'Limits'), 'option').map(([name, row]) => [name, Number(row.default)]);
    const limits = Object.entries<object>(ConfigSchema.properties.limits.properties);
    expect(said).toEqual(limits.map(([name, schema]) => [name, 'default' in schema ? schema.default : undefined]));
  });

  test('lists the rates of commands', () => {
    const said = entries(rowsUnder(page, 'Rates'), 'requests').map(([kind, row]) => [
      kind,
      { burst: Number(row['at once']), perSecond: Number(row['per second']) },
    ]);
    const one = { burst: 1, perSecond: 1 };
    const { post: _, image: __, ...rates } = commandRates({ posts: one, images: one });
    expect(Object.fromEntries(said)).toEqual(rates);
  });

  test('lists the limits of each wire', async () => {
    const rows = entries(rowsUnder(page, 'Frames'), 'wire');
    const said = rows.map(([name, { wire: _, ...row }]) => [name, ...Object.values(row).map(Number)]);
    const dialects = await loadDialects();
    expect(said).toEqual(
      dialects.map(({ name, limits }) => [
        name,
        limits.frameBytes,
        limits.frameBytesBeforeEntry,
        limits.frames.burst,
        limits.frames.perSecond,
        limits.entryDeadlineMs / 1000,
      ]),
    );
  });

  test('lists the metrics', async () => {
    const metrics = prometheusMetrics();
    const text = await metrics.render();
    metrics.close();
    const names = [...text.matchAll(/^# TYPE (parlour_\S+)/gm)].map(([, name]) => name);
    const said = entries(rowsUnder(page, 'Metrics'), 'metric').map(([name]) => name);
    expect(said.sort()).toEqual(names.sort());
  });
});
