import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { readBareRtcSettings } from './barertc-settings.ts';
import { ConfigError } from './config-error.ts';
import { resolveConfig } from './resolve.ts';
import { validateSettings } from './validate.ts';

const origin = { source: 'settings.toml', folder: '/opt/chat', room: 'lobby' };

function read(toml: string) {
  return readBareRtcSettings(parse(toml, { integersAsBigInt: 'asNeeded' }), origin);
}

/** As the program sees it. */
function config(toml: string) {
  const { settings, warnings } = read(toml);
  return resolveConfig(validateSettings('merged', settings), { source: 'merged', folder: '/elsewhere', warnings });
}

function fixture(version: number): string {
  return readFileSync(new URL(`../../tests/fixtures/settings/version-${version}.toml`, import.meta.url), 'utf8');
}

function messageOf(toml: string): string {
  try {
    read(toml);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('There was no ConfigError');
}

test('an empty file says what BareRTC does without one', () => {
  const { settings, unused, warnings } = read('');
  expect({ unused, warnings }).toEqual({ unused: [], warnings: [] });
  expect(settings).toEqual({
    title: 'BareRTC',
    trust_proxy: false,
    default_room: 'lobby',
    rooms: [
      {
        name: 'lobby',
        title: 'BareRTC',
        channels: [
          { id: 'lobby', name: 'Lobby', welcome: ['Welcome!'], vip: false, photos: false, newcomer_messages: 10 },
          { id: 'offtopic', name: 'Off Topic', welcome: [], vip: false, photos: true, newcomer_messages: 0 },
          { id: 'vip', name: 'VIPs Only', welcome: [], vip: true, photos: true, newcomer_messages: 0 },
        ],
      },
    ],
    limits: { frame_bytes: 41_943_040, send_timeout_seconds: 10, max_image_width: 1280 },
    moderation: {
      permit_explicit: false,
      blockable_operators: false,
      vip_mutually_secret: false,
      direct_photos: false,
      link_spam: { enabled: true, max_threads: 5, time_limit_seconds: 3600, ban_hours: 24 },
      rules: [],
      filters: [],
    },
    website: {
      url: 'https://www.example.com',
      landing_page: '',
      branding: 'BareRTC',
      api_key: '',
      cors_hosts: ['https://www.example.com'],
    },
    tokens: { enabled: false, strict: true, secret: '', algorithm: 'HS256' },
    webhooks: { report: '', profile: '' },
    vip: { name: 'VIP', branding: '<em>VIP</em>', icon: 'fa fa-circle' },
    messages: { keep_direct: false, direct_days: 90, direct_disclaimer: '' },
    transcripts: { channels: ['lobby', 'offtopic'], usernames: [] },
    barertc: {
      preview_width: 360,
      strings: { camera_always_explicit: '', no_broadcast: '', no_video: '', no_image: '' },
    },
    ice: { urls: ['stun:stun.l.google.com:19302'] },
  });
});

describe('files as they are found', () => {
  test('version 2', () => {
    const found = config(fixture(2));
    expect(found).toMatchObject({
      title: 'Dockside',
      trustProxy: true,
      website: {
        url: 'https://club.example',
        branding: '<strong>Dock</strong>side',
        corsHosts: ['https://club.example', 'https://www.club.example'],
        landingPage: '',
      },
      tokens: { enabled: true, strict: false, secret: 'anchors aweigh', algorithm: 'HS256' },
      limits: { frameBytes: 8_388_608, maxImageWidth: 1600, sendTimeoutSeconds: 10 },
      barertc: { previewWidth: 420 },
      moderation: { permitExplicit: false },
    });
    expect(found.rooms).toEqual([
      {
        name: 'lobby',
        title: 'Dockside',
        guestLimit: 0,
        public: true,
        channels: [
          {
            id: 'lobby',
            name: 'Clubhouse',
            icon: 'fa fa-anchor',
            description: '',
            welcome: ['Welcome aboard!', 'Please read the **house rules**.'],
            vip: false,
            photos: false,
            newcomerMessages: 10,
          },
          {
            id: 'regatta',
            name: 'Regatta',
            icon: 'fa fa-flag',
            description: '',
            welcome: [],
            vip: false,
            photos: true,
            newcomerMessages: 0,
          },
        ],
      },
    ]);
    expect(found.warnings).toEqual([]);
  });

  test('version 8', () => {
    const found = config(fixture(8));
    expect(found).toMatchObject({
      trustProxy: false,
      website: { apiKey: '4f0c1f8e-0000-4000-8000-5d0a8a3c1b2d', landingPage: 'https://owls.example/chat' },
      tokens: { enabled: true, strict: true },
      ice: {
        urls: ['stun:stun.owls.example:3478', 'turn:turn.owls.example:3478'],
        username: 'owl',
        credential: 'hoot',
      },
      webhooks: { report: 'https://owls.example/hooks/report', profile: '' },
      vip: { name: 'Great Horned', branding: '<em>Great Horned</em> owls', icon: 'fa fa-star' },
      moderation: { permitExplicit: true, vipMutuallySecret: true },
    });
    expect(found.rooms[0]?.channels).toMatchObject([
      { id: 'lobby', vip: false },
      { id: 'roost', vip: true },
    ]);
    expect(found.moderation.filters).toEqual([
      {
        enabled: true,
        channels: true,
        direct: false,
        phrases: ['(?i)\\bmice for sale\\b', '\\bbarn\\s*owls?\\b'],
        censor: false,
        forward: true,
        report: true,
        response: 'Hoot. No trade here.',
      },
      {
        enabled: false,
        channels: true,
        direct: true,
        phrases: ['daylight'],
        censor: true,
        forward: false,
        report: false,
        response: '',
      },
    ]);
    expect(found.warnings).toEqual([
      expect.stringMatching(/^settings.toml: MessageFilters\[0\].KeywordPhrases\[1\] is not used: .*Perl syntax/),
      'settings.toml: TURN.URLs[2] is not used: it must be an address such as "stun:HOST:3478"',
    ]);
  });

  test('version 16', () => {
    const found = config(fixture(16));
    expect(found).toMatchObject({
      trustProxy: true,
      limits: { frameBytes: 41_943_040, sendTimeoutSeconds: 12, maxImageWidth: 1280 },
      webhooks: { report: 'https://atelier.example/report', profile: 'https://atelier.example/profile' },
      messages: { keepDirect: true, directDays: 30, directDisclaimer: '<b>Be kind.</b>' },
      transcripts: { folder: '/opt/chat/records', channels: ['lobby', 'studio'], usernames: ['mallory'] },
      moderation: { blockableOperators: true, permitExplicit: true, linkSpam: { enabled: true } },
    });
    expect(found.ice).toMatchObject({ urls: ['stun:stun.atelier.example:3478'] });
    expect(found.barertc.strings).toEqual({
      cameraAlwaysExplicit: 'Your camera is for adults.',
      noBroadcast: 'You cannot share your camera.',
      noVideo: 'There are no cameras for you.',
      noImage: 'There are no pictures for you.',
    });
    expect(found.rooms[0]?.channels).toMatchObject([
      { id: 'lobby', photos: true, newcomerMessages: 25 },
      { id: 'studio', vip: true, photos: false, newcomerMessages: 0 },
    ]);
    expect(found.moderation.rules).toEqual([
      {
        username: 'mallory',
        cameraAlwaysExplicit: true,
        noBroadcast: false,
        noVideo: false,
        noImage: true,
        noDarkVideo: false,
      },
      {
        username: 'trudy',
        cameraAlwaysExplicit: false,
        noBroadcast: true,
        noVideo: true,
        noImage: false,
        noDarkVideo: true,
      },
    ]);
    expect(found.moderation.filters).toMatchObject([{ channels: false, direct: true, censor: true, forward: false }]);
    expect(found.warnings).toEqual(['settings.toml: not used here: DirectMessageHistory.SQLiteDatabase']);
  });

  test('version 17, with keys in any case, and some that nobody knows', () => {
    const found = config(fixture(17));
    expect(found).toMatchObject({
      title: 'Plaza',
      website: { branding: 'Plaza', corsHosts: [], apiKey: '' },
      tokens: { enabled: false, secret: '' },
      messages: { keepDirect: false, directDays: 0 },
      moderation: { linkSpam: { enabled: false, maxThreads: 3, timeLimitSeconds: 600, banHours: 48 } },
      transcripts: { folder: '/var/log/plaza', channels: ['lobby', 'Cafe-Bar'] },
    });
    expect(found.rooms[0]?.channels).toMatchObject([
      { id: 'lobby', newcomerMessages: 500 },
      { id: 'Cafe-Bar', name: 'Café & Bar', newcomerMessages: 5 },
    ]);
    expect(found.warnings).toEqual([
      'settings.toml: not used here: Holograms, PublicChannels.Smell, DirectMessageHistory.SQLiteDatabase',
      'settings.toml: PublicChannels[0].EchoMessagesOnJoin must be a whole number from 0 to 500 here; 500 is used',
      'settings.toml: PublicChannels[1].ID cannot be had here as it is; it is "Cafe-Bar" instead',
    ]);
  });
});

describe('mistakes get one line in the words of the file', () => {
  test.each([
    ['Title = 3', 'Title must be text, but is a number'],
    ['PermitNSFW = "yes"', 'PermitNSFW must be true or false, but is text'],
    ['MaxImageWidth = "wide"', 'MaxImageWidth must be a whole number, but is text'],
    ['MaxImageWidth = 1.5', 'MaxImageWidth must be a whole number, but is no whole number'],
    ['WebSocketReadLimit = inf', 'WebSocketReadLimit must be a whole number, but is no whole number'],
    ['CORSHosts = "https://a.example"', 'CORSHosts must be a list, but is text'],
    ['CORSHosts = ["https://a.example", true]', 'CORSHosts[1] must be text, but is true'],
    ['JWT = 3', 'JWT must be a table, but is a number'],
    ['[JWT]\nSecretKey = 123456', 'JWT.SecretKey must be text, but is a number'],
    ['AdminAPIKey = 2020-01-01', 'AdminAPIKey must be text, but is a date'],
    ['[PublicChannels]\nID = "lobby"', 'PublicChannels must be a list, but is a table'],
    ['PublicChannels = ["lobby"]', 'PublicChannels[0] must be a table, but is text'],
    ['[[PublicChannels]]\nID = "lobby"\nVIP = 1', 'PublicChannels[0].VIP must be true or false, but is a number'],
    ['[[WebhookURLs]]\nEnabled = []', 'WebhookURLs[0].Enabled must be true or false, but is a list'],
    ['[Logging]\nChannels = [1]', 'Logging.Channels[0] must be text, but is a number'],
  ])('%s', (toml, message) => {
    expect(messageOf(toml)).toBe(`settings.toml: ${message}`);
  });
});

describe('what cannot be taken as it is', () => {
  test.each([
    ['MaxImageWidth = 0', 'MaxImageWidth must be a whole number from 16 to 16384 here; 16 is used'],
    [
      'WebSocketSendTimeout = -9223372036854775808',
      'WebSocketSendTimeout must be a whole number from 1 to 3600 here; 1 is used',
    ],
    [`Title = "${'x'.repeat(101)}"`, 'Title is cut to 100 characters'],
    [
      'WebsiteURL = "www.example.org"',
      'WebsiteURL is not used: it must be an address that begins with http:// or https://',
    ],
    [`AdminAPIKey = "${'k'.repeat(501)}"`, 'AdminAPIKey is not used: it must be text of at most 500 characters'],
    [
      '[JWT]\nLandingPageURL = "/login"',
      'JWT.LandingPageURL is not used: it must be an address that begins with http:// or https://',
    ],
    [
      '[[WebhookURLs]]\nName = "report"\nEnabled = true\nURL = "http://["',
      'WebhookURLs[0].URL is not used: it must be an address that begins with http:// or https://',
    ],
    [
      '[[WebhookURLs]]\nName = "reprot"\nEnabled = true\nURL = "http://a.example"',
      'WebhookURLs[0].Name is neither "report" nor "profile"; it is not used',
    ],
    ['[[ModerationRule]]\nNoVideo = true', 'ModerationRule[0].Username is missing: the rule is left out'],
    ['[[PublicChannels]]\nName = "x"', 'PublicChannels[0].ID is missing: the channel is left out'],
    [
      '[[PublicChannels]]\nID = "x"\n[[PublicChannels]]\nID = "x"',
      'PublicChannels[1].ID is there twice: the second is left out',
    ],
  ])('%s: it is said, and the server starts', (toml, warning) => {
    expect(config(toml).warnings).toEqual([`settings.toml: ${warning}`]);
  });

  test('a webhook that is off needs no address, and of two of a name, the first that is on counts', () => {
    const hook = (name: string, isEnabled: boolean, url: string) =>
      `[[WebhookURLs]]\nName = "${name}"\nEnabled = ${isEnabled}\nURL = "${url}"\n`;
    const toml = hook('report', false, 'later') + hook('report', true, 'http://a') + hook('report', true, 'http://b');
    const { webhooks, warnings } = config(toml);
    expect({ webhooks, warnings }).toMatchObject({ webhooks: { report: 'http://a' }, warnings: [] });
  });

  test('a title that is empty is the default', () => {
    expect(config('Title = ""')).toMatchObject({ title: 'BareRTC', rooms: [{ title: 'BareRTC' }] });
  });

  test('pages of the website may read the statistics unless the file says otherwise', () => {
    expect(config('WebsiteURL = "https://a.example"').website.corsHosts).toEqual(['https://a.example']);
    expect(config('WebsiteURL = ""').website.corsHosts).toEqual([]);
  });

  test('ids that can be kept are, and the others give way', () => {
    const ids = ['off topic', 'off-topic', 'LOBBY', 'lobby', 'флуд', '-x-', 'ü'.repeat(70)];
    const toml = ids.map((id) => `[[PublicChannels]]\nID = "${id}"\n`).join('');
    const { rooms, transcripts } = config(`${toml}\n[Logging]\nChannels = ["lobby", "off topic", "other"]`);
    const channels = rooms[0]?.channels ?? [];
    expect(channels.map(({ id }) => id)).toEqual([
      'off-topic-2',
      'off-topic',
      'LOBBY',
      'lobby-2',
      'channel',
      'x',
      'u'.repeat(64),
    ]);
    expect(channels[4]?.name).toBe('флуд');
    expect(transcripts.channels).toEqual(['lobby-2', 'off-topic-2', 'other']);
  });

  test('a name is cut, and no character is halved', () => {
    const toml = `[[PublicChannels]]\nID = "a"\nName = "${'x'.repeat(99)}🦉"`;
    expect(config(toml).rooms[0]?.channels[0]?.name).toBe('x'.repeat(99));
  });

  test('hundreds of mistakes are few lines', () => {
    const unknown = Array.from({ length: 300 }, (_, index) => `Key${index} = 1`).join('\n');
    const { unused, warnings } = read(`${unknown}\n[TURN]\nURLs = [${'"x", '.repeat(300)}]`);
    expect(unused).toHaveLength(300);
    expect(warnings).toHaveLength(22);
    expect(warnings[0]).toMatch(/^settings.toml: not used here: Key0, .*, Key99, and 200 more$/);
    expect(warnings.at(-1)).toBe('settings.toml: and 280 more values that are not as they should be');
  });

  test('line breaks and control characters in keys stay out of the line', () => {
    expect(read('"a\\nb\\u001b[31m" = 1').warnings).toEqual(['settings.toml: not used here: a b [31m']);
  });

  test('where a key is there twice, the one of the right case counts', () => {
    expect(read('title = "b"\nTitle = "a"')).toMatchObject({ settings: { title: 'a' }, unused: ['title'] });
  });
});
