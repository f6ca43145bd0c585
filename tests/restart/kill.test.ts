import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BareRtcClient } from '../../src/dialects/barertc/client.ts';
import { historyAfter, RefusedError } from '../../src/dialects/parlour/client.ts';
import { enterNative, type NativeGuest, startNative } from '../support/native.ts';
import { type Program, startProgram, temporaryFolder } from '../support/process.ts';

const LOBBY = { channel: 'lobby' } as const;
const CONFIG = `
[limits]
messages_burst = 100000
messages_per_second = 100000
`;

test('after kill -9 in the midst of it, what was acknowledged is there, once, and ids go on increasing', async () => {
  await using folder = await temporaryFolder();
  const { writeFile } = await import('node:fs/promises');
  await writeFile(join(folder.path, 'parlour.toml'), CONFIG);
  const first = startProgram(['--port', '0', '--host', '127.0.0.1'], { cwd: folder.path });
  const url = await first.url;
  const wsUrl = `${url.replace('http', 'ws')}/ws`;
  const guests = await Promise.all(['alice', 'bob', 'carol'].map((name) => enterNative(wsUrl, { name })));
  const bert = await BareRtcClient.enter({ url: wsUrl, username: 'bert' });
  const heardByBert = acknowledgedTo(bert);

  const posting = guests.map((guest) => postAlong(guest));
  for (let index = 0; index < 50; index++) bert.say('lobby', `bert ${index}`);
  await bert.waitFor((frame) => frame.action === 'message' && frame.message === '<p>bert 20</p>');
  first.child.kill('SIGKILL');
  await first.ended;

  const second = await startAgain(folder.path, url);
  for (const guest of guests) await guest.until(() => guest.welcomes.length === 2);
  for (const along of posting) along.stop();
  const acknowledged = (await Promise.all(posting.map((along) => along.done))).flat();
  const [reader] = guests as [NativeGuest, ...NativeGuest[]];
  const stored = await historyAfter(reader.client, LOBBY, 0);

  expect(reader.welcomes[1]).toMatchObject({ recovered: false });
  const idByText = new Map(stored.map((message) => [message.text, message.id]));
  for (const { text, messageId } of acknowledged) expect(idByText.get(text)).toBe(messageId);
  for (const { text, messageId } of heardByBert) expect(idByText.get(text)).toBe(messageId);
  expect(idByText.size).toBe(stored.length);
  expect(acknowledged.length).toBeGreaterThan(10);
  expect(stored.map((message) => message.id)).toEqual(stored.map((message) => message.id).toSorted((a, b) => a - b));

  const { messageId } = await reader.client.post({ target: LOBBY, text: 'after the restart' });
  expect(messageId).toBeGreaterThan(Math.max(...stored.map((message) => message.id)));
  // The same person as before: their message is theirs to take back.
  const own = acknowledged.find(({ text }) => text.startsWith('alice'));
  await reader.client.ask({ type: 'retract', messageId: own?.messageId ?? 0 });
  for (const guest of guests) guest.close();
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
});

test('bans and operators outlive the process', async () => {
  await using folder = await temporaryFolder();
  const first = startProgram(['--port', '0', '--host', '127.0.0.1'], { cwd: folder.path });
  const url = await first.url;
  const wsUrl = `${url.replace('http', 'ws')}/ws`;
  await expect.poll(() => first.stdout()).toContain('?invite=');
  const invitation = /invite=(\S+)/.exec(first.stdout())?.[1] ?? '';
  const olga = await enterNative(wsUrl, { name: 'olga', invitation });
  const mallory = await enterNative(wsUrl, { name: 'mallory' });
  await olga.client.ask({ type: 'ban', name: 'mallory', hours: 5, reason: 'spam' });
  await mallory.until(() => mallory.client.state.kind === 'closed');
  first.child.kill('SIGKILL');
  await first.ended;

  const second = await startAgain(folder.path, url);
  await olga.until(() => olga.welcomes.length === 2);
  const { bans } = await olga.client.ask({ type: 'bans' });
  expect(bans).toMatchObject([{ name: 'mallory', by: 'olga', reason: 'spam' }]);
  const token = mallory.client.token;
  for (const options of [{ name: 'Mallory' }, { name: 'somebody new', ...(token ? { token } : {}) }]) {
    const again = startNative(wsUrl, options);
    await again.until(() => again.client.state.kind === 'closed');
    expect(again.client.state).toMatchObject({ reason: { kind: 'refused', refusal: { code: 'banned' } } });
  }
  await olga.client.ask({ type: 'unban', name: 'mallory' });
  const forgiven = await enterNative(wsUrl, { name: 'mallory' });
  expect(forgiven.client.state.kind).toBe('open');
  forgiven.close();
  olga.close();
  second.child.kill('SIGTERM');
  await second.ended;
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s tells clients to come back, keeps everything, and ends well',
  async (signal) => {
    await using folder = await temporaryFolder();
    const first = startProgram(['--port', '0', '--host', '127.0.0.1'], { cwd: folder.path });
    const url = await first.url;
    const wsUrl = `${url.replace('http', 'ws')}/ws`;
    const alice = await enterNative(wsUrl, { name: 'alice' });
    const bert = await BareRtcClient.enter({ url: wsUrl, username: 'bert' });
    const { messageId } = await alice.client.post({ target: LOBBY, text: 'remember me' });
    first.child.kill(signal);
    expect(await bert.waitForClose()).toMatchObject({ code: 1012 });
    expect(bert.frames.some((frame) => frame.action === 'disconnect')).toBe(false);
    expect(await first.ended).toBe(0);

    const second = await startAgain(folder.path, url);
    await alice.until(() => alice.welcomes.length === 2);
    expect(await historyAfter(alice.client, LOBBY, 0)).toMatchObject([
      { id: messageId, text: 'remember me', own: true },
    ]);
    alice.close();
    second.child.kill('SIGTERM');
    await second.ended;
  },
);

async function startAgain(cwd: string, url: string): Promise<Program> {
  const program = startProgram(['--port', new URL(url).port, '--host', '127.0.0.1'], { cwd });
  await program.url;
  return program;
}

interface Acknowledged {
  readonly text: string;
  readonly messageId: number;
}

/** Posts one message after the other until told to stop; a connection that is lost changes nothing. */
function postAlong(guest: NativeGuest): { stop(): void; readonly done: Promise<Acknowledged[]> } {
  let stopped = false;
  const done = (async () => {
    const acknowledged: Acknowledged[] = [];
    for (let index = 0; !stopped; index++) {
      const text = `${guest.frames.find((frame) => frame.type === 'room')?.self.name} ${index}`;
      try {
        const { messageId } = await guest.client.post({ target: LOBBY, text });
        acknowledged.push({ text, messageId });
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error;
      }
    }
    return acknowledged;
  })();
  return {
    stop: () => {
      stopped = true;
    },
    done,
  };
}

/** On BareRTC's wire, one's own copy is the acknowledgement. */
function acknowledgedTo(client: BareRtcClient): Acknowledged[] {
  const heard: Acknowledged[] = [];
  client.on('message', (frame) => {
    const [, text] = /^<p>(bert \d+)<\/p>$/.exec(frame.message ?? '') ?? [];
    if (text && frame.msgID !== undefined) heard.push({ text, messageId: frame.msgID });
  });
  return heard;
}
