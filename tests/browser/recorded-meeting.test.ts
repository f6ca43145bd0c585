import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ReadPacket, readRecording } from '../../src/media/sfu/recording/testing/read-recording.ts';
import { listRecordings } from '../../src/recordings/list-recordings.ts';
import { Encoder } from '../conformance/whip/support/obs.ts';
import { apart, median } from './support/apart.ts';
import { DESKTOP, PHONE, type Visitor } from './support/browser.ts';
import { expectMoving, joinMeeting } from './support/meeting.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';
import {
  type Flash,
  flashByTheClockInPage,
  flashesAndBeepsInPage,
  flashesInPage,
  watchFlashesInPage,
} from './support/timed-people.ts';

const RECORDED_MS = 7_000;
const LATE_MS = 1_500;
/** After so many seconds the flashes are as they were. */
const ROUND = 4;
/** So many flashes must have been seen, of those that there were. */
const FEWEST = 4;
/** Flashes of the same moment, of two people, in seconds. */
const TOGETHER = 0.12;
/** Flash and beep of one person. */
const IN_SYNC = 0.08;
const GROUP = {
  codecs: ['vp8', 'h264', 'opus'],
  'allow-recording': true,
  'wildcard-user': { password: { type: 'wildcard' }, permissions: 'present' },
};

let groups: string;
let room: BrowserRoom;
let encoder: Encoder | undefined;
let people: readonly [Visitor, Visitor];

beforeAll(async () => {
  groups = await mkdtemp(join(tmpdir(), 'parlour-groups-'));
  await writeFile(join(groups, 'lobby.json'), JSON.stringify(GROUP));
  room = await openBrowserRoom({ galene: { groups } });
  people = [await room.enterAsOperator('Olga'), await room.enter('Pam')];
});
afterAll(async () => {
  await encoder?.close();
  await room.close();
  await rm(groups, { recursive: true, force: true });
});

const recordings = () => join(room.server.data, 'recordings', 'lobby');
const files = () => listRecordings(recordings());

test('a meeting is recorded, found, played together in sync and deleted, by what our client shows', async () => {
  const [olga, pam] = people;
  await goIn(olga);
  encoder = await Encoder.begin(`${room.server.url}/group/lobby/.whip`);
  await expectMoving(olga.page, 'whip in the meeting');
  await record(olga.page);
  for (const { page } of people)
    await page
      .getByTitle(/^The meeting is recorded since .*, by Olga\.$/)
      .first()
      .waitFor();
  // Late, so that her file has a place of its own on the timeline.
  await expect.poll(recorded, { timeout: 20_000 }).toMatchObject({ count: 2, atLeastMs: atLeast(LATE_MS) });
  await goIn(pam);
  await pam.page.getByText('Recording, by Olga').waitFor();
  await pictures(olga.page, 'stage');
  await expect.poll(recorded, { timeout: 20_000 }).toMatchObject({ count: 3, atLeastMs: atLeast(RECORDED_MS) });
  await stopRecording(olga.page);

  const list = await openRecordings(olga);
  expect(await listed(list)).toEqual(['Olga, camera: WebM', 'Pam, camera: WebM', 'whip: Matroska']);
  await pictures(list, 'list');
  const shown = await playTogether(list);
  // Some pictures come late on a busy machine, so half of the pairs may be worse.
  expectTogether(shown['Olga, camera'] ?? [], shown['Pam, camera'] ?? []);
  const [hers, his] = [await measure(list, 'Olga'), await measure(list, 'Pam')];
  for (const { flashes, beeps } of [hers, his]) {
    const between = apart(at(flashes), beeps);
    // A busy machine draws and catches some flashes late, which is the camera's fault; never all.
    const inSync = between.filter((seconds) => Math.abs(seconds) < IN_SYNC);
    expect(inSync.length, `flash after beep: ${between}`).toBeGreaterThanOrEqual(FEWEST);
  }
  expectTogether(hers.happened, his.happened);

  await deleteFile(list, 'whip');
  await expect.poll(() => listed(list)).toEqual(['Olga, camera: WebM', 'Pam, camera: WebM']);
  expect((await files()).map(({ publisher }) => publisher).sort()).toEqual(['Olga', 'Pam']);
  await room.leave(olga, pam);
});

async function goIn({ page }: Visitor): Promise<void> {
  await page.evaluate(flashByTheClockInPage);
  await joinMeeting(page);
}

const atLeast = (least: number) => expect.toSatisfy((value: number) => value >= least);

async function recorded() {
  const now = Date.now();
  const found = await files();
  return { count: found.length, atLeastMs: Math.min(...found.map(({ startedAt }) => now - startedAt)) };
}

/** The same flash is one for both, within {@link TOGETHER}. */
function expectTogether(some: readonly Flash[], others: readonly Flash[]): void {
  const between = some.flatMap((flash) =>
    apart([flash.at], at(others.filter(({ which }) => which === flash.which)), { widest: ROUND / 2 }),
  );
  expect(between.length).toBeGreaterThanOrEqual(FEWEST);
  expect(median(between.map(Math.abs)), `flash after flash: ${between}`).toBeLessThan(TOGETHER);
}

const at = (flashes: readonly Flash[]): readonly number[] => flashes.map((flash) => flash.at);

async function record(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Record the meeting…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Record', exact: true }).click();
}

async function stopRecording(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Stop recording' }).click();
  for (const { page: each } of people) await each.getByText('Recording, by Olga').waitFor({ state: 'detached' });
  const growing = async () => (await files()).map(({ isGrowing }) => isGrowing);
  await expect.poll(growing, { timeout: 10_000 }).toEqual([false, false, false]);
}

/** By the menu of the room: in a tab of its own, without a password. */
async function openRecordings({ page, context }: Visitor): Promise<Page> {
  await page.getByRole('button', { name: 'Manage the room' }).click();
  const opened = context.waitForEvent('page');
  await page.getByRole('menuitem', { name: 'Recordings' }).click();
  const tab = await opened;
  await tab.getByText(/^1 recording, /).waitFor();
  return tab;
}

/** Whose files there are, and of which kind. */
async function listed(list: Page): Promise<readonly string[]> {
  const rows = await list.locator('.files .who').allInnerTexts();
  return rows.map((row) => `${row.split('\n')[0]}: ${/WebM|Matroska/.exec(row)?.[0]}`).sort();
}

/** When whose picture flashed, as it was shown. */
async function playTogether(list: Page): Promise<Readonly<Record<string, readonly Flash[]>>> {
  await list.getByRole('link', { name: 'Play together' }).click();
  await list.getByRole('button', { name: 'Play', exact: true }).waitFor();
  await list.evaluate(watchFlashesInPage);
  await list.getByRole('button', { name: 'Play', exact: true }).click();
  await list.getByText(/^0:04 /).waitFor();
  await pictures(list, 'player');
  await list.getByRole('button', { name: 'Play', exact: true }).waitFor();
  return list.evaluate(flashesInPage);
}

/** When the file of somebody flashes and beeps; `happened` is by the clock of the machine. In seconds. */
async function measure(page: Page, publisher: string) {
  const file = (await files()).find((each) => each.publisher === publisher);
  const began = (file?.startedAt ?? 0) / 1000;
  const read = await readRecording(join(recordings(), file?.file ?? ''));
  const plain = (packets: readonly ReadPacket[]) =>
    packets.map(({ at, isKeyframe, data }) => ({ at, isKeyframe, base64: data.toString('base64') }));
  const packets = { pictures: plain(read.pictures), sounds: plain(read.sounds) };
  const { flashes, beeps } = await page.evaluate(flashesAndBeepsInPage, packets);
  return { flashes, beeps, happened: flashes.map((flash) => ({ ...flash, at: flash.at + began })) };
}

async function deleteFile(page: Page, title: string): Promise<void> {
  await page.getByRole('link', { name: 'All recordings' }).click();
  await page.getByLabel(`Delete: ${title}`, { exact: true }).click();
  await page.getByRole('button', { name: 'Delete for good' }).and(page.locator('[open] button')).click();
  await page.getByText(`${title} will be gone for good.`).waitFor({ state: 'detached' });
}

/** To be looked at, where somebody says where. */
async function pictures(page: Page, name: string): Promise<void> {
  const { PARLOUR_PICTURES } = process.env;
  if (PARLOUR_PICTURES === undefined) return;
  for (const viewport of [PHONE, DESKTOP]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({
        path: join(PARLOUR_PICTURES, `${name}-${viewport.width}-${colorScheme}.png`),
        animations: 'disabled',
      });
    }
  }
}
