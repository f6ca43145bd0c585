import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { type LoadOptions, loadConfig } from './load.ts';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'parlour-config-'));
});
afterEach(() => {
  rmSync(cwd, { recursive: true });
});

function load(toml: string, options: Omit<LoadOptions, 'cwd'> = {}) {
  writeFileSync(join(cwd, 'parlour.toml'), toml);
  return loadConfig({ cwd, ...options });
}

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('There was no ConfigError');
}

describe('without a file', () => {
  test('there is a lobby with two channels, for guests, on port 8080', () => {
    const config = loadConfig({ cwd });
    expect(config).toMatchObject({
      port: 8080,
      data: join(cwd, 'data'),
      logLevel: 'info',
      title: 'Parlour',
      defaultRoom: 'lobby',
      roomsOnDemand: false,
      guests: { allowed: true },
      limits: { outboxBytes: 16 * 1024 * 1024, connectionsPerAddress: 1024 },
      ice: { urls: [] },
      rooms: [
        {
          name: 'lobby',
          title: 'Lobby',
          channels: [
            { id: 'lobby', name: 'Lobby', photos: true, newcomerMessages: 20 },
            { id: 'offtopic', name: 'Off Topic', photos: true, newcomerMessages: 20, welcome: [] },
          ],
        },
      ],
    });
    expect(config.rooms[0]?.channels[0]?.welcome).toHaveLength(1);
    expect(config).not.toHaveProperty('tls');
    expect(config).not.toHaveProperty('host');
  });

  test('default_room names the only room', () => {
    expect(load('default_room = "night-shift"').rooms).toMatchObject([{ name: 'night-shift', title: 'Night shift' }]);
  });
});

describe('with a file', () => {
  test('its options hold, the rest keep their defaults', () => {
    const config = load('port = 9000\npublic_url = "https://chat.example.org/"\n[limits]\nmessages_per_second = 0.5');
    expect(config.port).toBe(9000);
    expect(config.publicUrl).toBe('https://chat.example.org');
    expect(config.limits).toMatchObject({ messagesPerSecond: 0.5, messagesBurst: 20 });
  });

  test('rooms and channels are as configured, titles made from names where they are missing', () => {
    const config = load(`
      default_room = "den"
      [[rooms]]
      name = "den"
      [[rooms.channels]]
      id = "vips"
      icon = "⭐"
      welcome = ["**Hi**"]
      vip = true
      photos = false
      newcomer_messages = 0
      [[rooms]]
      name = "attic"
      title = "The Attic"
    `);
    expect(config.rooms[0]).toEqual({
      name: 'den',
      title: 'Den',
      guestLimit: 0,
      public: true,
      channels: [
        {
          id: 'vips',
          name: 'Vips',
          icon: '⭐',
          description: '',
          welcome: ['**Hi**'],
          vip: true,
          photos: false,
          newcomerMessages: 0,
        },
      ],
    });
    expect(config.rooms[1]).toMatchObject({ title: 'The Attic', channels: [{ id: 'lobby' }, { id: 'offtopic' }] });
  });

  test('its paths are relative to it, those of the command line to the working directory', () => {
    mkdirSync(join(cwd, 'etc'));
    writeFileSync(join(cwd, 'etc', 'chat.toml'), 'data = "store"\n[tls]\ncert = "c.pem"\nkey = "/k.pem"');
    const file = join('etc', 'chat.toml');
    expect(loadConfig({ cwd, file })).toMatchObject({
      data: join(cwd, 'etc', 'store'),
      tls: { cert: join(cwd, 'etc', 'c.pem'), key: '/k.pem' },
    });
    expect(loadConfig({ cwd, file, overrides: { data: 'here', tlsCert: 'mine.pem' } })).toMatchObject({
      data: join(cwd, 'here'),
      tls: { cert: join(cwd, 'mine.pem'), key: '/k.pem' },
    });
    writeFileSync(join(cwd, 'etc', 'chat.toml'), '');
    expect(loadConfig({ cwd, file }).data).toBe(join(cwd, 'data'));
  });

  test('recordings are in the data folder, wherever that is, unless another one is named', () => {
    expect(load('').galene.recordings).toBe(join(cwd, 'data', 'recordings'));
    expect(load('data = "store"').galene.recordings).toBe(join(cwd, 'store', 'recordings'));
    expect(load('', { overrides: { data: '/elsewhere' } }).galene.recordings).toBe('/elsewhere/recordings');
    expect(load('[galene]\nrecordings = "films"').galene.recordings).toBe(join(cwd, 'films'));
  });

  test('the command line is stronger', () => {
    const config = load('port = 9000\nhost = "::1"', { overrides: { port: 0, host: '127.0.0.1' } });
    expect(config).toMatchObject({ port: 0, host: '127.0.0.1' });
  });
});

describe('with the environment variables of Camus', () => {
  const environment = {
    PORT: '5000',
    STUN_HOST: 'stun.example',
    TWILIO_ACCOUNT_SID: 'AC',
    TWILIO_AUTH_TOKEN: 'theirs',
    SECRET_KEY: 'short',
  };

  test('they hold where nothing else is said', () => {
    for (const config of [loadConfig({ cwd, environment }), load('title = "Ours"', { environment })]) {
      expect(config).toMatchObject({
        port: 5000,
        ice: { urls: ['stun:stun.example:19302'], twilio: { accountSid: 'AC', authToken: 'theirs' } },
        warnings: ['SECRET_KEY is not used: it has fewer than 16 characters'],
      });
      expect(config.camus).not.toHaveProperty('secret');
    }
    expect(loadConfig({ cwd }).port).toBe(8080);
  });

  test('parlour.toml is stronger, option by option, even where it says the default', () => {
    const config = load('port = 8080\n[ice]\nurls = []\n[ice.twilio]\nauth_token = "ours"', { environment });
    expect(config).toMatchObject({ port: 8080, ice: { urls: [], twilio: { accountSid: 'AC', authToken: 'ours' } } });
  });

  test('so are a settings.toml of BareRTC, and the command line', () => {
    writeFileSync(join(cwd, 'settings.toml'), '[TURN]\nURLs = ["stun:old.example"]');
    const overrides = { barertcSettings: 'settings.toml', port: 0 };
    expect(loadConfig({ cwd, environment, overrides })).toMatchObject({ port: 0, ice: { urls: ['stun:old.example'] } });
  });
});

describe('with a settings.toml of BareRTC', () => {
  const write = (toml: string, ...place: readonly string[]): void => {
    const file = join(cwd, ...place, 'settings.toml');
    mkdirSync(join(cwd, ...place), { recursive: true });
    writeFileSync(file, toml);
  };
  const named = '[barertc]\nsettings = "settings.toml"\n';

  test('it is found beside the file that names it, and its own paths are relative to itself', () => {
    write('Title = "Theirs"\n[Logging]\nEnabled = true', 'etc', 'old');
    writeFileSync(join(cwd, 'etc', 'chat.toml'), '[barertc]\nsettings = "old/settings.toml"');
    expect(loadConfig({ cwd, file: join('etc', 'chat.toml') })).toMatchObject({
      title: 'Theirs',
      barertc: { settings: join(cwd, 'etc', 'old', 'settings.toml') },
      transcripts: { folder: join(cwd, 'etc', 'old', 'logs') },
    });
  });

  test('the command line names another one, which is enough', () => {
    write('Title = "Theirs"', 'etc');
    const barertcSettings = join('etc', 'settings.toml');
    const expected = { title: 'Theirs', data: join(cwd, 'data'), barertc: { settings: join(cwd, barertcSettings) } };
    expect(loadConfig({ cwd, overrides: { barertcSettings } })).toMatchObject(expected);
    expect(load('[barertc]\nsettings = "nowhere.toml"', { overrides: { barertcSettings } })).toMatchObject(expected);
  });

  test('what parlour.toml says is stronger, even where it is the default', () => {
    write(`
      Title = "Theirs"
      PermitNSFW = true
      CORSHosts = ["https://a.example", "https://b.example"]
      [DMLinkSpamProtection]
      MaxThreads = 9
      BanHours = 9
      [DirectMessageHistory]
      RetentionDays = 9
    `);
    const config = load(`
      title = "Parlour"
      [moderation.link_spam]
      max_threads = 5
      [website]
      cors_hosts = ["https://c.example"]
      ${named}
    `);
    expect(config).toMatchObject({
      title: 'Parlour',
      moderation: { permitExplicit: true, linkSpam: { maxThreads: 5, banHours: 9 } },
      website: { corsHosts: ['https://c.example'] },
      messages: { keepDirect: false, directDays: 9 },
    });
  });

  test('its channels are those of the default room, unless parlour.toml has rooms', () => {
    write('Title = "Theirs"\n[[PublicChannels]]\nID = "plaza"');
    expect(load(`default_room = "den"\n${named}`)).toMatchObject({
      defaultRoom: 'den',
      rooms: [{ name: 'den', title: 'Theirs', channels: [{ id: 'plaza', name: 'plaza' }] }],
    });
    expect(load(`[[rooms]]\nname = "lobby"\n${named}`).rooms).toMatchObject([
      { title: 'Lobby', channels: [{ id: 'lobby' }, { id: 'offtopic' }] },
    ]);
  });

  test('what it says and we cannot do is a warning', () => {
    write('Version = 17\nHolograms = true');
    expect(load(named).warnings).toEqual(['settings.toml: not used here: Holograms']);
    expect(load('').warnings).toEqual([]);
  });

  test('a byte order mark is no mistake', () => {
    write('\uFEFFTitle = "Theirs"');
    expect(load(named).title).toBe('Theirs');
  });

  test.each([
    ['a file that is not there', undefined, 'settings.toml: cannot be read: there is no such file'],
    ['broken TOML', 'Title =', /^settings.toml:1:\d+: Invalid TOML document: /],
    ['a value of the wrong type', 'Title = 1', 'settings.toml: Title must be text, but is a number'],
    [
      'tokens without a secret',
      '[JWT]\nEnabled = true\nSecretKey = " "',
      'settings.toml: JWT.SecretKey must not be empty where JWT.Enabled is true',
    ],
  ])('%s stops the start', (_, toml, expected) => {
    if (toml !== undefined) write(toml);
    const message = messageOf(() => load(named));
    expect(message).toMatch(expected);
    if (typeof expected === 'string') expect(message).toBe(expected);
  });

  test('the secret may be in parlour.toml, and so may the fault', () => {
    write('[JWT]\nEnabled = true');
    expect(load(`${named}[tokens]\nsecret = "x"`).tokens).toMatchObject({ enabled: true, secret: 'x' });
    expect(messageOf(() => load(`${named}[tokens]\nenabled = true`))).toMatch(/^parlour.toml: tokens.secret /);
  });
});

describe('mistakes get one line that names file, option and reason', () => {
  const channel = '[[rooms]]\nname = "lobby"\n[[rooms.channels]]\n';

  test.each([
    ['a key nobody knows', 'colour = 1', /^parlour.toml: unknown option colour; known here: port, host, .*rooms$/],
    ['a mistyped key', 'prot = 1', 'parlour.toml: unknown option prot; did you mean port?'],
    ['another spelling', 'logLevel = "info"', 'parlour.toml: unknown option logLevel; did you mean log_level?'],
    [
      'a mistyped key in a table',
      '[limits]\nconections = 1',
      'parlour.toml: unknown option limits.conections; did you mean limits.connections?',
    ],
    [
      'a key in the wrong table',
      'outbox_bytes = 1',
      'parlour.toml: unknown option outbox_bytes; it belongs in the table [limits]',
    ],
    [
      'a mistyped key of a channel',
      `${channel}id = "a"\nphoto = true`,
      'parlour.toml: unknown option rooms[0].channels[0].photo; did you mean rooms[0].channels[0].photos?',
    ],
    [
      'a number that is text',
      'port = "many"',
      'parlour.toml: port must be a whole number from 0 to 65535, but is "many"',
    ],
    ['a number too high', 'port = 70000', 'parlour.toml: port must be a whole number from 0 to 65535, but is 70000'],
    [
      'a rate of nothing',
      '[limits]\nmessages_per_second = 0',
      'parlour.toml: limits.messages_per_second must be a number above 0, at most 100000, but is 0',
    ],
    [
      'a word that is not one of the list',
      'log_level = "loud"',
      'parlour.toml: log_level must be one of "trace", "debug", "info", "warn", "error", "fatal", "silent", but is "loud"',
    ],
    [
      'text for a switch',
      '[guests]\nallowed = "no"',
      'parlour.toml: guests.allowed must be true or false, but is "no"',
    ],
    ['a value for a table', 'limits = 3', 'parlour.toml: limits must be a table, but is 3'],
    [
      'a table for a list',
      '[rooms]\nname = "x"',
      'parlour.toml: rooms must be a list of at most 10000, but is a table',
    ],
    ['a date', 'title = 2020-01-01', /^parlour.toml: title must be text .*, but is a date$/],
    [
      'empty text',
      'title = ""',
      'parlour.toml: title must be text that is not empty of at most 100 characters, but is ""',
    ],
    [
      'an address without scheme',
      'public_url = "chat.example.org"',
      'parlour.toml: public_url must be an address that begins with http:// or https://, but is "chat.example.org"',
    ],
    [
      'a STUN server without scheme',
      '[ice]\nurls = ["stun.example.org"]',
      'parlour.toml: ice.urls[0] must be an address such as "stun:HOST:3478", but is "stun.example.org"',
    ],
    [
      'a room name for people',
      '[[rooms]]\nname = "My Room"',
      /^parlour.toml: rooms\[0\].name must be a name of lower-case/,
    ],
    ['a room without a name', '[[rooms]]\ntitle = "x"', 'parlour.toml: rooms[0].name is missing'],
    ['a channel without an id', `${channel}name = "x"`, 'parlour.toml: rooms[0].channels[0].id is missing'],
    ['the same room twice', '[[rooms]]\nname = "lobby"\n'.repeat(2), 'parlour.toml: rooms has "lobby" twice'],
    [
      'the same channel twice',
      `${channel}id = "a"\n[[rooms.channels]]\nid = "A"`,
      'parlour.toml: rooms[0].channels has "a" twice',
    ],
    [
      'a default room that is not there',
      '[[rooms]]\nname = "den"',
      'parlour.toml: default_room is "lobby", but no room has that name',
    ],
    [
      'tokens without a secret',
      '[tokens]\nenabled = true',
      'parlour.toml: tokens.secret (JWT.SecretKey) must not be empty where tokens are taken',
    ],
    [
      'a secret that is none',
      '[tokens]\nsecret = 123456',
      'parlour.toml: tokens.secret must be text of at most 10000 characters',
    ],
    [
      'a key that is too long',
      `[website]\napi_key = "${'k'.repeat(501)}"`,
      'parlour.toml: website.api_key must be text of at most 500 characters',
    ],
    [
      'a secret that is too short',
      '[camus]\nsecret = "hush"',
      'parlour.toml: camus.secret must be text of 16 to 500 characters',
    ],
    [
      'a secret for coturn that is none',
      '[ice]\nturn_secret = 5',
      'parlour.toml: ice.turn_secret must be text that is not empty of at most 500 characters',
    ],
    [
      'a token that is none',
      '[ice.twilio]\nauth_token = 5',
      'parlour.toml: ice.twilio.auth_token must be text of at most 500 characters',
    ],
    [
      'the password of a room that is none',
      '[[rooms]]\nname = "lobby"\n[[rooms]]\nname = "den"\npassword = 12345',
      'parlour.toml: rooms[1].password must be text that is not empty of at most 256 characters',
    ],
    [
      'a password of the default room',
      '[[rooms]]\nname = "lobby"\npassword = "hush"',
      'parlour.toml: rooms[0].password: "lobby" is default_room, which has none',
    ],
    [
      'two front ends at home',
      '[camus]\nhome = true\n[barertc]\nfrontend = "dist"\npath = "/"',
      'parlour.toml: camus.home and barertc.frontend both want to be at "/"; set barertc.path to another one',
    ],
    [
      'a phrase that is no regular expression',
      "[[moderation.filters]]\nphrases = ['a']\n[[moderation.filters]]\nphrases = ['b', '(?=c)']",
      'parlour.toml: moderation.filters[1].phrases[1] "(?=c)" is no regular expression in the syntax of RE2: ' +
        'invalid or unsupported Perl syntax: `(?=`',
    ],
    [
      'a webhook that is nowhere',
      '[webhooks]\nreport = "http://["',
      'parlour.toml: webhooks.report must be an address such as "https://www.example.org/report"',
    ],
    [
      'a number that JavaScript cannot hold',
      'port = 9223372036854775807',
      'parlour.toml: port must be a whole number from 0 to 65535, but is 9223372036854775807',
    ],
    ['a certificate alone', '[tls]\ncert = "c"', 'parlour.toml: tls.cert needs tls.key (--tls-key) beside it'],
    ['a key alone', '[tls]\nkey = "k"', 'parlour.toml: tls.key needs tls.cert (--tls-cert) beside it'],
    ['broken TOML', 'port = 1\nhost = \n', /^parlour.toml:2:8: Invalid TOML document: /],
  ])('%s', (_, toml, expected) => {
    const message = messageOf(() => load(toml));
    expect(message).toMatch(expected);
    if (typeof expected === 'string') expect(message).toBe(expected);
    expect(message).not.toContain('\n');
  });

  test('line breaks in keys and values stay out of the message', () => {
    expect(messageOf(() => load('"a\\nb" = 1'))).toMatch(/unknown option a b; known here/);
    expect(messageOf(() => load('log_level = "a\\nb"'))).toMatch(/but is "a\\nb"$/);
  });

  test('a room on demand may be the default', () => {
    expect(load('rooms_on_demand = true\n[[rooms]]\nname = "den"').rooms).toHaveLength(1);
  });

  test('a file that was named but is not there', () => {
    const message = messageOf(() => loadConfig({ cwd, file: 'nowhere.toml' }));
    expect(message).toBe('nowhere.toml: cannot be read: there is no such file');
  });

  test('a folder instead of a file', () => {
    mkdirSync(join(cwd, 'parlour.toml'));
    expect(messageOf(() => loadConfig({ cwd }))).toBe('parlour.toml: cannot be read: it is a folder');
  });
});
