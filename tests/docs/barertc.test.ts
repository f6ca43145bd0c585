import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { helpMarkdown, parseSlash } from '../../src/dialects/barertc/slash.ts';
import { ACTIONS } from '../../src/dialects/barertc/wire.ts';
import { rowsUnder } from './markdown-tables.ts';

const page = readFileSync(new URL('../../docs/barertc.md', import.meta.url), 'utf8');
/** Types have no list at run time, so the source is asked. */
const events = readFileSync(new URL('../../src/core/event.ts', import.meta.url), 'utf8');

const fromClient = rowsUnder(page, 'From the client');
const fromServer = rowsUnder(page, 'From the server');
const commands = rowsUnder(page, "Operators' commands");

/** What a cell names in `code`. */
function codes(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

describe('docs/barertc.md', () => {
  test('names every action, and none that is not', () => {
    const said = fromServer.flatMap((row) => codes(row.action));
    const heard = fromClient.flatMap((row) => codes(row.action)).filter((code) => !/^(msgID|typing)$/.test(code));
    // These are no event's: keep-alive and goodbye are told below the table.
    const beside = ['ping', 'disconnect'];
    expect([...new Set([...said, ...heard, ...beside])].sort()).toEqual([...Object.values(ACTIONS)].sort());
  });

  test('names every event once', () => {
    const types = [...events.matchAll(/readonly type: '([a-z-]+)'/g)].map(([, type]) => type);
    expect(types.length).toBeGreaterThan(20);
    expect(fromServer.flatMap((row) => codes(row.event)).sort()).toEqual(types.sort());
  });

  test('names every command of operators, and none that is not', () => {
    const named = commands.flatMap((row) => codes(row.command)).map((usage) => usage.split(' ')[0] ?? '');
    const helped = codes(helpMarkdown('all')).filter((code) => code.startsWith('/'));
    expect(named).toEqual(expect.arrayContaining(helped.map((usage) => usage.split(' ')[0])));
    expect(named.filter((word) => parseSlash(`${word} somebody`) === undefined)).toEqual([]);
  });
});
