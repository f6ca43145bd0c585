import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { historyAfter } from '../../src/dialects/parlour/client.ts';
import { startProgram, temporaryFolder } from '../support/process.ts';
import { LOBBY, Talker } from './support/talker.ts';

/** A connection on the native wire that does nothing by itself. */
async function enterByHand(wsUrl: string) {
  const socket = new WebSocket(wsUrl);
  const frames: { readonly type: string }[] = [];
  const entered = Promise.withResolvers<void>();
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as { readonly type: string };
    frames.push(frame);
    if (frame.type === 'room') entered.resolve();
  });
  const closed = once(socket, 'close').then(([code]) => code as number);
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'hello', version: 1, room: 'lobby', name: 'watcher' }));
  await entered.promise;
  return { frames, closed };
}

test('stopped in the midst of it, the server says goodbye, and keeps what it acknowledged', async () => {
  await using folder = await temporaryFolder();
  const first = startProgram(['--port', '0', '--host', '127.0.0.1'], { cwd: folder.path });
  const url = await first.url;
  const wsUrl = `${url.replace('http', 'ws')}/ws`;
  const talkers = ['ann', 'ben', 'cat'].map((name) => new Talker(wsUrl, { name }));
  const watcher = await enterByHand(wsUrl);
  for (const talker of talkers) talker.start();
  await Promise.all(talkers.map((talker) => talker.moreThan(5)));
  first.child.kill('SIGTERM');
  // Whoever cannot wait asks twice.
  first.child.kill('SIGINT');
  expect(await first.ended).toBe(0);
  expect(watcher.frames.at(-1)).toMatchObject({ type: 'bye', code: 'server-stopping', comeBack: true });
  expect(await watcher.closed).toBe(1012);

  const acknowledged = talkers.flatMap((talker) => talker.acknowledged);
  const second = startProgram(['--port', new URL(url).port, '--host', '127.0.0.1'], { cwd: folder.path });
  await second.url;
  await Promise.all(talkers.map((talker) => talker.moreThan(0)));
  await Promise.all(talkers.map((talker) => talker.stop()));
  const [reader] = talkers;
  const history = reader ? await historyAfter(reader.guest.client, LOBBY, 0) : [];
  const texts = new Map(history.map(({ id, text }) => [id, text]));
  expect(acknowledged.filter(({ id, text }) => texts.get(id) !== text)).toEqual([]);
  expect(new Set(texts.values()).size).toBe(history.length);
  for (const talker of talkers) talker.guest.close();
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
});
