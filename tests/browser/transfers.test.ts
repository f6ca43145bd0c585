import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './support/axe.ts';
import { PHONE, type Visitor } from './support/browser.ts';
import { GaleneFiles } from './support/galene-files.ts';
import { openPersonMenu, personRow } from './support/people.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

/** Files from person to person (`spec/galene.md` 8, scenario 54). */
let room: BrowserRoom;
let ann: Visitor;
let bob: Visitor;

beforeAll(async () => {
  room = await openBrowserRoom();
  [ann, bob] = [await room.enter('ann'), await room.enter('bob')];
});
afterAll(async () => {
  await room.leave(ann, bob);
  await room.close();
});

const bytesOf = (size: number) => Buffer.from(Array.from({ length: size }, (_, index) => (index * 31) % 251));

const files = (page: Page) => page.getByRole('region', { name: 'Files' });

function row(page: Page, name: string) {
  return files(page).getByRole('listitem').filter({ hasText: name });
}

async function send(page: Page, to: string, file: { name: string; bytes: Buffer; shown?: string }): Promise<void> {
  const menu = await openPersonMenu(page, to);
  const chooser = page.waitForEvent('filechooser');
  await menu.getByRole('menuitem', { name: 'Send a file…' }).click();
  await (await chooser).setFiles([{ name: file.name, mimeType: 'text/html', buffer: file.bytes }]);
  await row(page, file.shown ?? file.name).waitFor();
}

/** Says yes, and waits for what is saved. */
async function accept(page: Page, name: string): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const download = page.waitForEvent('download');
  await row(page, name).getByRole('button', { name: 'Accept' }).click();
  const saved = await download;
  return { name: saved.suggestedFilename(), bytes: await readFile(await saved.path()) };
}

async function putAway(page: Page, name: string): Promise<void> {
  await row(page, name)
    .getByRole('button', { name: `Put ${name} away` })
    .click();
  await row(page, name).waitFor({ state: 'detached' });
}

test.each([0, 1, 16_384, 16_385, 1024 * 1024])('54. %d bytes arrive as they were', async (size) => {
  const file = { name: `of-${size}.html`, bytes: bytesOf(size) };
  await send(ann.page, 'bob', file);
  await row(bob.page, file.name).getByText('from ann').waitFor();
  const saved = await accept(bob.page, file.name);
  expect(saved.name).toBe(file.name);
  expect(saved.bytes.equals(file.bytes)).toBe(true);
  await row(ann.page, file.name).getByText('Sent').waitFor();
  await row(bob.page, file.name).getByText('Received').waitFor();
  await putAway(bob.page, file.name);
  await putAway(ann.page, file.name);
});

test('several go both ways at once, let go over a person', async () => {
  await drop(ann.page, 'bob', ['one.txt', 'two.txt']);
  await drop(bob.page, 'ann', ['three.txt']);
  const [one, two, three] = [
    await accept(bob.page, 'one.txt'),
    await accept(bob.page, 'two.txt'),
    await accept(ann.page, 'three.txt'),
  ];
  expect([one, two, three].map(({ bytes }) => bytes.toString())).toEqual(['one.txt', 'two.txt', 'three.txt']);
  for (const name of ['one.txt', 'two.txt', 'three.txt']) {
    await putAway(ann.page, name);
    await putAway(bob.page, name);
  }
});

test('54. who declines it gets nothing, and the sender is told', async () => {
  await send(ann.page, 'bob', { name: 'no.txt', bytes: bytesOf(10) });
  await row(bob.page, 'no.txt').waitFor();
  await expectAccessible(bob.page);
  await row(bob.page, 'no.txt').getByRole('button', { name: 'Decline' }).click();
  await row(ann.page, 'no.txt').getByText('bob declined it').waitFor();
  await expectAccessible(ann.page);
  await putAway(ann.page, 'no.txt');
  await putAway(bob.page, 'no.txt');
});

test('54. who asked may withdraw it', async () => {
  await send(ann.page, 'bob', { name: 'oops.txt', bytes: bytesOf(10) });
  await row(bob.page, 'oops.txt').waitFor();
  await row(ann.page, 'oops.txt').getByRole('button', { name: 'Cancel oops.txt' }).click();
  await row(bob.page, 'oops.txt').getByText('ann cancelled it').waitFor();
  expect(await row(bob.page, 'oops.txt').getByRole('button', { name: 'Accept' }).count()).toBe(0);
  await putAway(ann.page, 'oops.txt');
  await putAway(bob.page, 'oops.txt');
});

describe('midway', () => {
  /** Whatever is read of a file stays on the way: so that there is a midway. */
  async function hold(page: Page): Promise<void> {
    await page.evaluate(() => {
      const read = Blob.prototype.slice;
      Blob.prototype.slice = function (start = 0, end?: number) {
        const slice = read.call(this, start, end);
        if (start > 0) slice.arrayBuffer = () => new Promise(() => undefined);
        return slice;
      };
      Object.assign(window, { letGo: () => Object.assign(Blob.prototype, { slice: read }) });
    });
  }
  afterEach(() => ann.page.evaluate('window.letGo()'));

  async function halfway(name: string): Promise<void> {
    await hold(ann.page);
    await send(ann.page, 'bob', { name, bytes: bytesOf(1024 * 1024) });
    await row(bob.page, name).getByRole('button', { name: 'Accept' }).click();
    await row(bob.page, name).getByText('262 kB of 1 MB').waitFor();
  }

  test('54. who receives it may stop', async () => {
    await halfway('their-end.bin');
    await row(bob.page, 'their-end.bin').getByRole('button', { name: 'Cancel their-end.bin' }).click();
    await row(ann.page, 'their-end.bin').getByText('bob cancelled it').waitFor();
    await putAway(ann.page, 'their-end.bin');
    await putAway(bob.page, 'their-end.bin');
  });

  test('54. who sends it may stop', async () => {
    await halfway('my-end.bin');
    await row(ann.page, 'my-end.bin').getByRole('button', { name: 'Cancel my-end.bin' }).click();
    await row(bob.page, 'my-end.bin').getByText('ann cancelled it').waitFor();
    await putAway(ann.page, 'my-end.bin');
    await putAway(bob.page, 'my-end.bin');
  });

  test('54. who leaves takes it along', async () => {
    const zoe = await room.enter('zoe');
    await hold(ann.page);
    await send(ann.page, 'zoe', { name: 'half.bin', bytes: bytesOf(1024 * 1024) });
    await row(zoe.page, 'half.bin').getByRole('button', { name: 'Accept' }).click();
    await row(zoe.page, 'half.bin').getByText('262 kB of 1 MB').waitFor();
    await zoe.page.goto('about:blank');
    await row(ann.page, 'half.bin').getByText('zoe cancelled it').waitFor();
    await room.leave(zoe);
    await putAway(ann.page, 'half.bin');
  });
});

test('on a phone nothing lies over the field where one writes', async () => {
  const pip = await room.enter('pip', { viewport: PHONE });
  await send(ann.page, 'pip', { name: 'evil\u202egpj.exe', bytes: bytesOf(5), shown: 'evil gpj.exe' });
  const asked = row(pip.page, 'evil');
  await asked.waitFor();
  expect(await asked.innerText()).toContain('evil gpj.exe');
  await expectAccessible(pip.page);
  const [above, field] = [
    await files(pip.page).boundingBox(),
    await pip.page.getByRole('textbox', { name: 'Message', exact: true }).boundingBox(),
  ];
  expect((field?.y ?? 0) + (field?.height ?? 0)).toBeLessThanOrEqual(above?.y ?? 0);
  expect((await accept(pip.page, 'evil')).name).toBe('evil gpj.exe');
  await room.leave(pip);
  await row(ann.page, 'evil').getByRole('button').click();
});

describe('with somebody on Galène’s wire', () => {
  let gil: GaleneFiles;
  beforeAll(async () => {
    gil = await GaleneFiles.enter(room.server.wsUrl, 'gil');
    await personRow(ann.page, 'gil').waitFor();
  });
  afterAll(() => gil.close());

  test.each([0, 1, 16_385, 300_000])('54. %d bytes arrive there', async (size) => {
    const file = { name: `to-gil-${size}.txt`, bytes: bytesOf(size) };
    const taken = gil.take();
    await send(ann.page, 'gil', file);
    const { name, bytes } = await taken;
    expect(name).toBe(file.name);
    expect(bytes.equals(file.bytes)).toBe(true);
    await row(ann.page, file.name).getByText('Sent').waitFor();
    await putAway(ann.page, file.name);
  });

  test.each([0, 1, 16_385, 300_000])('54. %d bytes arrive here', async (size) => {
    const file = { name: `of-gil-${size}.txt`, bytes: bytesOf(size) };
    const sent = gil.send('ann', file);
    const { bytes } = await accept(ann.page, file.name);
    expect(bytes.equals(file.bytes)).toBe(true);
    await sent;
    await putAway(ann.page, file.name);
  });

  test('54. they are told that it was declined', async () => {
    const sent = gil.send('ann', { name: 'spam.txt', bytes: bytesOf(4) });
    await Promise.all([
      expect(sent).rejects.toThrow('Refused'),
      row(ann.page, 'spam.txt').getByRole('button', { name: 'Decline' }).click(),
    ]);
    await putAway(ann.page, 'spam.txt');
  });
});

/** As a desktop does it: files that hold their own name. */
async function drop(page: Page, to: string, names: readonly string[]): Promise<void> {
  const data = await page.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const name of all) transfer.items.add(new File([name], name, { type: 'text/plain' }));
    return transfer;
  }, names);
  const person = personRow(page, to);
  await person.dispatchEvent('dragover', { dataTransfer: data });
  await person.getByText(`Send to ${to}`).waitFor();
  await person.dispatchEvent('drop', { dataTransfer: data });
}
