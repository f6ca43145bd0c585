import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { historyAfter } from '../../src/dialects/parlour/client.ts';
import { startProgram, temporaryFolder } from '../support/process.ts';
import { LOBBY, Talker } from './support/talker.ts';

const LIMITS = '[limits]\nmessages_burst = 100000\nmessages_per_second = 100000\n';
const KILLS = 2;
/** Messages to each talker before each kill, and after the last. */
const ENOUGH = 40;

test('over several kills, those who talk on lose nothing, double nothing, and read it all', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'parlour.toml'), LIMITS);
  let program = startProgram(['--port', '0', '--host', '127.0.0.1'], { cwd: folder.path });
  const url = await program.url;
  const wsUrl = `${url.replace('http', 'ws')}/ws`;
  const talkers = ['ann', 'ben', 'cat'].map((name) => new Talker(wsUrl, { name }));
  for (const talker of talkers) talker.start();

  for (let kill = 1; kill <= KILLS; kill++) {
    await Promise.all(talkers.map((talker) => talker.moreThan(ENOUGH)));
    program.child.kill('SIGKILL');
    await program.ended;
    const highest = Math.max(...talkers.flatMap((talker) => talker.acknowledged).map(({ id }) => id));
    program = startProgram(['--port', new URL(url).port, '--host', '127.0.0.1'], { cwd: folder.path });
    await program.url;
    // The first answer may be to a message that was stored before the kill; the second is new.
    await Promise.all(talkers.map((talker) => talker.moreThan(1)));
    for (const { acknowledged } of talkers) expect(acknowledged.at(-1)?.id).toBeGreaterThan(highest);
  }
  await Promise.all(talkers.map((talker) => talker.moreThan(ENOUGH)));
  await Promise.all(talkers.map((talker) => talker.stop()));

  const [reader] = talkers;
  const history = reader ? await historyAfter(reader.guest.client, LOBBY, 0) : [];
  const ids = history.map((message) => message.id);
  expect(ids).toEqual([...new Set(ids)].sort((one, other) => one - other));
  for (const talker of talkers) {
    expect(talker.guest.welcomes.map((welcome) => welcome.recovered)).toEqual(Array(1 + KILLS).fill(false));
    const own = history.filter((message) => message.from === talker.name);
    expect(own.map(({ id, text }) => ({ id, text }))).toEqual(talker.acknowledged);
    // Gaps and all, each read each other to the end of what they themselves said last.
    const end = talker.acknowledged.at(-1)?.id ?? 0;
    const until = history.filter((message) => message.id <= end);
    expect(until.filter(({ id, text }) => talker.read.get(id) !== text)).toEqual([]);
  }
  for (const talker of talkers) talker.guest.close();
  program.child.kill('SIGTERM');
  expect(await program.ended).toBe(0);
}, 60_000);
