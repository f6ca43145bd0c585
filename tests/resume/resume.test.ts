import { expect, test } from 'vitest';
import { enterNative, type NativeGuest } from '../support/native.ts';
import { startTestServer } from '../support/server.ts';

const LOBBY = { channel: 'lobby' } as const;
const MESSAGES = 150;
const READERS = 6;
const CUTS = 10;

test('readers who are cut off again and again miss nothing, and hear nothing twice', async () => {
  await using server = await startTestServer();
  const readers = await Promise.all(
    Array.from({ length: READERS }, (_, index) => enterNative(server.wsUrl, { name: `reader ${index}` })),
  );
  const author = await enterNative(server.wsUrl, { name: 'author' });
  const expected = Array.from({ length: MESSAGES }, (_, index) => `message ${index}`);
  for (let cuts = 1; cuts <= CUTS; cuts++) {
    // Half of them lose their connection before the messages, half while these come.
    for (const reader of readers.slice(0, READERS / 2)) reader.cut();
    const some = expected.slice(((cuts - 1) * MESSAGES) / CUTS, (cuts * MESSAGES) / CUTS);
    for (const [index, text] of some.entries()) {
      await author.client.post({ target: LOBBY, text });
      if (index === 5) for (const reader of readers.slice(READERS / 2)) reader.cut();
    }
    // The next cut may come while they are still being told what they missed.
    for (const reader of readers) await reader.until(() => reader.welcomes.length > cuts);
  }
  for (const reader of readers) {
    await reader.until(() => reader.texts().at(-1) === expected.at(-1));
    expect(reader.texts()).toEqual(expected);
    expect(reader.welcomes).toHaveLength(CUTS + 1);
    expect(reader.welcomes.slice(1).every((welcome) => welcome.recovered)).toBe(true);
    expectIncreasing(reader);
    expect(reader.frames.filter((frame) => frame.type === 'room')).toHaveLength(1);
    // Nobody was seen to leave: they were only out of reach.
    expect(reader.frames.filter((frame) => frame.type === 'gone')).toEqual([]);
  }
  for (const guest of [...readers, author]) guest.close();
});

test('authors who are cut off post everything once, in their order', async () => {
  await using server = await startTestServer();
  const reader = await enterNative(server.wsUrl, { name: 'reader' });
  const author = await enterNative(server.wsUrl, { name: 'author' });
  const expected = Array.from({ length: MESSAGES }, (_, index) => `message ${index}`);
  const posts = expected.map((text) => author.client.post({ target: LOBBY, text }));
  for (let cuts = 1; cuts <= 8; cuts++) {
    await reader.until(() => reader.texts().length >= cuts * 15);
    author.cut();
    await author.until(() => author.welcomes.length > cuts);
  }
  const posted = await Promise.all(posts);
  await reader.until(() => reader.texts().length >= MESSAGES);
  expect(reader.texts()).toEqual(expected);
  expect(new Set(posted.map(({ messageId }) => messageId)).size).toBe(MESSAGES);
  reader.close();
  author.close();
});

test('who stays away for too long starts anew, as the same person', async () => {
  await using server = await startTestServer({ settings: { limits: { resume_seconds: 0 } } });
  const watcher = await enterNative(server.wsUrl, { name: 'watcher' });
  const alice = await enterNative(server.wsUrl, { name: 'alice', backoffMs: () => 3000 });
  const { messageId } = await alice.client.post({ target: LOBBY, text: 'mine' });
  alice.cut();
  await watcher.until(() => watcher.frames.some((frame) => frame.type === 'gone'));
  await alice.until(() => alice.welcomes.length === 2);
  expect(alice.welcomes[1]).toMatchObject({ recovered: false });
  await alice.until(() => alice.frames.filter((frame) => frame.type === 'room').length === 2);
  await alice.client.ask({ type: 'retract', messageId });
  watcher.close();
  alice.close();
});

test('a second tab of the same person takes the place of the first', async () => {
  await using server = await startTestServer();
  const first = await enterNative(server.wsUrl, { name: 'alice' });
  const { token } = first.client;
  const second = await enterNative(server.wsUrl, { name: 'alice', ...(token ? { token } : {}) });
  await first.until(() => first.client.state.kind === 'closed');
  expect(first.client.state).toMatchObject({ reason: { kind: 'bye', bye: { code: 'replaced', comeBack: false } } });
  const room = second.frames.find((frame) => frame.type === 'room');
  expect(room?.members.map((member) => member.name)).toEqual(['alice']);
  await second.client.post({ target: LOBBY, text: 'still here' });
  second.close();
});

function expectIncreasing(guest: NativeGuest): void {
  const numbers = guest.frames.map((frame) => frame.seq);
  for (let index = 1; index < numbers.length; index++) {
    expect(numbers[index]).toBeGreaterThan(numbers[index - 1] ?? 0);
  }
}
