import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rowsUnder } from './markdown-tables.ts';

/** Types have no list at run time, so the source is asked. */
const events = readFileSync(new URL('../../src/core/event.ts', import.meta.url), 'utf8');
const TYPES = [...events.matchAll(/readonly type: '([a-z-]+)'/g)].map(([, type = '']) => type).sort();

function codes(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** Of each wire: what a client sends is called, and where its fixtures are. */
const WIRES = [
  { wire: 'camus', column: 'message', fixtures: ['seed.json', 'latest.json'] },
  { wire: 'rwci', column: 'packet', fixtures: ['seed.json', 'clients.json'] },
  { wire: 'galene', column: 'message', fixtures: ['document-of-2021.json', 'latest.json'] },
] as const;

describe.each(WIRES)('docs/$wire.md', ({ wire, column, fixtures }) => {
  const page = readFileSync(new URL(`../../docs/${wire}.md`, import.meta.url), 'utf8');

  test('names every event once', () => {
    expect(TYPES.length).toBeGreaterThan(30);
    const named = rowsUnder(page, 'From the server').flatMap((row) => codes(row.event));
    expect(named.sort()).toEqual(TYPES);
  });

  test('names what its clients send', () => {
    const sent = fixtures.flatMap((file) => {
      const url = new URL(`../../src/dialects/${wire}/fixtures/${file}`, import.meta.url);
      return (JSON.parse(readFileSync(url, 'utf8')) as { client: { type: string }[] }).client.map(({ type }) => type);
    });
    const rows = rowsUnder(page, 'From the client');
    const named = new Set(rows.flatMap((row) => codes(row[column])));
    // Calls are of types that mean nothing to the server.
    const passedOn = ['offer', 'answer', 'icecandidate'];
    expect([...new Set(sent)].filter((type) => !named.has(type) && !passedOn.includes(type))).toEqual([]);
  });
});
