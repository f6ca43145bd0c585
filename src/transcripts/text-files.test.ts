import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { NO_TRANSCRIPTS } from './port.ts';
import { TextFiles, type TextFilesOptions } from './text-files.ts';

const at = Date.UTC(2024, 4, 6, 7, 8, 9, 10);
const TIME = '2024-05-06T07:08:09.010Z';
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function setUp(options: Partial<TextFilesOptions> = {}) {
  const parent = mkdtempSync(join(tmpdir(), 'transcripts-'));
  folders.push(parent);
  const folder = join(parent, 'logs');
  const logged: { readonly lines: number; readonly err?: unknown }[] = [];
  const files = new TextFiles({
    ...{ folder, channels: ['lobby'], usernames: ['Alice'], now: () => 0 },
    log: { error: (details) => logged.push(details as (typeof logged)[number]) },
    ...options,
  });
  return {
    files,
    parent,
    folder,
    logged,
    read: (...path: string[]) => readFileSync(join(folder, ...path), 'utf8'),
    list: () => readdirSync(parent, { recursive: true, encoding: 'utf8' }).sort(),
    say: (text: string, { channel = 'lobby', author = 'bob' } = {}) =>
      files.write({ kind: 'channel', channel, author, text, at }),
    tell: (author: string, recipient: string, text = 'psst') =>
      files.write({ kind: 'direct', author, recipient, text, at }),
  };
}

describe('what is written', () => {
  test('a line for each message of a channel', async () => {
    const { files, say, read, list } = setUp();
    say('hello');
    say('who else?', { author: 'carol d' });
    say('not here', { channel: 'vip' });
    await files.close();
    expect(read('lobby.txt')).toBe(`${TIME} [bob] hello\n${TIME} [carol d] who else?\n`);
    expect(list()).toEqual(['logs', join('logs', 'lobby.txt')]);
  });

  test('direct messages of those who are named, both sides', async () => {
    const { files, tell, read, list } = setUp();
    tell('alice', 'Bob', 'one');
    tell('bob', 'ALICE', 'two');
    tell('bob', 'carol', 'three');
    tell('alice', 'alice', 'four');
    await files.close();
    expect(read('@alice', 'bob.txt')).toBe(`${TIME} [alice] one\n${TIME} [bob] two\n`);
    expect(read('@alice', 'alice.txt')).toBe(`${TIME} [alice] four\n`);
    expect(list().filter((path) => path.endsWith('.txt'))).toHaveLength(2);
  });

  test('between two who are named, for each of them', async () => {
    const { files, tell, read } = setUp({ usernames: ['alice', 'bob'] });
    tell('alice', 'bob');
    await files.close();
    expect(read('@alice', 'bob.txt')).toBe(read('@bob', 'alice.txt'));
  });

  test('after what was there', async () => {
    const first = setUp();
    first.say('one');
    await first.files.close();
    const second = setUp({ folder: first.folder });
    second.say('two');
    await second.files.close();
    expect(first.read('lobby.txt')).toBe(`${TIME} [bob] one\n${TIME} [bob] two\n`);
  });

  test('in order, also while it is being written', async () => {
    const { files, say, read } = setUp();
    for (let number = 0; number < 500; number++) {
      say(`number ${number}`);
      if (number % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await files.close();
    expect(read('lobby.txt').match(/\d+$/gm)).toEqual(Array.from({ length: 500 }, (_, number) => String(number)));
  });

  test('for nobody else to read', async () => {
    const { files, tell, say, folder } = setUp();
    tell('alice', 'bob');
    say('hello');
    await files.close();
    const modes = ['', '@alice', 'lobby.txt', join('@alice', 'bob.txt')].map(
      (path) => statSync(join(folder, path)).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o700, 0o600, 0o600]);
  });
});

test('a message is one line', async () => {
  const { files, say, read } = setUp();
  say(`one\n${TIME} [alice] two\r\u2028\u2029\u0085\u001b[2J\0\u202eend\ud800`, { author: 'b\nob' });
  await files.close();
  expect(read('lobby.txt')).toBe(`${TIME} [b ob] one ${TIME} [alice] two     [2J  end\ufffd\n`);
});

test('names do not lead out of the folder', async () => {
  const { files, tell, say, list } = setUp({ channels: ['../up', '/etc/x'], usernames: ['..', '../../x', 'a\0b'] });
  const names = ['..', '.', '../../x', 'a\0b', '/', 'CON', 'x'.repeat(400), ''];
  for (const author of names) for (const recipient of names) tell(author, recipient);
  for (const channel of ['../up', '/etc/x']) say('x', { channel });
  await files.close();
  expect(list().filter((path) => !path.startsWith('logs'))).toEqual([]);
  // Two channels, and for each of the three a file per name.
  expect(list().filter((path) => path.endsWith('.txt'))).toHaveLength(2 + 3 * names.length);
});

test('a time that is none', async () => {
  const { files, read } = setUp();
  files.write({ kind: 'channel', channel: 'lobby', author: 'bob', text: 'x', at: Number.NaN });
  await files.close();
  expect(read('lobby.txt')).toBe('- [bob] x\n');
});

describe('a disk that does not take it', () => {
  test('a folder that cannot be made', async () => {
    const { files, say, folder, logged } = setUp();
    writeFileSync(folder, 'in the way');
    say('one');
    say('two');
    await files.close();
    expect(logged).toEqual([{ err: expect.objectContaining({ code: expect.any(String) }), folder, lines: 2 }]);
  });

  test('is logged once a minute, and what it takes is written', async () => {
    const clock = { now: 0 };
    const disk = { isFull: true };
    const written: string[] = [];
    const { files, say, logged } = setUp({
      now: () => clock.now,
      append: async (_, text) => {
        if (disk.isFull) throw new Error('ENOSPC');
        written.push(text);
      },
    });
    const sayAndWait = async (text: string) => {
      say(text);
      await new Promise((resolve) => setImmediate(resolve));
    };
    for (const text of ['1', '2', '3']) await sayAndWait(text);
    expect(logged.map(({ lines }) => lines)).toEqual([1]);
    clock.now = 60_000;
    await sayAndWait('4');
    expect(logged.map(({ lines }) => lines)).toEqual([1, 3]);
    await sayAndWait('5');
    disk.isFull = false;
    await sayAndWait('6');
    expect(written).toEqual([`${TIME} [bob] 6\n`]);
    await files.close();
    expect(logged.map(({ lines }) => lines)).toEqual([1, 3, 1]);
  });

  test('a slow one costs lines, not memory', async () => {
    const gate = Promise.withResolvers<void>();
    const disk = { characters: 0, open: 0, mostOpen: 0 };
    const { files, say, logged } = setUp({
      channels: Array.from({ length: 100 }, (_, number) => `channel-${number}`),
      append: async (_, text) => {
        disk.mostOpen = Math.max(disk.mostOpen, ++disk.open);
        await gate.promise;
        disk.open--;
        disk.characters += text.length;
      },
    });
    const text = 'x'.repeat(16_000);
    for (let number = 0; number < 1000; number++) say(text, { channel: `channel-${number % 100}` });
    const closed = files.close();
    gate.resolve();
    await closed;
    const line = `${TIME} [bob] ${text}\n`.length;
    const fit = Math.floor((4 * 1024 * 1024) / line);
    expect(disk).toEqual({ characters: fit * line, open: 0, mostOpen: 1 });
    expect(logged.reduce((sum, { lines }) => sum + lines, 0)).toBe(1000 - fit);
    expect(logged).toHaveLength(2);
  });

  test('one that hangs does not keep the server from stopping', async () => {
    const { files, say } = setUp({ append: () => new Promise(() => {}), closeMs: 1 });
    say('x');
    await files.close();
  });
});

test('after closing, nothing is written', async () => {
  const { files, say, list } = setUp();
  await files.close();
  say('x');
  await files.close();
  expect(list()).toEqual([]);
  NO_TRANSCRIPTS.write({ kind: 'channel', channel: 'lobby', author: 'bob', text: 'x', at });
  await NO_TRANSCRIPTS.close();
});
