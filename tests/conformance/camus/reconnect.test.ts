import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Camus, GC, makeRoom } from '../../support/camus.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('Camus: lost connections', () => {
  test('16. who comes back in time was never gone, and gets what was sent meanwhile', async () => {
    const { name } = await makeRoom(server);
    const a = await Camus.enter(server, name, { name: 'Ann' });
    const b = await Camus.enter(server, name, { name: 'Bill' });
    const { id } = a;
    await b.until(() => b.names.includes('Ann'));
    await b.fence();
    b.clear();
    await a.drop();
    // By then the server has seen it, too: it hears of both in order.
    for (let turn = 0; turn < 3; turn++) await b.fence();
    b.send(id, 'icecandidate', { candidate: 'while away' });
    b.say('are you there?');
    await b.received({ type: 'text' });
    expect(b.of('room-info')).toEqual([]);

    // The original says nothing on its second connection: all comes by itself.
    const again = await Camus.connect(server, name, { jar: a.jar, load: false });
    await again.received({ type: 'text' });
    expect(again.frames.map(({ type, receiver }) => [type, receiver])).toEqual([
      ['icecandidate', id],
      ['text', id],
      ['room-info', id],
    ]);
    expect(again.names).toEqual(expect.arrayContaining(['Ann', 'Bill']));
    again.say('yes');
    await b.until(() => b.texts.some(({ text }) => text === 'yes'));
    expect(b.of('room-info')).toEqual([]);
    await again.bye();
    await b.bye();
  });

  test('14. who does not come back is gone after the grace, and not before', { timeout: 60_000 }, async () => {
    const { name } = await makeRoom(server);
    const a = await Camus.enter(server, name, { name: 'Ann' });
    const b = await Camus.enter(server, name, { name: 'Bill' });
    await b.until(() => b.names.includes('Ann'));
    await b.fence();
    const lostAt = performance.now();
    await a.drop();
    await new Promise<void>((resolve) => {
      b.socket.on('message', () => {
        if (!b.names.includes('Ann')) resolve();
      });
    });
    const seconds = (performance.now() - lostAt) / 1000;
    expect(seconds).toBeGreaterThan(14.9);
    expect(seconds).toBeLessThan(25);
    await b.bye();
  });

  test('a connection that seems alive gives way to the newer one of the same page', async () => {
    const { name } = await makeRoom(server);
    const a = await Camus.enter(server, name, { name: 'Ann' });
    const again = await Camus.connect(server, name, { jar: a.jar, load: false });
    await a.closed;
    again.send(GC, 'ping', 1);
    await again.received({ type: 'pong' });
    expect(again.id).toBe(a.id);
    again.send(GC, 'get-room-info');
    await again.received({ type: 'room-info' });
    expect(again.names).toEqual(['Ann']);
    await again.bye();
  });

  test('so does that of a page that was loaded anew: the one before it said goodbye', async () => {
    const { name } = await makeRoom(server);
    const before = await Camus.enter(server, name, { name: 'Ann' });
    await before.jar.get(`/room/${name}`);
    await before.bye();
    const a = await Camus.connect(server, name, { jar: before.jar, load: false });
    await a.begin();
    const again = await Camus.connect(server, name, { jar: a.jar, load: false });
    await a.closed;
    again.send(GC, 'ping', 1);
    await again.received({ type: 'pong' });
    expect(again.id).toBe(a.id);
    expect(a.id).not.toBe(before.id);
    await again.bye();
  });

  test('two pages of one browser that are both lost come back as the two that they were, whichever is which', async () => {
    const { name } = await makeRoom(server);
    const first = await Camus.enter(server, name, { name: 'One' });
    const second = await Camus.enter(server, name, { jar: first.jar, name: 'Two' });
    const witness = await Camus.enter(server, name, { name: 'Bill' });
    await witness.until(() => witness.clients.length === 3);
    await first.drop();
    await second.drop();
    for (let turn = 0; turn < 3; turn++) await witness.fence();
    witness.clear();
    const again: Camus[] = [];
    for (let page = 0; page < 2; page++) {
      const camus = await Camus.connect(server, name, { jar: first.jar, load: false });
      camus.send(GC, 'ping', page);
      await camus.received({ type: 'pong', data: page });
      again.push(camus);
    }
    expect(new Set(again.map(({ id }) => id))).toEqual(new Set([first.id, second.id]));
    await witness.fence();
    expect(witness.of('room-info')).toEqual([]);
    for (const one of [...again, witness]) await one.bye();
  });

  test('who comes back and speaks at once is the same, and nobody twice', async () => {
    const { name } = await makeRoom(server);
    const a = await Camus.enter(server, name, { name: 'Ann' });
    const b = await Camus.enter(server, name, { name: 'Bill' });
    await b.until(() => b.names.includes('Ann'));
    await a.drop();
    for (let turn = 0; turn < 3; turn++) await b.fence();
    const again = await Camus.connect(server, name, { jar: a.jar, load: false });
    again.send(GC, 'get-room-info');
    again.say('back');
    again.send(GC, 'ping', 1);
    await again.received({ type: 'pong' });
    await again.until(() => again.texts.some(({ text }) => text === 'back'));
    expect(again.id).toBe(a.id);
    expect(again.names.toSorted()).toEqual(['Ann', 'Bill']);
    await b.until(() => b.texts.some(({ from, text }) => from === 'Ann' && text === 'back'));
    await again.bye();
    await b.bye();
  });
});
