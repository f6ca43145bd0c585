import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findCycles, reachable } from './cycles.ts';
import { layerOf, objection } from './layers.ts';
import { importsOf, listFiles, type SourceFile, sourceFiles } from './source-files.ts';

const files = sourceFiles(['src/**/*.ts', 'web/src/**/*.{ts,tsx}']);
const graph = new Map(files.map(({ path, imports }) => [path, imports.flatMap(({ target }) => target ?? [])]));

describe('who may import whom', () => {
  test('every file has a layer', () => {
    expect(files.map(({ path }) => path).filter((path) => layerOf(path) === undefined)).toEqual([]);
  });

  test('every file imports only what its layer may', () => {
    expect(files.flatMap(objectionsTo)).toEqual([]);
  });

  test('imports name files that exist, with their extension', () => {
    const missing = files.flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => target !== undefined && !isFile(target))
        .map((item) => `${path}: ${item.specifier}`),
    );
    expect(missing).toEqual([]);
  });

  test('what is written for tests is imported by tests alone', () => {
    const forTests = /\/testing(\.ts|\/)|fixture|test-suite|\.test/;
    const users = files
      .filter(({ path }) => !forTests.test(path))
      .flatMap(({ path, imports }) =>
        imports.filter(({ target }) => target !== undefined && forTests.test(target)).map(() => path),
      )
      .filter((path) => !/^web\/src\/(media\/fake-peer|room\/fixtures)\.ts$/.test(path));
    expect(users).toEqual([]);
  });

  test('there is no import cycle', () => {
    expect(findCycles(graph)).toEqual([]);
  });

  test('what the web client is made of runs in a browser', () => {
    const web = [...graph.keys()].filter((path) => path.startsWith('web/') && layerOf(path)?.name === 'web');
    const bundled = reachable(graph, web);
    const server = files.filter(({ path }) => bundled.has(path)).flatMap(serverModulesOf);
    expect(server).toEqual([]);
  });

  test('only main.ts reads the command line', () => {
    const readers = files.filter(({ path, text }) => path.startsWith('src/') && /\bargv\b/.test(text));
    expect(
      readers
        .map(({ path }) => path)
        .filter((path) => !isTest(path) && !/test-child\.ts$/.test(path) && path !== 'src/main.ts'),
    ).toEqual([]);
  });
});

test('file names are in kebab-case', () => {
  const all = listFiles(['{src,web,tests,scripts,bench}/**/*.{ts,tsx,css,json,html,svg}', 'docs/**/*.{md,yaml}']);
  expect(all).toContain('src/core/room.ts');
  const named = all.filter((path) => !path.endsWith('/README.md'));
  expect(named.filter((path) => !path.split('/').every(isKebabCase))).toEqual([]);
});

describe('the rules hold against', () => {
  test.each([
    ['src/core/room.ts', "import { readFile } from 'node:fs';"],
    ['src/core/room.ts', "import type { Static } from 'typebox';"],
    ['src/core/room.ts', "import type { Dialect } from '../dialects/dialect.ts';"],
    ['src/core/room.test.ts', "import { Hub } from '../hub/hub.ts';"],
    ['src/dialects/barertc/encode.ts', "export * from '../parlour/wire.ts';"],
    ['src/dialects/barertc/encode.ts', "const x = await import('../../storage/port.ts');"],
    ['src/dialects/barertc/encode.ts', "type X = import('../../hub/session.ts').Session;"],
    ['src/dialects/barertc/decode.ts', "import { WebSocket } from 'ws';"],
    ['src/dialects/barertc/client.ts', "import type { Hub } from '../../hub/hub.ts';"],
    ['src/dialects/dialect.ts', "import type { Connection } from '../transport/connection.ts';"],
    ['src/hub/hub.ts', "import { dialects } from '../dialects/registry.ts';"],
    ['src/hub/hub.ts', "import { SqliteStorage } from '../storage/sqlite/storage.ts';"],
    ['src/hub/hub.ts', "import { listen } from '../transport/http.ts';"],
    ['src/storage/sqlite/storage.ts', "import '../memory/storage.ts';"],
    ['src/transport/http.ts', "import type { Hub } from '../hub/hub.ts';"],
    ['src/main.ts', "import { SqliteStorage } from './storage/sqlite/storage.ts';"],
    ['web/src/main.tsx', "import { parlour } from '../../src/dialects/parlour/encode.ts';"],
    ['web/src/main.tsx', "import type { Config } from '../../src/config/config.ts';"],
  ])('%s: %s', (path, text) => {
    expect(objectionsTo({ path, text, imports: importsOf(path, text) })).toHaveLength(1);
  });

  test.each([
    ['src/core/room.ts', "import type { Seq } from './ids.ts'; // import 'node:fs'"],
    ['src/dialects/barertc/encode.ts', "import sanitize from 'sanitize-html'; import './wire.ts';"],
    ['src/dialects/barertc/client.ts', "import { WebSocket } from 'ws'; import './wire.ts';"],
    ['src/dialects/barertc/client.test.ts', "import { createServer } from 'node:http';"],
    ['src/hub/hub.ts', "import type { Storage } from '../storage/port.ts'; import '../config/config.ts';"],
    ['src/hub/hub.test.ts', "import { memoryStorage } from '../storage/memory/storage.ts';"],
    ['src/server.ts', "import './storage/sqlite/storage.ts'; import './dialects/registry.ts';"],
    ['web/src/main.tsx', "import '../../src/dialects/parlour/client-connection.ts'; import './main.css';"],
  ])('but not against %s: %s', (path, text) => {
    expect(objectionsTo({ path, text, imports: importsOf(path, text) })).toEqual([]);
  });
});

function objectionsTo({ path, imports }: SourceFile): readonly string[] {
  const layer = layerOf(path);
  return layer === undefined ? [] : imports.flatMap((item) => objection(layer, path, item) ?? []);
}

function serverModulesOf({ path, imports }: SourceFile): readonly string[] {
  return imports
    .filter(({ specifier }) => isBuiltin(specifier) || specifier === 'ws')
    .map((item) => `${path}: ${item.specifier}`);
}

function isFile(path: string): boolean {
  return /\.[a-z]+$/.test(path) && existsSync(join(import.meta.dirname, '..', '..', path));
}

function isTest(path: string): boolean {
  return layerOf(path)?.name.startsWith('tests') === true;
}

/** `room.test.ts`, `vite-env.d.ts`, `0001-first.json`; not `Room.tsx`, not `room_state.ts`. */
function isKebabCase(name: string): boolean {
  return /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/.test(name);
}
