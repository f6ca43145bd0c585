import { expect, test } from 'vitest';
import type { Dialect } from '../../../src/dialects/dialect.ts';
import { dialect as galene } from '../../../src/dialects/galene/index.ts';
import { describe as definition } from '../../../src/groups/testing/fixtures.ts';
import { NO_GROUPS } from '../../../src/hub/testing/settings.ts';
import { openStage, type Stage } from '../../../src/hub/testing/stage.ts';
import type { MemoryConnection } from '../../../src/transport/memory.ts';

/** `spec/galene.md` 4.2 `max-history-age`, on a clock of the test's own. */

const HOUR_MS = 3_600_000;

function open(more: object): Promise<Stage> {
  const description = definition({ 'wildcard-user': { password: { type: 'wildcard' } }, ...more });
  const permissions = new Set(['message'] as const);
  return openStage({
    dialects: [galene as Dialect],
    services: {
      groups: {
        ...NO_GROUPS,
        find: async (name) => (name === 'g' ? { name, definedBy: name, description } : undefined),
        admit: async (_group, { username = '' }) => ({ kind: 'admitted', username, permissions, ownsName: false }),
      },
    },
  });
}

async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition).toBe(true);
}

async function enter(stage: Stage, username: string): Promise<MemoryConnection> {
  const connection = stage.connect();
  connection.receive({ type: 'handshake', version: ['2'], id: username });
  connection.receive({ type: 'join', kind: 'join', group: 'g', username, password: '' });
  await until(() => connection.sent.some((text) => text.includes('"kind":"add"')));
  return connection;
}

async function shown(stage: Stage, username: string): Promise<readonly unknown[]> {
  const connection = await enter(stage, username);
  const lines = connection.take().filter(({ type }) => type === 'chathistory');
  connection.end({ code: 1000 });
  return lines.map(({ value }) => value);
}

async function say(connection: MemoryConnection, value: string): Promise<void> {
  connection.receive({ type: 'chat', value });
  await until(() => connection.sent.some((text) => text.includes(value)));
}

test('25. what is older than the definition says is not shown', async () => {
  const stage = await open({ 'max-history-age': 3600 });
  const ann = await enter(stage, 'ann');
  await say(ann, 'early');
  stage.clock.now += HOUR_MS / 2;
  await say(ann, 'late');
  expect(await shown(stage, 'ben')).toEqual(['early', 'late']);
  stage.clock.now += HOUR_MS / 2 + 1000;
  expect(await shown(stage, 'carl')).toEqual(['late']);
  stage.clock.now += HOUR_MS;
  expect(await shown(stage, 'dan')).toEqual([]);
  await stage.hub.close();
});

test('25. unless it says anything, that is four hours', async () => {
  const stage = await open({});
  const ann = await enter(stage, 'ann');
  await say(ann, 'early');
  stage.clock.now += 4 * HOUR_MS - 1000;
  expect(await shown(stage, 'ben')).toEqual(['early']);
  stage.clock.now += 2000;
  expect(await shown(stage, 'carl')).toEqual([]);
  await stage.hub.close();
});
