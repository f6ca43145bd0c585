import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Guest } from '../support/barertc.ts';
import { Rwci } from '../support/rwci.ts';
import { line, say, type Visitor } from './support/browser.ts';
import { enterGalene, expectHeard, expectPictures, expectSound, type GalenePage } from './support/galene-page.ts';
import { chooseFor } from './support/people.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

let folder: string;
let room: BrowserRoom;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlour-groups-'));
  const lobby = {
    users: { vimes: { password: 'sybil', permissions: 'op' } },
    'wildcard-user': { password: { type: 'wildcard' }, permissions: 'present' },
  };
  await writeFile(join(folder, 'lobby.json'), JSON.stringify(lobby));
  room = await openBrowserRoom({ galene: { groups: folder } });
});
afterAll(async () => {
  await room.close();
  await rm(folder, { recursive: true, force: true });
});

async function joinMeeting(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Join with camera' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Join', exact: true }).click();
  await page.getByRole('button', { name: 'Leave meeting' }).waitFor();
}

/** Of the sound of all that comes in, more than there was. */
async function expectNoise(page: Page, name: string): Promise<void> {
  await page.waitForFunction((label) => {
    const tile = document.querySelector<HTMLVideoElement>(`video[aria-label="${label}"]`);
    const [track] = (tile?.srcObject as MediaStream | null)?.getAudioTracks() ?? [];
    return track !== undefined && !track.muted && track.readyState === 'live';
  }, `${name} in the meeting`);
}

async function galene(name: string, password = ''): Promise<GalenePage> {
  const person = await enterGalene(room.browser, room.url, { group: 'lobby', name, password });
  await person.page.evaluate(() => window.galene.publish().then(() => undefined));
  return person;
}

test('two on Galène’s wire and two in our client see and hear each other, and others read along', async () => {
  const vimes = await galene('vimes', 'sybil');
  const gil = await galene('Gil');
  const olga = await room.enterAsOperator('Olga');
  const pam = await room.enter('Pam');
  await joinMeeting(olga.page);
  await joinMeeting(pam.page);

  const ours: readonly (readonly [Visitor, string])[] = [
    [olga, 'Olga'],
    [pam, 'Pam'],
  ];
  const theirs = [vimes, gil] as const;
  for (const [visitor, own] of ours) {
    for (const name of ['vimes', 'Gil', 'Olga', 'Pam'].filter((each) => each !== own)) {
      await expectPictures(visitor, `${name} in the meeting`);
      await expectNoise(visitor.page, name);
    }
  }
  for (const person of theirs) {
    for (const name of ['vimes', 'Gil', 'Olga', 'Pam'].filter((each) => each !== person.name)) {
      await expectPictures(person, `${name} camera`);
      await expectSound(person, name);
    }
  }

  // Somebody shares their screen.
  await pam.page.getByRole('button', { name: 'Share screen' }).click();
  await expectPictures(olga, "Pam's screen");
  for (const person of theirs) await expectPictures(person, 'Pam screenshare');

  // Others read along, and write.
  const bare = await (await Guest.connect(room.server.wsUrl, 'Bart')).login();
  const rwci = await Rwci.enter(room.server, 'Rita');
  await say(pam.page, 'hello from Pam');
  await gil.page.evaluate(() => window.galene.client.chat('hello from Gil'));
  for (const text of ['hello from Pam', 'hello from Gil']) {
    await expect
      .poll(() =>
        bare
          .of('message')
          .map(({ message }) => String(message))
          .join(),
      )
      .toContain(text);
    await rwci.received({ type: 'message', message: text });
    await line(olga.page, text).waitFor();
  }
  bare.send({ action: 'message', channel: 'lobby', message: 'hello from Bart' });
  rwci.send({ type: 'message', message: 'hello from Rita' });
  for (const name of ['Bart', 'Rita']) {
    await line(pam.page, `hello from ${name}`).waitFor();
    await expectHeard(vimes, `${name}: hello from ${name}`);
  }

  // Muted from either side.
  await chooseFor(olga.page, 'Gil', 'Mute their microphone');
  await expectHeard(gil, 'mute: undefined');
  await vimes.page.evaluate(() => window.galene.client.userMessage('mute', { value: null, noecho: true }));
  await pam.page.getByRole('button', { name: 'Turn microphone on' }).waitFor();

  // Locked from either side.
  await vimes.page.evaluate(() => window.galene.client.groupAction({ kind: 'lock', value: 'a raid' }));
  await olga.page.getByText('vimes locked the room: a raid').first().waitFor();
  await expect(enterGalene(room.browser, room.url, { group: 'lobby', name: 'Late', password: '' })).rejects.toThrow();

  // Sent away from either side.
  await vimes.page.evaluate(() => {
    const users = [...window.galene.client.users.values()];
    window.galene.client.userAction(users.find(({ username }) => username === 'Pam')?.id ?? '', { kind: 'kick' });
  });
  await pam.page.getByText('You have been kicked').first().waitFor();
  await expect.poll(() => vimes.page.locator('video[aria-label^="Pam"]').count()).toBe(0);
  await chooseFor(olga.page, 'Gil', 'Kick');
  await expectHeard(gil, 'kicked: you have been kicked out');
  await expect.poll(() => olga.page.locator('video[aria-label^="Gil"]').count()).toBe(0);

  bare.socket.close();
  rwci.socket.close();
  await room.leave(olga, pam, vimes, gil);
}, 120_000);
