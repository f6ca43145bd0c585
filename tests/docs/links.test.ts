import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchorsOf, brokenLinks, linksIn, machinePathsIn, markdownFiles } from './markdown-links.ts';

const root = join(import.meta.dirname, '..', '..');
const files = markdownFiles(root);

describe('the pages of the repository', () => {
  test('are found', () => {
    expect(files).toEqual(expect.arrayContaining(['README.md', 'ARCHITECTURE.md', join('docs', 'README.md')]));
    expect(files).toContain(join('src', 'storage', 'README.md'));
    expect(files.filter((file) => file.includes('node_modules'))).toEqual([]);
  });

  test.each(files)('%s: links lead somewhere', (file) => {
    expect(brokenLinks(root, file)).toEqual([]);
  });

  test.each(files)('%s: names no path of its author’s machine', (file) => {
    expect(machinePathsIn(readFileSync(join(root, file), 'utf8'), root)).toEqual([]);
  });

  test('docs/README.md lists all of docs', () => {
    const index = linksIn(readFileSync(join(root, 'docs', 'README.md'), 'utf8'));
    const pages = files.filter((file) => /^docs[/\\][^/\\]+$/.test(file) && !file.endsWith('README.md'));
    expect(pages.map((file) => file.slice('docs/'.length)).filter((name) => !index.includes(name))).toEqual([]);
  });
});

describe('what is looked for', () => {
  const text = [
    '# A `code` & more: here!',
    '# Twice',
    '# Twice',
    '[here](#twice-1) [file](other.md) [anchor](other.md#there) ![image](gone.png) <https://example.org/>',
    '[no](#nowhere) [no](other.md#nowhere) [abs](/etc/x) [out](../x.md) [web](https://example.org/x#y)',
    '`[not a link](code.md)`',
  ].join('\n\n');
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'parlour-links-'));
    writeFileSync(join(folder, 'page.md'), text);
    writeFileSync(join(folder, 'other.md'), '## There');
    for (const name of ['node_modules', '.hidden', 'inner']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'x.md'), '');
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('headings become anchors', () => {
    expect([...anchorsOf(text)]).toEqual(['a-code--more-here', 'twice', 'twice-1']);
  });

  test('broken links are told, each with its fault', () => {
    expect(brokenLinks(folder, 'page.md')).toEqual([
      'page.md: gone.png is not there',
      'page.md: #nowhere has no such heading',
      'page.md: other.md#nowhere has no such heading',
      'page.md: /etc/x is not relative',
      'page.md: ../x.md leads out of the repository',
    ]);
  });

  test('files are those of all folders but a few', () => {
    expect(markdownFiles(folder).sort()).toEqual([join('inner', 'x.md'), 'other.md', 'page.md']);
  });

  test('paths of a machine are told from addresses and system folders', () => {
    const machine = `/${'home'}/ann/x`;
    expect(machinePathsIn(`see ${machine}, /etc/parlour, https://example.org/${'home'}/x, a/${'tmp'}/b`, root)).toEqual(
      [`${machine},`],
    );
    expect(machinePathsIn(`(${root}/docs)`, root)).toContain(root);
  });
});
