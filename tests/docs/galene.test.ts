import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DIALECT_SETTINGS } from '../../src/dialects/contract-events.fixture.ts';
import { dialect } from '../../src/dialects/galene/index.ts';
import { GaleneState } from '../../src/dialects/galene/state.ts';
import { rowsUnder } from './markdown-tables.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/galene.md');
/** Types have no list at run time, so the sources are asked. */
const wire = read('src/dialects/galene/wire.ts');
const actions = read('src/dialects/galene/decode-actions.ts');
const dispatch = read('src/dialects/galene/decode.ts');

const fromClient = rowsUnder(page, 'From the client');
const fromServer = rowsUnder(page, 'From the server');

function codes(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** What the rows of one type name beside it. */
function kindsOf(type: string): string[] {
  return fromClient.flatMap(({ message }) => (codes(message)[0] === type ? codes(message).slice(1) : [])).sort();
}

describe('docs/galene.md', () => {
  test('names every type of message that is understood, and none that is not', () => {
    const cases = [...dispatch.matchAll(/^ {4}case '(\w+)':/gm)].map(([, type = '']) => type);
    expect(cases.length).toBeGreaterThan(15);
    const types = fromClient.flatMap(({ message }) => {
      const [first = '', ...others] = codes(message);
      return /action$|^join$/.test(first) ? [first] : [first, ...others];
    });
    expect([...new Set(types)].sort()).toEqual([...new Set(cases)].sort());
  });

  test('names every action', () => {
    const grants = [...actions.matchAll(/^ {2}(\w+): \{ permission/gm)].map(([, kind = '']) => kind);
    expect(kindsOf('useraction')).toEqual([...grants, 'kick', 'identify', 'setdata', 'setstatus'].sort());
    const [, group = ''] = actions.split('export function groupAction');
    const kinds = [...group.matchAll(/^ {4}case '(\w+)':/gm)].map(([, kind = '']) => kind);
    expect(kinds.length).toBeGreaterThan(8);
    expect(kindsOf('groupaction')).toEqual(kinds.sort());
  });

  test('names every type of message that is said', () => {
    const types = [...wire.matchAll(/^ {4}\| '(\w+)'/gm)].map(([, type = '']) => type);
    expect(types.length).toBeGreaterThan(12);
    const said = new Set([...fromServer, ...fromClient].flatMap((row) => Object.values(row).flatMap(codes)));
    expect(types.filter((type) => !said.has(type))).toEqual([]);
  });

  test.each([
    ['an unknown `type`', { type: 'dance' }, false],
    ['a `join` of an unknown `kind`', { type: 'join', kind: 'dance' }, false],
    ['`leave` while one is in no group', { type: 'join', kind: 'leave' }, false],
    ["a word of this wire's before", { type: 'join', kind: 'join' }, true],
  ])('says with which code %s ends a connection', (mistake, frame, isEarly) => {
    const state = new GaleneState({ now: () => 0, settings: DIALECT_SETTINGS });
    const viewer = { state, member: undefined, room: undefined };
    const decode = (message: object) => dialect.decode(state, { kind: 'text', text: JSON.stringify(message) }, viewer);
    if (!isEarly) decode({ type: 'handshake', version: ['2'], id: 'a' });
    expect(() => decode(frame)).toThrow();
    const row = rowsUnder(page, 'Mistakes').find((each) => each.mistake?.includes(mistake));
    expect(row?.code).toBe(String(dialect.farewell({ code: 'wire-broken' }, viewer).code));
  });
});
