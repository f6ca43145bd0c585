import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { TestSettings } from '../../support/server.ts';
import { signToken, WebsiteRoom } from '../../support/website.ts';

const frontend = (name: string) => fileURLToPath(new URL(`../../fixtures/barertc-frontend/${name}`, import.meta.url));

const CONSTANTS = [
  'Branding',
  'BareRTCStrings',
  'PublicChannels',
  'DMDisclaimer',
  'WebsiteURL',
  'PermitNSFW',
  'TURN',
  'WebhookURLs',
  'VIP',
  'UserJWTToken',
  'UserJWTValid',
  'UserJWTClaims',
  'UserJWTRules',
  'CachedBlocklist',
  'CacheHash',
] as const;
const NO_RULES = {
  IsNoVideoRule: false,
  IsNoImageRule: false,
  IsNoBroadcastRule: false,
  IsRedCamRule: false,
  IsNoDarkVideoRule: false,
};

function open(settings: TestSettings = {}, name = 'latest'): Promise<WebsiteRoom> {
  return WebsiteRoom.open({ ...settings, barertc: { frontend: frontend(name), ...settings.barertc } });
}

/** What the page's classic script defines, as a browser would have it before the module runs. */
function constantsOf(html: string, names: readonly string[] = CONSTANTS): Record<string, unknown> {
  const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script = '']) => script);
  expect(scripts).toHaveLength(1);
  const values = names.map((name) => `${name}: typeof ${name} === 'undefined' ? undefined : ${name}`).join(', ');
  return JSON.parse(runInContext(`${scripts[0]}; JSON.stringify({ ${values} })`, createContext({}))) as Record<
    string,
    unknown
  >;
}

test('68. Page: all 15 constants, for a guest', async () => {
  await using site = await open({
    title: 'Our </script> "chat"',
    rooms: [
      {
        name: 'lobby',
        channels: [{ id: 'lobby', name: 'Lobby', welcome: ['Hello *you*'], photos: false, newcomer_messages: 10 }],
      },
    ],
    website: { branding: '<b>Chat</b>', url: 'https://www.example.com' },
    ice: { urls: ['stun:stun.example.org:3478'], username: 'u', credential: 'c' },
    webhooks: { report: 'https://www.example.com/report' },
    vip: { name: 'Very', branding: '<i>V</i>', icon: 'fa fa-star' },
    messages: { direct_disclaimer: '<p>Be careful</p>' },
    barertc: { strings: { no_image: 'No images.' } },
  });
  const response = await fetch(`${site.url}/`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'self' https://www.example.com");
  const html = await response.text();
  expect(html).toContain('<title>Our &lt;/script&gt; &#34;chat&#34;</title>');
  expect(html).toMatch(/chat\.css\?[0-9a-f]{12}"/);
  expect(constantsOf(html)).toEqual({
    Branding: '<b>Chat</b>',
    BareRTCStrings: {
      ModRuleErrorCameraAlwaysNSFW: '',
      ModRuleErrorNoBroadcast: '',
      ModRuleErrorNoVideo: '',
      ModRuleErrorNoImage: 'No images.',
    },
    PublicChannels: [
      {
        ID: 'lobby',
        Name: 'Lobby',
        Icon: '',
        VIP: false,
        PermitPhotos: false,
        WelcomeMessages: ['Hello *you*'],
        EchoMessagesOnJoin: 10,
      },
    ],
    DMDisclaimer: '<p>Be careful</p>',
    WebsiteURL: 'https://www.example.com',
    PermitNSFW: false,
    TURN: { URLs: ['stun:stun.example.org:3478'], Username: 'u', Credential: 'c' },
    // Their addresses are the website's own business (W18).
    WebhookURLs: [
      { Name: 'report', Enabled: true, URL: '' },
      { Name: 'profile', Enabled: false, URL: '' },
    ],
    VIP: { Name: 'Very', Branding: '<i>V</i>', Icon: 'fa fa-star', MutuallySecret: false },
    UserJWTToken: '',
    UserJWTValid: false,
    UserJWTClaims: {},
    UserJWTRules: NO_RULES,
    CachedBlocklist: [],
    CacheHash: expect.stringMatching(/^[0-9a-f]{12}$/),
  });
});

test.each(['GET', 'POST'])(
  '68. Page by %s with a token: the claims, the rules and the block list of its bearer',
  async (method) => {
    await using site = await open();
    await site.admin('/api/blocklist', { Username: 'alice', Blocklist: ['bob', '</script>'] });
    const claims = { sub: 'alice', op: true, nick: 'Al </script>', rules: ['redcam'] };
    const token = await signToken(claims);
    const response =
      method === 'GET'
        ? await fetch(`${site.url}/?jwt=${token}`)
        : await fetch(`${site.url}/`, { method, body: new URLSearchParams({ jwt: token }) });
    expect(constantsOf(await response.text())).toMatchObject({
      UserJWTToken: token,
      UserJWTValid: true,
      UserJWTClaims: { sub: 'alice', op: true, vip: false, nick: 'Al /script' },
      UserJWTRules: { ...NO_RULES, IsRedCamRule: true },
      CachedBlocklist: ['bob', '</script>'],
    });
  },
);

test('68. Page: strict without a token leads to the landing page, or is a 403; a bad token is a 403', async () => {
  await using site = await open({ tokens: { strict: true } });
  const bare = await fetch(`${site.url}/`, { redirect: 'manual' });
  expect([bare.status, bare.headers.get('content-type')]).toEqual([403, 'text/html; charset=utf-8']);
  for (const token of ['x', await signToken({ sub: 'alice' }, { secret: 'guessed' })]) {
    expect((await fetch(`${site.url}/?jwt=${token}`)).status).toBe(403);
    expect((await fetch(`${site.url}/`, { method: 'POST', body: new URLSearchParams({ jwt: token }) })).status).toBe(
      403,
    );
  }
  expect((await fetch(`${site.url}/?jwt=${await signToken({ sub: 'alice' })}`)).status).toBe(200);

  await using landing = await open({
    tokens: { strict: true },
    website: { landing_page: 'https://www.example.com/chat' },
  });
  const sent = await fetch(`${landing.url}/`, { redirect: 'manual' });
  expect([sent.status, sent.headers.get('location')]).toEqual([302, 'https://www.example.com/chat']);
});

test('68. Page of the generation before: its constants, in a minified page', async () => {
  await using site = await open({}, 'seed');
  const names = CONSTANTS.filter(
    (name) => !['BareRTCStrings', 'DMDisclaimer', 'UserJWTRules', 'CacheHash'].includes(name),
  );
  const constants = constantsOf(await (await fetch(`${site.url}/`)).text(), names);
  expect(Object.keys(constants).sort()).toEqual([...names].sort());
  expect(constants).toMatchObject({ UserJWTClaims: {}, CachedBlocklist: [], PermitNSFW: false });
});

describe('what the page loads', () => {
  test('lies in assets and static; queries are ignored; what is not there is a 404', async () => {
    await using site = await open();
    const script = await fetch(`${site.url}/assets/index-1a2b3c.js`);
    expect([script.status, script.headers.get('content-type')]).toEqual([200, 'application/javascript; charset=utf-8']);
    expect((await fetch(`${site.url}/static/css/chat.css?{{.config.cacheHash}}`)).status).toBe(200);
    for (const path of [
      '/static/',
      '/static/css/',
      '/assets/none.js',
      '/static/..%2findex.html',
      '/index.php',
      '/favicon.ico',
    ]) {
      expect([403, 404]).toContain((await fetch(`${site.url}${path}`)).status);
    }
  });

  test('help, goodbye, and our own client beside it', async () => {
    await using site = await open();
    const about = await (await fetch(`${site.url}/about`)).text();
    for (const id of ['troubleshooting', 'watermarks']) expect(about).toContain(`id="${id}"`);
    expect((await fetch(`${site.url}/logout`)).status).toBe(200);
    expect(await (await fetch(`${site.url}/r/lobby`)).text()).toContain('/client/');
  });

  test('on a path of its own leaves / to our client', async () => {
    await using site = await open({ barertc: { frontend: frontend('latest'), path: '/chat' } });
    expect(await (await fetch(`${site.url}/chat`)).text()).toContain('PublicChannels');
    expect(await (await fetch(`${site.url}/`)).text()).not.toContain('PublicChannels');
  });
});

test('a front end that is not there stops the start with a line that says so', async () => {
  await expect(open({}, 'nowhere')).rejects.toThrow(/barertc\.frontend: .*index\.html cannot be read: ENOENT/);
});
