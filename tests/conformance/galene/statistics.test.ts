import { afterAll, beforeAll, expect, describe as group, test } from 'vitest';
import { Person } from '../galene-media/support/person.ts';
import { part } from './support/frames.ts';
import { authorization, Galenectl } from './support/galenectl.ts';
import { Installation, USERS } from './support/installation.ts';

/** `spec/galene.md` 3.6: the numbers of the operators' page, over real streams. */

const ROOT = { username: 'root', password: 'hunter2' };

interface Track {
  readonly bitrate: number;
  readonly loss: number;
  readonly [field: string]: unknown;
}
interface Connection {
  readonly id: string;
  readonly maxBitrate?: number;
  readonly tracks: readonly Track[];
}
interface Stats {
  readonly name: string;
  readonly clients?: readonly {
    readonly id: string;
    readonly up?: readonly Connection[];
    readonly down?: readonly Connection[];
  }[];
}

let installation: Installation;
beforeAll(async () => {
  installation = await Installation.start({
    config: { users: { root: { password: 'hunter2', permissions: 'admin' } } },
    groups: { Studio: USERS, empty: USERS },
  });
});
afterAll(() => installation[Symbol.asyncDispose]());

async function statistics(): Promise<readonly Stats[]> {
  const ctl = new Galenectl(installation.server.url, ROOT);
  return (await (await ctl.request('GET', '/.stats')).json()) as readonly Stats[];
}

async function ofRoom(name: string): Promise<Stats | undefined> {
  return (await statistics()).find((room) => room.name === name);
}

group('Galène: statistics', () => {
  test('65. are for administrators of the server', async () => {
    const path = '/galene-api/v0/.stats';
    const nobody = await installation.fetch(path);
    expect([nobody.status, await nobody.text()]).toEqual([401, expect.not.stringContaining('name')]);
    const vimes = { authorization: authorization({ username: 'vimes', password: 'sybil' }) };
    expect((await installation.fetch(path, { headers: vimes })).status).toBe(401);
    const posted = { method: 'POST', headers: { authorization: authorization(ROOT) } };
    expect((await installation.fetch(path, posted)).status).toBe(405);
    const response = await installation.fetch(path, { headers: { authorization: authorization(ROOT) } });
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-cache']);
  });

  test('65. name who is there by the ids of their clients, by nothing else', async () => {
    const fred = await installation.enter('empty', 'fred');
    expect(await ofRoom('empty')).toEqual({ name: 'empty', clients: [{ id: fred.id }] });
    await part(fred);
    await expect.poll(() => ofRoom('empty')).toEqual({ name: 'empty' });
  });

  test('65. say what of a stream comes and goes', async () => {
    const enter = (name: string) =>
      Person.enter(installation.server.wsUrl, 'Studio', { name, password: passwords[name] ?? '' });
    const passwords: Readonly<Record<string, string>> = { vimes: 'sybil', colon: 'pension' };
    const [vimes, colon] = [await enter('vimes'), await enter('colon')];
    colon.watch();
    const camera = await vimes.publish();
    await colon.playing(camera.id);
    await expect.poll(flows, { timeout: 20_000 }).toBe(true);
    const clients = (await ofRoom('Studio'))?.clients ?? [];
    expect(clients.map(({ id }) => id).sort()).toEqual([vimes.client.id, colon.client.id].sort());
    const up = clients.find(({ id }) => id === vimes.client.id)?.up ?? [];
    const down = clients.find(({ id }) => id === colon.client.id)?.down ?? [];
    for (const connections of [up, down]) {
      expect(connections).toMatchObject([{ id: camera.id, tracks: [{}, {}] }]);
      for (const track of connections.flatMap(({ tracks }) => tracks)) expectNumbers(track);
    }
    const ofThoseWhoReceive = ['sid', 'maxSid', 'tid', 'maxTid', 'rtt'];
    for (const track of up.flatMap(({ tracks }) => tracks)) {
      expect(Object.keys(track).filter((field) => ofThoseWhoReceive.includes(field))).toEqual([]);
    }
    expect(JSON.stringify(clients)).not.toMatch(/vimes|colon|127\.0\.0\.1/);
    await Promise.all([vimes.close(), colon.close()]);
    await expect.poll(() => ofRoom('Studio')).toEqual({ name: 'Studio' });
  });
});

/** Whether all that is sent is counted, in both directions. */
async function flows(): Promise<boolean> {
  const clients = (await ofRoom('Studio'))?.clients ?? [];
  const connections = clients.flatMap(({ up = [], down = [] }) => [...up, ...down]);
  return connections.length === 2 && connections.every(({ tracks }) => tracks.every(({ bitrate }) => bitrate > 1000));
}

function expectNumbers(track: Track): void {
  const known = ['sid', 'maxSid', 'tid', 'maxTid', 'bitrate', 'maxBitrate', 'loss', 'rtt', 'jitter'];
  expect(Object.keys(track).filter((field) => !known.includes(field))).toEqual([]);
  for (const value of Object.values(track)) expect(value).toBeTypeOf('number');
  expect(track.loss).toBeGreaterThanOrEqual(0);
  expect(track.loss).toBeLessThanOrEqual(1);
}
