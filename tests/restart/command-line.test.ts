import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { type Program, startProgram, temporaryFolder } from '../support/process.ts';

const FREE = ['--port', '0', '--host', '127.0.0.1'];
/** To the one there is no forbidding, and the other has no such rights on folders. */
/** Rights of a folder mean nothing to root, but not even root writes into the kernel's. */
const isRoot = process.getuid?.() === 0;

describe('a start', () => {
  test('prints one line when it is ready, and an invitation the first time', async () => {
    await using folder = await temporaryFolder();
    const first = startProgram([...FREE, '--data', join(folder.path, 'data')], { cwd: folder.path });
    const url = await first.url;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    const said = lines(first.stdout());
    expect(said).toHaveLength(2);
    expect(said[0]).toBe(`Parlour is listening on ${url}`);
    expect(said[1]).toMatch(new RegExp(`${url}/\\?invite=[\\w-]{20,}$`));

    const second = startProgram([...FREE, '--data', join(folder.path, 'data')], { cwd: folder.path });
    const secondUrl = await second.url;
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
    expect(second.stdout()).toBe(`Parlour is listening on ${secondUrl}\n`);
  });

  test('makes another invitation when asked', async () => {
    await using folder = await temporaryFolder();
    for (let round = 0; round < 2; round++) {
      const program = startProgram([...FREE, '--invite'], { cwd: folder.path });
      await program.url;
      program.child.kill('SIGTERM');
      await program.ended;
      expect(program.stdout()).toMatch(/\?invite=\S+\n$/);
    }
  });
});

describe('what cannot be done ends with one clear line and status 1:', () => {
  test.each([
    ['is none', (file: string) => writeFile(file, 'this is no database, and long enough to be looked at as one')],
    ['is damaged', damage],
    ['lost its second half', async (file: string) => truncate(file, (await readFile(file)).length / 2)],
    ['is a folder', replaceWithFolder],
  ] as const)('a database that %s', async (_what, spoil) => {
    await using folder = await temporaryFolder();
    const good = startProgram([...FREE, '--data', folder.path], { cwd: folder.path });
    await good.url;
    good.child.kill('SIGTERM');
    expect(await good.ended).toBe(0);
    await spoil(join(folder.path, 'parlour.db'));
    const program = startProgram([...FREE, '--data', folder.path], { cwd: folder.path });
    expect(await program.ended).toBe(1);
    expect(lines(program.stderr())).toEqual([expect.stringMatching(/^parlour: The database .* cannot be opened: .*$/)]);
  });

  test.skipIf(process.platform === 'win32')('a data folder in which nothing may be written', async () => {
    await using folder = await temporaryFolder();
    const data = isRoot ? '/sys' : join(folder.path, 'data');
    if (!isRoot) await mkdir(data, { mode: 0o555 });
    const program = startProgram([...FREE, '--data', data], { cwd: folder.path });
    expect(await program.ended).toBe(1);
    expect(lines(program.stderr())).toEqual([
      expect.stringMatching(
        /^parlour: The database .* cannot be opened: \w+: (permission denied|operation not permitted|read-only file system), .*$/,
      ),
    ]);
  });

  test.each(['file', 'file/below'])('a data folder that cannot be made: %s', async (name) => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'file'), '');
    const program = startProgram([...FREE, '--data', name], { cwd: folder.path });
    expect(await program.ended).toBe(1);
    const said = lines(program.stderr());
    expect(said).toEqual([
      expect.stringMatching(/^parlour: data: the folder .* cannot be made: a file is in its place$/),
    ]);
  });

  test('a data folder in use, which is free again when its holder was killed', async () => {
    await using folder = await temporaryFolder();
    const args = [...FREE, '--data', folder.path];
    const first = startProgram(args, { cwd: folder.path });
    await first.url;
    const second = startProgram(args, { cwd: folder.path });
    expect(await second.ended).toBe(1);
    expect(lines(second.stderr())).toEqual(['parlour: The data folder is in use: another Parlour runs on it.']);
    first.child.kill('SIGKILL');
    await first.ended;
    const third = startProgram(args, { cwd: folder.path });
    await third.url;
    third.child.kill('SIGTERM');
    expect(await third.ended).toBe(0);
  });

  test('a port in use', async () => {
    await using folder = await temporaryFolder();
    const first = startProgram([...FREE, '--data', join(folder.path, 'one')], { cwd: folder.path });
    const { port } = new URL(await first.url);
    const args = ['--port', port, '--host', '127.0.0.1', '--data', join(folder.path, 'two')];
    const second = startProgram(args, { cwd: folder.path });
    expect(await second.ended).toBe(1);
    expect(lines(second.stderr())).toEqual([`parlour: port ${port} is in use; choose another one with --port`]);
    expect(second.stdout()).toBe('');
    first.child.kill('SIGTERM');
    await first.ended;

    // The start that failed was not the first one: the next still invites.
    const third = startProgram([...FREE, '--data', join(folder.path, 'two')], { cwd: folder.path });
    await third.url;
    third.child.kill('SIGTERM');
    await third.ended;
    expect(third.stdout()).toContain('?invite=');
  });

  test.each([
    ['an unknown option', ['--colour', 'red'], /--colour/],
    ['a port that is none', ['--port', 'eighty'], /port/],
    ['a configuration that is not there', ['--config', 'missing.toml'], /missing\.toml/],
    ['a configuration that is a folder', ['--config', 'folder'], /folder/],
    ['a configuration that is not TOML', ['--config', 'broken.toml'], /broken\.toml/],
    ['a configuration with an unknown key', ['--config', 'unknown.toml'], /prot/],
    ['a certificate without its key', ['--tls-cert', 'cert.pem'], /key/],
    ['a certificate that is not there', ['--tls-cert', 'cert.pem', '--tls-key', 'key.pem'], /cert\.pem/],
  ])('%s', async (_what, args, about) => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, 'folder'));
    await writeFile(join(folder.path, 'broken.toml'), 'port = = 1');
    await writeFile(join(folder.path, 'unknown.toml'), 'prot = 8080');
    const program = startProgram([...args, ...(args.includes('--port') ? [] : FREE)], { cwd: folder.path });
    expect(await program.ended).toBe(1);
    expect(program.stdout()).toBe('');
    const said = lines(program.stderr());
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(about);
  });
});

// Windows has no signal to start the fault with.
test.skipIf(process.platform === 'win32')(
  'a fault that nobody handled is logged with its stack and ends nothing',
  async () => {
    await using folder = await temporaryFolder();
    const fault = "process.on('SIGUSR2',()=>{throw(new(Error)('of-our-own'))})";
    vi.stubEnv('NODE_OPTIONS', `--import=data:text/javascript,${encodeURIComponent(fault)}`);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const program = startProgram(FREE, { cwd: folder.path });
    const url = await program.url;
    program.child.kill('SIGUSR2');
    await saidOnStderr(program, 'of-our-own');
    const record = JSON.parse(lines(program.stderr()).find((line) => line.includes('of-our-own')) ?? '');
    expect(record).toMatchObject({
      level: 50,
      err: { message: 'of-our-own', stack: expect.stringMatching(/\n +at /) },
    });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    program.child.kill('SIGTERM');
    expect(await program.ended).toBe(0);
  },
);

test('--help and --version say so, and end well', async () => {
  const help = startProgram(['--help']);
  expect(await help.ended).toBe(0);
  for (const option of ['--port', '--host', '--data', '--config', '--tls-cert', '--tls-key', '--invite', '--version']) {
    expect(help.stdout()).toContain(option);
  }
  const version = startProgram(['--version']);
  expect(await version.ended).toBe(0);
  expect(version.stdout()).toBe(`${manifest.version}\n`);
});

function lines(text: string): string[] {
  return text.trimEnd().split('\n');
}

/** It is a database still by its first page's header, and nothing after it is what it was. */
async function damage(file: string): Promise<void> {
  const bytes = await readFile(file);
  await writeFile(file, bytes.fill(0xa5, 100));
}

async function replaceWithFolder(file: string): Promise<void> {
  await rm(file);
  await mkdir(file);
}

function saidOnStderr(program: Program, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (program.stderr().includes(text) && program.stderr().endsWith('\n')) resolve();
    };
    program.child.stderr?.on('data', look);
    void program.ended.then((status) => reject(new Error(`it ended with ${status}: ${program.stderr()}`)));
    look();
  });
}
