import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, describe as group, test } from 'vitest';
import { DefinitionEditor, type Edit } from './definition-editor.ts';
import { FieldProblem } from './fields.ts';
import { GroupFolder } from './group-folder.ts';
import { rawOf, withField } from './raw-definition.ts';
import { type Folder, type TestLog, temporaryFolder, testLog } from './testing/fixtures.ts';

let outer: Folder;
let root: string;
let log: TestLog;
let groups: GroupFolder;
let editor: DefinitionEditor;
beforeEach(() => {
  outer = temporaryFolder();
  root = join(outer.path, 'groups');
  log = testLog();
  groups = new GroupFolder({ folder: root, log });
  editor = new DefinitionEditor({ root, folder: groups, log });
});
afterEach(() => {
  groups.close();
  outer.remove();
});

const write = (name: string, content: object | string) => outer.write(`groups/${name}.json`, content);
const read = (name: string): unknown => JSON.parse(readFileSync(join(root, `${name}.json`), 'utf8'));
const always = { expects: () => true, isThere: () => true };
const saying =
  (description: string): Edit =>
  (before) =>
    withField(before ?? rawOf({}), 'description', description);
const change = (name: string, edit: Edit | 'remove') => editor.change(name, { ...always, edit });

group('a definition', () => {
  test('is made with the folders that lead to it, changed and removed, and holds at once', async () => {
    expect(await change('city/watch', saying('One'))).toEqual({ kind: 'done', isNew: true });
    expect(await groups.find('city/watch')).toMatchObject({ group: { description: { description: 'One' } } });
    expect(await change('city/watch', saying('Two'))).toEqual({ kind: 'done', isNew: false });
    expect(await groups.find('city/watch')).toMatchObject({ group: { description: { description: 'Two' } } });
    expect(readdirSync(join(root, 'city'))).toEqual(['watch.json']);
    expect(await change('city/watch', 'remove')).toEqual({ kind: 'done', isNew: false });
    expect(await groups.find('city/watch')).toEqual({ kind: 'absent' });
    expect(await change('city/watch', 'remove')).toEqual({ kind: 'absent' });
  });

  test('leaves no empty folders behind, and nothing else is removed with it', async () => {
    for (const name of ['city/watch/night', 'city/guild']) await change(name, saying('x'));
    await change('city/watch/night', 'remove');
    expect(readdirSync(join(root, 'city'))).toEqual(['guild.json']);
    mkdirSync(join(root, 'city', 'notes'));
    await change('city/guild', 'remove');
    expect(readdirSync(join(root, 'city'))).toEqual(['notes']);
  });

  test('is not made where there would be more folders than are looked through', async () => {
    for (let count = 0; count < 9_990; count += 1) mkdirSync(join(root, String(count)), { recursive: true });
    expect(await change('a/b/c', saying('x'))).toEqual({ kind: 'full' });
    expect(readdirSync(root)).not.toContain('a');
  });

  test('is made and removed next to others without anybody noticing', async () => {
    const names = Array.from({ length: 20 }, (_, count) => `city/watch/${count}`);
    const made = await Promise.all(
      names.map(async (name) => {
        const one = await change(name, saying('x'));
        await change(name, 'remove');
        return one.kind;
      }),
    );
    expect(new Set(made)).toEqual(new Set(['done']));
    expect(readdirSync(root)).toEqual([]);
  });

  test('is told to whoever listens', async () => {
    const heard: string[] = [];
    groups.onChanged((name) => heard.push(name));
    await change('watch', saying('One'));
    await change('watch', 'remove');
    expect(heard).toEqual(['watch', 'watch']);
  });

  test('is the one that is there in other letters', async () => {
    write('Watch', { public: true });
    await groups.look();
    expect(await change('watch', saying('x'))).toEqual({ kind: 'done', isNew: false });
    expect([readdirSync(root), read('Watch')]).toEqual([['Watch.json'], { public: true, description: 'x' }]);
  });

  test('keeps its mode; a new one is for its owner alone', async () => {
    write('old', {});
    chmodSync(join(root, 'old.json'), 0o644);
    await change('old', saying('x'));
    await change('new', saying('x'));
    expect(['old', 'new'].map((name) => statSync(join(root, `${name}.json`)).mode & 0o777)).toEqual([0o644, 0o600]);
  });

  test('is changed where a link within the folder leads to', async () => {
    write('real', { public: true });
    symlinkSync('real.json', join(root, 'alias.json'));
    await change('alias', saying('x'));
    expect(read('real')).toEqual({ public: true, description: 'x' });
  });

  test('is not written where it would be none, nor where there is nothing to change', async () => {
    write('watch', {});
    expect(await change('watch', () => rawOf({ public: 'yes' }))).toEqual({
      kind: 'malformed',
      problem: 'public: must be true or false',
    });
    expect(
      await change('watch', () => {
        throw new FieldProblem('', 'must be an object');
      }),
    ).toEqual({ kind: 'malformed', problem: 'it: must be an object' });
    expect(await change('watch', () => undefined)).toEqual({ kind: 'absent' });
    expect(read('watch')).toEqual({});
  });

  test('that is no JSON is not changed, but removed', async () => {
    write('watch', '{');
    expect(await change('watch', saying('x'))).toEqual({ kind: 'failed', problem: 'the file: is not JSON' });
    expect(await change('watch', 'remove')).toMatchObject({ kind: 'done' });
    expect(readdirSync(root)).toEqual([]);
  });

  test.each(['', '..', '../x', 'a/../b', '/a', 'a/', 'a\\b', '.hidden', 'a\u0000b', 'x'.repeat(300)])(
    'of the name %j is none',
    async (name) => {
      expect(await change(name, saying('x'))).toMatchObject({ kind: 'malformed' });
      expect(readdirSync(outer.path)).toEqual([]);
    },
  );

  test.skipIf(process.getuid?.() === 0)('that the disk does not take is said to be so, and logged', async () => {
    mkdirSync(root, { mode: 0o500 });
    expect(await change('watch', saying('x'))).toEqual({ kind: 'failed', problem: 'the group could not be written' });
    expect(log.lines).toEqual([expect.stringMatching(/^error a group could not be written .*watch.*EACCES/)]);
  });
});

group('outside of the folder', () => {
  beforeEach(() => {
    mkdirSync(join(outer.path, 'outside'));
    outer.write('outside/watch.json', { comment: 'outside' });
    mkdirSync(root);
    symlinkSync(join(outer.path, 'outside'), join(root, 'away'));
    symlinkSync(join(outer.path, 'outside', 'watch.json'), join(root, 'link.json'));
    symlinkSync(join(outer.path, 'nowhere.json'), join(root, 'dangling.json'));
  });

  test.each(['away/watch', 'away/new', 'away/deep/new', 'link', 'dangling'])(
    'nothing is written by %s',
    async (name) => {
      expect(await editor.read(name)).toBeUndefined();
      expect(await change(name, 'remove')).toEqual({ kind: 'absent' });
      expect(await change(name, saying('x'))).toEqual({ kind: 'taken' });
      expect(readdirSync(outer.path).sort()).toEqual(['groups', 'outside']);
      expect(readdirSync(join(outer.path, 'outside'))).toEqual(['watch.json']);
      expect(JSON.parse(readFileSync(join(outer.path, 'outside', 'watch.json'), 'utf8'))).toEqual({
        comment: 'outside',
      });
      expect(readdirSync(root).sort()).toEqual(['away', 'dangling.json', 'link.json']);
    },
  );

  test('a draft that leads there is not written through', async () => {
    write('zoo', {});
    symlinkSync(join(outer.path, 'outside', 'watch.json'), join(root, '.zoo.json.new'));
    await change('zoo', saying('x'));
    expect(JSON.parse(readFileSync(join(outer.path, 'outside', 'watch.json'), 'utf8'))).toEqual({ comment: 'outside' });
    expect(read('zoo')).toEqual({ description: 'x' });
  });
});

group('what is expected', () => {
  test('is asked of what is replaced, and of nothing where the part is not there', async () => {
    const asked: (string | undefined)[] = [];
    const ask = (isThere: boolean) =>
      editor.change('watch', {
        expects: (tag) => {
          asked.push(tag);
          return false;
        },
        isThere: () => isThere,
        edit: saying('x'),
      });
    expect(await ask(true)).toEqual({ kind: 'mismatch' });
    write('watch', {});
    await ask(true);
    await ask(false);
    expect(asked).toEqual([undefined, (await editor.read('watch'))?.tag, undefined]);
    expect(read('watch')).toEqual({});
  });

  test('many who change the same group do so one after the other, and no change is lost', async () => {
    write('watch', { users: {} });
    const names = Array.from({ length: 20 }, (_, index) => `u${index}`);
    const added = names.map((name) =>
      change(
        'watch',
        (before) => before && withField(before, 'users', { ...(before.get('users') as object), [name]: {} }),
      ),
    );
    expect(new Set((await Promise.all(added)).map(({ kind }) => kind))).toEqual(new Set(['done']));
    expect(Object.keys((read('watch') as { users: object }).users)).toEqual(names);
  });

  test('what an operator writes meanwhile is not overwritten: the change is made to that', async () => {
    write('watch', { public: true });
    let isFirst = true;
    const result = await change('watch', (before) => {
      if (isFirst) writeFileSync(join(root, 'watch.json'), '{"comment":"by hand"}');
      isFirst = false;
      return before && withField(before, 'description', 'x');
    });
    expect(result).toEqual({ kind: 'done', isNew: false });
    expect(read('watch')).toEqual({ comment: 'by hand', description: 'x' });
  });

  test('nor is it removed, where it is not what was expected any more', async () => {
    write('watch', { public: true });
    const { tag } = (await editor.read('watch')) ?? {};
    let isFirst = true;
    const expects = (now: string | undefined) => {
      const isExpected = now === tag;
      if (isFirst) write('watch', { comment: 'by hand' });
      isFirst = false;
      return isExpected;
    };
    expect(await editor.change('watch', { ...always, expects, edit: 'remove' })).toEqual({ kind: 'mismatch' });
    expect(read('watch')).toEqual({ comment: 'by hand' });
  });

  test('and who changes it again and again wins', async () => {
    write('watch', {});
    let count = 0;
    const result = await change('watch', (before) => {
      writeFileSync(join(root, 'watch.json'), JSON.stringify({ comment: 'x'.repeat(++count) }));
      return before;
    });
    expect(result).toEqual({ kind: 'mismatch' });
  });
});
