import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GaleneClient } from '../../../src/dialects/galene/client.ts';
import { part, quiet, refused, rest, settled, told } from './support/frames.ts';
import { Installation } from './support/installation.ts';

/** `spec/galene.md` 1.10 and 1.11. */

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.start();
});
afterAll(() => installation[Symbol.asyncDispose]());

interface Watch {
  readonly group: string;
  readonly vimes: GaleneClient;
  readonly fred: GaleneClient;
  readonly ann: GaleneClient;
}

/** An operator, a presenter and somebody of everyday. */
async function watch(group = installation.plainGroup()): Promise<Watch> {
  const vimes = await installation.enter(group, 'vimes');
  const fred = await installation.enter(group, 'fred');
  const ann = await installation.enter(group, 'ann');
  await quiet(vimes, fred, ann);
  return { group, vimes, fred, ann };
}

const OFFER = { type: 'offer', id: 'a stream', label: 'camera', sdp: 'v=0\r\n' };

describe('Galène: moderation', () => {
  test('26. who is kicked is told by whom and why, and the connection ends; the others see them go', async () => {
    const { vimes, fred, ann } = await watch();
    const kicked = told(ann, 'kicked');
    vimes.userAction(ann.id, { kind: 'kick', value: 'tea time' });
    expect(await kicked).toMatchObject({ id: vimes.id, username: 'vimes', privileged: true, value: 'tea time' });
    expect(await ann.waitForClose()).toMatchObject({ code: 1000 });
    for (const client of [vimes, fred]) {
      expect(await rest(client)).toEqual([{ type: 'user', kind: 'delete', id: ann.id, username: 'ann' }]);
    }
    await part(vimes, fred);
  });

  test('26. without a reason there is one', async () => {
    const { vimes, fred, ann } = await watch();
    const kicked = told(ann, 'kicked');
    vimes.userAction(ann.id, { kind: 'kick' });
    expect(await kicked).toMatchObject({ value: 'you have been kicked out' });
    await ann.waitForClose();
    await part(vimes, fred);
  });

  test('26. who was kicked may come again', async () => {
    const { group, vimes, fred, ann } = await watch();
    vimes.userAction(ann.id, { kind: 'kick' });
    await ann.waitForClose();
    await part(await installation.enter(group, 'ann'), vimes, fred);
  });

  test.each(['kick', 'op', 'unop', 'present', 'unpresent', 'shutup', 'unshutup', 'identify'] as const)(
    '%s is for operators, and of those who are there',
    async (kind) => {
      const { vimes, fred, ann } = await watch();
      fred.userAction(ann.id, { kind });
      await refused(fred, 'not authorised');
      expect([await rest(vimes), await rest(ann)]).toEqual([[], []]);
      vimes.userAction('no such client', { kind });
      expect(await told(vimes, 'error')).toMatchObject({ privileged: true, value: 'no such user' });
      await part(vimes, fred, ann);
    },
  );

  test.each([
    ['op', 'ann', ['message', 'op']],
    ['unop', 'vimes', ['caption', 'message', 'present']],
    ['present', 'ann', ['message', 'present']],
    ['unpresent', 'fred', ['message']],
    ['shutup', 'ann', []],
    ['unshutup', 'ann', ['message']],
  ] as const)('27. %s: %s is told, and all see it', async (kind, name, permissions) => {
    const people = await watch();
    const { vimes, fred, ann } = people;
    const target = people[name];
    if (kind === 'unshutup') vimes.userAction(ann.id, { kind: 'shutup' });
    await quiet(vimes, fred, ann);
    vimes.userAction(target.id, { kind });
    await settled(vimes, fred, ann);
    expect([...(target.membership?.permissions ?? [])].sort()).toEqual(permissions);
    for (const client of [vimes, fred, ann]) {
      const frames = client.untaken.filter(({ type }) => type === 'user');
      expect(frames).toEqual([expect.objectContaining({ kind: 'change', id: target.id, username: name })]);
      expect([...(client.users.get(target.id)?.permissions ?? [])].sort()).toEqual(permissions);
      const changes = client.untaken.filter(({ type }) => type === 'joined');
      expect(changes).toHaveLength(client === target ? 1 : 0);
    }
    const [change] = target.untaken.filter(({ type }) => type === 'joined');
    expect(change).toMatchObject({ kind: 'change', status: { locked: false }, rtcConfiguration: {} });
    await part(vimes, fred, ann);
  });

  test('27. operators of a group that may be recorded may record it', async () => {
    const { vimes, fred, ann } = await watch(await installation.group({ 'allow-recording': true }));
    vimes.userAction(ann.id, { kind: 'op' });
    await settled(vimes, ann);
    expect([...(ann.membership?.permissions ?? [])].sort()).toEqual(['message', 'op', 'record']);
    vimes.userAction(ann.id, { kind: 'unop' });
    await settled(vimes, ann);
    expect(ann.membership?.permissions).toEqual(['message']);
    await part(vimes, fred, ann);
  });

  test('27. who is shut up says nothing until they are not', async () => {
    const { vimes, fred, ann } = await watch();
    vimes.userAction(ann.id, { kind: 'shutup' });
    await settled(vimes, ann);
    ann.chat('mmh');
    await refused(ann, 'not authorised');
    vimes.userAction(ann.id, { kind: 'unshutup' });
    await settled(vimes, ann);
    ann.chat('at last');
    await fred.next({ type: 'chat', value: 'at last' });
    expect(fred.frames.some(({ value }) => value === 'mmh')).toBe(false);
    await part(vimes, fred, ann);
  });

  test('27. who may not present is refused by abort and error, and the others hear nothing', async () => {
    const { vimes, fred, ann } = await watch();
    for (const client of [vimes, fred]) client.request({ '': ['audio', 'video'] });
    ann.send({ ...OFFER, source: ann.id, username: 'ann' });
    expect(await ann.next({ type: 'abort' })).toEqual({ type: 'abort', id: OFFER.id });
    await refused(ann, 'not authorised');
    vimes.userAction(fred.id, { kind: 'unpresent' });
    await quiet(vimes, fred);
    fred.send({ ...OFFER, source: fred.id, username: 'fred' });
    expect(await fred.next({ type: 'abort' })).toEqual({ type: 'abort', id: OFFER.id });
    await refused(fred, 'not authorised');
    expect(await rest(vimes)).toEqual([]);
    await part(vimes, fred, ann);
  });

  test('27. who became an operator may do what operators do, and no longer than that', async () => {
    const { vimes, fred, ann } = await watch();
    vimes.userAction(ann.id, { kind: 'op' });
    await settled(vimes, ann);
    ann.groupAction({ kind: 'lock' });
    await settled(ann);
    expect(ann.membership?.status).toMatchObject({ locked: true });
    ann.userAction(ann.id, { kind: 'unop' });
    await settled(ann);
    ann.groupAction({ kind: 'unlock' });
    await refused(ann, 'not authorised');
    await part(vimes, fred, ann);
  });

  test('28. what clients say of themselves is seen by all, newcomers too, until it is taken back', async () => {
    const { group, vimes, fred, ann } = await watch();
    ann.setData({ raisehand: true, colour: 'blue' });
    const data = { raisehand: true, colour: 'blue' };
    const change = { type: 'user', kind: 'change', id: ann.id, username: 'ann', permissions: ['message'] };
    for (const client of [vimes, fred, ann]) {
      await settled(ann);
      expect(await rest(client)).toEqual([{ ...change, data }]);
    }
    await quiet(vimes, fred, ann);
    ann.setData({ raisehand: null });
    await settled(ann);
    expect(await rest(vimes)).toEqual([{ ...change, data: { colour: 'blue' } }]);
    const late = await installation.enter(group, 'late');
    await settled(late);
    expect(late.users.get(ann.id)?.data).toEqual({ colour: 'blue' });
    await quiet(vimes);
    ann.setData({ colour: null });
    expect(await vimes.next({ type: 'user', kind: 'change' })).toMatchObject({ data: {} });
    await part(vimes, fred, ann, late);
  });

  test('28. nobody says anything of another, operators neither', async () => {
    const { vimes, fred, ann } = await watch();
    vimes.userAction(ann.id, { kind: 'setdata', value: { raisehand: true } });
    expect(await told(vimes, 'error')).toMatchObject({ privileged: true });
    expect(await rest(fred)).toEqual([]);
    await part(vimes, fred, ann);
  });

  test('28. nor what is no object', async () => {
    const { vimes, fred, ann } = await watch();
    for (const value of ['up', 5, ['up'], null, true]) {
      ann.userAction(ann.id, { kind: 'setdata', value: value as never });
      expect(await told(ann, 'error')).toMatchObject({ privileged: true });
      vimes.groupAction({ kind: 'setdata', value: value as never });
      expect(await told(vimes, 'error')).toMatchObject({ privileged: true });
    }
    expect(await rest(fred)).toEqual([]);
    await part(vimes, fred, ann);
  });

  test('28. data of the group is the operators’, and all are told', async () => {
    const { group, vimes, fred, ann } = await watch();
    vimes.groupAction({ kind: 'setdata', value: { topic: 'crime', round: 1 } });
    await settled(vimes);
    for (const client of [vimes, fred, ann]) {
      expect(await rest(client)).toEqual([
        expect.objectContaining({ type: 'joined', kind: 'change', data: { topic: 'crime', round: 1 } }),
      ]);
    }
    await quiet(vimes, fred, ann);
    vimes.groupAction({ kind: 'setdata', value: { round: null } });
    expect(await ann.next({ type: 'joined' })).toMatchObject({ data: { topic: 'crime' } });
    expect(ann.membership?.data).toEqual({ topic: 'crime' });
    const late = await installation.enter(group, 'late');
    expect(late.membership?.data).toEqual({ topic: 'crime' });
    fred.groupAction({ kind: 'setdata', value: { topic: 'tea' } });
    await refused(fred, 'not authorised');
    vimes.groupAction({ kind: 'setdata', value: { topic: null } });
    await settled(vimes, ann);
    expect(ann.membership?.data).toEqual({});
    await part(vimes, fred, ann, late);
  });

  test('29. an operator learns from where somebody comes, who is told', async () => {
    const { vimes, fred, ann } = await watch();
    vimes.userAction(ann.id, { kind: 'identify' });
    expect(await told(vimes, 'userinfo')).toMatchObject({
      privileged: true,
      dest: vimes.id,
      value: { id: ann.id, username: 'ann', address: expect.stringMatching(/^127\.0\.0\.1/) },
    });
    expect(await told(ann, 'warning')).toMatchObject({ privileged: true, value: expect.stringMatching(/vimes/) });
    expect(await rest(fred)).toEqual([]);
    await part(vimes, fred, ann);
  });

  test.each(['useraction', 'groupaction'])('a %s that nobody knows ends the connection', async (type) => {
    const { vimes, fred, ann } = await watch();
    const error = told(ann, 'error');
    ann.send({ type, kind: 'frobnicate', source: ann.id, username: 'ann', dest: fred.id });
    expect(await error).toMatchObject({ privileged: true });
    expect(await ann.waitForClose()).toMatchObject({ code: 1000 });
    await part(vimes, fred);
  });

  test('subgroups, setdata, lock: of operators only', async () => {
    const { vimes, fred, ann } = await watch();
    for (const kind of ['subgroups', 'lock', 'unlock'] as const) {
      fred.groupAction({ kind });
      await refused(fred, 'not authorised');
    }
    expect([await rest(vimes), await rest(ann)]).toEqual([[], []]);
    await part(vimes, fred, ann);
  });

  test('a server that stops says goodbye to everybody', async () => {
    const other = await Installation.start();
    const ann = await other.enter(other.plainGroup(), 'ann');
    const kicked = told(ann, 'kicked');
    await other[Symbol.asyncDispose]();
    expect(await kicked).toMatchObject({ privileged: true, value: 'server is shutting down' });
    expect(await ann.waitForClose()).toMatchObject({ code: 1000 });
  });
});
