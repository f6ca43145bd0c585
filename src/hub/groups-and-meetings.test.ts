import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Passwords } from '../auth/passwords.ts';
import { Groups } from '../groups/groups.ts';
import type { Media, MediaListener, MediaRoom } from '../media/port.ts';
import { openMemoryStorage } from '../storage/memory/memory-storage.ts';
import type { MemoryConnection } from '../transport/memory.ts';
import { framesOf, openStage, START, type Stage, until } from './testing/stage.ts';

const WATCH = {
  displayName: 'The Watch',
  users: {
    vimes: { password: 'sybil', permissions: 'op' },
    fred: { password: 'nobby', permissions: 'present' },
  },
  'wildcard-user': { password: { type: 'wildcard' }, permissions: 'message' },
  'max-history-age': 60,
};

/** What media was told, and the ears of the room that told it. */
class RecordedMedia implements Media {
  readonly calls: unknown[][] = [];
  readonly listeners: MediaListener[] = [];
  isClosed = false;

  open: Media['open'] = (_room, { listener, codecs }) => {
    this.listeners.push(listener);
    this.calls.push(['open', codecs()]);
    const record =
      (name: string) =>
      (...args: unknown[]): void =>
        void this.calls.push([name, ...args]);
    return new Proxy({} as MediaRoom, { get: (_, name) => record(String(name)) });
  };

  close = async (): Promise<void> => {
    this.isClosed = true;
  };
}

let folder: string;
let groups: Groups;
let stage: Stage;
let media: RecordedMedia;
let look: () => void;

async function define(name: string, definition: object): Promise<void> {
  await writeFile(join(folder, `${name}.json`), JSON.stringify(definition));
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlour-groups-'));
  await define('Watch', WATCH);
  await define('elsewhere', { redirect: 'https://example.org/group/there/' });
  const storage = openMemoryStorage();
  const passwords = new Passwords({ now: () => START });
  media = new RecordedMedia();
  groups = await Groups.open({
    groupsFolder: folder,
    storage,
    passwords,
    now: () => START,
    random: (bytes) => new Uint8Array(bytes).fill(7),
    log: { error: () => {}, warn: () => {}, info: () => {} },
    every: (_, work) => {
      look = work;
      return () => {};
    },
  });
  stage = await openStage({ storage, services: { groups, passwords, media } });
});

afterEach(async () => {
  await stage.hub.close();
  groups.close();
  await rm(folder, { recursive: true, force: true });
});

async function enter(name: string, more: object = {}): Promise<MemoryConnection> {
  const connection = stage.connect();
  connection.receive({ type: 'hello', version: 1, room: 'watch', name, ...more });
  await until(() => framesOf(connection, 'ok').length + framesOf(connection, 'refused').length > 0);
  return connection;
}

const refusal = (connection: MemoryConnection) => framesOf(connection, 'refused')[0]?.code;
const self = (connection: MemoryConnection) =>
  framesOf(connection, 'room')[0]?.self as { name: string; permissions: string[] } | undefined;

async function ask(connection: MemoryConnection, frame: object): Promise<Record<string, unknown>> {
  const ref = `r${connection.sent.length}`;
  connection.receive({ ...frame, ref });
  return until(() => connection.sent.map((text) => JSON.parse(text)).find((answer) => answer.ref === ref));
}

describe('a room that a definition describes', () => {
  test('lets its users in by their passwords, with what they may do', async () => {
    const vimes = await enter('vimes', { password: 'sybil' });
    expect(self(vimes)?.permissions).toEqual(['op', 'present', 'message', 'caption', 'token']);
    expect(framesOf(vimes, 'room')[0]).toMatchObject({ name: 'watch', title: 'The Watch' });
    expect(self(await enter('fred', { password: 'nobby' }))?.permissions).toEqual(['present', 'message']);
  });

  test('and others as it says of them, but nobody under the name of a user', async () => {
    expect(self(await enter('carrot'))?.permissions).toEqual(['message']);
    expect(refusal(await enter('Vimes', { password: 'wrong' }))).toBe('login-failed');
    expect(refusal(await enter('vimes'))).toBe('login-failed');
  });

  test('operators of the house come in under any name', async () => {
    const { connection } = await stage.hello('Olga', { invitation: await stage.operatorInvitation() });
    const token = framesOf(connection, 'welcome')[0]?.token;
    expect(self(await enter('Olga', { token }))?.permissions).toContain('op');
    const invitation = await stage.operatorInvitation();
    expect(self(await enter('Oscar', { invitation }))?.permissions).toContain('op');
    expect(self(await enter('Mallory', { token: 'nonsense' }))?.permissions).toEqual(['message']);
  });

  test('sends people elsewhere where it says so', async () => {
    const connection = stage.connect();
    connection.receive({ type: 'hello', version: 1, room: 'elsewhere', name: 'ann' });
    const refused = await until(() => framesOf(connection, 'refused')[0]);
    expect(refused).toMatchObject({ code: 'room-elsewhere' });
    expect(String(refused.message)).toContain('https://example.org/group/there/');
  });

  test('changes with its file, and those who are there hear of it', async () => {
    const carrot = await enter('carrot');
    await define('Watch', { ...WATCH, displayName: 'The Night Watch', description: 'Cable Street' });
    look();
    const meeting = await until(() => framesOf(carrot, 'meeting')[0]);
    expect(meeting).toMatchObject({ title: 'The Night Watch', meeting: { description: 'Cable Street' } });
  });

  test('is closed while nobody can read its definition, also where the room is configured', async () => {
    await writeFile(join(folder, 'lobby.json'), '{"users": 5}');
    const connection = stage.connect();
    connection.receive({ type: 'hello', version: 1, room: 'lobby', name: 'ann' });
    expect(await until(() => framesOf(connection, 'refused')[0])).toMatchObject({ code: 'room-unknown' });
    expect((await stage.hub.catalogue.cards()).map(({ name }) => name)).not.toContain('lobby');
  });

  test('has its definition from the moment that there is one', async () => {
    const { connection } = await stage.hello('ann');
    await define('lobby', { ...WATCH, displayName: 'Guarded' });
    look();
    await until(() => framesOf(connection, 'meeting')[0]);
    const stranger = stage.connect();
    stranger.receive({ type: 'hello', version: 1, room: 'lobby', name: 'vimes' });
    expect(await until(() => framesOf(stranger, 'refused')[0])).toMatchObject({ code: 'login-failed' });
  });

  test('has tokens that its people give out, within what they may do', async () => {
    const vimes = await enter('vimes', { password: 'sybil' });
    const expires = START + 3_600_000;
    const made = await ask(vimes, { type: 'make-token', permissions: ['present', 'message'], expires });
    const [{ token, url }] = made.tokens as [{ token: string; url: string }];
    expect(url).toBe(`/r/Watch?token=${token}`);
    expect(refusal(await enter('', { roomToken: token }))).toBe('name-required');
    expect(refusal(await enter('fred', { roomToken: token }))).toBe('name-taken');
    expect(self(await enter('angua', { roomToken: token }))).toMatchObject({ permissions: ['present', 'message'] });
    const list = await ask(vimes, { type: 'tokens' });
    expect(list.tokens).toMatchObject([{ token, expires, issuedBy: 'vimes' }]);
    await ask(vimes, { type: 'edit-token', token, expires: START - 1 });
    expect(refusal(await enter('angua', { roomToken: token }))).toBe('login-failed');
    const fred = await enter('fred', { password: 'nobby' });
    expect(await ask(fred, { type: 'make-token', permissions: ['message'], expires })).toMatchObject({
      code: 'not-permitted',
    });
  });
});

describe('streams', () => {
  async function publish(connection: MemoryConnection): Promise<MediaListener> {
    connection.receive({ type: 'publish', stream: 's1', label: 'camera', sdp: 'offer' });
    return until(() => media.listeners[0]);
  }

  test('go to media, and what comes of it to those whom it concerns', async () => {
    const fred = await enter('fred', { password: 'nobby' });
    const carrot = await enter('carrot');
    const wanted = { audio: true, video: 'high' };
    await ask(carrot, { type: 'want', byLabel: {}, otherwise: wanted });
    const listener = await publish(fred);
    expect(media.calls[0]).toEqual(['open', ['vp8', 'opus']]);
    expect(media.calls[1]).toEqual(['publish', 's1', { sdp: 'offer' }]);
    listener.answered('s1', { sdp: 'answer', tracks: [{ kind: 'video', layers: 1 }] });
    expect(framesOf(fred, 'stream-answer')).toMatchObject([{ stream: 's1', sdp: 'answer' }]);
    const forward = await until(() => media.calls.find(([name]) => name === 'forward'));
    expect(forward).toEqual(['forward', 's1', expect.any(String), { audio: false, video: 'high' }]);
    const to = forward[2] as string;
    listener.offered('s1', to, { sdp: 'offer', tracks: [{ mid: '0', kind: 'video' }] });
    expect(framesOf(carrot, 'stream-offer')).toMatchObject([{ stream: 's1', name: 'fred', sdp: 'offer' }]);
    await ask(carrot, { type: 'stream-answer', stream: 's1', sdp: 'answer' });
    expect(media.calls.at(-1)).toEqual(['answer', 's1', to, 'answer']);
    listener.receiverGotCandidate('s1', to, { candidate: 'c' });
    listener.publisherGotCandidate('s1', { candidate: 'p' });
    listener.publisherLost('s1');
    expect(framesOf(carrot, 'stream-candidate')).toMatchObject([{ candidate: { candidate: 'c' } }]);
    expect(framesOf(fred, 'stream-candidate')).toMatchObject([{ candidate: { candidate: 'p' } }]);
    expect(framesOf(fred, 'stream-restart')).toHaveLength(1);
    listener.died();
    expect(framesOf(carrot, 'stream-closed')).toHaveLength(1);
    expect(framesOf(fred, 'stream-restart')).toHaveLength(2);
  });

  test('end with a refusal where nothing forwards them', async () => {
    const bare = await openStage();
    const { connection } = await bare.hello('ann');
    connection.receive({ type: 'publish', stream: 's1', label: 'camera', sdp: 'offer' });
    expect(await until(() => framesOf(connection, 'stream-ended')[0])).toMatchObject({ code: 'media-off' });
    await bare.hub.close();
  });

  test('go on over a lost connection, and end when it is not taken up again', async () => {
    const fred = await enter('fred', { password: 'nobby' });
    const listener = await publish(fred);
    listener.answered('s1', { sdp: 'answer', tracks: [{ kind: 'video', layers: 1 }] });
    fred.end({ code: 1006 });
    expect(media.calls.some(([name]) => name === 'unpublish')).toBe(false);
    stage.pass(61_000);
    expect(media.calls).toContainEqual(['unpublish', 's1']);
  });
});

test('what is nested too deep costs its sender a refusal, and nobody else anything', async () => {
  const fred = await enter('fred', { password: 'nobby' });
  const carrot = await enter('carrot');
  for (const depth of [100, 1000, 3000, 10_000, 30_000]) {
    const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    fred.receive(`{"type":"note","ref":"deep${depth}","kind":"x","value":${deep}}`);
    fred.receive(`{"type":"own-data","ref":"data${depth}","changes":{"x":${deep}}}`);
  }
  fred.receive({ type: 'note', kind: 'x', value: [[[[1]]]] });
  expect(await until(() => framesOf(carrot, 'note')[0])).toMatchObject({ value: [[[[1]]]] });
  expect(framesOf(fred, 'refused').filter(({ code }) => code === 'bad-frame')).toHaveLength(10);
  expect([fred.open, carrot.open, stage.faults.length]).toEqual([true, true, 0]);
});
