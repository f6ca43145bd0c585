import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { Channel } from '../../../core/channel.ts';
import { type PageFacts, pageRoot } from './constants.ts';
import { compileTemplate } from './template.ts';

const HOSTILE = `</script><script>stolen()</script><!--'"\`\\ &amp; <img src=x onerror=stolen()> \u2028\u2029 \${stolen()} {{.}} é😀`;

const NO_RULES = {
  IsNoVideoRule: false,
  IsNoImageRule: false,
  IsNoBroadcastRule: false,
  IsRedCamRule: false,
  IsNoDarkVideoRule: false,
};

/** Those that a page of the time before 2024 has not. */
const LATER = ['BareRTCStrings', 'DMDisclaimer', 'UserJWTRules', 'CacheHash'];

/** Every text of it is this one. */
function factsSaying(text: string): PageFacts {
  const channel: Channel = {
    id: 'lobby',
    name: text,
    icon: text,
    description: text,
    welcome: [text],
    vip: false,
    photos: true,
    newcomerMessages: 10,
  };
  return {
    title: text,
    branding: text,
    websiteUrl: text,
    permitExplicit: true,
    strings: { cameraAlwaysExplicit: text, noBroadcast: text, noVideo: text, noImage: text },
    channels: [channel],
    disclaimer: text,
    ice: { urls: [text], username: text, credential: text },
    webhooks: { report: true, profile: false },
    vip: { name: text, branding: text, icon: text, mutuallySecret: true },
    keepDirect: true,
    cacheHash: text,
    hostname: text,
    token: '',
    signedIn: false,
    claims: {},
    rules: NO_RULES,
    blocklist: [],
  };
}

function memberFacts(text: string): PageFacts {
  return {
    ...factsSaying(text),
    token: text,
    signedIn: true,
    claims: { sub: text, op: true, vip: false, nick: text, img: text, url: text, rules: [text], [text]: text },
    rules: { ...NO_RULES, IsRedCamRule: true },
    blocklist: [text, 'bob'],
  };
}

function constantsSaying(text: string): Readonly<Record<string, unknown>> {
  return {
    Branding: text,
    BareRTCStrings: {
      ModRuleErrorCameraAlwaysNSFW: text,
      ModRuleErrorNoBroadcast: text,
      ModRuleErrorNoVideo: text,
      ModRuleErrorNoImage: text,
    },
    PublicChannels: [
      {
        ID: 'lobby',
        Name: text,
        Icon: text,
        VIP: false,
        PermitPhotos: true,
        WelcomeMessages: [text],
        EchoMessagesOnJoin: 10,
      },
    ],
    DMDisclaimer: text,
    WebsiteURL: text,
    PermitNSFW: true,
    TURN: { URLs: [text], Username: text, Credential: text },
    WebhookURLs: [
      { Name: 'report', Enabled: true, URL: '' },
      { Name: 'profile', Enabled: false, URL: '' },
    ],
    VIP: { Name: text, Branding: text, Icon: text, MutuallySecret: true },
    UserJWTToken: '',
    UserJWTValid: false,
    UserJWTClaims: {},
    UserJWTRules: NO_RULES,
    CachedBlocklist: [],
    CacheHash: text,
  };
}

function memberConstants(text: string): Readonly<Record<string, unknown>> {
  const { claims, rules } = memberFacts(text);
  return {
    ...constantsSaying(text),
    UserJWTToken: text,
    UserJWTValid: true,
    UserJWTClaims: claims,
    UserJWTRules: rules,
    CachedBlocklist: [text, 'bob'],
  };
}

function fill(name: string, facts: PageFacts): string {
  const path = fileURLToPath(
    new URL(`../../../../tests/fixtures/barertc-frontend/${name}/index.html`, import.meta.url),
  );
  return compileTemplate(readFileSync(path, 'utf8')).render(pageRoot(facts));
}

/**
 * Runs the page's classic script, as a browser does before the module. The last one: branding is the operator's HTML
 * and may bring its own before it, and what broke out of the script would begin another after it.
 */
function constantsOf(html: string, names: readonly string[]): unknown {
  const [, script = ''] = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].at(-1) ?? [];
  const context = createContext({ stolen: () => expect.fail('what somebody wrote has run') });
  return JSON.parse(runInContext(`${script}; JSON.stringify({ ${names.join(', ')} })`, context) as string);
}

function namesIn(page: string): readonly string[] {
  return Object.keys(constantsSaying('')).filter((name) => page !== 'seed' || !LATER.includes(name));
}

function only(names: readonly string[], constants: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, constants[name]]));
}

/** What a browser would see of its elements. */
function tagsOf(html: string): readonly string[] {
  return [...html.matchAll(/<(\/?[a-z][a-z0-9]*)/gi)].map(([, name = '']) => name);
}

describe.each(['latest', 'minified', 'seed'])('the page of the kind %s', (page) => {
  const names = namesIn(page);

  test.each([
    ['plain', 'Chat'],
    ['empty', ''],
    ['hostile', HOSTILE],
  ])('has all constants for a guest, with %s texts', (_kind, text) => {
    expect(constantsOf(fill(page, factsSaying(text)), names)).toEqual(only(names, constantsSaying(text)));
  });

  test.each([
    ['plain', 'Chat'],
    ['hostile', HOSTILE],
  ])('has all constants for somebody with a token, with %s texts', (_kind, text) => {
    expect(constantsOf(fill(page, memberFacts(text)), names)).toEqual(only(names, memberConstants(text)));
  });

  test('has the same elements whatever anybody is called', () => {
    // Branding is the operator's own HTML, and stands as that in the heading.
    const facts = { ...memberFacts(HOSTILE), branding: '' };
    expect(tagsOf(fill(page, facts))).toEqual(tagsOf(fill(page, { ...memberFacts('Chat'), branding: '' })));
  });
});

test('around its script, a page is filled by the place', () => {
  const html = fill('latest', { ...memberFacts('A & "B"'), branding: '<b>Chat</b>', cacheHash: 'a b' });
  expect(html).toMatch(/^<!doctype html>/);
  expect(html).toContain('<meta charset="utf-8"><title>A &amp; &#34;B&#34;</title>');
  expect(html).toContain('href="/static/css/chat.css?a%20b"');
  expect(html).toContain('href="/static/css/member.css?v=a%20b">');
  expect(html).toContain('<body data-hash=a&#32;b title="A &amp; &#34;B&#34;">');
  expect(html).toContain('<h1><b>Chat</b></h1>');
  expect(html).toContain("<i title='A &amp; &#34;B&#34;'>A &amp; &#34;B&#34;</i>");
  expect(html).toContain('href="/about?from=A%20%26%20%22B%22#about"');
  expect(html).not.toContain('{{');
});

describe('what the client cannot do without', () => {
  const page =
    '{{define "index"}}<script>const C={{.Config.GetChannels}},R={{.JWTClaims.Rules.ToDict}}</script>{{end}}';

  function filled(facts: PageFacts): unknown {
    return constantsOf(compileTemplate(page).render(pageRoot(facts)), ['C', 'R']);
  }

  test('is there: a channel, and every rule', () => {
    const facts = { ...factsSaying(''), channels: [], rules: { IsNoImageRule: true } };
    expect(filled(facts)).toEqual({
      C: [expect.objectContaining({ ID: 'lobby', WelcomeMessages: [], VIP: false })],
      R: { ...NO_RULES, IsNoImageRule: true },
    });
  });

  test('a claim cannot stand in for the rules', () => {
    expect(filled({ ...memberFacts('x'), claims: { Rules: 'x', ToJSON: 'x' } })).toMatchObject({
      R: { ...NO_RULES, IsRedCamRule: true },
    });
  });
});
