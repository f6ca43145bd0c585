import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { part, quiet, refused, rest, settled, TIME, told } from './support/frames.ts';
import { Installation } from './support/installation.ts';

/** `spec/galene.md` 1.5 and 1.6. */

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.start();
});
afterAll(() => installation[Symbol.asyncDispose]());

const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();

describe('Galène: joining', () => {
  test('9. oneself, what was said, oneself as a user, the others; and they hear of one', async () => {
    const group = installation.plainGroup();
    const ann = await installation.enter(group, 'ann');
    ann.chat('first');
    ann.chat('second', { kind: 'me' });
    await quiet(ann);
    const fred = await installation.enter(group, 'fred', { data: { raisehand: true } });
    await settled(fred);
    const [handshake, joined, ...others] = fred.frames;
    expect(handshake?.type).toBe('handshake');
    expect(joined).toEqual({
      type: 'joined',
      kind: 'join',
      group,
      username: 'fred',
      permissions: ['present', 'message'],
      status: expect.objectContaining({ name: group, locked: false, clientCount: 2 }),
      rtcConfiguration: {},
    });
    expect(joined?.status).not.toHaveProperty('location');
    expect(joined?.status).not.toHaveProperty('endpoint');
    const line = { type: 'chathistory', id: expect.any(String), source: ann.id, username: 'ann' };
    const user = { type: 'user', kind: 'add' };
    expect(others.slice(0, -1)).toEqual([
      { ...line, time: expect.stringMatching(TIME), value: 'first' },
      { ...line, time: expect.stringMatching(TIME), kind: 'me', value: 'second' },
      { ...user, id: fred.id, username: 'fred', permissions: ['present', 'message'], data: { raisehand: true } },
      { ...user, id: ann.id, username: 'ann', permissions: ['message'] },
    ]);
    expect(await rest(ann)).toEqual([
      { ...user, id: fred.id, username: 'fred', permissions: ['present', 'message'], data: { raisehand: true } },
    ]);
    await part(ann, fred);
  });

  test('9. permissions are those of the definition, extended as it says', async () => {
    const group = await installation.group({ 'allow-recording': true, 'unrestricted-tokens': true });
    const permissions = async (username: string) => {
      const client = await installation.enter(group, username);
      await part(client);
      return [...(client.membership?.permissions ?? [])].sort();
    };
    expect(await permissions('vimes')).toEqual(['caption', 'message', 'op', 'present', 'record', 'token']);
    expect(await permissions('fred')).toEqual(['message', 'present', 'token']);
    expect(await permissions('cheery')).toEqual([]);
    expect(await permissions('detritus')).toEqual(['caption']);
    expect(await permissions('somebody')).toEqual(['message']);
  });

  test('10. a bad password is refused after a while, and the right one on the same connection is not', async () => {
    const group = installation.plainGroup();
    const client = await installation.connect();
    const before = performance.now();
    expect(await client.join(group, { username: 'fred', password: 'stout' })).toEqual({
      kind: 'failed',
      error: undefined,
      value: 'not authorised',
    });
    expect(performance.now() - before).toBeGreaterThan(190);
    expect(client.frames.at(-1)).toEqual({
      ...{ type: 'joined', kind: 'fail', group, username: 'fred' },
      value: 'not authorised',
    });
    expect(await client.join(group, { username: 'fred', password: 'pints' })).toMatchObject({ kind: 'joined' });
    await part(client);
  });

  test.each(['a\\b', '/fred', '../fred'])('10. nobody can be called %j', async (username) => {
    const group = installation.plainGroup();
    const client = await installation.connect();
    expect(await client.join(group, { username })).toMatchObject({ kind: 'failed', value: 'not authorised' });
    await part(client);
  });

  test('11. there is no such group', async () => {
    const client = await installation.connect();
    const outcome = await client.join('no-such-group/at/all', { username: 'ann' });
    expect(outcome).toEqual({ kind: 'failed', error: undefined, value: 'group does not exist' });
    await client.ping();
    await part(client);
  });

  test.each(['../x', '', '/', '//', 'a//b', 'a/./b', 'a\\b', 'a/..'])('11. no group can be called %j', async (name) => {
    const client = await installation.connect();
    const outcome = await client.join(name, { username: 'ann' });
    expect(outcome).toEqual({ kind: 'failed', error: undefined, value: 'illegal group name' });
    await part(client);
  });

  test('12. one id is one client’s', async () => {
    const group = installation.plainGroup();
    const fred = await installation.enter(group, 'fred');
    await quiet(fred);
    const other = await installation.connect({ id: fred.id });
    const outcome = await other.join(group, { username: 'ann' });
    expect(outcome).toEqual({ kind: 'failed', error: undefined, value: 'internal server error' });
    expect(await rest(fred)).toEqual([]);
    await part(fred);
    expect(await other.join(group, { username: 'ann' })).toMatchObject({ kind: 'joined' });
    await part(other);
  });

  test('12. without an id, nobody comes in', async () => {
    const group = installation.plainGroup();
    const client = await installation.connect({ id: '' });
    expect(await client.join(group, { username: 'ann' })).toMatchObject({ value: 'internal server error' });
    await part(client);
  });

  test('13. a locked group is for operators, who may say why', async () => {
    const group = installation.plainGroup();
    const vimes = await installation.enter(group, 'vimes');
    const ann = await installation.enter(group, 'ann');
    await quiet(vimes, ann);
    vimes.groupAction({ kind: 'lock', value: 'We are closed.' });
    for (const client of [vimes, ann]) {
      const change = await client.next({ type: 'joined', kind: 'change' });
      expect(change).toMatchObject({ group, status: { name: group, locked: true } });
      expect(change.username).toBe(client.membership?.username);
    }
    const fred = await installation.connect();
    const join = () => fred.join(group, { username: 'fred', password: 'pints' });
    expect(await join()).toEqual({ kind: 'failed', error: undefined, value: 'We are closed.' });
    const colon = await installation.enter(group, 'colon');
    expect(colon.membership?.status).toMatchObject({ locked: true });
    colon.groupAction({ kind: 'lock' });
    await settled(colon);
    expect(await join()).toMatchObject({ value: 'this group is locked' });
    await quiet(ann);
    colon.groupAction({ kind: 'unlock' });
    expect(await ann.next({ type: 'joined', kind: 'change' })).toMatchObject({ status: { locked: false } });
    expect(ann.membership?.status).toMatchObject({ locked: false });
    expect(await join()).toMatchObject({ kind: 'joined' });
    await part(vimes, ann, fred, colon);
  });

  test('13. to lock is for operators', async () => {
    const group = installation.plainGroup();
    const ann = await installation.enter(group, 'ann');
    ann.groupAction({ kind: 'lock' });
    await refused(ann, 'not authorised');
    const fred = await installation.enter(group, 'fred');
    await part(ann, fred);
  });

  test.each([
    ['not-before', 1, 'this group is not open yet'],
    ['expires', -1, 'this group is closed'],
  ])('14. %s, but for operators', async (field, hours, text) => {
    const group = await installation.group({ [field]: inHours(hours) });
    const fred = await installation.connect();
    const outcome = await fred.join(group, { username: 'fred', password: 'pints' });
    expect(outcome).toEqual({ kind: 'failed', error: undefined, value: text });
    const vimes = await installation.enter(group, 'vimes');
    await part(fred, vimes);
  });

  test.each([
    ['not-before', -1],
    ['expires', 1],
  ])('14. %s is of no account in its time', async (field, hours) => {
    const group = await installation.group({ [field]: inHours(hours) });
    await part(await installation.enter(group, 'fred'));
  });

  test('14. max-clients, but for operators', async () => {
    const group = await installation.group({ 'max-clients': 2 });
    const clients = [await installation.enter(group, 'ann'), await installation.enter(group, 'fred')];
    const third = await installation.connect();
    expect(await third.join(group, { username: 'ben' })).toMatchObject({ kind: 'failed', value: 'too many users' });
    const vimes = await installation.enter(group, 'vimes');
    await part(third, vimes, ...clients);
  });

  test('14. autokick: nobody without an operator', async () => {
    const group = await installation.group({ autokick: true });
    const fred = await installation.connect();
    const join = () => fred.join(group, { username: 'fred', password: 'pints' });
    expect(await join()).toMatchObject({ kind: 'failed', value: 'there are no operators in this group' });
    const vimes = await installation.enter(group, 'vimes');
    expect(await join()).toMatchObject({ kind: 'joined' });
    await part(vimes);
    expect(await told(fred, 'kicked')).toMatchObject({ privileged: true });
    expect(await fred.waitForClose()).toMatchObject({ code: 1000 });
  });

  test('15. autolock: locked from the start, and whenever the last operator is gone', async () => {
    const group = await installation.group({ autolock: true });
    const fred = await installation.connect();
    const join = () => fred.join(group, { username: 'fred', password: 'pints' });
    expect(await join()).toMatchObject({ kind: 'failed', value: 'this group is locked' });
    const vimes = await installation.enter(group, 'vimes');
    vimes.groupAction({ kind: 'unlock' });
    await settled(vimes);
    expect(await join()).toMatchObject({ kind: 'joined', membership: { status: { locked: false } } });
    await quiet(fred);
    await part(vimes);
    await fred.next(({ type, status }) => type === 'joined' && (status as { locked?: boolean }).locked === true);
    const ann = await installation.connect();
    expect(await ann.join(group, { username: 'ann' })).toMatchObject({ value: 'this group is locked' });
    await part(fred, ann);
  });

  test('15. autolock: also where the last operator is none any more', async () => {
    const group = await installation.group({ autolock: true });
    const vimes = await installation.enter(group, 'vimes');
    vimes.groupAction({ kind: 'unlock' });
    await settled(vimes);
    expect(vimes.membership?.status).toMatchObject({ locked: false });
    vimes.userAction(vimes.id, { kind: 'unop' });
    await settled(vimes);
    expect(vimes.membership?.status).toMatchObject({ locked: true });
    await part(vimes);
  });

  test('16. a second join breaks the wire', async () => {
    const group = installation.plainGroup();
    const ann = await installation.enter(group, 'ann');
    const error = told(ann, 'error');
    ann.send({ type: 'join', kind: 'join', group, username: 'ann', password: '' });
    expect(await error).toMatchObject({ privileged: true });
    expect(await ann.waitForClose()).toMatchObject({ code: 1002 });
  });

  test('16. an unknown kind of join breaks the wire', async () => {
    const client = await installation.connect();
    client.send({ type: 'join', kind: 'peek', group: 'g1' });
    expect(await client.waitForClose()).toMatchObject({ code: 1002 });
  });

  test('16. who leaves is told so, the others that they are gone, and may come again', async () => {
    const group = installation.plainGroup();
    const ann = await installation.enter(group, 'ann');
    const fred = await installation.enter(group, 'fred');
    await quiet(ann, fred);
    await fred.leave();
    expect(await ann.next({ type: 'user' })).toEqual({ type: 'user', kind: 'delete', id: fred.id, username: 'fred' });
    fred.chat('is anybody there?');
    await refused(fred, 'join a group first');
    expect(await rest(ann)).toEqual([]);
    expect(await fred.join(group, { username: 'fred', password: 'pints' })).toMatchObject({ kind: 'joined' });
    expect(await ann.next({ type: 'user' })).toMatchObject({ kind: 'add', id: fred.id });
    await part(ann, fred);
  });

  test('16. who is in one group can go to another on the same connection', async () => {
    const [group, other] = [installation.plainGroup(), installation.plainGroup()];
    const ann = await installation.enter(group, 'ann');
    await ann.leave();
    expect(await ann.join(other, { username: 'ann' })).toMatchObject({ membership: { group: other } });
    await part(ann);
  });

  test('16. to leave what one has not joined ends the connection', async () => {
    const client = await installation.connect();
    const error = told(client, 'error');
    client.send({ type: 'join', kind: 'leave', group: 'g1' });
    expect(await error).toMatchObject({ privileged: true });
    expect(await client.waitForClose()).toMatchObject({ code: 1000 });
  });

  test.each(['close', 'drop'] as const)('16. one delete for who goes by a %s', async (how) => {
    const group = installation.plainGroup();
    const ann = await installation.enter(group, 'ann');
    const fred = await installation.enter(group, 'fred');
    await quiet(ann);
    await fred[how]();
    await ann.next({ type: 'user', kind: 'delete', id: fred.id });
    expect(await rest(ann)).toEqual([]);
    await part(ann);
  });

  test.each([
    [{ source: 'somebody else' }, 'spoofed client id'],
    [{ username: 'vimes' }, 'spoofed username'],
  ])('17. to speak as another (%j) breaks the wire', async (fields, text) => {
    const group = installation.plainGroup();
    const ann = await installation.enter(group, 'ann');
    const fred = await installation.enter(group, 'fred');
    await quiet(ann);
    const error = told(fred, 'error');
    fred.send({ type: 'chat', source: fred.id, username: 'fred', value: 'I am not myself.', ...fields });
    expect(await error).toMatchObject({ value: text });
    expect(await fred.waitForClose()).toMatchObject({ code: 1002 });
    await ann.next({ type: 'user', kind: 'delete' });
    expect(await rest(ann)).toEqual([]);
    await part(ann);
  });

  test('17. who says neither speaks as themselves', async () => {
    const group = installation.plainGroup();
    const ann = await installation.enter(group, 'ann');
    ann.send({ type: 'chat', value: 'me' });
    expect(await ann.next({ type: 'chat' })).toMatchObject({ source: ann.id, username: 'ann', value: 'me' });
    await part(ann);
  });

  test.each([
    { type: 'chat', value: 'x' },
    { type: 'usermessage', kind: 'mute' },
    { type: 'useraction', kind: 'kick', dest: 'x' },
    { type: 'groupaction', kind: 'lock' },
    { type: 'request', request: { '': ['audio'] } },
    { type: 'offer', id: 'x', label: 'camera', sdp: 'v=0\r\n' },
  ])('$type is for who has joined', async (frame) => {
    const client = await installation.connect();
    client.send(frame);
    await refused(client, 'join a group first');
    await part(client);
  });
});
