import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { iceServersIn } from '../../../src/dialects/whip/client-ice-servers.ts';
import { told } from '../galene/support/frames.ts';
import { Installation, USERS } from '../galene/support/installation.ts';
import { CANDIDATE, fragment, offer } from './support/offers.ts';

const FRIEND = 'https://friend.example.org';
const OPEN = { ...USERS, 'wildcard-user': { password: { type: 'wildcard' }, permissions: 'present' } };
const FRAGMENT = 'application/trickle-ice-sdpfrag';

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.start({
    config: { allowOrigin: [FRIEND] },
    settings: {
      ice: {
        // Which the server itself does not ask: it would be waited for with each answer.
        urls: ['stuns:stun.example.org', 'turn:turn.example.org?transport=tcp'],
        username: 'us"er',
        credential: 'pass',
      },
    },
    groups: {
      open: OPEN,
      'open/lab': OPEN,
      members: { users: USERS.users },
      small: { ...OPEN, 'max-clients': 1 },
      over: { ...OPEN, expires: '2020-01-01T00:00:00Z' },
      moved: { ...OPEN, redirect: 'https://elsewhere.example.org/group/new/' },
    },
  });
});
afterAll(() => installation[Symbol.asyncDispose]());

interface Ask {
  readonly method?: string;
  readonly type?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function ask(path: string, { method = 'POST', type, token, headers = {}, body }: Ask = {}): Promise<Response> {
  return installation.fetch(path, {
    method,
    headers: {
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
}

const post = (group: string, more: Ask = {}) =>
  ask(`/group/${group}/.whip`, { type: 'application/sdp', body: offer(), ...more });
const patch = (path: string, body: string, more: Ask = {}) =>
  ask(path, { method: 'PATCH', type: FRAGMENT, body, ...more });
const etagOf = (response: Response) => response.headers.get('etag') ?? '';

/** Somebody publishes, and there is an address for it. */
async function published(group: string, more: Ask = {}): Promise<{ readonly path: string; readonly etag: string }> {
  const response = await post(group, more);
  expect(response.status).toBe(201);
  return { path: response.headers.get('location') ?? '', etag: etagOf(response) };
}

async function token(group: string, more: object = {}): Promise<string> {
  const vimes = await installation.enter(group, 'vimes');
  vimes.groupAction({ kind: 'maketoken', value: { group, expires: 3_600_000, permissions: ['present'], ...more } });
  const { value } = await told(vimes, 'token');
  await vimes.close();
  return (value as { readonly token: string }).token;
}

describe('WHIP: an offer', () => {
  test('52. is answered, with an address, a tag and the ICE servers', async () => {
    const response = await post('open');
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('application/sdp');
    expect(response.headers.get('location')).toMatch(/^\/group\/open\/\.whip\/[0-9a-f]{32}$/);
    expect(etagOf(response)).toMatch(/^"[!-~]+"$/);
    expect(response.headers.get('accept-patch')).toBe(FRAGMENT);
    expect(iceServersIn(response.headers.get('link'))).toEqual([
      { urls: 'stuns:stun.example.org' },
      { urls: 'turn:turn.example.org?transport=tcp', username: 'us"er', credential: 'pass' },
    ]);
    const answer = await response.text();
    expect(answer.match(/^a=recvonly\r$/gm)).toHaveLength(2);
    expect(answer).toMatch(/^a=candidate:.+ typ host/m);
    expect((await ask(response.headers.get('location') ?? '', { method: 'DELETE' })).status).toBe(200);
  });

  test.each([
    ['a group that there is not', 'nowhere', {}, 404],
    ['a group of an illegal name', '..%2fx', {}, 404],
    ['a name with a dot before it', '.open', {}, 404],
    ['what is no address', '%zz', {}, 400],
    ['text', 'open', { type: 'text/plain' }, 415],
    ['a type with a parameter', 'open', { type: 'application/sdp; charset=utf-8' }, 415],
    ['nothing', 'open', { body: '' }, 400],
    ['JSON', 'open', { body: '{"type":"offer"}' }, 400],
    ['a single line', 'open', { body: 'v=0\r\n' }, 400],
    ['an offer that sends nothing', 'open', { body: offer({ direction: 'recvonly' }) }, 400],
    ['one without fingerprint', 'open', { body: offer().replaceAll('a=fingerprint', 'a=x') }, 400],
    ['one without credentials', 'open', { body: offer().replaceAll('a=ice-ufrag', 'a=x') }, 400],
    ['one without media', 'open', { body: offer().replaceAll(/m=.*/g, 'm=nonsense') }, 400],
    ['one with a port of nowhere', 'open', { body: offer().replace('m=audio 9', 'm=audio 99999999') }, 406],
    ['one that is very long', 'open', { body: `${offer()}${'a=x\r\n'.repeat(50_000)}` }, 406],
    ['one of more than a megabyte', 'open', { body: 'v=0\r\n'.repeat(250_000) }, 413],
    ['no token where one is needed', 'members', {}, 401],
    ['a wrong token', 'members', { token: 'wrong' }, 401],
    ['a wrong token where none is needed', 'open', { token: 'wrong' }, 401],
    ['a password', 'open', { headers: { authorization: 'Basic dmltZXM6c3liaWw=' } }, 401],
    ['a group that is over', 'over', {}, 403],
  ] as const)('with %s is refused', async (_, group, more, status) => {
    const response = await post(group, more);
    expect(response.status).toBe(status);
    expect(response.headers.has('location')).toBe(false);
    expect(response.headers.has('www-authenticate')).toBe(status === 401);
    expect((await response.text()).length).toBeGreaterThan(5);
  });

  test('where only the codecs do not fit is not acceptable', async () => {
    const group = await installation.group({ ...OPEN, codecs: ['g722', 'av1'] });
    expect((await post(group)).status).toBe(406);
  });

  test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'])('is not made by %s', async (method) => {
    const response = await ask('/group/open/.whip', { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('OPTIONS, POST');
  });

  test('of somebody without the right to present is refused, and nobody saw them', async () => {
    const group = installation.plainGroup();
    const fred = await installation.enter(group, 'fred');
    expect((await post(group)).status).toBe(403);
    await fred.ping();
    expect(fred.untaken.filter(({ type, username }) => type === 'user' && username === 'whip')).toEqual([]);
  });

  test('in a locked group is refused in the words of who locked it', async () => {
    const group = await installation.group(OPEN);
    const vimes = await installation.enter(group, 'vimes');
    vimes.groupAction({ kind: 'lock', value: 'Back at nine.' });
    await vimes.next({ type: 'joined', kind: 'change' });
    const response = await post(group);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('Back at nine.');
  });

  test('in a full group may be made later', async () => {
    const { path } = await published('small');
    const response = await post('small');
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    await ask(path, { method: 'DELETE' });
    const again = await published('small');
    await ask(again.path, { method: 'DELETE' });
  });

  test('reaches subgroups, and rooms without a definition', async () => {
    for (const group of ['open/lab', 'lobby']) {
      const { path } = await published(group);
      expect(path.startsWith(`/group/${group}/.whip/`)).toBe(true);
      expect((await ask(path, { method: 'DELETE' })).status).toBe(200);
    }
  });

  test('to a group that has moved is sent after it', async () => {
    const response = await post('moved');
    expect(response.status).toBe(308);
    expect(response.headers.get('location')).toBe('https://elsewhere.example.org/group/new/.whip');
  });

  test.each([
    [{ username: 'camera 1' }, 'camera 1'],
    [{}, 'whip'],
  ])('with a token of %o is of somebody called %s', async (more, name) => {
    const group = installation.plainGroup();
    const word = await token(group, more);
    const fred = await installation.enter(group, 'fred');
    const { path } = await published(group, { token: word });
    await fred.next({ type: 'user', kind: 'add', username: name });
    expect((await ask(path, { method: 'DELETE', token: word })).status).toBe(200);
    await fred.next({ type: 'user', kind: 'delete', username: name });
  });
});

describe('WHIP: what was published', () => {
  test('52. takes candidates, with its tag or without', async () => {
    const { path, etag } = await published('open');
    for (const headers of [{ 'if-match': etag }, { 'if-match': '*' }, { 'if-match': `"x", ${etag}` }, {}]) {
      const response = await patch(path, fragment('abcd', CANDIDATE, 'a=end-of-candidates'), { headers });
      expect(response.status).toBe(204);
    }
    expect((await patch(path, 'm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n')).status).toBe(204);
    await ask(path, { method: 'DELETE' });
  });

  test('52. is restarted, and has another tag', async () => {
    const { path, etag } = await published('open');
    const response = await patch(path, fragment('wxyz', CANDIDATE), { headers: { 'if-match': etag } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(FRAGMENT);
    expect(etagOf(response)).not.toBe(etag);
    const answer = await response.text();
    expect(answer).toMatch(/^a=ice-ufrag:.+\r\na=ice-pwd:.+\r$/m);
    expect(answer).toMatch(/^a=fingerprint:sha-256 /m);
    expect(answer).toMatch(/^a=candidate:/m);
    expect((await patch(path, fragment('wxyz'), { headers: { 'if-match': etagOf(response) } })).status).toBe(204);
    expect((await patch(path, fragment('wxyz'), { headers: { 'if-match': etag } })).status).toBe(412);
    await ask(path, { method: 'DELETE' });
  });

  test('52. is not changed on a wrong condition, nor restarted without one', async () => {
    const { path } = await published('open');
    const wrong = { headers: { 'if-match': '"x"' } };
    expect((await patch(path, fragment('abcd'), wrong)).status).toBe(412);
    expect((await patch(path, fragment('wxyz'), wrong)).status).toBe(412);
    expect((await ask(path, { method: 'DELETE', ...wrong })).status).toBe(412);
    expect((await patch(path, fragment('wxyz'))).status).toBe(428);
    await ask(path, { method: 'DELETE' });
  });

  test('52. is of whoever has the token', async () => {
    const word = await token('open');
    const { path } = await published('open', { token: word });
    for (const wrong of [{}, { token: `${word}x` }, { headers: { authorization: 'Basic x' } }]) {
      expect((await patch(path, fragment(), wrong)).status).toBe(403);
      expect((await ask(path, { method: 'DELETE', ...wrong })).status).toBe(403);
    }
    expect((await patch(path, fragment(), { token: word })).status).toBe(204);
    expect((await ask(path, { method: 'DELETE', token: word })).status).toBe(200);
  });

  test.each([
    ['an empty fragment', '', 204],
    ['words', 'hello', 400],
    ['a user without a password', 'a=ice-ufrag:abcd\r\n', 400],
    ['credentials that are too short', 'a=ice-ufrag:x\r\na=ice-pwd:short\r\n', 400],
    ['many candidates', `${CANDIDATE}\r\n`.repeat(500), 204],
    ['a candidate that is none', 'a=candidate:nonsense\r\n', 204],
    ['a candidate that is very long', `a=candidate:${'x'.repeat(5_000)}\r\n`, 204],
    ['more than it has room for', 'x'.repeat(70_000), 413],
  ])('bears %s', async (_, body, status) => {
    const { path } = await published('open');
    expect((await patch(path, body)).status).toBe(status);
    expect((await ask(path, { method: 'DELETE' })).status).toBe(200);
  });

  test('takes fragments alone', async () => {
    const { path } = await published('open');
    expect((await patch(path, fragment(), { type: 'application/sdp' })).status).toBe(415);
    for (const method of ['GET', 'HEAD', 'PUT', 'POST']) {
      const response = await ask(path, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('OPTIONS, PATCH, DELETE');
    }
    await ask(path, { method: 'DELETE' });
  });

  test('is found at its own address alone, and not by what others know of it', async () => {
    const group = await installation.group(OPEN);
    const fred = await installation.enter(group, 'fred');
    const { path } = await published(group);
    const { id = '' } = await fred.next({ type: 'user', kind: 'add', username: 'whip' });
    const secret = path.split('/').at(-1) ?? '';
    for (const wrong of [
      `${group}/.whip/${id}`,
      `open/.whip/${secret}`,
      `${group}/.whep/${secret}`,
      `${group}/.whip/${secret}x`,
    ]) {
      expect((await ask(`/group/${wrong}`, { method: 'DELETE' })).status).toBe(404);
    }
    expect((await ask(path, { method: 'DELETE' })).status).toBe(200);
    expect((await ask(path, { method: 'DELETE' })).status).toBe(404);
    expect((await patch(path, fragment())).status).toBe(404);
  });

  test('bears a flood of restarts', async () => {
    const { path } = await published('open');
    const headers = { 'if-match': '*' };
    const flood = Array.from({ length: 60 }, (_, index) => patch(path, fragment(`flood${index}`), { headers }));
    const statuses = new Set((await Promise.all(flood)).map(({ status }) => status));
    expect([...statuses].sort()).toEqual([200, 429]);
    expect((await ask(path, { method: 'DELETE' })).status).toBe(200);
  });
});

describe('WHIP: pages elsewhere', () => {
  test.each(['/group/open/.whip', '/group/open/.whep', '/group/open/.whip/any'])(
    '%s may be asked for beforehand, without a token',
    async (path) => {
      const headers = { origin: FRIEND, 'access-control-request-method': 'PATCH' };
      const response = await ask(path, { method: 'OPTIONS', headers });
      expect(response.status).toBe(204);
      expect(response.headers.get('access-control-allow-origin')).toBe(FRIEND);
      expect(response.headers.get('access-control-allow-headers')).toBe('Authorization, Content-Type, If-Match');
      expect(response.headers.get('vary')).toBe('Origin');
      const isEndpoint = !path.endsWith('any');
      expect(response.headers.get('access-control-allow-methods')).toContain(isEndpoint ? 'POST' : 'DELETE');
      expect(iceServersIn(response.headers.get('link'))).toHaveLength(isEndpoint ? 2 : 0);
    },
  );

  test('those that are allowed can read the answer, and others cannot', async () => {
    const friend = await post('open', { headers: { origin: FRIEND } });
    expect(friend.headers.get('access-control-allow-origin')).toBe(FRIEND);
    expect(friend.headers.get('access-control-expose-headers')).toMatch(/Location, ETag, Link/);
    await ask(friend.headers.get('location') ?? '', { method: 'DELETE' });
    const stranger = await post('nowhere', { headers: { origin: 'https://stranger.example.org' } });
    expect(stranger.headers.has('access-control-allow-origin')).toBe(false);
    const own = await post('nowhere', { headers: { origin: installation.server.url } });
    expect(own.headers.get('access-control-allow-origin')).toBe(installation.server.url);
  });

  test('canonicalHost sends them there, with what they said', async () => {
    await using canonical = await Installation.start({ config: { canonicalHost: 'chat.example.org' } });
    const response = await canonical.fetch('/group/g1/.whep?label=x', { method: 'POST' });
    expect(response.status).toBe(308);
    expect(response.headers.get('location')).toBe('https://chat.example.org/group/g1/.whep?label=x');
  });
});

test('no socket reaches the sessions of WHIP', async () => {
  const socket = new WebSocket(`${installation.server.url.replace('http', 'ws')}/.whip`);
  const status = await new Promise((resolve) => {
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
    socket.on('open', () => resolve('open'));
    socket.on('error', () => {});
  });
  expect(status).toBe(404);
});

test('who hangs up in the middle of an offer leaves nothing behind', async () => {
  const group = await installation.group(OPEN);
  const fred = await installation.enter(group, 'fred');
  const { hostname, port } = new URL(installation.server.url);
  const headers = { 'content-type': 'application/sdp', 'content-length': '5000' };
  const asked = request({ hostname, port, path: `/group/${group}/.whip`, method: 'POST', headers });
  asked.on('error', () => {});
  asked.write(offer());
  asked.destroy();
  const { path } = await published(group);
  await fred.next({ type: 'user', kind: 'add', username: 'whip' });
  expect(fred.untaken.some(({ type, username }) => type === 'user' && username === 'whip 2')).toBe(false);
  await ask(path, { method: 'DELETE' });
});
