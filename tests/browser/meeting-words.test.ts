import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './support/axe.ts';
import { line, messageBox, PHONE, say, type Visitor } from './support/browser.ts';
import { joinMeeting } from './support/meeting.ts';
import { chooseFor } from './support/people.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

/** Captions, commands, warnings, and the recording of a meeting. */
let room: BrowserRoom;
let olga: Visitor;
let bob: Visitor;

beforeAll(async () => {
  room = await openBrowserRoom();
  [olga, bob] = [await room.enterAsOperator('olga'), await room.enter('bob')];
  await joinMeeting(olga.page);
});
afterAll(async () => {
  await room.leave(olga, bob);
  await room.close();
});

const captions = (page: Page) => page.getByRole('region', { name: 'Captions' });

async function choose(page: Page, tool: string): Promise<void> {
  await page.getByRole('button', { name: 'Manage the room' }).click();
  await page.getByRole('menuitem', { name: tool }).click();
}

test('who may writes captions, and who may not has no field for it', async () => {
  expect(await bob.page.getByRole('button', { name: 'Write captions' }).count()).toBe(0);
  await olga.page.getByRole('button', { name: 'Write captions' }).click();
  const field = olga.page.getByRole('textbox', { name: 'Caption' });
  await field.fill('And now to the weather.');
  await field.press('Enter');
  await captions(bob.page).getByText('And now to the weather.').waitFor();
  expect(await field.inputValue()).toBe('');
  await expectAccessible(olga.page);
});

test('what is said is written down once somebody read where it goes, and wants that', async () => {
  const { page } = olga;
  await page.evaluate(() => {
    class Recognizer {
      static latest: Recognizer | undefined;
      onresult: ((event: unknown) => void) | null = null;
      start(): void {
        Recognizer.latest = this;
      }
      abort(): void {}
    }
    Object.assign(window, {
      ...{ SpeechRecognition: Recognizer, webkitSpeechRecognition: Recognizer },
      hear: (transcript: string) => {
        const results = [Object.assign([{ transcript }], { isFinal: true })];
        Recognizer.latest?.onresult?.({ resultIndex: 0, results });
      },
      isListening: () => Recognizer.latest !== undefined,
    });
  });
  const speak = page.getByRole('button', { name: 'Write down what I say' });
  await speak.click();
  await page.getByText('Your browser may send what you say to its maker').waitFor();
  expect(await page.evaluate('window.isListening()')).toBe(false);
  await speak.click();
  await page.getByText('What you say is written down for everybody.').waitFor();
  await page.evaluate('window.hear("It will rain.")');
  await captions(bob.page).getByText('It will rain.').waitFor();
  await page.getByRole('button', { name: 'Stop writing down what I say' }).click();
  await page.getByRole('button', { name: 'Stop writing captions' }).click();
});

test('commands do what they say, and what is none is told and kept', async () => {
  await say(olga.page, '/wall Five minutes left.');
  await bob.page.getByText('olga: Five minutes left.').waitFor();
  await say(bob.page, '/wall Me too.');
  await bob.page.getByText('You are not permitted to do /wall here.').waitFor();
  expect(await messageBox(bob.page).inputValue()).toBe('/wall Me too.');
  await say(bob.page, '/frobnicate');
  await bob.page.getByText('There is no command /frobnicate.').waitFor();
  await say(bob.page, '//shrug');
  await line(olga.page, '/shrug').waitFor();
  await say(bob.page, '/raise');
  await olga.page.getByText('Hand raised, number 1').waitFor();
  await say(bob.page, '/unraise');

  await say(olga.page, '/help');
  const dialog = olga.page.getByRole('dialog', { name: 'Commands' });
  await dialog.getByText('/kick NAME TEXT').waitFor();
  await expectAccessible(olga.page);
  await olga.page.keyboard.press('Escape');
});

test('one person is warned, or sent out with a word', async () => {
  const rude = await room.enter('Rude Rudi');
  await chooseFor(olga.page, 'Rude Rudi', 'Warn…');
  const warning = olga.page.getByRole('dialog', { name: 'Warn Rude Rudi' });
  await warning.getByRole('textbox', { name: 'Message' }).fill('Last time.');
  await warning.getByRole('button', { name: 'Warn', exact: true }).click();
  await rude.page.getByText('olga: Last time.').waitFor();
  expect(await bob.page.getByText('olga: Last time.').count()).toBe(0);
  await say(olga.page, '/kick "Rude Rudi" You know why.');
  await rude.page.getByText('You know why.').waitFor();
  await room.leave(rude);

  const other = await room.enter('Otto');
  await chooseFor(olga.page, 'Otto', 'Kick with a message…');
  const kick = olga.page.getByRole('dialog', { name: 'Kick Otto' });
  await kick.getByRole('textbox', { name: 'Message' }).fill('Come back tomorrow.');
  await kick.getByRole('button', { name: 'Kick', exact: true }).click();
  await other.page.getByText('Come back tomorrow.').waitFor();
  await room.leave(other);
});

test('everybody sees that a meeting is recorded, from the beginning to the end', async () => {
  expect(await bob.page.getByRole('button', { name: /Record/ }).count()).toBe(0);
  await olga.page.getByRole('button', { name: 'Record the meeting…' }).click();
  const dialog = olga.page.getByRole('dialog', { name: 'Record the meeting' });
  await dialog.getByRole('button', { name: 'Record', exact: true }).click();
  await bob.page.getByText('olga began to record the meeting.').waitFor();
  const header = bob.page.getByRole('banner').or(bob.page.locator('main > header'));
  await header.getByText('Recording', { exact: true }).waitFor();
  await bob.page.getByRole('region', { name: 'Meeting', exact: true }).getByText('Recording, by olga').waitFor();
  await expectAccessible(bob.page);

  const pip = await room.enter('pip', { viewport: PHONE, colorScheme: 'dark' });
  await pip.page.getByText('This meeting is recorded.').waitFor();
  await pip.page.locator('main > header').getByText('Recording', { exact: true }).waitFor();
  await expectAccessible(pip.page);

  await choose(olga.page, 'Stop recording');
  await pip.page.getByText('olga ended the recording.').waitFor();
  await pip.page.getByText('Recording', { exact: true }).first().waitFor({ state: 'detached' });
  await room.leave(pip);

  const opened = olga.context.waitForEvent('page');
  await choose(olga.page, 'Recordings');
  const page = await opened;
  await page.waitForURL('**/recordings/lobby/');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.close();
});
