import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Rwci, settled } from '../../support/rwci.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;
let count = 0;

beforeAll(async () => {
  server = await startTestServer({ settings: { website: { api_key: 'the-key' } } });
});
afterAll(() => server.close());

/** Two people of names that nobody has yet. */
async function pair(): Promise<[Rwci, Rwci]> {
  count += 1;
  const ann = await Rwci.enter(server, `ann ${count}`);
  const bob = await Rwci.enter(server, `bob ${count}`);
  await ann.received({ type: 'join', username: bob.name });
  for (const one of [ann, bob]) one.clear();
  return [ann, bob];
}

async function part(...people: readonly Rwci[]): Promise<void> {
  for (const one of people) await one.client.close();
}

async function api(method: string, path: string, body: object): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: 'Bearer the-key' },
    body: JSON.stringify(body),
  });
}

describe('RWCI: talk', () => {
  test('6. a public message goes to everybody once, its author included', async () => {
    const [ann, bob] = await pair();
    ann.send({ type: 'message', message: 'hello', channel: 'offtopic' });
    await bob.received({ type: 'message' });
    await settled(ann, bob);
    const said = [{ type: 'message', author: ann.name, message: 'hello', channel: 'offtopic' }];
    expect(ann.packets).toEqual(said);
    expect(bob.packets).toEqual(said);
    await part(ann, bob);
  });

  test.each([
    ['the form of the document', { message: 'seed' }],
    ['a channel of null', { message: 'null', channel: null }],
    ['an empty channel', { message: 'empty', channel: '' }],
  ])('7. %s is the default channel', async (_what, packet) => {
    const [ann, bob] = await pair();
    ann.send({ type: 'message', ...packet });
    expect(await bob.received({ type: 'message' })).toMatchObject({ message: packet.message, channel: 'lobby' });
    await part(ann, bob);
  });

  test.each(['nowhere', 'LOBBY', '__proto__', '#lobby'])(
    '8. the unknown channel %s is never heard of',
    async (channel) => {
      const [ann, bob] = await pair();
      ann.send({ type: 'message', message: 'where?', channel });
      expect(await bob.received({ type: 'message' })).toMatchObject({ channel: 'lobby' });
      await part(ann, bob);
    },
  );

  test.each([
    [{ message: '' }],
    [{ message: '  \n ' }],
    [{}],
    [{ message: 5 }],
    [{ message: ['a'] }],
    [{ message: null }],
  ])('9. %j is no message, and the connection goes on', async (packet) => {
    const [ann, bob] = await pair();
    ann.send({ type: 'message', ...packet });
    ann.client.say('next');
    await bob.received({ type: 'message', message: 'next' });
    expect(bob.of('message')).toHaveLength(1);
    await part(ann, bob);
  });

  test('10. the author is who logged in, whatever the packet says', async () => {
    const [ann, bob] = await pair();
    ann.send({ type: 'message', message: 'spoof', author: bob.name, username: bob.name });
    expect(await bob.received({ type: 'message' })).toMatchObject({ author: ann.name });
    await part(ann, bob);
  });

  test('11. a message before the login closes the connection; other packets are dropped', async () => {
    const [ann, bob] = await pair();
    const early = await Rwci.connect(server, 'early');
    early.send({ type: 'typing', username: 'early' });
    early.send({ type: 'direct_message', recipient: ann.name, message: 'psst' });
    early.send({ type: 'user_list' });
    early.send({ type: 'message', message: 'too soon' });
    await early.closed();
    await settled(ann, bob);
    expect([...early.packets, ...ann.packets, ...bob.packets].filter(({ type }) => type !== 'broadcast')).toEqual([]);
    await part(ann, bob);
  });

  test('12. a direct message goes to its recipient alone', async () => {
    const [ann, bob] = await pair();
    const carol = await Rwci.enter(server, `carol ${count}`);
    await settled(ann, bob, carol);
    for (const one of [ann, bob, carol]) one.clear();
    ann.client.direct(bob.name, 'psst');
    await bob.received({ type: 'direct_message' });
    ann.client.direct('nobody at all', 'lost');
    ann.client.direct(ann.name, 'note to self');
    await ann.received({ type: 'direct_message' });
    await settled(ann, bob, carol);
    expect(bob.packets).toEqual([{ type: 'direct_message', author: ann.name, message: 'psst' }]);
    expect(ann.packets).toEqual([{ type: 'direct_message', author: ann.name, message: 'note to self' }]);
    expect(carol.packets).toEqual([]);
    await part(ann, bob, carol);
  });

  test('13. typing is said of who logged in', async () => {
    const [ann, bob] = await pair();
    ann.client.typing();
    ann.send({ type: 'typing', username: bob.name });
    ann.client.say('done');
    await bob.received({ type: 'message' });
    expect(bob.of('typing')).toEqual([
      { type: 'typing', username: ann.name },
      { type: 'typing', username: ann.name },
    ]);
    expect(ann.of('typing')).toEqual([]);
    await part(ann, bob);
  });

  test.each(['close', 'drop'] as const)('14. one quit for who goes by a %s', async (how) => {
    const [ann, bob] = await pair();
    await bob.client[how]();
    await ann.received({ type: 'quit' });
    await ann.fence();
    expect(ann.packets).toEqual([{ type: 'quit', username: bob.name }]);
    expect(ann.client.users.has(bob.name)).toBe(false);
    await part(ann);
  });

  test('15. what is malformed is dropped', async () => {
    const [ann, bob] = await pair();
    for (const text of [
      'not json',
      '[]',
      '"x"',
      '{}',
      'null',
      '7',
      '{"type":"nope"}',
      '{"type":7}',
      '[{"type":"message"}]',
    ])
      ann.client.sendText(text);
    ann.socket.send(Buffer.from([0, 255]));
    ann.client.say('alive');
    await bob.received({ type: 'message', message: 'alive' });
    await settled(ann, bob);
    expect(bob.packets).toHaveLength(1);
    expect(ann.packets).toHaveLength(1);
    await part(ann, bob);
  });

  test('17. channels are made and deleted for all, in order; who was in one talks on in the default', async () => {
    const [ann, bob] = await pair();
    expect((await api('POST', '/api/channels', { name: 'Night Shift' })).status).toBe(201);
    await ann.received({ type: 'channel_create', channel: 'night-shift' });
    ann.client.say('dark here', 'night-shift');
    await bob.received({ type: 'message', channel: 'night-shift' });
    expect((await api('DELETE', '/api/channels', { id: 'night-shift' })).status).toBe(200);
    await ann.received({ type: 'channel_delete', channel: 'night-shift' });
    // At this word the Qt clients show the default channel, whichever their user is in.
    expect(ann.of('default_channel')).toEqual([]);
    ann.client.say('and light here', 'night-shift');
    expect(await bob.received({ message: 'and light here' })).toMatchObject({ channel: 'lobby' });
    expect(bob.packets.map(({ type }) => type)).toEqual(['channel_create', 'message', 'channel_delete', 'message']);
    const newcomer = await Rwci.enter(server, `newcomer ${count}`);
    expect(newcomer.of('channel_list')[0]?.channels).toEqual(['lobby', 'offtopic']);
    await part(ann, bob, newcomer);
  });

  test('18. a notice is a broadcast', async () => {
    const [ann, bob] = await pair();
    expect((await api('POST', '/api/announce', { text: 'Tea is ready.' })).status).toBe(200);
    await bob.received({ type: 'broadcast' });
    expect(bob.packets).toEqual([{ type: 'broadcast', message: 'Tea is ready.' }]);
    await part(ann, bob);
  });

  test('18. the markup of a notice is none in clients that print it as such', async () => {
    const [ann, bob] = await pair();
    expect((await api('POST', '/api/announce', { text: '<b>Tea</b> & 1 < 2' })).status).toBe(200);
    const { message } = (await ann.received({ type: 'broadcast' })) as { readonly message: string };
    expect(message).toBe('<\u200bb>Tea<\u200b/b> & 1 < 2');
    await part(ann, bob);
  });

  test('20. a hundred comings and goings of a third leave the others whole', async () => {
    const [ann, bob] = await pair();
    const third = `third ${count}`;
    for (let round = 0; round < 100; round++) {
      const visitor = await Rwci.enter(server, third);
      if (round % 2 === 0) await visitor.client.close();
      else await visitor.client.drop();
      await ann.received({ type: 'quit', username: third });
      // What the original's library does: it dies where somebody quits who is not there.
      const present = new Set<string>();
      for (const packet of ann.packets) {
        if (packet.type === 'join') present.add(packet.username);
        if (packet.type === 'quit') expect(present.delete(packet.username)).toBe(true);
      }
      ann.clear();
    }
    bob.client.say('whole');
    await ann.received({ type: 'message', message: 'whole' });
    await part(ann, bob);
  });

  test('requests for lists are answered, to who asks', async () => {
    const [ann, bob] = await pair();
    ann.send({ type: 'channel_list' });
    ann.send({ type: 'default_channel' });
    ann.send({ type: 'user_list' });
    await ann.received({ type: 'user_list' });
    expect(ann.packets).toEqual([
      { type: 'channel_list', channels: ['lobby', 'offtopic'] },
      { type: 'default_channel', channel: 'lobby' },
      { type: 'user_list', users: [ann.name, bob.name] },
    ]);
    expect(bob.packets).toEqual([]);
    await part(ann, bob);
  });

  test('what would be markup in clients that print it as such is none, and reads the same', async () => {
    const [ann, bob] = await pair();
    ann.client.say('<img src=x onerror=1> a<b 1 < 2 **bold** </p>');
    const { message } = (await bob.received({ type: 'message' })) as { readonly message: string };
    expect(message).not.toMatch(/<[a-z/!?]/i);
    expect(message.replaceAll('\u200b', '')).toBe('<img src=x onerror=1> a<b 1 < 2 **bold** </p>');
    await part(ann, bob);
  });
});
