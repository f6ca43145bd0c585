import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBareRtcSettings } from './barertc-settings.ts';
import { resolveConfig } from './resolve.ts';
import { validateSettings } from './validate.ts';

const origin = { source: 'settings.toml', folder: '/opt/chat', room: 'lobby' };

const flag = fc.boolean();
const whole = fc.oneof(fc.integer(), fc.bigInt());
const text = fc.oneof(
  fc.string({ maxLength: 120, unit: 'binary' }),
  fc.constantFrom(101, 501, 2001, 10_001).map((length) => 'x'.repeat(length)),
  fc.constantFrom('lobby', 'Lobby', 'report', 'https://a.example', 'http://[', 'stun:a:1', '(?i)a', '(', ''),
);
const texts = fc.array(text, { maxLength: 30 });

const table = (keys: Readonly<Record<string, fc.Arbitrary<unknown>>>) => fc.record(keys, { requiredKeys: [] });
const tables = (keys: Parameters<typeof table>[0]) => fc.array(table(keys), { maxLength: 5 });

/** Every key of `spec/barertc.md` 4 but the one that means nothing here. */
const contents = table({
  ...{ Version: whole, Title: text, Branding: text, WebsiteURL: text, CORSHosts: texts, AdminAPIKey: text },
  ...{ PermitNSFW: flag, BlockableAdmins: flag, UseXForwardedFor: flag },
  ...{ WebSocketReadLimit: whole, WebSocketSendTimeout: whole, MaxImageWidth: whole, PreviewImageWidth: whole },
  JWT: table({ Enabled: flag, Strict: flag, SecretKey: text, LandingPageURL: text }),
  TURN: table({ URLs: texts, Username: text, Credential: text }),
  PublicChannels: tables({
    ...{ ID: text, Name: text, Icon: text, VIP: flag, PermitPhotos: flag },
    ...{ WelcomeMessages: texts, EchoMessagesOnJoin: whole },
  }),
  WebhookURLs: tables({ Name: text, Enabled: flag, URL: text }),
  VIP: table({ Name: text, Branding: text, Icon: text, MutuallySecret: flag }),
  MessageFilters: tables({
    ...{ Enabled: flag, PublicChannels: flag, PrivateChannels: flag, KeywordPhrases: texts },
    ...{ CensorMessage: flag, ForwardMessage: flag, ReportMessage: flag, ChatServerResponse: text },
  }),
  ModerationRule: tables({
    ...{ Username: text, CameraAlwaysNSFW: flag, NoBroadcast: flag, NoVideo: flag, NoImage: flag, NoDarkVideo: flag },
  }),
  DirectMessageHistory: table({ Enabled: flag, RetentionDays: whole, DisclaimerMessage: text }),
  DMLinkSpamProtection: table({ Enabled: flag, MaxThreads: whole, TimeLimit: whole, BanHours: whole }),
  Strings: table({
    ...{ ModRuleErrorCameraAlwaysNSFW: text, ModRuleErrorNoBroadcast: text },
    ...{ ModRuleErrorNoVideo: text, ModRuleErrorNoImage: text },
  }),
  Logging: table({ Enabled: flag, Directory: text, Channels: texts, Usernames: texts }),
});

test('whatever the values are, what is made of them is a configuration, and each key is known', () => {
  fc.assert(
    fc.property(contents, (content) => {
      const { settings, unused } = readBareRtcSettings(content, origin);
      expect(unused).toEqual([]);
      const { tokens, ...rest } = validateSettings('merged', settings);
      const complete = { ...rest, tokens: { ...tokens, enabled: false } };
      expect(() => resolveConfig(complete, { source: 'merged', folder: '/' })).not.toThrow();
    }),
    { numRuns: 300 },
  );
});
