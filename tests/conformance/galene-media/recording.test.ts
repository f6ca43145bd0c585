import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRecording } from '../../../src/media/sfu/recording/testing/read-recording.ts';
import { listRecordings } from '../../../src/recordings/list-recordings.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { Person } from './support/person.ts';

/** `spec/galene.md` 2.15, with pictures and sound of somebody's. */

const GROUP = {
  'allow-recording': true,
  users: { vimes: { password: 'sybil', permissions: 'op' } },
  'wildcard-user': { password: { type: 'wildcard' }, permissions: 'present' },
};

const SOON = { timeout: 20_000 };

let server: TestServer;
let folder: string;
const people: Person[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlour-recording-'));
  await mkdir(join(folder, 'groups'));
  await writeFile(join(folder, 'groups', 'watch.json'), JSON.stringify(GROUP));
  const galene = { groups: join(folder, 'groups'), recordings: join(folder, 'recordings') };
  server = await startTestServer({ settings: { galene } });
});

afterAll(async () => {
  await Promise.all(people.map((person) => person.close()));
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function enter(name: string, password = ''): Promise<Person> {
  const person = await Person.enter(server.wsUrl, 'watch', { name, password });
  people.push(person);
  return person;
}

const files = () => listRecordings(join(folder, 'recordings', 'watch'));

test('53. what is published is in a file of its own, which is whole after unrecord', async () => {
  const [vimes, ann] = [await enter('vimes', 'sybil'), await enter('ann')];
  await ann.publish();
  vimes.client.groupAction({ kind: 'record' });
  await expect.poll(async () => (await files())[0]?.bytes ?? 0, SOON).toBeGreaterThan(200_000);
  expect(await files()).toMatchObject([{ isGrowing: true, publisher: 'ann' }]);
  vimes.client.groupAction({ kind: 'unrecord' });
  await expect.poll(async () => (await files())[0]?.isGrowing, SOON).toBe(false);
  const [file] = await files();
  expect(file?.file).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}-ann\.webm$/);
  const found = await readRecording(join(folder, 'recordings', 'watch', file?.file ?? ''));
  expect(found).toMatchObject({ format: 'WebM', video: { codec: 'vp8', width: 1280, height: 720 }, hasAudio: true });
  const ends = [found.pictures.at(-1)?.at ?? 0, found.sounds.at(-1)?.at ?? 0];
  expect(Math.abs((ends[0] ?? 0) - (ends[1] ?? 0))).toBeLessThan(200);
  expect(file?.durationMs).toBeGreaterThanOrEqual(Math.max(...ends));
});
