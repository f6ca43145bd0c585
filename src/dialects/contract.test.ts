import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeDialect } from './contract.test-suite.ts';
import { loadDialects } from './registry.ts';

const dialects = await loadDialects();

test('every folder is a wire', () => {
  const folders = readdirSync(new URL('.', import.meta.url), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(dialects.map((dialect) => dialect.name).sort()).toEqual(folders.map((folder) => folder.name).sort());
});

for (const dialect of dialects) {
  describeDialect({ dialect, folder: new URL(`./${dialect.name}/`, import.meta.url) }, dialects);
}
