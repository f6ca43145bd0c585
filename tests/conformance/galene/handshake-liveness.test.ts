import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Dialect } from '../../../src/dialects/dialect.ts';
import { dialect as galene } from '../../../src/dialects/galene/index.ts';
import { openStage, type Stage } from '../../../src/hub/testing/stage.ts';
import type { MemoryConnection } from '../../../src/transport/memory.ts';
import { part, refused, settled, told } from './support/frames.ts';
import { Installation } from './support/installation.ts';

/** `spec/galene.md` 1.1, 1.3, 1.4 and 1.12. */

let installation: Installation;
let group: string;

beforeAll(async () => {
  installation = await Installation.start();
  group = installation.plainGroup();
});
afterAll(() => installation[Symbol.asyncDispose]());

describe('Galène: handshake', () => {
  test('1. it is answered by the version, and nothing else', async () => {
    const client = await installation.connect();
    await client.ping();
    expect(client.frames).toEqual([{ type: 'handshake', version: ['2'] }, { type: 'pong' }]);
    await part(client);
  });

  test('1. a list of versions that has ours is as good', async () => {
    const client = await installation.connect({ handshake: 'by-hand' });
    client.send({ type: 'handshake', version: ['2', '1'], id: client.id });
    expect(await client.next(() => true)).toEqual({ type: 'handshake', version: ['2'] });
    await client.ping();
    expect(client.untaken).toEqual([]);
    await part(client);
  });

  test('2. an unknown version is warned of, and its client may come in', async () => {
    const client = await installation.connect({ handshake: 'by-hand' });
    client.send({ type: 'handshake', version: ['9'], id: client.id });
    expect(await client.next(() => true)).toEqual({ type: 'handshake', version: ['2'] });
    expect(await client.next(() => true)).toMatchObject({ type: 'usermessage', kind: 'warning', privileged: true });
    const outcome = await client.join(group, { username: 'fred', password: 'pints' });
    expect(outcome).toMatchObject({ kind: 'joined', membership: { permissions: ['present', 'message'] } });
    await part(client);
  });

  test.each([
    { type: 'join', kind: 'join', group: 'g1', username: 'ann', password: '' },
    { type: 'chat', value: 'hello' },
    { type: 'request', request: {} },
  ])('3. without a handshake, $type closes the connection', async (frame) => {
    const client = await installation.connect({ handshake: 'by-hand' });
    client.send(frame);
    expect(await client.waitForClose()).toEqual({ code: 1002, reason: 'you must handshake first' });
    expect(client.frames).toEqual([]);
  });

  test('a second handshake breaks the wire', async () => {
    const client = await installation.connect();
    client.send({ type: 'handshake', version: ['2'], id: client.id });
    expect(await client.waitForClose()).toMatchObject({ code: 1002 });
  });

  test('5. a ping is answered, before a join and after it', async () => {
    const client = await installation.connect();
    await client.ping();
    await client.join(group, { username: 'ann' });
    await client.ping();
    await part(client);
  });

  test('7. another type of JSON than must be costs its sender an error, and nobody their connection', async () => {
    const client = await installation.enter(group, 'ann');
    for (const text of [
      '{"type":"chat","kind":5}',
      '{"type":"chat","value":{}}',
      '{"type":"request","request":["audio"]}',
      '{"type":"request","request":{"":[5]}}',
      '{"type":"ice","id":"x","candidate":"y"}',
      '{"type":"join","kind":[],"group":"g1"}',
      '{"type":7}',
      '[]',
      '"hello"',
      'null',
      'no JSON at all',
      '',
    ]) {
      client.sendText(text);
      expect(await told(client, 'error')).toMatchObject({
        privileged: true,
        value: expect.stringMatching(/malformed/),
      });
    }
    client.chat('still here');
    expect(await client.next({ type: 'chat' })).toMatchObject({ value: 'still here' });
    await part(client);
  });

  test('7. null is as good as absent anywhere', async () => {
    const client = await installation.enter(group, 'ann');
    client.send({ type: 'chat', kind: null, dest: null, id: null, noecho: null, value: 'nothing' } as never);
    expect(await client.next({ type: 'chat' })).toMatchObject({ value: 'nothing', source: client.id });
    await part(client);
  });

  test('7. a binary frame is no frame of the wire', async () => {
    const socket = new WebSocket(installation.server.wsUrl);
    const client = await installation.connect({ connect: () => socket as never });
    await client.join(group, { username: 'ann' });
    socket.send(Buffer.from([0, 255, 7]));
    await refused(client, 'malformed message');
    await part(client);
  });

  test('7. what is longer than a mebibyte is not read', async () => {
    const client = await installation.enter(group, 'ann');
    client.chat('x'.repeat(2 * 1024 * 1024));
    expect(await client.waitForClose()).toMatchObject({ code: 1009 });
    const next = await installation.enter(group, 'ann');
    await settled(next);
    await part(next);
  });

  test('8. an unknown type breaks the wire', async () => {
    const client = await installation.enter(group, 'ann');
    const error = told(client, 'error');
    client.send({ type: 'nonsense' });
    expect(await error).toMatchObject({ privileged: true, value: 'unexpected message' });
    expect(await client.waitForClose()).toEqual({ code: 1002, reason: 'unexpected message' });
  });
});

describe('Galène: liveness, on a clock of the test’s own', () => {
  const open = () => openStage({ dialects: [galene as Dialect] });

  function second(stage: Stage, count: number): void {
    for (let passed = 0; passed < count; passed++) stage.pass(1000);
  }

  function handshake(connection: MemoryConnection): void {
    connection.receive({ type: 'handshake', version: ['2'], id: 'c1' });
    expect(connection.take()).toEqual([{ type: 'handshake', version: ['2'] }]);
  }

  test('4. who says nothing at all is sent away after some 15 s', async () => {
    const stage = await open();
    const connection = stage.connect();
    second(stage, 10);
    expect(connection.open).toBe(true);
    second(stage, 10);
    expect(connection.open).toBe(false);
    await stage.hub.close();
  });

  test('5. who is silent for 20 s is asked, and stays as long as they answer', async () => {
    const stage = await open();
    const connection = stage.connect();
    handshake(connection);
    second(stage, 20);
    expect(connection.take()).toEqual([]);
    second(stage, 10);
    expect(connection.take()).toEqual([{ type: 'ping' }]);
    for (let round = 0; round < 10; round++) {
      connection.receive({ type: 'pong' });
      second(stage, 30);
      expect(connection.take().map(({ type }) => type)).toEqual(['ping']);
    }
    expect(connection.open).toBe(true);
    await stage.hub.close();
  });

  test('5. who talks is not asked', async () => {
    const stage = await open();
    const connection = stage.connect();
    handshake(connection);
    for (let round = 0; round < 20; round++) {
      second(stage, 10);
      connection.receive({ type: 'ping' });
    }
    expect(new Set(connection.take().map(({ type }) => type))).toEqual(new Set(['pong']));
    await stage.hub.close();
  });

  test('6. who never answers is given up between 45 and 55 s', async () => {
    const stage = await open();
    const connection = stage.connect();
    handshake(connection);
    second(stage, 45);
    expect(connection.open).toBe(true);
    expect(connection.take().every(({ type }) => type === 'ping')).toBe(true);
    second(stage, 10);
    expect(connection.closeCode).toBe(1011);
    expect(stage.faults).toEqual([]);
    await stage.hub.close();
  });
});
