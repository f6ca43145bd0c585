import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { enterBy, enterParlour, WIRES } from './support/people.ts';

/** Channels that operators make and delete are known at once on every wire that can say it. */

let server: TestServer;
let operator: Awaited<ReturnType<typeof enterParlour>>;

beforeAll(async () => {
  server = await startTestServer();
  operator = await enterParlour(server, 'Olga', { invitation: server.invitationToken });
});
afterAll(async () => {
  await operator.leave();
  await server.close();
});

test.each(WIRES)('somebody on the wire of %s', async (wire) => {
  const { client } = operator.guest;
  const ann = await enterBy[wire](server, `ann of ${wire}`);
  const { detail: id = '' } = await client.ask({ type: 'create-channel', name: `Night of ${wire}` });
  expect(id).toBe(`night-of-${wire}`);
  operator.say('good night', id);
  const said = await ann.until((noticed) => noticed.what === 'said' && noticed.text.includes('good night'));
  const hasChannels = wire !== 'camus' && wire !== 'galene';
  if (!hasChannels) expect(said).toMatchObject({ text: `#${id}: good night` });
  else expect(said).toMatchObject({ channel: id });
  if (wire === 'barertc') {
    await ann.until((noticed) => noticed.what === 'told' && noticed.text.includes(`&#34;Night of ${wire}&#34;`));
  }
  if (hasChannels) {
    ann.say('to you as well', id);
    await operator.until((noticed) => noticed.what === 'said' && noticed.text === 'to you as well');
  }
  await client.ask({ type: 'delete-channel', id });
  await expect(client.ask({ type: 'history', target: { channel: id } })).rejects.toThrow('no such channel');
  if (wire === 'barertc') await ann.until((noticed) => noticed.what === 'told' && noticed.text.includes('was deleted'));
  await ann.leave();
});

test('channels outlive a restart, and what was said in deleted ones is gone', async () => {
  const { client } = operator.guest;
  await client.ask({ type: 'create-channel', name: 'Lasting' });
  await client.ask({ type: 'create-channel', name: 'Passing' });
  operator.say('for a while', 'passing');
  await operator.until((noticed) => noticed.what === 'said' && noticed.text === 'for a while');
  await client.ask({ type: 'delete-channel', id: 'passing' });
  await client.ask({ type: 'create-channel', name: 'Passing' });
  await expect
    .poll(async () => (await client.ask({ type: 'history', target: { channel: 'passing' } })).messages)
    .toEqual([]);
  await server.restart();
  const ann = await enterParlour(server, 'ann again');
  const room = ann.guest.frames.find((frame) => frame.type === 'room');
  expect(room?.channels.map((channel) => channel.id)).toEqual(['lobby', 'offtopic', 'lasting', 'passing']);
  await ann.leave();
});

test.each([
  ['one of the configuration', 'lobby', 'in the configuration'],
  ['one that is not there', 'nowhere', 'no such channel'],
])('%s is not deleted', async (_what, id, words) => {
  await expect(operator.guest.client.ask({ type: 'delete-channel', id })).rejects.toThrow(words);
});

test('only operators make and delete channels', async () => {
  const ann = await enterParlour(server, 'plain ann');
  await expect(ann.guest.client.ask({ type: 'create-channel', name: 'Mine' })).rejects.toThrow('not permitted');
  await expect(ann.guest.client.ask({ type: 'delete-channel', id: 'lasting' })).rejects.toThrow('not permitted');
  await expect(ann.guest.client.ask({ type: 'announce', text: 'hear me' })).rejects.toThrow('not permitted');
  await ann.leave();
});
