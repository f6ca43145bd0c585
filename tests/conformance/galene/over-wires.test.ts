import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GaleneClient } from '../../../src/dialects/galene/client.ts';
import { Guest } from '../../support/barertc.ts';
import { enterNative, type NativeGuest } from '../../support/native.ts';
import { Rwci } from '../../support/rwci.ts';
import { part, quiet, rest, settled, told } from './support/frames.ts';
import { Installation, passwordOf, USERS } from './support/installation.ts';

/** One room, whose definition is Galène's, and people of four wires in it: what one of them does, the others notice. */

const ANYBODY = { 'wildcard-user': { password: { type: 'wildcard' }, permissions: 'present' } };

let installation: Installation;

beforeEach(async () => {
  installation = await Installation.start({ groups: { lobby: { ...USERS, ...ANYBODY, 'allow-recording': true } } });
});
afterEach(() => installation[Symbol.asyncDispose]());

interface People {
  /** An operator on the native wire, and one on Galène's. */
  readonly vimes: NativeGuest;
  readonly colon: GaleneClient;
  readonly nora: NativeGuest;
  readonly greta: GaleneClient;
  readonly ben: Guest;
  readonly rita: Rwci;
  readonly names: { readonly nora: string; readonly greta: string; readonly ben: string; readonly rita: string };
}

function native(name: string): Promise<NativeGuest> {
  return enterNative(installation.server.wsUrl, { name, password: passwordOf(name) });
}

async function barertc(name: string): Promise<Guest> {
  const guest = await Guest.connect(installation.server.wsUrl, name);
  guest.client.login();
  await guest.whoIs((who) => who.some(({ username }) => username === name));
  return guest;
}

async function meet(): Promise<People> {
  const names = { nora: 'nora', greta: 'greta', ben: 'ben', rita: 'rita' };
  const people = {
    vimes: await native('vimes'),
    colon: await installation.enter('lobby', 'colon'),
    nora: await native(names.nora),
    greta: await installation.enter('lobby', names.greta),
    ben: await barertc(names.ben),
    rita: await Rwci.enter(installation.server, names.rita),
    names,
  };
  await expect.poll(() => [...people.greta.users.values()].map(({ username }) => username)).toContain(names.rita);
  await quiet(people.greta, people.colon);
  return people;
}

async function leave({ vimes, nora, greta, colon, ben, rita }: People): Promise<void> {
  for (const guest of [vimes, nora]) guest.close();
  await Promise.all([part(greta, colon), ben.client.close(), rita.client.close()]);
}

/** By what Galène's clients call them. */
function idOf({ users }: GaleneClient, name: string): string {
  const user = [...users.values()].find(({ username }) => username === name);
  if (!user) throw new Error(`${name} is not there.`);
  return user.id;
}

function framesOf(guest: NativeGuest, type: string): Readonly<Record<string, unknown>>[] {
  return guest.frames.filter((frame) => frame.type === type) as unknown as Readonly<Record<string, unknown>>[];
}

function reads(fits: () => unknown): Promise<void> {
  return expect.poll(() => Boolean(fits()), { timeout: 5000 }).toBe(true);
}

const post = (guest: NativeGuest, text: string, to?: string) =>
  guest.client.ask({ type: 'post', target: to === undefined ? { channel: 'lobby' } : { to }, text });

describe('Galène among other wires', () => {
  test('all see each other, by the names that they have', async () => {
    const people = await meet();
    const { greta, ben, rita, names } = people;
    const all = ['colon', 'vimes', ...Object.values(names)].sort();
    expect([...greta.users.values()].map(({ username }) => username).sort()).toEqual(all);
    expect([...rita.client.users].sort()).toEqual(all);
    await ben.whoIs((who) => who.length === all.length);
    expect([...ben.whoNames].sort()).toEqual(all);
    await leave(people);
  });

  test('public words go both ways', async () => {
    const people = await meet();
    const { greta, nora, ben, rita, names } = people;
    greta.chat('from greta\nand more');
    await nora.until(() => nora.texts().includes('from greta\nand more'));
    await reads(() => ben.of('message').some(({ message }) => message === '<p>from greta<br />\nand more</p>'));
    await rita.received({ type: 'message', author: names.greta, message: 'from greta\nand more' });
    await post(nora, 'from **nora**');
    ben.client.say('lobby', 'from *ben*');
    rita.client.say('from rita', 'lobby');
    for (const [value, name] of [
      ['from nora', names.nora],
      ['from ben', names.ben],
      ['from rita', names.rita],
    ] as const) {
      expect(await greta.next({ type: 'chat', value })).toMatchObject({ username: name, source: idOf(greta, name) });
    }
    await leave(people);
  });

  test('what somebody does', async () => {
    const people = await meet();
    const { greta, nora, ben, rita, names } = people;
    greta.chat('waves', { kind: 'me' });
    await nora.until(() => nora.texts().includes('/me waves'));
    await reads(() => ben.of('message').some(({ message }) => message === `<p><em>${names.greta} waves</em></p>`));
    await rita.received({ type: 'message', message: `*${names.greta} waves*` });
    await quiet(greta);
    await post(nora, '/me nods');
    expect(await greta.next({ type: 'chat' })).toMatchObject({ kind: 'me', value: 'nods', username: names.nora });
    ben.client.say('lobby', '/me bows');
    expect(await greta.next({ type: 'chat' })).toMatchObject({ kind: 'me', value: 'bows', username: names.ben });
    await leave(people);
  });

  test('private words reach their reader and nobody else', async () => {
    const people = await meet();
    const { greta, colon, nora, ben, rita, names } = people;
    for (const name of [names.nora, names.ben, names.rita]) greta.chat(`psst ${name}`, { dest: idOf(greta, name) });
    await nora.until(() => nora.texts().includes(`psst ${names.nora}`));
    await reads(() =>
      ben
        .of('message')
        .some(({ message, channel }) => channel === `@${names.greta}` && message === `<p>psst ${names.ben}</p>`),
    );
    await rita.received({ type: 'direct_message', author: names.greta, message: `psst ${names.rita}` });
    await post(nora, 'nora to greta', names.greta);
    ben.client.direct(names.greta, 'ben to greta');
    rita.client.direct(names.greta, 'rita to greta');
    for (const value of ['nora to greta', 'ben to greta', 'rita to greta']) {
      expect(await greta.next({ type: 'chat', value })).toMatchObject({ dest: greta.id });
    }
    expect([await rest(greta), await rest(colon)]).toEqual([[], []]);
    expect(nora.texts()).toEqual([expect.stringMatching(/^psst nora/), 'nora to greta']);
    await leave(people);
  });

  test('a Galène member is kicked from the native side', async () => {
    const people = await meet();
    const { greta, vimes, rita, names } = people;
    const kicked = told(greta, 'kicked');
    await vimes.client.ask({ type: 'kick', name: names.greta, reason: 'tea time' });
    expect(await kicked).toMatchObject({ username: 'vimes', privileged: true, value: 'tea time' });
    expect(await greta.waitForClose()).toMatchObject({ code: 1000 });
    await rita.received({ type: 'quit', username: names.greta });
    await leave(people);
  });

  test('a native one, and those of the other wires, are kicked from Galène’s side', async () => {
    const people = await meet();
    const { colon, greta, nora, ben, rita, names } = people;
    for (const name of [names.nora, names.ben, names.rita]) {
      const id = idOf(colon, name);
      colon.userAction(id, { kind: 'kick', value: 'tea time' });
      expect(await greta.next({ type: 'user', kind: 'delete' })).toMatchObject({ id, username: name });
    }
    await nora.until(() => nora.client.state.kind === 'closed');
    expect(nora.client.state).toMatchObject({ reason: { kind: 'bye', bye: { reason: 'tea time' } } });
    await ben.client.waitForClose();
    expect(JSON.stringify(ben.frames)).toContain('tea time');
    await rita.closed();
    await leave(people);
  });

  test('a lock of either side holds for all', async () => {
    const people = await meet();
    const { vimes, colon, greta, nora, ben, rita } = people;
    await vimes.client.ask({ type: 'lock', on: true, message: 'We are closed.' });
    expect(await greta.next({ type: 'joined', kind: 'change' })).toMatchObject({ status: { locked: true } });
    await rita.received({ type: 'broadcast', message: 'vimes has locked the room.' });
    await reads(() => JSON.stringify(ben.frames).includes('vimes has locked the room.'));
    await nora.until(() => framesOf(nora, 'meeting').some(({ lockedBy }) => lockedBy === 'vimes'));
    const late = await installation.connect();
    expect(await late.join('lobby', { username: 'late' })).toMatchObject({ kind: 'failed', value: 'We are closed.' });
    const lateNative = await native('latenative');
    expect(lateNative.client.state).toMatchObject({ kind: 'closed', reason: { kind: 'refused' } });
    colon.groupAction({ kind: 'unlock' });
    await nora.until(() => framesOf(nora, 'meeting').some(({ lockedBy }) => lockedBy === 'colon'));
    expect(framesOf(nora, 'meeting').at(-1)).toMatchObject({ meeting: { locked: false }, lockedBy: 'colon' });
    await rita.received({ type: 'broadcast', message: 'colon has unlocked the room.' });
    expect(await late.join('lobby', { username: 'late' })).toMatchObject({ kind: 'joined' });
    await part(late);
    await leave(people);
  });

  test('53. whoever is recorded knows it, on every wire, and who comes later', async () => {
    const people = await meet();
    const { vimes, colon, greta, nora, ben, rita } = people;
    await vimes.client.ask({ type: 'record', on: true });
    await greta.next({ type: 'user', kind: 'add', username: 'RECORDING' });
    await rita.received({ type: 'broadcast', message: 'vimes records this room from now on.' });
    await reads(() => JSON.stringify(ben.frames).includes('vimes records this room from now on.'));
    await nora.until(() => framesOf(nora, 'meeting').some(({ recordingBy }) => recordingBy === 'vimes'));
    expect(framesOf(nora, 'meeting').at(-1)).toMatchObject({ meeting: { recordingSince: expect.any(Number) } });
    const late = await Rwci.enter(installation.server, 'late');
    await late.received({ type: 'broadcast', message: 'This room is being recorded.' });
    colon.groupAction({ kind: 'unrecord' });
    await late.received({ type: 'broadcast', message: 'colon has ended the recording.' });
    await nora.until(() => framesOf(nora, 'meeting').some(({ recordingBy }) => recordingBy === 'colon'));
    expect(framesOf(nora, 'meeting').at(-1)).not.toHaveProperty('meeting.recordingSince');
    await late.client.close();
    await leave(people);
  });

  test('rights are given and taken across', async () => {
    const people = await meet();
    const { vimes, colon, greta, nora, names } = people;
    const grant = (permission: string, on: boolean) =>
      vimes.client.ask({ type: 'grant', name: names.greta, permission: permission as never, on });
    await grant('op', true);
    await settled(greta);
    expect(greta.membership?.permissions).toContain('op');
    await grant('present', false);
    await settled(greta);
    expect(greta.membership?.permissions).not.toContain('present');
    colon.userAction(idOf(colon, names.nora), { kind: 'op' });
    await nora.until(() => framesOf(nora, 'self').some(({ self }) => JSON.stringify(self).includes('"op"')));
    colon.userAction(idOf(colon, names.nora), { kind: 'shutup' });
    await settled(colon);
    await expect(post(nora, 'mmh')).rejects.toThrow();
    expect(greta.users.get(idOf(greta, names.nora))?.permissions).not.toContain('message');
    await leave(people);
  });

  test('a chat that is cleared is taken back from BareRTC’s', async () => {
    const people = await meet();
    const { vimes, colon, greta, nora, ben, rita } = people;
    greta.chat('one');
    await ben.next((frame) => frame.message === '<p>one</p>');
    await post(nora, 'two');
    await reads(() => ben.of('message').some(({ message }) => message === '<p>two</p>'));
    const ids = ben.of('message').map(({ msgID }) => msgID);
    colon.groupAction({ kind: 'clearchat' });
    await reads(() => ids.every((id) => ben.of('takeback').some(({ msgID }) => msgID === id)));
    await nora.until(() => framesOf(nora, 'cleared').some(({ all, by }) => all === true && by === 'colon'));
    await rita.received({ type: 'broadcast', message: 'colon has cleared the chat.' });
    greta.chat('three');
    await quiet(greta);
    await vimes.client.ask({ type: 'clear' });
    expect(await told(greta, 'clearchat')).not.toHaveProperty('value');
    const late = await installation.enter('lobby', 'late');
    await settled(late);
    expect(late.history).toEqual([]);
    await part(late);
    await leave(people);
  });

  test('what its author takes back on another wire is cleared on Galène’s', async () => {
    const people = await meet();
    const { greta, nora, ben } = people;
    ben.client.say('lobby', 'I regret this');
    const { id, source } = await greta.next({ type: 'chat', value: 'I regret this' });
    await reads(() => ben.of('message').some(({ msgID }) => String(msgID) === id));
    ben.client.takeback(Number(id));
    expect(await told(greta, 'clearchat')).toMatchObject({ privileged: true, value: { id, userId: source } });
    await post(nora, 'and this');
    const line = await greta.next({ type: 'chat', value: 'and this' });
    await nora.client.ask({ type: 'retract', messageId: Number(line.id) });
    expect(await told(greta, 'clearchat')).toMatchObject({ value: { id: line.id, userId: line.source } });
    await leave(people);
  });

  test('captions are seen where there are any, and kept nowhere', async () => {
    const people = await meet();
    const { vimes, colon, greta, nora, ben, rita } = people;
    colon.chat('and then he said', { kind: 'caption' });
    await nora.until(() =>
      framesOf(nora, 'caption').some(({ name, text }) => name === 'colon' && text === 'and then he said'),
    );
    await vimes.client.ask({ type: 'caption', text: 'nothing' });
    expect(await greta.next({ type: 'chat', kind: 'caption', value: 'nothing' })).toMatchObject({ username: 'vimes' });
    colon.chat('said');
    await rita.received({ type: 'message', message: 'said' });
    await ben.fence();
    expect(JSON.stringify([ben.frames, rita.packets])).not.toMatch(/and then he said|nothing/);
    const late = await native('late');
    expect(JSON.stringify(late.frames)).not.toMatch(/and then he said/);
    late.close();
    await leave(people);
  });

  test('who comes later reads what all of them said', async () => {
    const people = await meet();
    const { vimes, greta, nora, ben, rita, names } = people;
    await vimes.client.ask({ type: 'clear' });
    const says = [
      ['by greta', () => greta.chat('by greta')],
      ['by nora', () => void post(nora, 'by nora')],
      ['by ben', () => ben.client.say('lobby', 'by ben')],
      ['by rita', () => rita.client.say('by rita', 'lobby')],
    ] as const;
    for (const [text, say] of says) {
      say();
      await greta.next({ type: 'chat', value: text });
    }
    const late = await installation.enter('lobby', 'late');
    await settled(late);
    expect(late.history.map(({ value, username, source }) => [value, username, source])).toEqual([
      ['by greta', names.greta, greta.id],
      ['by nora', names.nora, idOf(greta, names.nora)],
      ['by ben', names.ben, idOf(greta, names.ben)],
      ['by rita', names.rita, idOf(greta, names.rita)],
    ]);
    const lateNative = await native('latenative');
    await lateNative.until(() => JSON.stringify(lateNative.frames).includes('by rita'));
    expect(JSON.stringify(lateNative.frames)).toContain('by greta');
    lateNative.close();
    await part(late);
    await leave(people);
  });

  test('what clients say to clients, where people read it', async () => {
    const people = await meet();
    const { colon, greta, vimes, nora, ben, rita, names } = people;
    colon.userMessage('warning', { value: 'hi all' });
    await nora.until(() =>
      framesOf(nora, 'note').some(
        ({ kind, value, privileged }) => kind === 'warning' && value === 'hi all' && privileged === true,
      ),
    );
    await rita.received({ type: 'broadcast', message: 'colon: hi all' });
    await reads(() => JSON.stringify(ben.frames).includes('colon: hi all'));
    await quiet(greta);
    await vimes.client.ask({ type: 'note', to: names.greta, kind: 'mute', value: null });
    expect(await told(greta, 'mute')).toMatchObject({ privileged: true, dest: greta.id, username: 'vimes' });
    await leave(people);
  });

  test('raised hands, and where somebody comes from', async () => {
    const people = await meet();
    const { vimes, colon, greta, nora, rita, names } = people;
    greta.setData({ raisehand: true });
    await nora.until(() =>
      framesOf(nora, 'member').some(({ member }) => JSON.stringify(member).includes('"raisehand":true')),
    );
    await nora.client.ask({ type: 'own-data', changes: { raisehand: true } });
    await settled(greta);
    expect(greta.users.get(idOf(greta, names.nora))?.data).toEqual({ raisehand: true });
    colon.userAction(idOf(colon, names.rita), { kind: 'identify' });
    expect(await told(colon, 'userinfo')).toMatchObject({
      value: { username: names.rita, address: expect.any(String) },
    });
    await rita.received({ type: 'broadcast', message: 'colon asked from which address you are connected.' });
    await vimes.client.ask({ type: 'identify', name: names.greta });
    expect(await told(greta, 'warning')).toMatchObject({ privileged: true, value: expect.stringMatching(/vimes/) });
    await leave(people);
  });
});
