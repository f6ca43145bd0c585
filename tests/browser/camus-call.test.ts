import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeRoom } from '../support/camus.ts';
import { tile } from './support/browser.ts';
import { type CamusPage, enterCamus, expectCall, expectLine, sayOnCamus } from './support/camus-page.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

let room: BrowserRoom;

beforeAll(async () => {
  room = await openBrowserRoom();
});
afterAll(() => room.close());

/** The page of a new room. */
async function newRoom(): Promise<string> {
  const { name } = await makeRoom(room.server);
  return `${room.url}/room/${name}`;
}

/** People with camera and microphone, one after the other. */
async function enterAll(url: string, ...names: readonly string[]): Promise<CamusPage[]> {
  const people: CamusPage[] = [];
  for (const name of names) people.push(await enterCamus(room.browser, url, { name, media: true }));
  return people;
}

test('three people see and hear each other, and everybody’s chat comes to all', async () => {
  const people = await enterAll(await newRoom(), 'Ann', 'Bill', 'Cat');
  await expectCall(...people);
  for (const one of people) {
    await sayOnCamus(one, `hello from ${one.name}`);
    for (const other of people) await expectLine(other, one.name, `hello from ${one.name}`);
  }
  for (const { page } of people) expect(await page.evaluate(() => window.camus.client.peers.size)).toBe(2);
  await room.leave(...people);
});
