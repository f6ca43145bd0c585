import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeRoom } from '../support/camus.ts';
import { enter, line, say, tile } from './support/browser.ts';
import {
  begin,
  type CamusPage,
  type CamusPageOptions,
  crash,
  enterCamus,
  expectCall,
  expectLine,
  expectPictures,
  goneFrom,
  idOf,
  leavePage,
  openCamus,
  sayOnCamus,
} from './support/camus-page.ts';
import { openCutProxy } from './support/cut-proxy.ts';
import { personRow } from './support/people.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

let room: BrowserRoom;

beforeAll(async () => {
  room = await openBrowserRoom();
});
afterAll(() => room.close());

/** Makes a room, and says its name. */
async function newRoom(): Promise<string> {
  return (await makeRoom(room.server)).name;
}

function pageOf(name: string): string {
  return `${room.url}/room/${name}`;
}

/** People with camera and microphone, one after the other. */
async function enterAll(url: string, ...names: readonly string[]): Promise<CamusPage[]> {
  const people: CamusPage[] = [];
  for (const name of names) people.push(await enterCamus(room.browser, url, { name, media: true }));
  return people;
}

/** Three people who have their pages open, and begin together. */
async function enterAtOnce(options: Pick<CamusPageOptions, 'offersFirst'> = {}): Promise<CamusPage[]> {
  const url = pageOf(await newRoom());
  const opened = ['Ann', 'Bill', 'Cat'].map((name) => openCamus(room.browser, url, { name, media: true, ...options }));
  const people = await Promise.all(opened);
  await Promise.all(people.map(begin));
  return people;
}

type Two = [CamusPage, CamusPage];
type Three = [CamusPage, CamusPage, CamusPage];

describe('Camus: calls of three', () => {
  test('all see and hear each other, and everybody’s chat comes to all', async () => {
    const people = await enterAll(pageOf(await newRoom()), 'Ann', 'Bill', 'Cat');
    await expectCall(...people);
    for (const one of people) {
      await sayOnCamus(one, `hello from ${one.name}`);
      for (const other of people) await expectLine(other, one.name, `hello from ${one.name}`);
    }
    for (const { page } of people) expect(await page.evaluate(() => window.camus.client.peers.size)).toBe(2);
    await room.leave(...people);
  });

  test.each([1, 2, 3])('who come at the same moment see each other (time %i)', async () => {
    const people = await enterAtOnce();
    await expectCall(...people);
    await room.leave(...people);
  });

  test('whoever has offered before they hear of the others’ offers sees them, too', async () => {
    const people = await enterAtOnce({ offersFirst: true });
    await expectCall(...people);
    for (const { page } of people) expect(await page.evaluate(() => window.camus.heard)).toContain('offer');
    await room.leave(...people);
  });

  test('whose page dies is gone after the grace; the others’ call goes on', { timeout: 60_000 }, async () => {
    const [ann, bill, cat] = (await enterAll(pageOf(await newRoom()), 'Ann', 'Bill', 'Cat')) as Three;
    await expectCall(ann, bill, cat);
    const gone = await idOf(cat);
    await crash(cat);
    await expectCall(ann, bill);
    for (const { page } of [ann, bill]) await tile(page, 'Cat').waitFor({ state: 'detached', timeout: 25_000 });
    for (const one of [ann, bill]) expect(await goneFrom(one)).toEqual([gone]);
    await expectCall(ann, bill);
    await cat.context.close();
    await room.leave(ann, bill);
  });

  test('16. whose connection is lost comes back: nobody hung up, and they speak and are seen', async () => {
    const name = await newRoom();
    const proxy = await openCutProxy(Number(new URL(room.url).port));
    const [ann, bill] = (await enterAll(pageOf(name), 'Ann', 'Bill')) as Two;
    const cat = await enterCamus(room.browser, `${proxy.url}/room/${name}`, { name: 'Cat', media: true });
    await expectCall(ann, bill, cat);
    const id = await idOf(cat);

    proxy.cut();
    await cat.page.waitForFunction(() => !window.camus.client.signaler.isOpen);
    await sayOnCamus(ann, 'are you there?');
    await expectLine(bill, 'Ann', 'are you there?');
    await expectCall(ann, bill, cat);
    proxy.mend();
    await expectLine(cat, 'Ann', 'are you there?');
    await sayOnCamus(cat, 'yes');
    for (const one of [ann, bill, cat]) await expectLine(one, 'Cat', 'yes');

    await expectCall(ann, bill, cat);
    for (const one of [ann, bill, cat]) {
      expect(await goneFrom(one)).toEqual([]);
      const states = await one.page.evaluate(() => [...window.camus.client.peers.values()].map(({ state }) => state));
      expect(states).toEqual(['connected', 'connected']);
    }
    expect(await idOf(cat)).toBe(id);
    proxy.close();
    await cat.context.close();
    await room.leave(ann, bill);
  });
});

describe('Camus: calls of two', () => {
  test('23. both see each other and chat; who closes their page is gone within two seconds', async () => {
    const [ann, bill] = (await enterAll(pageOf(await newRoom()), 'Ann', 'Bill')) as Two;
    await expectCall(ann, bill);
    await sayOnCamus(ann, 'hello');
    for (const one of [ann, bill]) await expectLine(one, 'Ann', 'hello');
    await leavePage(bill);
    await tile(ann.page, 'Bill').waitFor({ state: 'detached', timeout: 2_000 });
    await bill.context.close();
    await room.leave(ann);
  });

  test('24. an error of the server’s and messages of unknown types do no harm', async () => {
    const [ann, bill] = (await enterAll(pageOf(await newRoom()), 'Ann', 'Bill')) as Two;
    const other = await idOf(bill);
    await ann.page.evaluate((id) => {
      const { signaler } = window.camus.client;
      signaler.send('ground control', 'nonsense');
      signaler.send('room', 'confetti', { colours: ['red'] });
      signaler.send(id, 'whisper');
    }, other);
    await ann.page.waitForFunction(() => ['error', 'confetti'].every((type) => window.camus.heard.includes(type)));
    await bill.page.waitForFunction(() => ['confetti', 'whisper'].every((type) => window.camus.heard.includes(type)));
    await sayOnCamus(bill, 'still here');
    for (const one of [ann, bill]) await expectLine(one, 'Bill', 'still here');
    await expectCall(ann, bill);
    await room.leave(ann, bill);
  });
});

test('a server that starts again knows nobody: they come back under their names, and call anew', async () => {
  const [ann, bill] = (await enterAll(pageOf(await newRoom()), 'Ann', 'Bill')) as Two;
  await expectCall(ann, bill);
  const before = await Promise.all([idOf(ann), idOf(bill)]);
  await room.server.restart();
  for (const { page } of [ann, bill]) {
    await page.waitForFunction(() => window.camus.gone.length > 0 && window.camus.client.peers.size > 0);
  }
  await expectCall(ann, bill);
  await sayOnCamus(ann, 'here again');
  await expectLine(bill, 'Ann', 'here again');
  expect(await Promise.all([idOf(ann), idOf(bill)])).toEqual(before);
  for (const { context } of [ann, bill]) await context.close();
});

test('people of Camus and of the web client talk in one room; nobody is called who cannot answer', async () => {
  const name = await newRoom();
  const ann = await enterCamus(room.browser, pageOf(name), { name: 'Ann', media: true });
  const web = await enter(room.browser, `${room.url}/r/${name}`, { name: 'Wendy' });
  const bill = await enterCamus(room.browser, pageOf(name), { name: 'Bill', media: true });
  await expectCall(ann, bill);

  await say(web.page, 'hello, callers');
  for (const one of [ann, bill]) await expectLine(one, 'Wendy', 'hello, callers');
  await sayOnCamus(ann, 'hello, Wendy');
  await line(web.page, 'hello, Wendy').waitFor();

  for (const caller of ['Ann', 'Bill']) {
    await personRow(web.page, caller).waitFor();
    expect(await web.page.getByRole('button', { name: `Watch ${caller}'s camera` }).count()).toBe(0);
  }
  for (const one of [ann, bill]) {
    expect(await one.page.evaluate(() => window.camus.client.clients.length)).toBe(2);
    expect(await one.page.evaluate(() => window.camus.client.peers.size)).toBe(1);
  }
  await expectPictures(ann, 'Bill');
  await room.leave(ann, bill, web);
});
