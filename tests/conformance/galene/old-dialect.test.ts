import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GaleneClient, GaleneFrame } from '../../../src/dialects/galene/client.ts';
import { offersOf } from './support/captures.ts';
import { part, quiet, rest, settled, TIME, told } from './support/frames.ts';
import { Installation } from './support/installation.ts';

/** `spec/galene.md` 0.2, 1.14 and 1.15. */

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.start();
});
afterAll(() => installation[Symbol.asyncDispose]());

const seed = { generation: 'seed' } as const;

/** One of each time in a group of their own, who both may all. */
async function pair(): Promise<{ readonly group: string; readonly vimes: GaleneClient; readonly colon: GaleneClient }> {
  const group = installation.plainGroup();
  const vimes = await installation.enter(group, 'vimes', seed);
  const colon = await installation.enter(group, 'colon');
  await quiet(vimes, colon);
  return { group, vimes, colon };
}

function joinedOf(client: GaleneClient): GaleneFrame | undefined {
  return client.frames.find(({ type }) => type === 'joined');
}

const CAPTURED = { seed: offersOf('seed'), latest: offersOf('latest-plain') };

describe('Galène: clients of before versions', () => {
  test('55. the handshake is bare, and a join that did not wait for it is heard', async () => {
    const group = installation.plainGroup();
    const client = await installation.connect({ ...seed, handshake: 'by-hand' });
    client.send({ type: 'handshake', id: client.id });
    client.send({ type: 'join', kind: 'join', group, username: 'fred', password: 'pints' });
    expect(await client.next(() => true)).toEqual({ type: 'handshake' });
    expect(await client.next(() => true)).toMatchObject({ type: 'joined', kind: 'join', group, username: 'fred' });
    await settled(client);
    expect(client.frames.filter(({ type }) => type === 'usermessage')).toEqual([]);
    await part(client);
  });

  test('55. version 1 is answered by itself, with lists of permissions and times in milliseconds', async () => {
    const group = installation.plainGroup();
    const client = await installation.connect({ generation: '1' });
    expect(client.frames[0]).toEqual({ type: 'handshake', version: ['1'] });
    await client.join(group, { username: 'fred', password: 'pints' });
    expect(client.frames[1]).toMatchObject({ type: 'joined', permissions: ['present', 'message'] });
    client.chat('hello');
    expect(await client.next({ type: 'chat' })).toMatchObject({ time: expect.any(Number) });
    const late = await installation.enter(group, 'ann', { generation: '1' });
    expect(await late.next({ type: 'chathistory' })).toMatchObject({ time: expect.any(Number), value: 'hello' });
    await part(client, late);
  });

  test('56. permissions are an object unless the operator says otherwise', async () => {
    const { group, vimes, colon } = await pair();
    const fred = await installation.enter(group, 'fred', seed);
    const permissions = { present: true, message: true };
    expect(joinedOf(fred)).toMatchObject({ permissions, status: { name: group } });
    expect(await fred.next({ type: 'user', id: fred.id })).toMatchObject({ permissions });
    expect(await vimes.next({ type: 'user', id: fred.id })).toMatchObject({ permissions });
    expect(await colon.next({ type: 'user', id: fred.id })).toMatchObject({ permissions: ['present', 'message'] });
    vimes.userAction(fred.id, { kind: 'unpresent' });
    expect(await fred.next({ type: 'joined', kind: 'change' })).toMatchObject({ permissions: { message: true } });
    await part(vimes, colon, fred);
  });

  test('56. and a list where the operator says so', async () => {
    const other = await Installation.start({ settings: { galene: { permissions: 'array' } } });
    const fred = await other.enter(other.plainGroup(), 'fred', seed);
    expect(joinedOf(fred)).toMatchObject({ permissions: ['present', 'message'] });
    await part(fred);
    await other[Symbol.asyncDispose]();
  });

  test.each([
    ['camera', 0],
    ['screenshare', 1],
  ] as const)('57. an offer of tracks that have labels: a %s to clients of today', async (label, index) => {
    const { vimes, colon } = await pair();
    colon.request({ '': ['audio', 'video'], screenshare: ['audio', 'video'] });
    const captured = CAPTURED.seed[index] as GaleneFrame;
    vimes.send({ ...captured, source: vimes.id, username: 'vimes' });
    expect(await vimes.next({ type: 'answer' })).toMatchObject({ id: captured.id, sdp: expect.stringMatching(/^v=0/) });
    const offer = await colon.next({ type: 'offer' });
    expect(offer).toMatchObject({ id: captured.id, label, source: vimes.id, username: 'vimes' });
    expect(offer).not.toHaveProperty('labels');
    vimes.send({ type: 'close', id: captured.id ?? '' });
    expect(await colon.next({ type: 'close' })).toEqual({ type: 'close', id: captured.id });
    await part(vimes, colon);
  });

  test('58. an offer to them says which track is what, and is of what they asked for', async () => {
    const { vimes, colon } = await pair();
    vimes.send({ type: 'request', request: { audio: true } });
    const captured = CAPTURED.latest[0] as GaleneFrame;
    colon.send({ ...captured, source: colon.id, username: 'colon' });
    await colon.next({ type: 'answer' });
    const offer = await vimes.next({ type: 'offer' });
    expect(offer).toMatchObject({ id: captured.id, source: colon.id, username: 'colon' });
    expect(Object.values(offer.labels ?? {})).toEqual(['audio']);
    vimes.send({ type: 'request', request: {} });
    expect(await vimes.next({ type: 'close' })).toEqual({ type: 'close', id: captured.id });
    vimes.send({ type: 'request', request: { audio: true, video: true } });
    const both = await vimes.next({ type: 'offer' });
    expect(Object.values(both.labels ?? {}).sort()).toEqual(['audio', 'video']);
    for (const mid of Object.keys(both.labels ?? {})) expect(both.sdp).toContain(`a=mid:${mid}\r\n`);
    await part(vimes, colon);
  });

  test('58. a screen is theirs where they ask for screens', async () => {
    const { vimes, colon } = await pair();
    vimes.send({ type: 'request', request: { audio: true, video: true } });
    const captured = { ...(CAPTURED.latest[0] as GaleneFrame), label: 'screenshare' };
    colon.send({ ...captured, source: colon.id, username: 'colon' });
    await colon.next({ type: 'answer' });
    const sound = await vimes.next({ type: 'offer' });
    expect(Object.values(sound.labels ?? {})).toEqual(['audio']);
    vimes.send({ type: 'request', request: {} });
    await vimes.next({ type: 'close' });
    vimes.send({ type: 'request', request: { audio: true, video: true, screenshare: true } });
    const all = await vimes.next({ type: 'offer' });
    expect(Object.values(all.labels ?? {}).sort()).toEqual(['audio', 'screenshare']);
    await part(vimes, colon);
  });

  test('59. what was said is chat with its author’s id, and times are milliseconds', async () => {
    const { group, vimes, colon } = await pair();
    colon.chat('before');
    await settled(colon);
    vimes.chat('by vimes');
    expect(await vimes.next({ type: 'chat' })).toMatchObject({ source: colon.id, time: expect.any(Number) });
    expect(await colon.next({ type: 'chat', value: 'by vimes' })).toMatchObject({ time: expect.stringMatching(TIME) });
    const late = await installation.enter(group, 'late', seed);
    await settled(late);
    const lines = late.frames.filter(({ type }) => type === 'chat');
    expect(lines.map(({ value, source, time }) => [value, source, typeof time])).toEqual([
      ['before', colon.id, 'number'],
      ['by vimes', vimes.id, 'number'],
    ]);
    expect(late.frames.map(({ type }) => type)).not.toContain('chathistory');
    await part(vimes, colon, late);
  });

  test('59. a kick is an error that they show', async () => {
    const { vimes, colon } = await pair();
    const error = told(vimes, 'error');
    colon.userAction(vimes.id, { kind: 'kick', value: 'tea time' });
    expect(await error).toMatchObject({ privileged: true, value: 'tea time' });
    expect(await vimes.waitForClose()).toMatchObject({ code: 1000 });
    expect(vimes.frames.filter(({ kind }) => kind === 'kicked')).toEqual([]);
    await part(colon);
  });

  test('59. what clears a part is not theirs, as they would clear everything', async () => {
    const { vimes, colon } = await pair();
    colon.chat('one', { id: 'one' });
    await quiet(colon, vimes);
    colon.groupAction({ kind: 'clearchat', value: { id: 'one', userId: colon.id } });
    colon.groupAction({ kind: 'clearchat', value: { userId: colon.id } });
    await settled(colon);
    expect(await rest(vimes)).toEqual([]);
    colon.groupAction({ kind: 'clearchat' });
    expect(await told(vimes, 'clearchat')).toMatchObject({ privileged: true });
    vimes.groupAction({ kind: 'clearchat' });
    expect(await colon.next(({ kind, value }) => kind === 'clearchat' && value === undefined)).toBeDefined();
    await part(vimes, colon);
  });

  test('59. captions are not theirs either', async () => {
    const { vimes, colon } = await pair();
    colon.chat('and then', { kind: 'caption' });
    colon.chat('said');
    await settled(colon);
    expect((await rest(vimes)).map(({ value }) => value)).toEqual(['said']);
    await part(vimes, colon);
  });

  test('59. status is what today is called data', async () => {
    const { group, vimes, colon } = await pair();
    vimes.userAction(vimes.id, { kind: 'setstatus', value: { raisehand: true } });
    expect(await vimes.next({ type: 'user' })).toMatchObject({ kind: 'change', status: { raisehand: true } });
    expect(await colon.next({ type: 'user' })).toMatchObject({ kind: 'change', data: { raisehand: true } });
    colon.setData({ mood: 'calm' });
    const change = await vimes.next({ type: 'user', id: colon.id });
    expect(change).toMatchObject({ status: { mood: 'calm' } });
    expect(change).not.toHaveProperty('data');
    const late = await installation.enter(group, 'late', seed);
    await settled(late);
    expect(late.users.get(vimes.id)?.data).toEqual({ raisehand: true });
    await part(vimes, colon, late);
  });

  test('60. a slash at the end of the group’s name is theirs', async () => {
    const { group, vimes, colon } = await pair();
    const fred = await installation.connect(seed);
    const outcome = await fred.join(`${group}/`, { username: 'fred', password: 'pints' });
    expect(outcome).toMatchObject({ kind: 'joined', membership: { group: `${group}/`, status: { name: group } } });
    fred.chat('here');
    await colon.next({ type: 'chat', value: 'here' });
    await part(vimes, colon, fred);
  });

  test.each(['useraction', 'groupaction'])('a %s that nobody knows breaks the wire, as they have it', async (type) => {
    const { vimes, colon } = await pair();
    vimes.send({ type, kind: 'frobnicate', source: vimes.id, username: 'vimes', dest: colon.id });
    expect(await vimes.waitForClose()).toMatchObject({ code: 1002 });
    await part(colon);
  });
});
