import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Camus, makeRoom } from '../../support/camus.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let folder: string;
let server: TestServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlour-transcripts-'));
  server = await startTestServer({
    settings: {
      moderation: {
        filters: [
          { phrases: ['cabbage'], censor: true, forward: true },
          { phrases: ['turnip'], censor: false, forward: false, response: 'No vegetables.' },
        ],
      },
      transcripts: { folder, usernames: ['Ann'] },
    },
  });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

describe('Camus: texts to one client', () => {
  test('go through the filters, and into the transcripts, as direct messages of other wires do', async () => {
    const { name } = await makeRoom(server);
    const a = await Camus.enter(server, name, { name: 'Ann' });
    const b = await Camus.enter(server, name, { name: 'Bill' });
    await a.until(() => a.names.includes('Bill'));
    a.send(b.id, 'text', { text: 'a cabbage a day' });
    await b.until(() => b.texts.length === 1);
    a.send(b.id, 'text', { text: 'or a turnip' });
    await a.until(() => a.texts.some(({ from, text }) => from === 'Server' && text.includes('No vegetables.')));
    a.send(b.id, 'text', { text: 'x'.repeat(16_001) });
    await a.until(() => a.texts.some(({ text }) => text.includes('At most 16000 characters')));
    a.send(b.id, 'text', { text: 'bye' });
    await b.until(() => b.texts.length === 2);
    expect(b.texts.map(({ from, text }) => [from, text])).toEqual([
      ['Ann', 'a ******* a day'],
      ['Ann', 'bye'],
    ]);
    const transcript = () => readFile(join(folder, '@ann', 'bill.txt'), 'utf8').catch(() => '');
    await expect.poll(transcript, { timeout: 10_000 }).toMatch(/a \*{7} a day\n.*bye\n$/);
    expect(await transcript()).not.toContain('turnip');
    for (const one of [a, b]) await one.bye();
  });
});
