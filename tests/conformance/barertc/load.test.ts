import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startTestServer } from '../../support/server.ts';

const USERS = 500;
const AT_ONCE = 25;

/** Counts, and does not parse: half a thousand lists of half a thousand rows would be most of the test. */
interface User {
  readonly socket: WebSocket;
  readonly frames: { who: number; whoBytes: number; latest: string };
  readonly seen: (text: string) => Promise<void>;
}

function connect(url: string, username: string): Promise<User> {
  const { promise, resolve, reject } = Promise.withResolvers<User>();
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const frames = { who: 0, whoBytes: 0, latest: '' };
  const waiting = new Set<{ readonly text: string; readonly found: () => void }>();
  const seen = (text: string): Promise<void> => new Promise((found) => waiting.add({ text, found: () => found() }));
  socket.on('message', (data: Buffer) => {
    if (data.includes('"action":"who"')) {
      frames.who++;
      frames.whoBytes += data.length;
      frames.latest = data.toString();
    }
    for (const waiter of waiting) {
      if (!data.includes(waiter.text)) continue;
      waiting.delete(waiter);
      waiter.found();
    }
  });
  socket.on('error', reject);
  const user = { socket, frames, seen };
  socket.on('open', () => {
    void seen('"action":"echo"').then(() => resolve(user));
    socket.send(JSON.stringify({ action: 'login', username, jwt: '', dnd: false }));
  });
  return promise;
}

test('75. Load: 500 users, one me: one list for each of them, and nobody dropped', async () => {
  // As it is out of the box: lists are paced. The logins make the largest crowd of them.
  await using server = await startTestServer({
    settings: { limits: { roster_bytes_per_second: 20_000_000 } },
  });
  const users: User[] = [];
  for (let first = 0; first < USERS; first += AT_ONCE) {
    const names = Array.from({ length: AT_ONCE }, (_, index) => `user ${first + index}`);
    users.push(...(await Promise.all(names.map((name) => connect(server.wsUrl, name)))));
  }
  const [alice, bob] = users;
  if (!alice || !bob) throw new Error('There is nobody.');

  const inLists = users.map((user) => user.seen('"status":"on the moon"'));
  const before = users.map(({ frames }) => ({ ...frames }));
  alice.socket.send(JSON.stringify({ action: 'me', video: 0, status: 'on the moon', dnd: false }));
  await Promise.all(inLists);

  const fences = users.map((user) => user.seen('"message":"<p>fence</p>"'));
  bob.socket.send(JSON.stringify({ action: 'message', channel: 'lobby', message: 'fence' }));
  await Promise.all(fences);

  const oneList = users[0]?.frames.latest.length ?? 0;
  expect(JSON.parse(bob.frames.latest).whoList).toHaveLength(USERS);
  const lists = users.map(({ frames }, index) => frames.who - (before[index]?.who ?? 0));
  // The one of the last logins may still have been under way.
  expect(Math.max(...lists)).toBeLessThanOrEqual(2);
  const bytes = users.reduce((sum, { frames }, index) => sum + frames.whoBytes - (before[index]?.whoBytes ?? 0), 0);
  expect(bytes).toBeLessThanOrEqual(2 * USERS * oneList);
  expect(users.filter(({ socket }) => socket.readyState !== WebSocket.OPEN)).toEqual([]);

  for (const { socket } of users) socket.terminate();
});
