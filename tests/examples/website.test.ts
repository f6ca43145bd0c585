import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { API_KEY, SECRET, signToken, WebsiteRoom } from '../support/website.ts';

const FILE = fileURLToPath(new URL('../../examples/website/server.ts', import.meta.url));

/** The example, running. */
class Example implements AsyncDisposable {
  readonly url: string;
  readonly output: string[] = [];
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, url: string) {
    this.#process = process;
    this.url = url;
    process.stdout?.on('data', (chunk: Buffer) => this.output.push(String(chunk)));
  }

  static async start(env: Readonly<Record<string, string>>): Promise<Example> {
    const child = spawn(process.execPath, [FILE], { env: { ...env, PORT: '0' } });
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (chunk: Buffer) => resolve(/http:\S+/.exec(String(chunk))?.[0] ?? ''));
      child.once('exit', (code) => reject(new Error(`The example ended with ${code}.`)));
    });
    return new Example(child, url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill();
    await gone;
  }
}

test('the example signs somebody in, who enters the chat with its token', async () => {
  await using site = await WebsiteRoom.open({ tokens: { strict: true } });
  await using example = await Example.start({ CHAT_URL: site.url, JWT_SECRET: SECRET, API_KEY });
  const wrong = await fetch(`${example.url}/login`, { method: 'POST', body: new URLSearchParams({ name: 'alice' }) });
  expect(wrong.status).toBe(403);

  const form = new URLSearchParams({ name: 'alice', password: 'wonderland' });
  const login = await fetch(`${example.url}/login`, { method: 'POST', body: form, redirect: 'manual' });
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = await (await fetch(`${example.url}/`, { headers: { cookie } })).text();
  expect(page).toContain('nobody yet');
  const [, token = ''] = /name="jwt" value="([^"]+)"/.exec(page) ?? [];
  const [, action = ''] = /<form method="post" action="([^"]+)"/.exec(page) ?? [];

  const chat = await fetch(action, {
    method: 'POST',
    body: new URLSearchParams({ jwt: token }),
  });
  expect(chat.status).toBe(200);
  expect(await chat.text()).toContain(`<meta name="parlour-jwt" content="${token}">`);

  const alice = await site.room.enter('alice', { jwt: token });
  expect(alice.row('alice')).toMatchObject({ op: true, nickname: 'Alice', profileURL: '/users/alice' });
  expect(await (await fetch(`${example.url}/`, { headers: { cookie } })).text()).toContain('In the chat: alice.');
});

test('the example answers the chat', async () => {
  await using example = await Example.start({ CHAT_URL: 'http://localhost:1', JWT_SECRET: SECRET, API_KEY });
  await using site = await WebsiteRoom.open({
    webhooks: { report: `${example.url}/webhook`, profile: `${example.url}/webhook` },
  });
  const bob = await site.enter('bob');
  const told = bob.next({ action: 'error' });
  bob.send({ action: 'report', channel: 'lobby', username: 'mallory', reason: 'spam', message: 'x' });
  expect((await told).message).toContain('delivered');
  const JWTToken = await signToken({ sub: 'bob' });
  expect((await site.api('/api/profile', { JWTToken, Username: 'alice' })).body).toMatchObject({
    OK: true,
    Headline: 'Alice is one of us.',
  });
});

test('the example does not start without a secret', async () => {
  await expect(Example.start({})).rejects.toThrow('ended with 1');
});
