import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, describe as group, test, vi } from 'vitest';
import { GroupFolder } from './group-folder.ts';
import { type Folder, type TestLog, temporaryFolder, testLog } from './testing/fixtures.ts';

let folder: Folder;
let log: TestLog;
let groups: GroupFolder;
beforeEach(() => {
  folder = temporaryFolder();
  log = testLog();
  groups = new GroupFolder({ folder: folder.path, log });
});
afterEach(() => {
  groups.close();
  folder.remove();
});

/** `name (of definedBy): displayName`, or what it is instead. */
async function find(name: string): Promise<string> {
  const found = await groups.find(name);
  if (found.kind !== 'group') return found.kind;
  const { definedBy, description } = found.group;
  return `${found.group.name} (of ${definedBy}): ${description.displayName}`;
}

group('a group', () => {
  test('is what its file says, at once', async () => {
    expect(await find('watch')).toBe('absent');
    folder.write('watch.json', { displayName: 'One' });
    expect(await find('watch')).toBe('watch (of watch): One');
    folder.write('watch.json', { displayName: 'Another' });
    expect(await find('watch')).toBe('watch (of watch): Another');
    rmSync(join(folder.path, 'watch.json'));
    expect(await find('watch')).toBe('absent');
  });

  test('may be below another, which need not be one', async () => {
    folder.write('city/watch.json', { displayName: 'Deep' });
    expect(await find('city/watch')).toBe('city/watch (of city/watch): Deep');
    expect(await find('city')).toBe('absent');
    expect(await find('city/guild')).toBe('absent');
  });

  test('is found in another case of letters, where none has exactly this name', async () => {
    folder.write('Watch.json', { displayName: 'Large' });
    folder.write('City/Guild.json', { displayName: 'Guild' });
    await groups.look();
    expect(await find('watch')).toBe('Watch (of Watch): Large');
    expect(await find('city/guild')).toBe('City/Guild (of City/Guild): Guild');
    folder.write('watch.json', { displayName: 'Small' });
    expect(await find('watch')).toBe('watch (of watch): Small');
    expect(await find('Watch')).toBe('Watch (of Watch): Large');
  });

  test('that is not valid is not available, which the log explains once', async () => {
    folder.write('watch.json', { pubic: true });
    folder.write('guild.json', {});
    await groups.look();
    expect([await find('watch'), await find('watch'), await find('guild')]).toEqual([
      'unavailable',
      'unavailable',
      'guild (of guild): ',
    ]);
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toMatch(/^error a group is not available .*watch\.json.*pubic: is not a known field/);
    folder.write('watch.json', { public: true });
    expect(await find('watch')).toBe('watch (of watch): ');
  });

  test('that has something to ignore is available, and the log says what', async () => {
    folder.write('watch.json', { codecs: ['theora'] });
    expect(await find('watch')).toBe('watch (of watch): ');
    expect(log.lines).toEqual([expect.stringMatching(/^warn .*watch\.json.*theora is no codec/)]);
  });

  test.skipIf(process.getuid?.() === 0)('whose file may not be read is not available until it may', async () => {
    folder.write('watch.json', {});
    folder.write('zoo.json', {});
    const file = join(folder.path, 'watch.json');
    chmodSync(file, 0);
    await groups.look();
    expect([await find('watch'), await find('zoo')]).toEqual(['unavailable', 'zoo (of zoo): ']);
    chmodSync(file, 0o600);
    expect(await find('watch')).toBe('watch (of watch): ');
  });

  test('that is a folder, or too large, is none', async () => {
    mkdirSync(join(folder.path, 'dir.json'));
    folder.write('large.json', ' '.repeat(5 * 1024 * 1024));
    expect([await find('dir'), await find('large')]).toEqual(['absent', 'unavailable']);
  });
});

group('nothing outside of the folder', () => {
  test.each(['../outside', 'a/../../outside', '/etc/passwd', '..', '.hidden', 'a/.hidden', 'a\\b', 'x\0', ''])(
    'is found as %j',
    async (name) => {
      folder.write('.hidden.json', {});
      folder.write('a/.hidden.json', {});
      expect(await find(name)).toBe('absent');
    },
  );

  test('is found by a link', async () => {
    const elsewhere = temporaryFolder();
    elsewhere.write('secret.json', { public: true });
    elsewhere.write('deep/secret.json', { public: true });
    symlinkSync(join(elsewhere.path, 'secret.json'), join(folder.path, 'link.json'));
    symlinkSync(join(elsewhere.path, 'deep'), join(folder.path, 'deep'));
    symlinkSync(folder.path, join(folder.path, 'circle'));
    symlinkSync(join(folder.path, 'nowhere'), join(folder.path, 'dangling.json'));
    await groups.look();
    expect([await find('link'), await find('deep/secret'), await find('dangling')]).toEqual(Array(3).fill('absent'));
    expect(groups.publicNames()).toEqual([]);
    elsewhere.remove();
  });

  test('is meant by a link within it, as mounted configurations are, nor by one that is the folder itself', async () => {
    folder.write('..data/watch.json', { public: true, displayName: 'Mounted' });
    symlinkSync('..data/watch.json', join(folder.path, 'watch.json'));
    const path = `${folder.path}-link`;
    symlinkSync(folder.path, path);
    const linked = new GroupFolder({ folder: path, log });
    await linked.look();
    expect(linked.publicNames()).toEqual(['watch']);
    expect(await linked.find('watch')).toMatchObject({ kind: 'group' });
    linked.close();
    rmSync(path);
  });
});

group('an automatic subgroup', () => {
  beforeEach(() => {
    folder.write('City.json', {
      'auto-subgroups': true,
      public: true,
      description: 'The city',
      displayName: 'City',
      'max-clients': 7,
    });
    folder.write('plain.json', {});
  });

  test('has all of the group above but what the public reads of it', async () => {
    const above = await groups.find('City');
    const below = await groups.find('City/watch/night');
    if (above.kind !== 'group' || below.kind !== 'group') throw new Error('there are none');
    const { description } = above.group;
    expect(below.group).toEqual({
      name: 'City/watch/night',
      definedBy: 'City',
      description: { ...description, isPublic: false, description: '' },
    });
  });

  test('is only where it is allowed, and one with a file is none', async () => {
    folder.write('City/plain.json', { displayName: 'Own' });
    expect(await find('plain/x')).toBe('absent');
    expect(await find('City/plain')).toBe('City/plain (of City/plain): Own');
    // The nearest file decides.
    expect(await find('City/plain/x')).toBe('absent');
  });

  test('is found in another case of what is above, keeps its own, and is not listed', async () => {
    await groups.look();
    expect(await find('city/watch')).toBe('City/watch (of City): City');
    expect(groups.publicNames()).toEqual(['City']);
  });

  test('of what is not valid is not available', async () => {
    folder.write('City.json', '{');
    expect(await find('City/watch')).toBe('unavailable');
  });
});

test('public groups are listed by name', async () => {
  for (const name of ['zoo', 'b/c', 'a', 'B']) folder.write(`${name}.json`, { public: true });
  folder.write('secret.json', {});
  folder.write('broken.json', '{');
  folder.write('notes.txt', 'x');
  await groups.look();
  expect(groups.publicNames()).toEqual(['B', 'a', 'b/c', 'zoo']);
});

group('changes', () => {
  const heard: string[] = [];
  beforeEach(async () => {
    heard.length = 0;
    folder.write('watch.json', {});
    folder.write('deep/guild.json', {});
    await groups.look();
    groups.onChanged((name) => heard.push(name));
  });

  test('are told by looking around: what is new, other or gone, and nothing else', async () => {
    await groups.look();
    expect(heard).toEqual([]);
    folder.write('watch.json', { public: true });
    folder.write('new.json', {});
    rmSync(join(folder.path, 'deep'), { recursive: true });
    await groups.look();
    expect([...new Set(heard)].sort()).toEqual(['deep/guild', 'new', 'watch']);
  });

  test('are told by who asks for the group', async () => {
    folder.write('watch.json', '{');
    await find('watch');
    expect(heard).toEqual(['watch']);
  });

  test('are none where the file is written again as it was', async () => {
    folder.write('watch.json', {});
    await groups.look();
    expect(heard).toEqual([]);
  });

  test('are told by the file system, also of a folder below', async () => {
    folder.write('deep/guild.json', { public: true });
    await vi.waitFor(() => expect(heard).toContain('deep/guild'), { timeout: 5000 });
    // As editors and Galène do it.
    writeFileSync(join(folder.path, '.draft'), '{"public": true}');
    renameSync(join(folder.path, '.draft'), join(folder.path, 'watch.json'));
    await vi.waitFor(() => expect(groups.publicNames()).toEqual(['deep/guild', 'watch']), { timeout: 5000 });
    expect(heard).toContain('watch');
  });

  test('are not told to who does not listen any more', async () => {
    const more: string[] = [];
    const stop = groups.onChanged((name) => more.push(name));
    stop();
    folder.write('watch.json', { public: true });
    await groups.look();
    expect([heard, more]).toEqual([['watch'], []]);
    groups.close();
    folder.write('watch.json', { public: false });
    await groups.look();
    expect(heard).toEqual(['watch']);
  });
});

test('a folder that is not there has no groups, is logged once, and may come', async () => {
  const path = join(folder.path, 'later');
  const later = new GroupFolder({ folder: path, log });
  for (let count = 0; count < 3; count++) await later.look();
  expect([await later.find('watch'), later.publicNames()]).toEqual([{ kind: 'absent' }, []]);
  expect(log.lines).toEqual([expect.stringContaining('cannot be read')]);
  folder.write('later/watch.json', { public: true });
  await later.look();
  expect(later.publicNames()).toEqual(['watch']);
  later.close();
});

test('many groups are looked at in a reasonable time', async () => {
  for (let index = 0; index < 1000; index++) folder.write(`g${index}.json`, { public: true });
  const begun = performance.now();
  await groups.look();
  expect(groups.publicNames()).toHaveLength(1000);
  await groups.look();
  expect(performance.now() - begun).toBeLessThan(10_000);
});
