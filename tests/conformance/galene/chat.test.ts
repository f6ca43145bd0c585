import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GaleneClient } from '../../../src/dialects/galene/client.ts';
import { enterNative } from '../../support/native.ts';
import { part, quiet, refused, rest, settled, TIME, told } from './support/frames.ts';
import { Installation } from './support/installation.ts';

/** `spec/galene.md` 1.9, and of 1.10 what is about what was said. */

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.start();
});
afterAll(() => installation[Symbol.asyncDispose]());

/** An operator and somebody of everyday in a group of their own. */
async function pair(): Promise<{ readonly group: string; readonly vimes: GaleneClient; readonly ann: GaleneClient }> {
  const group = installation.plainGroup();
  const vimes = await installation.enter(group, 'vimes');
  const ann = await installation.enter(group, 'ann');
  await quiet(vimes, ann);
  return { group, vimes, ann };
}

/** What somebody who comes now is shown of what was said. */
async function history(group: string): Promise<readonly unknown[]> {
  const late = await installation.enter(group, 'late');
  await settled(late);
  await part(late);
  return late.history.map(({ value }) => value);
}

describe('Galène: chat', () => {
  test('22. all hear it, its author too, in the same words', async () => {
    const { vimes, ann } = await pair();
    ann.chat('good evening');
    const [heard] = await rest(ann);
    expect(heard).toEqual({
      ...{ type: 'chat', source: ann.id, username: 'ann', value: 'good evening' },
      id: expect.stringMatching(/./),
      time: expect.stringMatching(TIME),
    });
    expect(await rest(vimes)).toEqual([heard]);
    await part(vimes, ann);
  });

  test('22. an id that its author gave it stays', async () => {
    const { vimes, ann } = await pair();
    ann.chat('mine', { id: 'an-id_of-mine' });
    expect(await vimes.next({ type: 'chat' })).toMatchObject({ id: 'an-id_of-mine', value: 'mine' });
    await part(vimes, ann);
  });

  test('22. two with the same id of different authors are two', async () => {
    const { vimes, ann } = await pair();
    ann.chat('of ann', { id: 'same' });
    await settled(ann);
    vimes.chat('of vimes', { id: 'same' });
    await settled(vimes, ann);
    expect(ann.frames.filter(({ id }) => id === 'same').map(({ value }) => value)).toEqual(['of ann', 'of vimes']);
    await part(vimes, ann);
  });

  test('22. without an echo where its author wants none', async () => {
    const { vimes, ann } = await pair();
    ann.chat('no echo', { noecho: true });
    expect(await vimes.next({ type: 'chat' })).toMatchObject({ value: 'no echo', source: ann.id });
    expect(await rest(ann)).toEqual([]);
    ann.chat('no echo', { noecho: true, id: 'x' });
    await vimes.next({ type: 'chat', id: 'x' });
    expect(await rest(ann)).toEqual([]);
    ann.chat('echo');
    expect(await ann.next({ type: 'chat' })).toMatchObject({ value: 'echo' });
    await part(vimes, ann);
  });

  test('22. an operator’s is privileged, whatever others say of theirs', async () => {
    const { vimes, ann } = await pair();
    vimes.chat('order!');
    expect(await ann.next({ type: 'chat' })).toMatchObject({ privileged: true, value: 'order!' });
    ann.send({ type: 'chat', source: ann.id, username: 'ann', value: 'me too', privileged: true });
    expect(await vimes.next({ type: 'chat', value: 'me too' })).not.toHaveProperty('privileged');
    await part(vimes, ann);
  });

  test('22. what somebody does, and text as it was written', async () => {
    const { vimes, ann } = await pair();
    ann.chat('waves', { kind: 'me' });
    expect(await vimes.next({ type: 'chat' })).toMatchObject({ kind: 'me', value: 'waves' });
    const text = 'two\nlines, *stars*, <b>tags</b> & `ticks` https://example.org/_a_  /me not';
    ann.chat(text);
    expect((await vimes.next({ type: 'chat' })).value).toBe(text);
    await part(vimes, ann);
  });

  test('23. a private one goes to its reader alone', async () => {
    const { group, vimes, ann } = await pair();
    const fred = await installation.enter(group, 'fred');
    await quiet(vimes, ann, fred);
    ann.chat('psst', { dest: vimes.id });
    expect(await rest(vimes)).toEqual([
      {
        ...{ type: 'chat', source: ann.id, username: 'ann', dest: vimes.id, value: 'psst' },
        id: expect.anything(),
        time: expect.stringMatching(TIME),
      },
    ]);
    vimes.chat('hush', { dest: ann.id, kind: 'me' });
    expect(await ann.next({ type: 'chat' })).toMatchObject({ kind: 'me', value: 'hush', privileged: true });
    expect([await rest(ann), await rest(fred)]).toEqual([[], []]);
    expect(await history(group)).toEqual([]);
    await part(vimes, ann, fred);
  });

  test('23. nobody is called so', async () => {
    const { vimes, ann } = await pair();
    ann.chat('psst', { dest: 'no such client' });
    await refused(ann, 'user unknown');
    ann.userMessage('warning', { dest: 'no such client', value: 'psst' });
    await refused(ann, 'user unknown');
    expect(await rest(vimes)).toEqual([]);
    await part(vimes, ann);
  });

  test('24. who may not talk is told so, and heard by nobody', async () => {
    const { group, vimes, ann } = await pair();
    const cheery = await installation.enter(group, 'cheery');
    await quiet(vimes, ann, cheery);
    cheery.chat('a word');
    await refused(cheery, 'not authorised');
    cheery.chat('a word', { dest: vimes.id });
    await refused(cheery, 'not authorised');
    cheery.chat('a word', { kind: 'caption' });
    await refused(cheery, 'not authorised');
    cheery.userMessage('warning', { value: 'a word' });
    await refused(cheery, 'not authorised');
    expect([await rest(vimes), await rest(ann)]).toEqual([[], []]);
    vimes.chat('listen');
    await cheery.next({ type: 'chat', value: 'listen' });
    await part(vimes, ann, cheery);
  });

  test('24. who writes captions may write nothing else; captions are seen and not kept', async () => {
    const { group, vimes, ann } = await pair();
    const detritus = await installation.enter(group, 'detritus');
    await quiet(vimes, ann, detritus);
    detritus.chat('and then he said', { kind: 'caption' });
    expect(await ann.next({ type: 'chat' })).toMatchObject({
      ...{ kind: 'caption', source: detritus.id, username: 'detritus', value: 'and then he said' },
      time: expect.stringMatching(TIME),
    });
    detritus.chat('hello');
    await refused(detritus, 'not authorised');
    ann.chat('and then', { kind: 'caption' });
    await refused(ann, 'not authorised');
    vimes.chat('he left', { kind: 'caption' });
    await ann.next({ type: 'chat', kind: 'caption', value: 'he left' });
    expect(await history(group)).toEqual([]);
    await part(vimes, ann, detritus);
  });

  test('25. the latest fifty are shown to who comes', async () => {
    const { group, vimes, ann } = await pair();
    for (let count = 1; count <= 60; count++) ann.chat(`line ${count}`);
    await settled(ann);
    expect(await history(group)).toEqual(Array.from({ length: 50 }, (_, index) => `line ${index + 11}`));
    await part(vimes, ann);
  });

  test('25. of several channels, in the order in which it was said', async () => {
    const channels = [
      { id: 'lobby', name: 'Lobby' },
      { id: 'aside', name: 'Aside' },
    ];
    const rooms = [{ name: 'lobby', channels }];
    await using other = await Installation.start({ settings: { rooms } });
    const nora = await enterNative(other.server.wsUrl, { name: 'nora' });
    for (const [channel, text] of [
      ['lobby', 'one'],
      ['aside', 'two'],
      ['lobby', 'three'],
    ] as const) {
      await nora.client.ask({ type: 'post', target: { channel }, text });
    }
    const ann = await other.enter('lobby', 'ann');
    await settled(ann);
    expect(ann.history.map(({ value }) => value)).toEqual(['one', '#aside: two', 'three']);
    nora.close();
    await part(ann);
  });

  test('25. an operator clears all of it', async () => {
    const { group, vimes, ann } = await pair();
    ann.chat('one');
    vimes.chat('two');
    await quiet(ann, vimes);
    vimes.groupAction({ kind: 'clearchat' });
    const cleared = { type: 'usermessage', kind: 'clearchat', privileged: true };
    expect(await rest(vimes)).toEqual([cleared]);
    expect(await rest(ann)).toEqual([cleared]);
    expect(await history(group)).toEqual([]);
    ann.chat('three');
    await settled(ann);
    expect(await history(group)).toEqual(['three']);
    await part(vimes, ann);
  });

  test('25. an operator clears what one of them said', async () => {
    const { group, vimes, ann } = await pair();
    ann.chat('one');
    vimes.chat('two');
    ann.chat('three');
    await quiet(ann, vimes);
    vimes.groupAction({ kind: 'clearchat', value: { userId: ann.id } });
    const cleared = { type: 'usermessage', kind: 'clearchat', privileged: true, value: { userId: ann.id } };
    expect(await rest(ann)).toEqual([cleared]);
    expect(await history(group)).toEqual(['two']);
    await part(vimes, ann);
  });

  test.each([
    ['of the server’s', undefined],
    ['of its author’s', 'bGluZQ'],
    ['of its author’s that is a number', '1753000000000'],
  ])('25. an operator clears one message by an id %s', async (_whose, own) => {
    const { group, vimes, ann } = await pair();
    ann.chat('keep');
    ann.chat('drop', own === undefined ? {} : { id: own });
    await settled(ann);
    const { id = '' } = await vimes.next({ type: 'chat', value: 'drop' });
    await quiet(vimes, ann);
    vimes.groupAction({ kind: 'clearchat', value: { id, userId: ann.id } });
    const cleared = { type: 'usermessage', kind: 'clearchat', privileged: true, value: { id, userId: ann.id } };
    expect(await rest(vimes)).toEqual([cleared]);
    expect(await rest(ann)).toEqual([cleared]);
    expect(await history(group)).toEqual(['keep']);
    await part(vimes, ann);
  });

  test('25. also of somebody who has gone', async () => {
    const { group, vimes, ann } = await pair();
    ann.chat('drop', { id: 'first' });
    ann.chat('drop too');
    await settled(ann);
    vimes.chat('keep');
    await settled(vimes);
    await part(ann);
    await vimes.next({ type: 'user', kind: 'delete' });
    await quiet(vimes);
    vimes.groupAction({ kind: 'clearchat', value: { id: 'first', userId: ann.id } });
    expect(await told(vimes, 'clearchat')).toMatchObject({ value: { id: 'first' } });
    expect(await history(group)).toEqual(['drop too', 'keep']);
    vimes.groupAction({ kind: 'clearchat', value: { userId: ann.id } });
    expect(await told(vimes, 'clearchat')).toMatchObject({ value: { userId: ann.id } });
    expect(await history(group)).toEqual(['keep']);
    await part(vimes);
  });

  // The room knows whose a handle was, but not which handle somebody had who has gone.
  test('25. and those who were there then are told by the id that they know', async () => {
    const { vimes, ann } = await pair();
    ann.chat('drop', { id: 'first' });
    await settled(ann);
    await part(ann);
    await vimes.next({ type: 'user', kind: 'delete' });
    vimes.groupAction({ kind: 'clearchat', value: { id: 'first', userId: ann.id } });
    const { value } = await told(vimes, 'clearchat');
    await part(vimes);
    expect(value).toEqual({ id: 'first', userId: ann.id });
  });

  test('25. what a newcomer is shown can be cleared by the ids it has there', async () => {
    const { group, vimes, ann } = await pair();
    ann.chat('drop');
    await settled(ann);
    vimes.chat('keep');
    await settled(vimes);
    await part(ann, vimes);
    const colon = await installation.enter(group, 'colon');
    await settled(colon);
    const [line] = colon.history;
    colon.groupAction({ kind: 'clearchat', value: { id: line?.id ?? '', userId: line?.source ?? '' } });
    await settled(colon);
    expect(await history(group)).toEqual(['keep']);
    await part(colon);
  });

  test('25. one message needs its author', async () => {
    const { group, vimes, ann } = await pair();
    ann.chat('stay', { id: 'x' });
    await settled(ann);
    vimes.groupAction({ kind: 'clearchat', value: { id: 'x' } });
    expect(await told(vimes, 'error')).toMatchObject({ privileged: true });
    expect(await history(group)).toEqual(['stay']);
    await part(vimes, ann);
  });

  test('25. nobody else clears anything', async () => {
    const { group, vimes, ann } = await pair();
    const fred = await installation.enter(group, 'fred');
    ann.chat('stay', { id: 'x' });
    await settled(ann);
    await quiet(fred, vimes);
    for (const value of [undefined, { userId: ann.id }, { id: 'x', userId: ann.id }]) {
      fred.groupAction({ kind: 'clearchat', ...(value ? { value } : {}) });
      await refused(fred, 'not authorised');
    }
    expect(await rest(vimes)).toEqual([]);
    expect(await history(group)).toEqual(['stay']);
    await part(vimes, ann, fred);
  });

  test('25. what was said is there after a restart, and what was cleared is not', async () => {
    const { group, vimes, ann } = await pair();
    ann.chat('keep', { id: 'kept' });
    ann.chat('drop', { id: 'dropped' });
    vimes.groupAction({ kind: 'clearchat', value: { id: 'nothing', userId: ann.id } });
    await settled(ann);
    vimes.groupAction({ kind: 'clearchat', value: { id: 'dropped', userId: ann.id } });
    await settled(vimes);
    await part(vimes, ann);
    await installation.server.restart();
    expect(await history(group)).toEqual(['keep']);
  });

  test('messages between clients are passed on as they are', async () => {
    const { vimes, ann } = await pair();
    vimes.userMessage('mute', { noecho: true });
    expect(await ann.next({ type: 'usermessage' })).toMatchObject({
      ...{ kind: 'mute', source: vimes.id, username: 'vimes', privileged: true },
    });
    expect(await rest(vimes)).toEqual([]);
    const value = { type: 'invite', id: 'f1', nested: [1, null, { a: 'b' }] };
    ann.userMessage('filetransfer', { dest: vimes.id, value });
    const passed = await vimes.next({ type: 'usermessage' });
    expect(passed).toMatchObject({ kind: 'filetransfer', source: ann.id, dest: vimes.id, value });
    expect(passed).not.toHaveProperty('privileged');
    ann.userMessage('whatever', { value: 'to all' });
    expect(await ann.next({ type: 'usermessage' })).toMatchObject({ kind: 'whatever', value: 'to all' });
    await part(vimes, ann);
  });

  test('what the server alone says is not believed of anybody', async () => {
    const { vimes, ann } = await pair();
    ann.userMessage('kicked', { dest: vimes.id, value: 'you are out' });
    expect(await vimes.next({ type: 'usermessage' })).not.toHaveProperty('privileged');
    await part(vimes, ann);
  });
});
