import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Camus, type CamusFrame, GC, Jar, makeRoom } from '../../support/camus.ts';
import { Rwci } from '../../support/rwci.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({
    settings: { ice: { urls: ['stun:stun.example.org:3478', 'turn:turn.example.org:3478'], turn_secret: 'shared' } },
  });
});
afterAll(() => server.close());

async function pair(): Promise<{ readonly room: string; readonly a: Camus; readonly b: Camus }> {
  const { name: room } = await makeRoom(server);
  const a = await Camus.enter(server, room, { name: 'Ann' });
  const b = await Camus.enter(server, room, { name: 'Bill' });
  await a.until(() => a.names.includes('Bill'));
  for (const one of [a, b]) {
    await one.fence();
    one.clear();
  }
  return { room, a, b };
}

describe('Camus: the wire', () => {
  test('1. without a cookie of the room it is 403, an unknown room 404', async () => {
    const { name } = await makeRoom(server);
    const { name: other } = await makeRoom(server);
    await expect(Camus.connect(server, name, { load: false })).rejects.toThrow('403 Forbidden');
    await expect(Camus.connect(server, 'nowhere', { load: false })).rejects.toThrow('404');
    const jar = new Jar(server);
    await jar.get(`/room/${other}`);
    await expect(Camus.connect(server, name, { jar, load: false })).rejects.toThrow('403');
  });

  test('1. the cookie of one room is none of another, even where the browser is made to send it', async () => {
    const { name } = await makeRoom(server);
    const { name: other } = await makeRoom(server);
    const jar = new Jar(server);
    await jar.get(`/room/${other}`);
    const forged = new Jar(server);
    forged.cookiesFor = () => jar.cookiesFor(`/room/${other}/ws`);
    await expect(Camus.connect(server, name, { jar: forged, load: false })).rejects.toThrow('403');
  });

  test('1. pages of other origins cannot connect in somebody’s name', async () => {
    const { name } = await makeRoom(server);
    await expect(Camus.connect(server, name, { origin: 'https://evil.example' })).rejects.toThrow('403');
  });

  test('2. nothing is said at first', async () => {
    const { name } = await makeRoom(server);
    const a = await Camus.connect(server, name);
    const b = await Camus.enter(server, name, { name: 'Bill' });
    b.say('hello');
    await b.received({ type: 'text' });
    expect(a.frames).toEqual([]);
    await a.fence();
    expect(a.frames).toEqual([]);
    await a.close();
    await b.bye();
  });

  test.each([[1_700_000_000_000], [{ a: [1, 'b', null] }], ['text'], [''], [0], [false], [null]])(
    '3. a ping comes back with the identical %j',
    async (data) => {
      const { name } = await makeRoom(server);
      const a = await Camus.connect(server, name);
      a.send(GC, 'ping', data);
      const pong = await a.received({ type: 'pong' });
      expect(pong).toEqual({ sender: GC, receiver: expect.stringMatching(/^[0-9a-f]{32}$/), type: 'pong', data });
      expect(Object.keys(pong)).toEqual(['sender', 'receiver', 'type', 'data']);
      await a.close();
    },
  );

  test('3. a ping without data has null', async () => {
    const { name } = await makeRoom(server);
    const a = await Camus.connect(server, name);
    a.send(GC, 'ping');
    expect((await a.received({ type: 'pong' })).data).toBeNull();
    await a.close();
  });

  test('4. the start: pong, ice-servers with STUN first, room-info with oneself as Major Tom', async () => {
    const { name } = await makeRoom(server);
    const a = await Camus.connect(server, name);
    await a.begin();
    await a.fence();
    expect(a.frames.map(({ type }) => type)).toEqual(['pong', 'ice-servers', 'room-info']);
    expect(a.frames[1]?.data).toMatchObject([
      { urls: ['stun:stun.example.org:3478'] },
      { urls: ['turn:turn.example.org:3478'] },
    ]);
    expect(a.frames[2]).toEqual({
      sender: GC,
      receiver: a.id,
      type: 'room-info',
      data: { room_id: name, clients: [{ id: a.id, username: 'Major Tom' }] },
    });
    await a.bye();
  });

  test('5. nobody speaks as somebody else', async () => {
    const { a, b } = await pair();
    a.sendText(
      JSON.stringify({ sender: b.id, receiver: 'room', type: 'text', data: { from: 'Bill', time: 1, text: 'hi' } }),
    );
    expect(await b.received({ type: 'text' })).toMatchObject({ sender: a.id, data: { from: 'Ann' } });
    a.sendText(JSON.stringify({ sender: 'x', receiver: b.id, type: 'offer', data: {} }));
    expect(await b.received({ type: 'offer' })).toMatchObject({ sender: a.id });
    await a.bye();
    await b.bye();
  });

  test('6. a text goes to all in the room once, its author included, and to nobody else', async () => {
    const { a, b } = await pair();
    const { name: other } = await makeRoom(server);
    const c = await Camus.enter(server, other, { name: 'Cat' });
    c.clear();
    const data = { from: 'Ann', time: 1_700_000_000_123, text: 'hello *there*\nfriends' };
    a.sendText(JSON.stringify({ receiver: 'room', type: 'text', data, extra: 1 }));
    await b.received({ type: 'text' });
    for (const one of [a, b, c]) await one.fence();
    expect(a.heard).toEqual([{ sender: a.id, receiver: a.id, type: 'text', data }]);
    expect(b.heard).toEqual([{ sender: a.id, receiver: b.id, type: 'text', data }]);
    expect(c.heard).toEqual([]);
    for (const one of [a, b, c]) await one.bye();
  });

  test.each([[1.5], ['1700000000123'], [undefined], [null], [2 ** 60]])(
    '6. a time of %j is none: the server’s is said',
    async (time) => {
      const { a, b } = await pair();
      const before = Date.now();
      a.send('room', 'text', { from: 'Ann', time, text: 'when?' });
      await b.received({ type: 'text' });
      const said = b.texts[0]?.time ?? 0;
      expect(Number.isInteger(said)).toBe(true);
      expect(said).toBeGreaterThanOrEqual(before);
      expect(said).toBeLessThanOrEqual(Date.now());
      for (const one of [a, b]) await one.bye();
    },
  );

  test('6. an empty text is dropped, an endless one refused, and what somebody does is said of them', async () => {
    const { a, b } = await pair();
    for (const text of ['', ' \n ', 'x'.repeat(16_001), 'x'.repeat(16_000), '/me waves']) a.say(text);
    await b.until(() => b.texts.length === 2);
    await a.fence();
    expect(b.texts.map(({ text }) => text)).toEqual(['x'.repeat(16_000), '* Ann waves']);
    expect(a.texts.map(({ from, text }) => [from, text.slice(0, 27)])).toEqual([
      ['Server', expect.any(String)],
      ['Ann', 'x'.repeat(27)],
      ['Ann', '* Ann waves'],
    ]);
    expect(a.texts[0]?.text).toContain('16000');
    for (const one of [a, b]) await one.bye();
  });

  test('7. whoever has not said a name is Major Tom, and the next one Major Tom 2', async () => {
    const { name } = await makeRoom(server);
    const a = await Camus.enter(server, name);
    const b = await Camus.enter(server, name);
    await a.until(() => a.clients.length === 2);
    expect(a.clients).toEqual([
      { id: a.id, username: 'Major Tom' },
      { id: b.id, username: 'Major Tom 2' },
    ]);
    for (const one of [a, b]) await one.bye();
  });

  test('7. a profile tells everybody; an empty one too; one that is none nobody', async () => {
    const { a, b } = await pair();
    a.send(GC, 'profile', { username: 'Anna' });
    await b.until(() => b.names.includes('Anna'));
    await a.until(() => a.names.includes('Anna'));
    for (const one of [a, b]) {
      await one.fence();
      one.clear();
    }
    a.send(GC, 'profile', { username: '' });
    await b.received({ type: 'room-info' });
    expect(b.names).toEqual(expect.arrayContaining(['Anna', 'Bill']));
    for (const one of [a, b]) {
      await one.fence();
      one.clear();
    }
    for (const data of ['str', undefined, [], 7]) a.send(GC, 'profile', data);
    for (const one of [a, b]) await one.fence();
    expect([...a.heard, ...b.heard]).toEqual([]);
    await a.bye();
    await b.bye();
  });

  test('7. names are cleaned, numbered where somebody has them, and bounded', async () => {
    const { a, b } = await pair();
    a.send(GC, 'profile', { username: 'bill' });
    await b.until(() => b.names.includes('bill 2'));
    a.send(GC, 'profile', { username: `<img src=x>${'y'.repeat(300)}` });
    await b.until(() => !b.names.includes('bill 2'));
    const [name = ''] = b.clients.filter(({ id }) => id === a.id).map(({ username }) => username);
    expect(name).toMatch(/^img src=xy+$/);
    expect(name.length).toBeLessThanOrEqual(48);
    await a.bye();
    await b.bye();
  });

  test.each(['offer', 'answer', 'icecandidate', 'bye', 'anything'])('8. %s goes to one, as it was', async (type) => {
    const { a, b } = await pair();
    const data = { type, sdp: 'v=0\r\na=x\r\n', nested: { é: [1.5, null, true] } };
    a.send(b.id, type, data);
    expect(await b.received({ type })).toEqual({ sender: a.id, receiver: b.id, type, data });
    await a.fence();
    expect(a.heard).toEqual([]);
    await a.bye();
    await b.bye();
  });

  test('8. a text goes to one, under its author’s name, and not back', async () => {
    const { room, a, b } = await pair();
    const c = await Camus.enter(server, room, { name: 'Cat' });
    await c.fence();
    for (const one of [a, b, c]) {
      await one.fence();
      one.clear();
    }
    a.send(b.id, 'text', { from: 'Cat', time: 1_700_000_000_456, text: 'psst *you*', extra: 1 });
    expect(await b.received({ type: 'text' })).toEqual({
      sender: a.id,
      receiver: b.id,
      type: 'text',
      data: { from: 'Ann', time: 1_700_000_000_456, text: 'psst *you*' },
    });
    for (const data of ['no object', { text: 7 }, {}, undefined]) a.send(b.id, 'text', data);
    a.send(a.id, 'text', { text: 'note to self' });
    await a.received({ type: 'text' });
    for (const one of [a, b, c]) await one.fence();
    expect(a.texts.map(({ text }) => text)).toEqual(['note to self']);
    expect(b.heard).toHaveLength(1);
    expect(c.heard).toEqual([]);
    for (const one of [a, b, c]) await one.bye();
  });

  test('8. a text to somebody of another room, or of another wire, goes nowhere', async () => {
    const { a, b } = await pair();
    const { name: other } = await makeRoom(server);
    const c = await Camus.enter(server, other, { name: 'Cat' });
    c.clear();
    a.send(c.id, 'text', { text: 'over there?' });
    const lobby = await Camus.enter(server, 'lobby', { name: 'Dan' });
    const rwci = await Rwci.enter(server, 'rwci8');
    rwci.client.say('hello');
    const isTheirs = ({ data }: CamusFrame) => (data as { from?: unknown } | null)?.from === 'rwci8';
    await lobby.until(() => lobby.of('text').some(isTheirs));
    const sender = lobby.of('text').find(isTheirs)?.sender;
    lobby.clear();
    lobby.send(sender, 'text', { text: 'to you alone' });
    for (const one of [a, c, lobby]) await one.fence();
    await rwci.fence();
    expect(c.heard).toEqual([]);
    expect(lobby.heard).toEqual([]);
    expect(rwci.of('direct_message')).toEqual([]);
    for (const one of [a, b, c, lobby]) await one.bye();
    await rwci.client.close();
  });

  test('8. signals of a pair keep their order, and cross no rooms', async () => {
    const { a, b } = await pair();
    const { name: other } = await makeRoom(server);
    const c = await Camus.enter(server, other);
    c.clear();
    for (let index = 0; index < 50; index++) a.send(b.id, 'icecandidate', index);
    a.send(c.id, 'offer', 'from another room');
    await b.until(() => b.of('icecandidate').length === 50);
    expect(b.of('icecandidate').map(({ data }) => data)).toEqual(Array.from({ length: 50 }, (_, index) => index));
    await a.fence();
    await c.fence();
    expect(c.heard).toEqual([]);
    for (const one of [a, b, c]) await one.bye();
  });

  test('9. what is for nobody goes nowhere', async () => {
    const { a, b } = await pair();
    for (const receiver of ['nosuch', undefined, '', 'f'.repeat(32), 'Room', '__proto__'])
      a.send(receiver, 'text', { text: 'lost' });
    await a.fence();
    await b.fence();
    expect([...a.heard, ...b.heard]).toEqual([]);
    await a.bye();
    await b.bye();
  });

  test.each([
    ['nonsense', 'Unknown message type: nonsense'],
    [undefined, 'Unknown message type: None'],
    ['text', 'Unknown message type: text'],
  ])('10. %s to the server is an error', async (type, words) => {
    const { name } = await makeRoom(server);
    const a = await Camus.enter(server, name);
    a.send(GC, type, { from: 'A', time: 1, text: 'hello' });
    expect(await a.received({ type: 'error' })).toEqual({ sender: GC, receiver: a.id, type: 'error', data: words });
    await a.bye();
  });

  test('10. a greeting is taken without a word', async () => {
    const { name } = await makeRoom(server);
    const a = await Camus.enter(server, name);
    a.clear();
    a.send(GC, 'greeting', 'hello');
    a.send(GC, 'pong', 1);
    await a.fence();
    expect(a.heard).toEqual([]);
    await a.bye();
  });

  test('11. an unknown type goes to all in the room', async () => {
    const { a, b } = await pair();
    a.send('room', 'confetti', { colours: ['red'] });
    a.send('room', 'anything');
    await b.received({ type: 'anything' });
    await a.fence();
    expect(b.heard).toEqual([
      { sender: a.id, receiver: b.id, type: 'confetti', data: { colours: ['red'] } },
      { sender: a.id, receiver: b.id, type: 'anything', data: null },
    ]);
    expect(a.heard.map(({ receiver }) => receiver)).toEqual([a.id, a.id]);
    await a.bye();
    await b.bye();
  });

  test('11. what is relayed to all is bounded, and what goes to one may be a long description', async () => {
    const { a, b } = await pair();
    a.send('room', 'confetti', 'x'.repeat(20_000));
    a.send(b.id, 'offer', 'x'.repeat(20_000));
    await b.received({ type: 'offer' });
    expect(b.of('confetti')).toEqual([]);
    await a.bye();
    await b.bye();
  });

  test('nobody speaks in the server’s name', async () => {
    const { a, b } = await pair();
    for (const username of ['Server', 'SERVER', 'ser\u200bver']) a.send(GC, 'profile', { username });
    await a.until(() => a.texts.length === 3);
    expect(new Set(a.texts.map(({ from, text }) => `${from}: ${text}`))).toEqual(
      new Set(['Server: That name is reserved.']),
    );
    await b.fence();
    expect(b.of('room-info')).toEqual([]);
    await a.bye();
    await b.bye();
  });

  test('nobody says in the server’s place who is there, at which clients would hang up', async () => {
    const { room, a, b } = await pair();
    for (const receiver of ['room', b.id]) {
      a.send(receiver, 'room-info', { room_id: room, clients: [] });
      a.send(receiver, 'ice-servers', [{ urls: ['turn:elsewhere.example.org'] }]);
    }
    await a.fence();
    await b.fence();
    expect([...a.heard, ...b.heard]).toEqual([]);
    await a.bye();
    await b.bye();
  });

  test('12. what is malformed is dropped, and the connection goes on', async () => {
    const { a, b } = await pair();
    for (const text of ['not json', '[1]', '"s"', 'null', '{}', '7', '{"receiver":7,"type":"ping"}']) a.sendText(text);
    a.socket.send(Buffer.from([0, 1, 255]));
    a.socket.send(Buffer.from('{"receiver":"room","type":"text","data":{"text":"binary"}}'));
    a.send('room', 'text', 'no object');
    a.send('room', 'text', { text: 7 });
    for (const receiver of [GC, 'room', a.id]) {
      a.sendText(`{"receiver":"${receiver}","type":"ping","data":${'{"0":'.repeat(10_000)}0${'}'.repeat(10_000)}}`);
    }
    await a.fence();
    await b.fence();
    expect([...a.heard, ...b.heard]).toEqual([]);
    await a.bye();
    await b.bye();
  });

  test('13. a goodbye: the others are told, and what comes after it is nothing', async () => {
    const { room, a, b } = await pair();
    b.send(GC, 'bye', 1);
    b.say('wait');
    expect(await b.closed).toBe(1000);
    await a.until(() => a.of('room-info').length > 0);
    await a.fence();
    expect(a.names).toEqual(['Ann']);
    expect(a.of('text')).toEqual([]);
    expect(b.of('room-info')).toEqual([]);
    // The same page may come back: it is somebody new.
    const again = await Camus.connect(server, room, { jar: b.jar, load: false });
    await again.begin();
    expect(again.names).toContain('Major Tom');
    await a.bye();
    await again.bye();
  });

  test('15. nobody is told who is there before they know themselves', async () => {
    const { name } = await makeRoom(server);
    const a = await Camus.enter(server, name, { name: 'Ann' });
    const b = await Camus.connect(server, name);
    a.send(GC, 'profile', { username: 'Anna' });
    await a.until(() => a.names.includes('Anna'));
    await b.begin();
    expect(b.frames.map(({ type }) => type)).toEqual(['pong', 'ice-servers', 'room-info']);
    expect(b.names).toEqual(expect.arrayContaining(['Anna']));
    await a.bye();
    await b.bye();
  });

  test('15. who says a name before the first ping is told nothing of others until then', async () => {
    const { a, room } = await pair().then(({ room, a, b }) => b.bye().then(() => ({ room, a })));
    const c = await Camus.connect(server, room);
    c.send(GC, 'profile', { username: 'Cat' });
    await a.until(() => a.names.includes('Cat'));
    expect(c.of('room-info')).toEqual([]);
    await c.fence();
    a.send(GC, 'profile', { username: 'Anna' });
    await c.until(() => c.names.includes('Anna'));
    await a.bye();
    await c.bye();
  });

  test('newcomers are announced when they ask who is there', async () => {
    const { name } = await makeRoom(server);
    const a = await Camus.enter(server, name, { name: 'Ann' });
    const b = await Camus.connect(server, name);
    b.send(GC, 'ping', 1);
    b.send(GC, 'get-ice-servers');
    await b.received({ type: 'ice-servers' });
    await a.fence();
    expect(a.names).toEqual(['Ann']);
    b.send(GC, 'get-room-info');
    await a.until(() => a.clients.some(({ id }) => id === b.id));
    await a.bye();
    await b.bye();
  });

  test('22. the older address of rooms works, too', async () => {
    const { name } = await makeRoom(server);
    const a = await Camus.enter(server, name, { name: 'Ann', prefix: '/chat' });
    const b = await Camus.enter(server, name, { name: 'Bill' });
    b.say('hello');
    await a.received({ type: 'text' });
    await a.bye();
    await b.bye();
  });

  test('25. two pages of one browser are two people', async () => {
    const { name } = await makeRoom(server);
    const jar = new Jar(server);
    const first = await Camus.enter(server, name, { jar, name: 'One' });
    const second = await Camus.enter(server, name, { jar, name: 'Two' });
    expect(second.id).not.toBe(first.id);
    await first.until(() => first.names.includes('Two'));
    await first.drop();
    // The first comes back as itself, though the browser's cookie is of both.
    const again = await Camus.connect(server, name, { jar, load: false });
    await again.fence();
    again.send(GC, 'ping', 'who am I?');
    await again.until(() => again.of('pong').length > 0);
    expect(again.id).toBe(first.id);
    await again.bye();
    await second.bye();
  });
});
