import { copyFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { generate } from 'selfsigned';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startProgram, temporaryFolder } from '../support/process.ts';

async function certificate(
  folder: string,
  name = 'localhost',
): Promise<{ readonly cert: string; readonly key: string; readonly ca: string }> {
  const pems = await generate([{ name: 'commonName', value: name }], { keySize: 2048 });
  const files = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  await writeFile(files.cert, pems.cert);
  await writeFile(files.key, pems.private);
  return { ...files, ca: pems.cert };
}

const FREE = ['--port', '0', '--host', '127.0.0.1'];

test('with a certificate, pages and wires are encrypted', async () => {
  await using folder = await temporaryFolder();
  const { cert, key, ca } = await certificate(folder.path);
  const program = startProgram([...FREE, '--tls-cert', cert, '--tls-key', key], { cwd: folder.path });
  const url = await program.url;
  expect(url).toMatch(/^https:/);
  // Who it is, is in its name; the address is that of this machine.
  const trust = { ca, servername: 'localhost' };
  const status = await new Promise((resolve, reject) => {
    request(`${url}/healthz`, trust, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
  expect(status).toBe(200);
  const socket = new WebSocket(`${url.replace('https', 'wss')}/ws`, [], trust);
  const me = new Promise((resolve, reject) => {
    socket.on('message', (data) => resolve(JSON.parse(String(data))));
    socket.on('error', reject);
  });
  socket.on('open', () => socket.send(JSON.stringify({ action: 'login', username: 'alice', jwt: '' })));
  expect(await me).toMatchObject({ action: 'me', username: 'alice' });
  socket.terminate();
  await expect(fetch(url.replace('https', 'http'))).rejects.toThrow();
  program.child.kill('SIGTERM');
  expect(await program.ended).toBe(0);
});

/** By whom the server says it was certified. */
function issuerAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().issuer.CN));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

test('a new certificate is used from then on, and one that cannot be is not', async () => {
  await using folder = await temporaryFolder();
  const { cert, key } = await certificate(folder.path, 'first');
  const second = await certificate(folder.path, 'second');
  const program = startProgram([...FREE, '--tls-cert', cert, '--tls-key', key], { cwd: folder.path });
  const port = Number(new URL(await program.url).port);
  expect(await issuerAt(port)).toBe('first');
  await copyFile(second.key, key);
  await expect.poll(() => program.stdout() + program.stderr(), { timeout: 30_000 }).toContain('of before stays');
  expect(await issuerAt(port)).toBe('first');
  await copyFile(second.cert, cert);
  await expect.poll(() => issuerAt(port), { timeout: 30_000 }).toBe('second');
  program.child.kill('SIGTERM');
  expect(await program.ended).toBe(0);
}, 90_000);

test.each([
  ['a key of another certificate', 'one.crt', 'other.key'],
  ['a certificate and a key that are no PEM', 'text', 'text'],
  ['a certificate with a line cut short', 'damaged', 'one.key'],
  ['a key that is no PEM', 'one.crt', 'text'],
  ['a certificate in place of the key', 'one.crt', 'one.crt'],
  ['a certificate that is not there', 'missing.crt', 'one.key'],
])('%s stops the start with one line', async (_what, cert, key) => {
  await using folder = await temporaryFolder();
  const one = await certificate(folder.path, 'one');
  await certificate(folder.path, 'other');
  await writeFile(join(folder.path, 'text'), 'no certificate');
  await writeFile(join(folder.path, 'damaged'), one.ca.replace(/.{40}(\r?\n)/, '$1'));
  const program = startProgram([...FREE, '--tls-cert', cert, '--tls-key', key], { cwd: folder.path });
  expect(await program.ended).toBe(1);
  expect(program.stderr()).toMatch(/^parlour: tls: .* cannot be used: .*\n$/);
});
