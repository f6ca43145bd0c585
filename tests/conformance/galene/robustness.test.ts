import type { ClientRequestArgs } from 'node:http';
import { connect, type NetConnectOpts } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { GaleneClient, GaleneFrame } from '../../../src/dialects/galene/client.ts';
import { part, quiet, refused, rest, settled, told } from './support/frames.ts';
import { Installation } from './support/installation.ts';

/** `spec/galene.md` 1.12 and 7.1: what must cost nobody more than an error. */

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.start();
});
afterAll(() => installation[Symbol.asyncDispose]());

async function pair(): Promise<{ readonly group: string; readonly vimes: GaleneClient; readonly ann: GaleneClient }> {
  const group = installation.plainGroup();
  const vimes = await installation.enter(group, 'vimes');
  const ann = await installation.enter(group, 'ann');
  await quiet(vimes, ann);
  return { group, vimes, ann };
}

const CANDIDATE = { candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host', sdpMid: '0', sdpMLineIndex: 0 };

describe('Galène: robustness', () => {
  test('30. setdata and leave at once', async () => {
    const { group, vimes, ann } = await pair();
    const left = ann.next({ type: 'joined', kind: 'leave' });
    ann.setData({ raisehand: true });
    ann.send({ type: 'join', kind: 'leave', group });
    await left;
    await vimes.next({ type: 'user', kind: 'delete', id: ann.id });
    expect(await ann.join(group, { username: 'ann' })).toMatchObject({ kind: 'joined' });
    await settled(vimes, ann);
    await part(vimes, ann);
  });

  test('30. leave and what is for who has joined, at once', async () => {
    const { group, vimes, ann } = await pair();
    ann.send({ type: 'join', kind: 'leave', group });
    ann.setData({ raisehand: true });
    ann.send({ type: 'request', request: { '': ['audio'] } });
    ann.send({ type: 'requestStream', id: 'x', request: null });
    await refused(ann, 'join a group first');
    await vimes.next({ type: 'user', kind: 'delete', id: ann.id });
    expect(await rest(vimes)).toEqual([]);
    await part(vimes, ann);
  });

  test('30. all of a conversation at once, before any answer', async () => {
    const group = installation.plainGroup();
    const ann = await installation.connect({ handshake: 'by-hand' });
    const who = { source: ann.id, username: 'ann' };
    const frames: GaleneFrame[] = [
      { type: 'handshake', version: ['2'], id: ann.id },
      { type: 'join', kind: 'join', group, username: 'ann', password: '' },
      { type: 'request', request: { '': ['audio', 'video'] } },
      { type: 'chat', ...who, value: 'hello' },
      { type: 'useraction', ...who, dest: ann.id, kind: 'setdata', value: { raisehand: true } },
      { type: 'join', kind: 'leave', group },
      { type: 'join', kind: 'join', group, username: 'ann', password: '' },
    ];
    for (const frame of frames) ann.send(frame);
    const joined = () => ann.frames.filter(({ type, kind }) => type === 'joined' && kind === 'join');
    await expect.poll(() => joined().length).toBe(2);
    await settled(ann);
    expect(ann.frames.filter(({ kind }) => kind === 'error' || kind === 'fail')).toEqual([]);
    expect(ann.history.map(({ value }) => value)).toEqual(['hello']);
    await part(ann);
  });

  test('30. connections that are reset while they join leave nobody behind', async () => {
    const { group, vimes, ann } = await pair();
    for (let round = 0; round < 20; round++) {
      const id = `reset ${round}`;
      const raw: { socket?: ReturnType<typeof connect> } = {};
      const createConnection: ClientRequestArgs['createConnection'] = (options) => {
        raw.socket = connect(options as NetConnectOpts);
        return raw.socket;
      };
      const socket = new WebSocket(installation.server.wsUrl, { createConnection } as ClientRequestArgs);
      socket.on('error', () => {});
      await new Promise((resolve) => socket.once('open', resolve));
      socket.send(JSON.stringify({ type: 'handshake', version: ['2'], id }));
      socket.send(JSON.stringify({ type: 'join', kind: 'join', group, username: id, password: '' }));
      // At other moments of it.
      if (round % 2 === 0) await new Promise((resolve) => socket.once('message', resolve));
      raw.socket?.resetAndDestroy();
    }
    const last = await installation.enter(group, 'last');
    await expect
      .poll(async () => {
        await settled(last);
        return [...last.users.values()].map(({ username }) => username).sort();
      })
      .toEqual(['ann', 'last', 'vimes']);
    await part(vimes, ann, last);
  });

  test.each<[string, GaleneFrame]>([
    ['requestStream', { type: 'requestStream', id: 'gone', request: ['audio'] }],
    ['requestStream of null', { type: 'requestStream', id: 'gone', request: null }],
    ['ice', { type: 'ice', id: 'gone', candidate: CANDIDATE }],
    ['renegotiate', { type: 'renegotiate', id: 'gone' }],
    ['close', { type: 'close', id: 'gone' }],
  ])('7.1: %s of a stream that is not there is nothing', async (_what, frame) => {
    const { vimes, ann } = await pair();
    ann.send(frame);
    expect([await rest(ann), await rest(vimes)]).toEqual([[], []]);
    await part(vimes, ann);
  });

  test('1.8: an answer or an abort for a stream that is not there is confirmed by a close', async () => {
    const { vimes, ann } = await pair();
    for (const frame of [
      { type: 'answer', id: 'gone', sdp: 'v=0\r\n' },
      { type: 'abort', id: 'gone' },
    ]) {
      ann.send(frame);
      expect(await rest(ann)).toEqual([{ type: 'close', id: 'gone' }]);
      await quiet(ann);
    }
    await part(vimes, ann);
  });

  test.each<[string, object]>([
    ['a candidate of null', { type: 'ice', id: 'x', candidate: null }],
    ['no candidate', { type: 'ice', id: 'x' }],
    ['a candidate without its text', { type: 'ice', id: 'x', candidate: { sdpMid: '0' } }],
    ['a request of another shape', { type: 'request', request: { '': 'audio' } }],
    ['a request of one stream that is none', { type: 'requestStream', id: 'x', request: 'audio' }],
    ['an SDP that is none', { type: 'offer', id: 'x', label: 'camera', sdp: 5 }],
    ['labels that are none', { type: 'offer', id: 'x', labels: ['audio'], sdp: 'v=0\r\n' }],
  ])('7. %s is an error', async (_what, frame) => {
    const { vimes, ann } = await pair();
    ann.send(frame as GaleneFrame);
    expect(await told(ann, 'error')).toMatchObject({ privileged: true });
    await ann.ping();
    await part(vimes, ann);
  });

  test('an empty id of a stream breaks the wire', async () => {
    const { vimes, ann } = await pair();
    ann.send({ type: 'requestStream', id: '', request: null });
    expect(await ann.waitForClose()).toMatchObject({ code: 1002 });
    await part(vimes);
  });

  test('an offer that is no SDP is refused by abort and error, and takes nothing else with it', async () => {
    const { group, vimes, ann } = await pair();
    const fred = await installation.enter(group, 'fred');
    for (const sdp of ['', 'no SDP', 'v=0\r\n', `v=0\r\n${'m=video 9 UDP 96\r\n'.repeat(2000)}`]) {
      fred.send({ type: 'offer', id: 'x', label: 'camera', source: fred.id, username: 'fred', sdp });
      await fred.next({ type: 'abort', id: 'x' });
      expect(await told(fred, 'error')).toMatchObject({ privileged: true });
    }
    await part(vimes, ann, fred);
  });

  test('repeated and contradictory requests are the last one', async () => {
    const { vimes, ann } = await pair();
    for (let round = 0; round < 30; round++) {
      ann.request(round % 2 ? { '': ['audio', 'video'] } : { screenshare: ['video-low', 'nonsense' as never], '': [] });
    }
    expect(await rest(ann)).toEqual([]);
    await part(vimes, ann);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'words of the language are words like others: %s',
    async (word) => {
      const { vimes, ann } = await pair();
      ann.chat(word, { kind: word, id: word });
      expect(await vimes.next({ type: 'chat' })).toMatchObject({ value: word, id: word });
      ann.sendText(`{"type":"request","request":{"${word}":["audio"],"":["video"]}}`);
      ann.sendText(
        `{"type":"useraction","kind":"setdata","dest":"${ann.id}","value":{"${word}":{"polluted":true},"x":1}}`,
      );
      await vimes.next({ type: 'user', kind: 'change' });
      expect(({} as Readonly<Record<string, unknown>>).polluted).toBeUndefined();
      ann.userMessage(word, { value: word });
      expect(await vimes.next({ type: 'usermessage' })).toMatchObject({ kind: word });
      ann.send({ type: 'useraction', kind: word, dest: vimes.id });
      expect(await ann.waitForClose()).toMatchObject({ code: 1000 });
      await part(vimes);
    },
  );

  test.each<[string, (depth: string) => string]>([
    ['a message between clients', (value) => `{"type":"usermessage","kind":"x","value":${value}}`],
    ['data of one’s own', (value) => `{"type":"useraction","kind":"setdata","value":{"x":${value}}}`],
    ['an offer’s labels', (value) => `{"type":"offer","id":"x","sdp":"v=0","labels":{"0":${value}}}`],
    ['what clears a chat', (value) => `{"type":"groupaction","kind":"clearchat","value":${value}}`],
    ['a request', (value) => `{"type":"request","request":${value}}`],
  ])('what is nested too deep in %s is an error', async (_where, text) => {
    const { group, vimes } = await pair();
    const colon = await installation.enter(group, 'colon');
    for (const depth of [100, 20_000, 100_000]) {
      colon.sendText(text('['.repeat(depth) + ']'.repeat(depth)));
      await refused(colon, 'malformed message');
    }
    colon.chat('still here');
    await vimes.next({ type: 'chat', value: 'still here' });
    await part(vimes, colon);
  });

  test('what clients keep at the server is bounded', async () => {
    const { vimes, ann } = await pair();
    ann.setData({ much: 'x'.repeat(500_000) });
    expect(await told(ann, 'error')).toMatchObject({ privileged: true });
    vimes.groupAction({ kind: 'setdata', value: { much: 'x'.repeat(500_000) } });
    expect(await told(vimes, 'error')).toMatchObject({ privileged: true });
    for (let key = 0; key < 200; key++) ann.setData({ [`key ${key}`]: 'x'.repeat(1000) });
    await settled(ann);
    expect(JSON.stringify(ann.users.get(ann.id)?.data).length).toBeLessThan(100_000);
    vimes.groupAction({ kind: 'lock', value: 'x'.repeat(500_000) });
    await settled(vimes);
    ann.chat('x'.repeat(500_000));
    expect(await told(ann, 'error')).toMatchObject({ privileged: true });
    await part(vimes, ann);
  });

  test('a name of any length, or of any signs, is a name or none', async () => {
    const group = installation.plainGroup();
    const ann = await installation.enter(group, 'ann');
    for (const username of ['x'.repeat(30_000), '\u0000', '\u202Etxet', ' ', '<b>', '@ann', '#lobby']) {
      const client = await installation.connect();
      const outcome = await client.join(group, { username });
      expect(['joined', 'failed']).toContain(outcome.kind);
      if (outcome.kind === 'joined') expect(outcome.membership.username.trim()).not.toBe('');
      await client.ping();
      await part(client);
    }
    await settled(ann);
    await part(ann);
  });
});
