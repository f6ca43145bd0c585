import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { startProgram, temporaryFolder } from '../support/process.ts';

const FREE = ['--port', '0', '--host', '127.0.0.1'];

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
  test('a database that is none', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'parlour.db'), 'this is no database, and long enough to be looked at as one');
    const program = startProgram([...FREE, '--data', folder.path], { cwd: folder.path });
    expect(await program.ended).toBe(1);
    expect(lines(program.stderr())).toEqual([expect.stringMatching(/^parlour: The database .* cannot be opened: .*$/)]);
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
