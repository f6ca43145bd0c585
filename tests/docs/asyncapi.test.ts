import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ASYNCAPI_FILE, asyncApiYaml } from '../../scripts/asyncapi.ts';
import { CLIENT_SUMMARIES, SERVER_SUMMARIES } from '../../scripts/asyncapi-summaries.ts';
import { ClientFrames, ServerFrames } from '../../src/dialects/parlour/wire.ts';

const sides = [
  { side: 'client', frames: ClientFrames, summaries: CLIENT_SUMMARIES },
  { side: 'server', frames: ServerFrames, summaries: SERVER_SUMMARIES },
] as const;

const committed = readFileSync(ASYNCAPI_FILE, 'utf8');
const page = readFileSync(new URL('../../docs/parlour-wire.md', import.meta.url), 'utf8');

interface Example {
  readonly side: string;
  readonly text: string;
}

function examples(): Example[] {
  return [...page.matchAll(/^```json(.*)\n([\s\S]*?)^```$/gm)].map(([, side = '', text = '']) => ({
    side: side.trim(),
    text,
  }));
}

/** Every `$ref` within a value. */
function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = '$ref' in value && typeof value.$ref === 'string' ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(refsIn)];
}

function lookUp(document: unknown, ref: string): unknown {
  return ref
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
}

describe('docs/parlour-wire.yaml', () => {
  test('is what the schemas of the wire say; else run `node scripts/asyncapi.ts`', () => {
    expect(committed).toBe(asyncApiYaml());
  });

  test('refers to nothing that is not there', () => {
    const document: unknown = parse(committed);
    const refs = refsIn(document);
    expect(refs.length).toBeGreaterThan(100);
    expect(refs.filter((ref) => lookUp(document, ref) === undefined)).toEqual([]);
  });

  test.each(sides)('describes each frame of the $side in one sentence', ({ side, frames, summaries }) => {
    expect(Object.keys(summaries).sort()).toEqual(Object.keys(frames).sort());
    for (const [type, summary] of Object.entries(summaries)) {
      expect(summary, type).toMatch(/^[A-Z].*[a-z]\.$/);
      expect(lookUp(parse(committed), `#/components/messages/${side}.${type}`)).toMatchObject({ name: type, summary });
    }
  });
});

describe('docs/parlour-wire.md', () => {
  test('has examples of both sides, and says of each which', () => {
    expect(new Set(examples().map(({ side }) => side))).toEqual(new Set(['client', 'server']));
    expect(examples().length).toBeGreaterThan(20);
  });

  test.each(examples())('example of the $side: $text', ({ side, text }) => {
    const example: { type: string } = JSON.parse(text);
    // The document itself, strictly: a misspelt field of an example is a mistake although clients would ignore it.
    const { components } = closed(parse(committed)) as { components: unknown };
    const ajv = new Ajv({ strict: false });
    const validate = ajv.compile({
      $ref: `#/components/messages/${side}.${example.type}/payload`,
      components,
    });
    expect(validate(example), ajv.errorsText(validate.errors)).toBe(true);
  });

  test.each(sides)('names each frame of the $side in its mapping', ({ side, frames }) => {
    const start = page.indexOf(side === 'client' ? "| client's frame |" : "| server's frame |");
    const [table = ''] = page.slice(start).split('\n\n');
    const rows = table.split('\n').slice(2);
    const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, type]) => type));
    expect(named.sort()).toEqual(Object.keys(frames).sort());
  });
});

/** The same schemas, with no fields but those they name. */
function closed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(closed);
  const entries = Object.entries(value).map(([key, each]) => [key, closed(each)]);
  const isObjectSchema = 'type' in value && value.type === 'object' && 'properties' in value;
  return Object.fromEntries(isObjectSchema ? [...entries, ['additionalProperties', false]] : entries);
}
