import { afterAll, beforeAll, expect, describe as group, test } from 'vitest';
import { Person } from '../galene-media/support/person.ts';
import { publishByWhip } from '../whip/support/publisher.ts';
import { part } from './support/frames.ts';
import { authorization, Galenectl } from './support/galenectl.ts';
import { Installation, passwordOf, USERS } from './support/installation.ts';

/** `spec/galene.md` 3.6: the numbers of the operators' page, over real streams. */

const ROOT = { username: 'root', password: 'hunter2' };

const SOON = { timeout: 20_000 };
/** Whoever comes may publish, an encoder without a password among them. */
const STUDIO = {
  ...USERS,
  'allow-recording': true,
  'wildcard-user': { password: { type: 'wildcard' }, permissions: 'present' },
};

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
    groups: { Studio: STUDIO, empty: USERS },
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
    const [vimes, colon] = [await enter('vimes'), await enter('colon')];
    colon.watch();
    const camera = await vimes.publish({ tracks: { audio: true, video: true, rids: ['h', 'l'] } });
    await colon.playing(camera.id);
    // How far away they are is known once they answered a report of ours.
    await expect.poll(async () => flows(await ofRoom('Studio')), SOON).toBe(true);
    const clients = (await ofRoom('Studio'))?.clients ?? [];
    expect(clients.map(({ id }) => id).sort()).toEqual([vimes.client.id, colon.client.id].sort());
    const rates = { bitrate: expect.any(Number), loss: expect.any(Number), jitter: expect.any(Number) };
    const sent = clients.find(({ id }) => id === vimes.client.id);
    expect(sent).toEqual({
      id: vimes.client.id,
      up: [{ id: camera.id, maxBitrate: expect.any(Number), tracks: [rates, rates, rates] }],
    });
    const received = clients.find(({ id }) => id === colon.client.id);
    const sizes = { sid: 1, maxSid: 1, tid: 0, maxTid: 0, maxBitrate: expect.any(Number) };
    const rtt = expect.any(Number);
    expect(received).toEqual({
      id: colon.client.id,
      down: [
        {
          ...{ id: camera.id, maxBitrate: expect.any(Number) },
          tracks: [
            { ...rates, rtt },
            { ...rates, ...sizes, rtt },
          ],
        },
      ],
    });
    for (const track of tracksOf(clients)) expectSensible(track);
    expect(JSON.stringify(clients)).not.toMatch(/vimes|colon|127\.0\.0\.1/);
    await Promise.all([vimes.close(), colon.close()]);
    await expect.poll(() => ofRoom('Studio')).toEqual({ name: 'Studio' });
  });

  test('65. name an encoder with what it sends, and a recorder with nothing but its id', async () => {
    const vimes = await enter('vimes');
    const url = `${installation.server.url}/group/Studio/.whip`;
    const { publisher, media } = await publishByWhip(url);
    const { id: encoder = '' } = await vimes.client.next({ type: 'user', kind: 'add', username: 'whip' });
    vimes.client.groupAction({ kind: 'record' });
    const { id: recorder = '' } = await vimes.client.next({ type: 'user', kind: 'add', username: 'RECORDING' });
    await expect
      .poll(
        async () => tracksOf((await ofRoom('Studio'))?.clients).filter(({ bitrate }) => bitrate > 1000).length,
        SOON,
      )
      .toBe(2);
    const clients = (await ofRoom('Studio'))?.clients ?? [];
    const ofEncoder = clients.find(({ id }) => id === encoder);
    expect(ofEncoder).toMatchObject({ up: [{ id: encoder, tracks: [{}, {}] }] });
    expect(ofEncoder).not.toHaveProperty('down');
    expect(clients.find(({ id }) => id === recorder)).toEqual({ id: recorder });
    expect(clients.find(({ id }) => id === vimes.client.id)).toEqual({ id: vimes.client.id });
    expect(clients).toHaveLength(3);
    vimes.client.groupAction({ kind: 'unrecord' });
    await expect.poll(async () => (await ofRoom('Studio'))?.clients?.length, SOON).toBe(2);
    media.close();
    await publisher.close();
    await vimes.close();
  });
});

function enter(name: string): Promise<Person> {
  return Person.enter(installation.server.wsUrl, 'Studio', { name, password: passwordOf(name) });
}

function tracksOf(clients: Stats['clients'] = []): readonly Track[] {
  return clients.flatMap(({ up = [], down = [] }) => [...up, ...down]).flatMap(({ tracks }) => tracks);
}

/** Whether all that is sent is counted: two sizes and sound on the way up, one and sound on the way down. */
function flows(room: Stats | undefined): boolean {
  const tracks = tracksOf(room?.clients);
  const down = room?.clients?.flatMap((client) => client.down ?? []).flatMap((each) => each.tracks) ?? [];
  return (
    tracks.length === 5 && tracks.every(({ bitrate }) => bitrate > 1000) && down.every(({ rtt }) => rtt !== undefined)
  );
}

/** Made-up cameras and sound over a way within one machine. */
function expectSensible({ bitrate, loss, jitter, rtt }: Track): void {
  expect(bitrate).toBeLessThan(10_000_000);
  expect(loss).toBeGreaterThanOrEqual(0);
  expect(loss).toBeLessThanOrEqual(1);
  expect(jitter).toBeGreaterThanOrEqual(0);
  expect(jitter).toBeLessThanOrEqual(1_000);
  if (rtt === undefined) return;
  expect(rtt).toBeGreaterThan(0);
  expect(rtt).toBeLessThan(5_000);
}
