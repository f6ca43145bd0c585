import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Jar, makeRoom } from '../../support/camus.ts';
import { startTestServer } from '../../support/server.ts';

/** A folder with files of these names, which say their own name. */
async function folderWith(...names: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parlour-front-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), `/* ${name} */`);
  }
  return folder;
}

const STYLES = ['static/css/app.css', 'static/css/icons.css'];

test.each([
  ['of today', '/room', 'static/dist/index.js'],
  ['of the document’s day', '/chat', 'static/dist/chat.js'],
])('the page that a front end %s needs, and its files', async (_when, prefix, script) => {
  const frontend = await folderWith(script, ...STYLES);
  await using server = await startTestServer({ settings: { camus: { frontend } } });
  const { name } = await makeRoom(server, { room_name: 'Tea & <Talk>' });
  const html = await (await new Jar(server).get(`${prefix}/${name}`)).text();
  expect(html).toMatch(/^<!doctype html>/);
  expect(html).toContain('<div id="react-root" class="react-root"></div>\n<script src="/');
  expect(html).toContain('Tea &#38; &#60;Talk&#62;');
  const asked = [...html.matchAll(/(?:href|src)="(\/(?:static|bootstrap)\/[^"]+)"/g)].map(([, path = '']) => path);
  expect(asked).toEqual(['/bootstrap/bootstrap.min.css', '/static/css/app.css', '/static/css/icons.css', `/${script}`]);
  for (const path of asked) expect((await fetch(`${server.url}${path}`)).status, path).toBe(200);
});

test('its files and those of a BareRTC front end are both there', async () => {
  const frontend = await folderWith('static/dist/index.js', ...STYLES);
  const bare = await folderWith('index.html', 'static/js/bare.js', 'assets/app.js');
  await using server = await startTestServer({
    settings: { camus: { frontend: join(frontend, 'static') }, barertc: { frontend: bare, path: '/bare' } },
  });
  for (const path of ['/static/dist/index.js', '/static/js/bare.js', '/assets/app.js', '/bare', '/']) {
    expect((await fetch(`${server.url}${path}`)).status, path).toBe(200);
  }
});

test('a folder that is none of a front end stops the start', async () => {
  const frontend = await folderWith('static/readme.txt');
  await expect(startTestServer({ settings: { camus: { frontend } } })).rejects.toThrow('camus.frontend');
});

test('camus.home puts the page on which rooms are made at "/"', async () => {
  await using server = await startTestServer({ settings: { camus: { home: true } } });
  const jar = new Jar(server);
  const html = await (await jar.get('/')).text();
  expect(html).toContain('id="create-room-form"');
  expect(html).toContain('action="/"');
  expect((await jar.get('/r/lobby')).status).toBe(200);
  const about = await jar.get('/about');
  expect([about.status, about.headers.get('location')]).toEqual([302, '/#about']);
});
