import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startCoturn } from '../support/coturn.ts';
import { startProgram, temporaryFolder } from '../support/process.ts';
import type { TestSettings } from '../support/server.ts';
import { startTestServer } from '../support/server.ts';

interface Examined {
  readonly status: unknown;
  /** What was found, each with its advice. */
  readonly said: string;
}

/** As somebody runs it, in a folder of their own. */
async function examined(settings: TestSettings | string, args: readonly string[] = []): Promise<Examined> {
  await using folder = await temporaryFolder();
  const text = typeof settings === 'string' ? settings : stringify(settings);
  await writeFile(join(folder.path, 'parlour.toml'), text);
  const program = startProgram(['--doctor', '--port', '0', '--host', '127.0.0.1', ...args], { cwd: folder.path });
  const status = await program.ended;
  expect(program.stderr()).toBe('');
  return { status, said: program.stdout() };
}

describe('--doctor', () => {
  test('finds nothing that must be mended in an installation as it comes', async () => {
    const { status, said } = await examined({});
    expect(status).toBe(0);
    expect(said).toMatch(/^ok {3}the configuration can be read/);
    expect(said).toMatch(/^ok {3}the process that forwards streams starts$/m);
    expect(said).toMatch(/^warn no STUN or TURN server is set.*\n {5}Set up a TURN server/m);
    expect(said).not.toMatch(/^FAIL/m);
  });

  test('says in one line what makes no sense in the configuration, and status 1', async () => {
    const { status, said } = await examined('prot = 8080');
    expect(status).toBe(1);
    expect(said).toMatch(/^FAIL .*prot.*\n {5}\S/);
  });

  test('tries TURN servers in all ways, as browsers do, and says no secret', async () => {
    await using coturn = await startCoturn();
    const server = `${coturn.address}:${coturn.port}`;
    const { status, said } = await examined({
      ice: { urls: [`stun:${server}`, `turn:${server}`, `turn:${server}?transport=tcp`], turn_secret: coturn.secret },
    });
    expect(said).toMatch(
      new RegExp(`^ok {3}STUN ${server} over UDP answers, and sees this machine as ${coturn.address}$`, 'm'),
    );
    for (const way of ['UDP', 'TCP']) {
      expect(said).toMatch(new RegExp(`^ok {3}TURN ${server} over ${way} lets us in, with a login that is good`, 'm'));
      expect(said).toMatch(
        new RegExp(`^ok {3}TURN ${server} over ${way} relays to this machine \\(${coturn.address}`, 'm'),
      );
      expect(said).toMatch(new RegExp(`^ok {3}TURN ${server} over ${way} relays into no private network$`, 'm'));
    }
    expect(said).toMatch(/^ok {3}networks without UDP are served/m);
    expect(said).not.toContain(coturn.secret);
    expect(status).toBe(0);
  });

  test('names the open doors of a TURN server that is not minded, and what it refuses us', async () => {
    await using coturn = await startCoturn({
      without: /^(denied-peer-ip|no-multicast)/,
      lines: ['allow-loopback-peers'],
    });
    const server = `${coturn.address}:${coturn.port}`;
    const urls = [`turn:${server}`];
    const open = await examined({ ice: { urls, turn_secret: coturn.secret } });
    expect(open.said).toMatch(
      /^warn TURN .* would relay to private addresses \(127\.0\.0\.1, 169\.254\.169\.254, .*\n {5}.*denied-peer-ip/m,
    );
    const wrong = randomBytes(8).toString('hex');
    const refused = await examined({ ice: { urls, turn_secret: wrong } });
    expect(refused.status).toBe(1);
    expect(refused.said).toMatch(/^FAIL TURN .* refuses: 401.*\n {5}.*static-auth-secret/m);
    expect(refused.said).not.toContain(wrong);
  });

  test('says of one that does not relay to us what to write into its configuration', async () => {
    await using coturn = await startCoturn({
      lines: [`denied-peer-ip=${'0.0.0.0-255.255.255.255'}`],
      isOwnAllowed: false,
    });
    const { status, said } = await examined({
      ice: { urls: [`turn:${coturn.address}:${coturn.port}`], turn_secret: coturn.secret },
    });
    expect(status).toBe(1);
    expect(said).toMatch(new RegExp(`^FAIL .*own address.*\\n {5}.*allowed-peer-ip=${coturn.address}`, 'm'));
  });

  test('says that nobody answers, and where to look', async () => {
    const silent = createSocket('udp4').bind(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await once(silent, 'listening');
    const { port } = silent.address();
    const { status, said } = await examined({ ice: { urls: [`stun:127.0.0.1:${port}`] } });
    expect(status).toBe(1);
    expect(said).toMatch(
      new RegExp(
        `^FAIL STUN 127.0.0.1:${port} over UDP cannot be used: nothing answers.*\\n {5}.*port ${port} open`,
        'm',
      ),
    );
  });

  test('names all ports that a router has to pass on', async () => {
    const { said } = await examined({ media: { workers: 2, addresses: ['93.184.216.34'] } });
    expect(said).toMatch(
      /^FAIL .*addresses is set and port is not.*\n {5}.*port = 20000, .*UDP ports 20000 to 20003 on/m,
    );
  });

  test('reads Galène’s folders, and says no token', async () => {
    await using folder = await temporaryFolder();
    const at = (...parts: string[]) => join(folder.path, ...parts);
    for (const path of [['groups'], ['data', 'var']]) await mkdir(at(...path), { recursive: true });
    await writeFile(at('groups', 'good.json'), '{}');
    await writeFile(at('groups', 'bad.json'), '{"op": 7}');
    await writeFile(at('data', 'config.json'), '{');
    await writeFile(at('data', 'var', 'tokens.jsonl'), '{"token": "very-secret"\n');
    const { status, said } = await examined({ galene: { groups: at('groups'), data: at('data') } });
    expect(status).toBe(1);
    expect(said).toMatch(/^ok {3}groups: one definition can be read$/m);
    expect(said).toMatch(/^FAIL bad\.json: op/m);
    expect(said).toMatch(/^FAIL config\.json: .*JSON/m);
    expect(said).toMatch(/^warn var\/tokens\.jsonl: no tokens in 1 lines, the first of them line 1/m);
    expect(said).not.toContain('very-secret');
  });
});

describe('--doctor, of what Parlour writes for Galène,', () => {
  /** With a `config.json`; the rest is the test's. */
  async function installation(config: object) {
    const folder = await temporaryFolder();
    onTestFinished(() => folder[Symbol.asyncDispose]());
    const [groups, data] = [join(folder.path, 'groups'), join(folder.path, 'data')];
    for (const path of [groups, data]) await mkdir(path);
    await writeFile(join(data, 'config.json'), JSON.stringify(config));
    return { groups, data };
  }

  test('looks at groups where they may be managed, and at the place of tokens', async () => {
    const galene = await installation({ writableGroups: true });
    const { status, said } = await examined({ galene });
    expect(said).toMatch(new RegExp(`^ok {3}the folder of groups ${galene.groups} can be written to`, 'm'));
    expect(said).toMatch(new RegExp(`^ok {3}the folder of tokens ${galene.data} can be written to`, 'm'));
    expect(status).toBe(0);
  });

  test('asks no right to write groups that nobody manages; tokens there may always be', async () => {
    const galene = await installation({});
    await writeFile(join(galene.data, 'var'), '');
    const { status, said } = await examined({ galene });
    expect(said).not.toContain('the folder of groups');
    expect(said).toMatch(/^FAIL the folder of tokens .*var cannot be written to: a file is in its place\n {5}\S/m);
    expect(status).toBe(1);
  });

  test.skipIf(process.getuid?.() === 0)('says so where the user may not write', async () => {
    const galene = await installation({ writableGroups: true });
    for (const path of [galene.groups, galene.data]) await chmod(path, 0o500);
    const { said } = await examined({ galene });
    expect(said).toMatch(/^FAIL the folder of groups .* cannot be written to: EACCES/m);
    expect(said).toMatch(/^FAIL the folder of tokens .* cannot be written to: EACCES/m);
  });
});

describe('--doctor, of a server that runs,', () => {
  test('comes to it by its public address, and names a proxy that hides Host', async () => {
    await using server = await startTestServer();
    const inner = new URL(server.url);
    const proxy = createServer((asked, answer) => {
      const headers = { ...asked.headers, host: inner.host };
      const passed = request({ ...place(inner), path: asked.url, method: asked.method, headers }, (come) => {
        answer.writeHead(come.statusCode ?? 502, come.headers);
        come.pipe(answer);
      });
      asked.pipe(passed);
    });
    proxy.on('upgrade', (asked, socket) => {
      const headers = { ...asked.headers, host: inner.host };
      const passed = request({ ...place(inner), path: asked.url, headers });
      passed.on('upgrade', (come, other) => {
        const lines = Object.entries(come.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
        socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`);
        other.pipe(socket).pipe(other);
        for (const end of [other, socket]) end.on('error', () => {});
      });
      passed.on('response', (come) => socket.end(`HTTP/1.1 ${come.statusCode} No\r\n\r\n`));
      passed.end();
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    const { port } = proxy.address() as AddressInfo;
    const { said } = await examined({ public_url: `http://localhost:${port}` }, ['--port', inner.port]);
    expect(said).toMatch(new RegExp(`^ok {3}Parlour is running, on TCP port ${inner.port}$`, 'm'));
    expect(said).toMatch(/^warn the proxy does not pass Host on/m);
    expect(said).toMatch(/^warn .*\/metrics is open to everybody/m);

    const direct = await examined({ public_url: `http://localhost:${inner.port}` }, ['--port', inner.port]);
    expect(direct.said).toMatch(/^ok {3}http:\/\/localhost:\d+ leads to Parlour$/m);
    expect(direct.said).toMatch(/^ok {3}WebSockets come through$/m);
    expect(direct.said).toMatch(/^ok {3}the proxy passes Host on/m);
  });

  test('is told from another program at the port', async () => {
    const other = createServer((_asked, answer) => answer.end('hello'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const { status, said } = await examined({}, ['--port', String(port)]);
    expect(status).toBe(1);
    expect(said).toMatch(new RegExp(`^FAIL another program listens on TCP port ${port}$`, 'm'));
  });
});

function place({ hostname, port }: URL): { readonly hostname: string; readonly port: string } {
  return { hostname, port };
}
