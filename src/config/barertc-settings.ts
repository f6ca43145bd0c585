import { resolve as absolute } from 'node:path';
import { isWebAddress } from './addresses.ts';
import { readChannels } from './barertc-channels.ts';
import { readModeration } from './barertc-moderation.ts';
import { ConfigError } from './config-error.ts';
import type { GivenSettings } from './given-settings.ts';
import { ConfigSchema } from './schema.ts';
import {
  misfit,
  note,
  passOver,
  readExact,
  readFlag,
  readTable,
  readTables,
  readText,
  readTexts,
  readWhole,
  type SettingsTable,
  settingsFile,
  unusedKeys,
} from './settings-table.ts';

export interface BareRtcOrigin {
  /** Names the file in errors and warnings. */
  readonly source: string;
  /** What relative paths are relative to. */
  readonly folder: string;
  /** Which room the channels are in. */
  readonly room: string;
}

export interface BareRtcSettings {
  /** In the shape of `parlour.toml`, and within its bounds. */
  readonly settings: GivenSettings;
  /** Keys that mean nothing here, such as `DirectMessageHistory.SQLiteDatabase`. */
  readonly unused: readonly string[];
  /** Lines for the operator: one with all unused keys, and one for each value that could not be taken as it is. */
  readonly warnings: readonly string[];
}

const ours = ConfigSchema.properties;
const website = ours.website.properties;
const limits = ours.limits.properties;

/**
 * A `settings.toml` of BareRTC, whatever its version. What it does not say is as BareRTC has it
 * (`spec/barertc.md` 4). Throws {@link ConfigError} where a value is of the wrong type.
 */
export function readBareRtcSettings(
  content: Readonly<Record<string, unknown>>,
  { source, folder, room }: BareRtcOrigin,
): BareRtcSettings {
  const file = settingsFile(content);
  try {
    const settings = readSettings(file, { folder, room });
    const unused = unusedKeys(file);
    return { settings, unused, warnings: warningLines(source, { unused, notes: file.notes }) };
  } catch (error) {
    if (error instanceof ConfigError) throw new ConfigError(`${source}: ${error.message}`);
    throw error;
  }
}

function readSettings(file: SettingsTable, { folder, room }: Pick<BareRtcOrigin, 'folder' | 'room'>): GivenSettings {
  passOver(file, 'Version');
  const title = readText(file, 'Title', { as: ours.title, fallback: 'BareRTC' });
  const { channels, idOf } = readChannels(file);
  const { landingPage, tokens } = readTokens(readTable(file, 'JWT'));
  const { mutuallySecret, vip } = readVip(readTable(file, 'VIP'));
  return {
    title,
    trust_proxy: readFlag(file, 'UseXForwardedFor', false),
    default_room: room,
    rooms: [{ name: room, title, channels }],
    limits: readLimits(file),
    moderation: { ...readModeration(file), vip_mutually_secret: mutuallySecret },
    website: { ...readWebsite(file), landing_page: landingPage },
    tokens,
    webhooks: readWebhooks(file),
    vip,
    messages: readMessages(readTable(file, 'DirectMessageHistory')),
    transcripts: readTranscripts(readTable(file, 'Logging'), { folder, idOf }),
    barertc: {
      preview_width: readWhole(file, 'PreviewImageWidth', {
        as: ours.barertc.properties.preview_width,
        fallback: 360,
      }),
      strings: readStrings(readTable(file, 'Strings')),
    },
    ice: readIce(readTable(file, 'TURN')),
  };
}

function readTokens(table: SettingsTable) {
  const { secret } = ours.tokens.properties;
  return {
    landingPage: readExact(table, 'LandingPageURL', { as: website.landing_page, fallback: '' }),
    tokens: {
      enabled: readFlag(table, 'Enabled', false),
      strict: readFlag(table, 'Strict', true),
      secret: readExact(table, 'SecretKey', { as: secret, fallback: '' }),
      algorithm: 'HS256' as const,
    },
  };
}

function readWebsite(file: SettingsTable) {
  const url = readExact(file, 'WebsiteURL', { as: website.url, fallback: 'https://www.example.com' });
  return {
    url,
    branding: readText(file, 'Branding', { as: website.branding, fallback: 'BareRTC' }),
    // The original makes one up where there is none, which nobody knows: as if the APIs were closed.
    api_key: readExact(file, 'AdminAPIKey', { as: website.api_key, fallback: '' }),
    cors_hosts: readTexts(file, 'CORSHosts', { as: website.cors_hosts, fallback: url === '' ? [] : [url] }),
  };
}

function readLimits(file: SettingsTable) {
  return {
    frame_bytes: readWhole(file, 'WebSocketReadLimit', { as: limits.frame_bytes, fallback: 40 * 1024 * 1024 }),
    send_timeout_seconds: readWhole(file, 'WebSocketSendTimeout', { as: limits.send_timeout_seconds, fallback: 10 }),
    max_image_width: readWhole(file, 'MaxImageWidth', { as: limits.max_image_width, fallback: 1280 }),
  };
}

function readVip(table: SettingsTable) {
  const { name, branding, icon } = ours.vip.properties;
  return {
    mutuallySecret: readFlag(table, 'MutuallySecret', false),
    vip: {
      name: readText(table, 'Name', { as: name, fallback: 'VIP' }),
      branding: readText(table, 'Branding', { as: branding, fallback: '<em>VIP</em>' }),
      icon: readText(table, 'Icon', { as: icon, fallback: 'fa fa-circle' }),
    },
  };
}

/** `[[WebhookURLs]]`: of those of the same name, the first that is enabled. */
function readWebhooks(file: SettingsTable) {
  const hooks = { report: '', profile: '' };
  for (const table of readTables(file, 'WebhookURLs', {}) ?? []) {
    const name = readText(table, 'Name', { as: {}, fallback: '' });
    const isEnabled = readFlag(table, 'Enabled', false);
    const url = readText(table, 'URL', { as: {}, fallback: '' });
    if (!isEnabled) continue;
    if (name !== 'report' && name !== 'profile')
      note(table, 'Name', 'is neither "report" nor "profile"; it is not used');
    else if (!isHook(url))
      note(table, 'URL', 'is not used: it must be an address that begins with http:// or https://');
    else hooks[name] ||= url;
  }
  return hooks;
}

function isHook(url: string): boolean {
  return url !== '' && misfit(ours.webhooks.properties.report, url) === undefined && isWebAddress(url);
}

function readMessages(table: SettingsTable) {
  const { direct_days, direct_disclaimer } = ours.messages.properties;
  return {
    keep_direct: readFlag(table, 'Enabled', false),
    direct_days: readWhole(table, 'RetentionDays', { as: direct_days, fallback: 90 }),
    direct_disclaimer: readText(table, 'DisclaimerMessage', { as: direct_disclaimer, fallback: '' }),
  };
}

function readTranscripts(
  table: SettingsTable,
  { folder, idOf }: { readonly folder: string; readonly idOf: (id: string) => string },
) {
  const { channels, usernames } = ours.transcripts.properties;
  const isEnabled = readFlag(table, 'Enabled', false);
  const directory = readText(table, 'Directory', { as: { minLength: 1 }, fallback: './logs' });
  return {
    ...(isEnabled ? { folder: absolute(folder, directory) } : {}),
    channels: readTexts(table, 'Channels', { as: channels, fallback: ['lobby', 'offtopic'] }).map(idOf),
    usernames: readTexts(table, 'Usernames', { as: usernames, fallback: [] }),
  };
}

function readStrings(table: SettingsTable) {
  const { strings } = ours.barertc.properties;
  const { camera_always_explicit, no_broadcast, no_video, no_image } = strings.properties;
  return {
    camera_always_explicit: readText(table, 'ModRuleErrorCameraAlwaysNSFW', {
      as: camera_always_explicit,
      fallback: '',
    }),
    no_broadcast: readText(table, 'ModRuleErrorNoBroadcast', { as: no_broadcast, fallback: '' }),
    no_video: readText(table, 'ModRuleErrorNoVideo', { as: no_video, fallback: '' }),
    no_image: readText(table, 'ModRuleErrorNoImage', { as: no_image, fallback: '' }),
  };
}

function readIce(table: SettingsTable) {
  const { urls, username: name, credential: password } = ours.ice.properties;
  const username = readExact(table, 'Username', { as: name, fallback: '' });
  const credential = readExact(table, 'Credential', { as: password, fallback: '' });
  return {
    urls: readTexts(table, 'URLs', { as: urls, fallback: ['stun:stun.l.google.com:19302'] }),
    ...(username === '' ? {} : { username }),
    ...(credential === '' ? {} : { credential }),
  };
}

/** More than these say nothing new. */
const MAX_NAMED = 100;
const MAX_NOTES = 20;

function warningLines(
  source: string,
  { unused, notes }: { readonly unused: readonly string[]; readonly notes: readonly string[] },
): readonly string[] {
  const more = unused.length - MAX_NAMED;
  const named = [...unused.slice(0, MAX_NAMED), ...(more > 0 ? [`and ${more} more`] : [])];
  const rest = notes.length - MAX_NOTES;
  return [
    ...(unused.length === 0 ? [] : [`${source}: not used here: ${named.join(', ')}`]),
    ...notes.slice(0, MAX_NOTES).map((what) => `${source}: ${what}`),
    ...(rest > 0 ? [`${source}: and ${rest} more values that are not as they should be`] : []),
  ];
}
