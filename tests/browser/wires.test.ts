import { afterAll, beforeAll, expect, test } from 'vitest';
import { enterBare } from './support/bare-page.ts';
import { enter, expectMovingPicture, goOnCamera, line, say, tile, watch } from './support/browser.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

let room: BrowserRoom;

beforeAll(async () => {
  room = await openBrowserRoom();
});
afterAll(() => room.close());

test('a client on the BareRTC wire and the web client talk, and see each other’s presence', async () => {
  const alice = await enter(room.browser, room.url, { name: 'alice' });
  const bert = await enterBare(room.browser, room.url, 'bert');
  await alice.page.getByRole('button', { name: 'Actions for bert' }).waitFor();
  await bert.received({ action: 'presence', username: 'bert', message: 'has joined the room!' });

  await say(alice.page, 'hello **bert**');
  await bert.received({ action: 'message', username: 'alice', message: '<p>hello <strong>bert</strong></p>' });
  await bert.send({ action: 'message', channel: 'lobby', message: 'hello _alice_' });
  await line(alice.page, 'hello alice')
    .or(alice.page.getByRole('log').locator('em', { hasText: 'alice' }))
    .first()
    .waitFor();

  await bert.context.close();
  await alice.page.getByRole('button', { name: 'Actions for bert' }).waitFor({ state: 'detached' });
  await alice.context.close();
});

test('they watch each other’s camera, from browser to browser, signals crossing both ways', async () => {
  const carol = await enter(room.browser, room.url, { name: 'carol' });
  const bruno = await enterBare(room.browser, room.url, 'bruno');

  await bruno.goOnCamera();
  await watch(carol.page, 'bruno');
  await expectMovingPicture(carol.page, 'bruno');
  await bruno.received({ action: 'ring', username: 'carol' });
  await bruno.received({ action: 'watch', username: 'carol' });

  await goOnCamera(carol.page);
  // The old client keeps one peer connection for each name: it watches from a fresh one.
  const bella = await enterBare(room.browser, room.url, 'bella');
  await bella.send({ action: 'open', username: 'carol' });
  await bella.received({ action: 'open', username: 'carol' });
  await bella.expectMovingPicture('carol');

  await bruno.send({ action: 'me', video: 0, status: 'online', dnd: false });
  await tile(carol.page, 'bruno').waitFor({ state: 'detached' });
  expect(carol.errors).toEqual([]);
  for (const visitor of [carol, bruno, bella]) await visitor.context.close();
});
