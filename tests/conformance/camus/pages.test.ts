import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Camus, Jar, makeRoom } from '../../support/camus.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({
    settings: { ice: { urls: ['turn:turn.example.org:3478'], turn_secret: 'shared' } },
  });
});
afterAll(() => server.close());

const FORM = { password: '', public: 'No', guest_limit: '0', submit: 'Create' };

describe('Camus: pages', () => {
  test.each(['/', '/rooms'])('18. a room is made by the form of %s, which leads into it', async (path) => {
    const jar = new Jar(server);
    const csrf_token = await jar.token(path);
    const form = { ...FORM, csrf_token, room_name: `My Room É #1 ${path}`, password: 'secret' };
    const made = await jar.request('POST', path, form);
    expect(made.status).toBe(307);
    const location = made.headers.get('location') ?? '';
    expect(location).toMatch(/^\/room\/my-room-e-1/);
    // As a browser follows it: the same form, to the new address.
    const page = await jar.request('POST', location, form);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('id="react-root"');

    const again = await jar.request('POST', path, form);
    expect(again.status).toBe(200);
    expect(await again.text()).toContain(`The room name &#34;My Room É #1 ${path}&#34; is not available`);
  });

  test.each([
    ['without a token', { csrf_token: '' }],
    ['with a made-up token', { csrf_token: 'a.b.c' }],
    ['without a name', { room_name: '' }],
    ['with a name of blanks', { room_name: '   ' }],
    ['with a name that leaves nothing of an address', { room_name: '!!! ???' }],
    ['with a name that is too long', { room_name: 'x'.repeat(65) }],
    ['with another choice of who may see it', { public: 'Maybe' }],
    ['with another limit', { guest_limit: '7' }],
  ])('18. %s none is made, and the page says so', async (_what, change) => {
    const jar = new Jar(server);
    const csrf_token = await jar.token('/rooms');
    const form = { ...FORM, csrf_token, room_name: 'Never Made', ...change };
    const answer = await jar.request('POST', '/rooms', form);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('role="alert"');
    expect((await jar.get('/room/never-made')).status).toBe(404);
  });

  test.each(['/', '/rooms'])('18. JSON to %s makes a room, too, and needs no token', async (path) => {
    const room_name = `By JSON at ${path}.`;
    const post = (body: string) =>
      fetch(`${server.url}${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/json' },
        body,
      });
    const made = await post(JSON.stringify({ ...FORM, room_name }));
    expect([made.status, made.headers.get('location')]).toEqual([307, expect.stringMatching(/^\/room\/by-json-at/)]);
    const page = await (await post(JSON.stringify({ ...FORM, room_name, guest_limit: 7 }))).text();
    expect(page).toContain('role="alert"');
    for (const body of ['{"room_name"', '[]', '7', 'null', '']) expect((await post(body)).status, body).toBe(200);
  });

  test('18. the token of another browser is none', async () => {
    const csrf_token = await new Jar(server).token('/rooms');
    const other = new Jar(server);
    await other.token('/rooms');
    const answer = await other.request('POST', '/rooms', { ...FORM, csrf_token, room_name: 'Forged' });
    expect(answer.status).toBe(200);
    expect((await other.get('/room/forged')).status).toBe(404);
  });

  test('18. a name in any script has an address', async () => {
    const { name } = await makeRoom(server, { room_name: '你好 мир' });
    expect(name).toMatch(/^[a-z0-9-]+$/);
  });

  test('19. a password is asked for, and must be right', async () => {
    const { name } = await makeRoom(server, { password: 'open sesame' });
    const jar = new Jar(server);
    const path = `/room/${name}`;
    const asked = await jar.get(path);
    expect(asked.status).toBe(200);
    expect(await asked.text()).toContain('id="join-room-form"');
    const csrf_token = await jar.token(path);
    for (const password of ['wrong', '']) {
      const answer = await jar.request('POST', path, { csrf_token, password, submit: 'Join' });
      expect(answer.status).toBe(401);
      expect(await answer.text()).toContain('Invalid password');
    }
    const forged = await jar.request('POST', path, { csrf_token: 'x', password: 'open sesame' });
    expect(forged.status).toBe(200);
    expect(await forged.text()).toContain('id="join-room-form"');
    expect(jar.cookiesFor(`${path}/ws`)).not.toContain('session=');
    await expect(Camus.connect(server, name, { jar, load: false })).rejects.toThrow('403');

    const right = await jar.request('POST', path, { csrf_token, password: 'open sesame', submit: 'Join' });
    expect(right.status).toBe(200);
    expect(await right.text()).toContain('id="react-root"');
    const camus = await Camus.connect(server, name, { jar, load: false });
    await camus.begin();
    await camus.bye();
  });

  test('20. a full room is a teapot, at its page and at its door, until somebody goes', async () => {
    const { name } = await makeRoom(server, { guest_limit: '2' });
    const late = new Jar(server);
    expect((await late.get(`/room/${name}`)).status).toBe(200);
    const a = await Camus.enter(server, name, { name: 'Ann' });
    const b = await Camus.enter(server, name, { name: 'Bill' });
    const third = await new Jar(server).get(`/room/${name}`);
    expect(third.status).toBe(418);
    expect(await third.text()).toBe('Guest limit already reached');
    const squeezed = await Camus.connect(server, name, { jar: late, load: false });
    squeezed.send('ground control', 'get-room-info');
    await squeezed.closed;
    expect(squeezed.texts.map(({ text }) => text)).toContain('This room is full.');
    await a.bye();
    expect((await new Jar(server).get(`/room/${name}`)).status).toBe(200);
    await b.bye();
  });

  test('20. who is in a full room loads its page again, and takes the place that they had', async () => {
    const { name } = await makeRoom(server, { guest_limit: '2' });
    const a = await Camus.enter(server, name, { name: 'Ann' });
    const b = await Camus.enter(server, name, { name: 'Bill' });
    await a.until(() => a.names.includes('Bill'));
    // As a browser does it: the new page is asked for before the old one said goodbye.
    expect((await b.jar.get(`/room/${name}`)).status).toBe(200);
    expect((await new Jar(server).get(`/room/${name}`)).status).toBe(418);
    await b.bye();
    const again = await Camus.connect(server, name, { jar: b.jar, load: false });
    await again.begin();
    await a.until(() => a.clients.some(({ id }) => id === again.id));
    expect(a.clients).toHaveLength(2);

    await again.drop();
    expect((await again.jar.get(`/room/${name}`)).status).toBe(200);
    await a.bye();
  });

  test('20. a second page of a browser that is in a full room is let in by the page, and not by the room', async () => {
    const { name } = await makeRoom(server, { guest_limit: '2' });
    const a = await Camus.enter(server, name, { name: 'Ann' });
    const b = await Camus.enter(server, name, { name: 'Bill' });
    const squeezed = await Camus.connect(server, name, { jar: b.jar });
    squeezed.send('ground control', 'get-room-info');
    await squeezed.closed;
    expect(squeezed.texts.map(({ text }) => text)).toContain('This room is full.');
    await a.bye();
    // Nor after a goodbye, which nobody comes back from.
    const c = await Camus.enter(server, name, { name: 'Cat' });
    expect((await a.jar.get(`/room/${name}`)).status).toBe(418);
    for (const one of [b, c]) await one.bye();
  });

  test('21. public rooms are listed, others are not', async () => {
    const { name: open } = await makeRoom(server, { public: 'Yes', room_name: 'Open <b>Room</b>', guest_limit: '5' });
    const { name: hidden } = await makeRoom(server);
    const a = await Camus.enter(server, open);
    const html = await (await new Jar(server).get('/public')).text();
    expect(html).toContain(`id="room-link-${open}" href="/room/${open}"`);
    expect(html).toContain('Open &#60;b&#62;Room');
    expect(html).toMatch(/1 \/ 5/);
    expect(html).not.toContain(hidden);
    await a.bye();
  });

  test('22. addresses of before lead to those of today', async () => {
    const jar = new Jar(server);
    const chat = await jar.get('/chat');
    expect([chat.status, chat.headers.get('location')]).toEqual([307, '/']);
    expect((await jar.get('/about')).status).toBe(302);
    const { name } = await makeRoom(server);
    expect((await jar.get(`/chat/${name}`)).status).toBe(200);
    expect((await jar.get(`/room/${name}/`)).status).toBe(404);
  });

  test('looking whether a room is there makes nobody', async () => {
    const { name } = await makeRoom(server, { public: 'Yes', guest_limit: '2' });
    for (let look = 0; look < 5; look++) {
      const head = await new Jar(server).request('HEAD', `/room/${name}`);
      expect(head.status).toBe(200);
      expect(head.headers.getSetCookie()).toEqual([]);
      expect((await new Jar(server).get(`/room/${name}`)).status).toBe(200);
    }
    const { rooms } = (await (await fetch(`${server.url}/api/rooms`)).json()) as {
      rooms: { name: string; members: number }[];
    };
    expect(rooms.find((room) => room.name === name)?.members).toBe(0);
  });

  test('a form whose cookie is as long as ours, in other letters, is not ours', async () => {
    const csrf_token = await new Jar(server).token('/rooms');
    const answer = await fetch(`${server.url}/rooms`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: `form=${'é'.repeat(32)}` },
      body: new URLSearchParams({ ...FORM, csrf_token, room_name: 'Not Ours' }),
    });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('too old');
  });

  test('the cookie is for the page’s own address, not for scripts, and not for other people’s pages', async () => {
    const { name } = await makeRoom(server);
    const page = await new Jar(server).get(`/room/${name}`);
    expect(page.headers.getSetCookie()).toEqual([
      expect.stringMatching(new RegExp(`; Path=/room/${name}; HttpOnly; SameSite=Lax$`)),
    ]);
    expect(page.headers.get('cache-control')).toBe('no-store');
    await using secure = await startTestServer({ settings: { public_url: 'https://chat.example.org' } });
    const { name: other } = await makeRoom(secure);
    expect((await new Jar(secure).get(`/room/${other}`)).headers.getSetCookie()[0]).toMatch(/; Secure$/);
  });

  test('17. TURN: each client gets a login of its own, good for six hours', async () => {
    const { name } = await makeRoom(server);
    const a = await Camus.connect(server, name);
    await a.begin();
    const { data } = await a.received({ type: 'ice-servers' });
    const [turn] = data as { urls: string[]; username: string; credential: string }[];
    const [expiry, id] = turn?.username.split(':') ?? [];
    expect(id).toBe(a.id);
    expect(Math.abs(Number(expiry) - Date.now() / 1000 - 21_600)).toBeLessThan(60);
    expect(turn?.credential).toBe(
      createHmac('sha1', 'shared')
        .update(turn?.username ?? '')
        .digest('base64'),
    );
    await a.bye();
  });

  test('26. a room that nobody uses is gone after a while; one with people in it stays', async () => {
    await using quick = await startTestServer({ settings: { made_rooms: { idle_minutes: 0.02 } } });
    const { name: used } = await makeRoom(quick, { public: 'Yes' });
    const a = await Camus.enter(quick, used);
    const { name: idle } = await makeRoom(quick, { public: 'Yes' });
    await expect.poll(async () => (await new Jar(quick).get(`/room/${idle}`)).status, { timeout: 10_000 }).toBe(404);
    const html = await (await new Jar(quick).get('/public')).text();
    expect(html).toContain(used);
    expect(html).not.toContain(`/room/${idle}"`);
    expect((await new Jar(quick).get(`/room/${used}`)).status).toBe(200);
    await a.bye();
  });

  test('rooms outlive a restart, with their passwords', async () => {
    await using lasting = await startTestServer();
    const { name } = await makeRoom(lasting, { password: 'open sesame', public: 'Yes' });
    await lasting.restart();
    const jar = new Jar(lasting);
    const csrf_token = await jar.token(`/room/${name}`);
    expect((await jar.request('POST', `/room/${name}`, { csrf_token, password: 'no' })).status).toBe(401);
    expect((await jar.request('POST', `/room/${name}`, { csrf_token, password: 'open sesame' })).status).toBe(200);
  });

  test('where rooms are made by the operator alone, there is no form', async () => {
    await using closed = await startTestServer({ settings: { made_rooms: { allowed: false } } });
    const jar = new Jar(closed);
    const html = await (await jar.get('/rooms')).text();
    expect(html).not.toContain('create-room-form');
    const answer = await jar.request('POST', '/rooms', {
      ...FORM,
      room_name: 'Mine',
      csrf_token: await jar.token('/rooms'),
    });
    expect(answer.status).toBe(200);
    expect((await jar.get('/room/mine')).status).toBe(404);
  });
});
