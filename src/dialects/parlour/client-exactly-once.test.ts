import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ModelServer } from './client.test-server.ts';
import { ParlourClient } from './client.ts';
import { TOO_FAST_PAUSE_MS } from './client-outbox.ts';
import type { RoomFrame } from './wire.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant('up') },
    { weight: 6, arbitrary: fc.constant('down') },
    { weight: 3, arbitrary: fc.constant('wait') },
    { weight: 3, arbitrary: fc.constant('post') },
    { weight: 3, arbitrary: fc.constant('broadcast') },
    { weight: 1, arbitrary: fc.constant('cut') },
    { weight: 1, arbitrary: fc.constant('too-fast') },
    { weight: 1, arbitrary: fc.constant('restart') },
  ),
  { maxLength: 120 },
);

/** What the client was told of each session, in order. */
function bySession(told: readonly { readonly session: string; readonly frame: RoomFrame }[], session: string) {
  return told.filter((each) => each.session === session).map((each) => each.frame.seq);
}

async function run(script: readonly string[]) {
  const server = new ModelServer();
  const client = new ParlourClient({
    url: 'ws://chat.test/ws',
    room: 'lobby',
    name: 'ann',
    connect: server.connect,
    backoffMs: () => 1,
  });
  const told: { session: string; frame: RoomFrame }[] = [];
  client.on((event) => {
    if (event.type === 'frame') told.push({ session: client.resumePoint?.session ?? '', frame: event.frame });
  });
  const posts: Promise<{ messageId: number }>[] = [];
  const actions: Record<string, () => void> = {
    up: () => server.up(),
    down: () => server.down(),
    wait: () => vi.advanceTimersByTime(1),
    post: () => posts.push(client.post({ target: { to: 'bob' }, text: `${posts.length + 1}` })),
    broadcast: () => server.broadcast(),
    cut: () => server.cut(),
    'too-fast': () => {
      server.tooFast = true;
    },
    restart: () => server.restart(),
  };
  client.start();
  for (const step of script) actions[step]?.();
  // The network holds from here on: all that is owed arrives.
  for (let idle = 0; idle < 3; idle += 1) {
    vi.advanceTimersByTime(TOO_FAST_PAUSE_MS);
    while (server.up() || server.down()) idle = 0;
  }
  const answers = await Promise.all(posts);
  client.close();
  return { server, told, answers };
}

test('over any cuts and restarts, each message is posted once and in order, each room frame told once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const { server, told, answers } = await run(script);
      const expected = answers.map((_, index) => index + 1);
      expect(server.posted.map(({ text }) => Number(text))).toEqual(expected);
      expect(answers.map(({ messageId }) => messageId)).toEqual(expected);
      server.sessions.forEach((session, index) => {
        const log = session.log.map((frame) => frame.seq);
        const heard = bySession(told, session.id);
        const last = index === server.sessions.length - 1;
        // Of a session that ended with the server, the rest is gone: the next one began anew.
        expect(heard).toEqual(last ? log : log.slice(0, heard.length));
      });
    }),
    { numRuns: 300 },
  );
});
