import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { enter, line, say, type Visitor } from './support/browser.ts';
import { openCutProxy } from './support/cut-proxy.ts';
import { expectMoving, joinMeeting, meetingTiles } from './support/meeting.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

/** Meetings over what networks and servers do. Each waits for several new connections. */
vi.setConfig({ testTimeout: 90_000 });
let room: BrowserRoom;
let alice: Visitor;

beforeEach(async () => {
  room = await openBrowserRoom();
  alice = await room.enter('alice');
  await joinMeeting(alice.page);
});
afterEach(async () => {
  await alice.context.close();
  await room.close();
});

test('while the connection to the room is lost, the pictures go on; afterwards all is as it was', async () => {
  const proxy = await openCutProxy(Number(new URL(room.url).port));
  const bob = await enter(room.browser, proxy.url, { name: 'bob' });
  await joinMeeting(bob.page);
  await expectMoving(bob.page, 'alice in the meeting');
  await expectMoving(alice.page, 'bob in the meeting');
  proxy.cut();
  await bob.page.getByText('Reconnecting…').waitFor();
  await expectMoving(bob.page, 'alice in the meeting');
  await expectMoving(alice.page, 'bob in the meeting');
  proxy.mend();
  await bob.page.getByText('Reconnecting…').waitFor({ state: 'detached' });
  await say(bob.page, 'Back again.');
  await line(alice.page, 'Back again.').waitFor();
  await expectMoving(bob.page, 'alice in the meeting');
  expect(await meetingTiles(alice.page).count()).toBe(2);
  await bob.context.close();
  proxy.close();
});

test('after the server started anew, everybody is seen again without doing anything', async () => {
  const bob = await room.enter('bob');
  await joinMeeting(bob.page);
  await expectMoving(alice.page, 'bob in the meeting');
  await room.server.restart();
  await alice.page.getByText('Reconnecting…').waitFor({ state: 'detached' });
  await bob.page.getByText('Reconnecting…').waitFor({ state: 'detached' });
  await expectMoving(alice.page, 'bob in the meeting');
  await expectMoving(bob.page, 'alice in the meeting');
  expect(await meetingTiles(alice.page).count()).toBe(2);
  await bob.context.close();
});

test('when the process that forwards dies, the streams go by another', async () => {
  const bob = await room.enter('bob');
  await joinMeeting(bob.page);
  await expectMoving(alice.page, 'bob in the meeting');
  await alice.page.evaluate(() => {
    const video = document.querySelector<HTMLVideoElement>('video[aria-label="bob in the meeting"]');
    Object.assign(window, { before: video?.srcObject });
  });
  for (const pid of forwarders()) process.kill(pid, 'SIGKILL');
  await alice.page.waitForFunction(() => {
    const video = document.querySelector<HTMLVideoElement>('video[aria-label="bob in the meeting"]');
    return video?.srcObject && video.srcObject !== (window as unknown as { before: unknown }).before;
  });
  await expectMoving(alice.page, 'bob in the meeting');
  await expectMoving(bob.page, 'alice in the meeting');
  await bob.context.close();
  // The one whom we killed is a fault to the server, and should be the only one.
  await expect(room.close()).rejects.toThrow('logged 1 fault');
});

/** The processes of this one that forward streams. */
function forwarders(): readonly number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return children.filter((pid) => {
    try {
      const parent = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return Number(parent) === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('worker-main');
    } catch {
      return false;
    }
  });
}
