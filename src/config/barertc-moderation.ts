import type { GivenSettings } from './given-settings.ts';
import { phraseProblem } from './phrases.ts';
import { ConfigSchema } from './schema.ts';
import { FilterSchema, LinkSpamSchema, RuleSchema } from './schema-website.ts';
import {
  note,
  readExact,
  readFlag,
  readTable,
  readTables,
  readText,
  readTexts,
  readWhole,
  type SettingsTable,
} from './settings-table.ts';

const { rules, filters } = ConfigSchema.properties.moderation.properties;
const filter = FilterSchema.properties;
const linkSpam = LinkSpamSchema.properties;

/** What concerns good manners, but for `[VIP]`. */
export function readModeration(file: SettingsTable): NonNullable<GivenSettings['moderation']> {
  return {
    permit_explicit: readFlag(file, 'PermitNSFW', false),
    blockable_operators: readFlag(file, 'BlockableAdmins', false),
    // The original leaves it to its clients, which have it so.
    direct_photos: false,
    link_spam: readLinkSpam(readTable(file, 'DMLinkSpamProtection')),
    rules: (readTables(file, 'ModerationRule', rules) ?? []).flatMap(readRule),
    filters: (readTables(file, 'MessageFilters', filters) ?? []).map(readFilter),
  };
}

function readLinkSpam(table: SettingsTable) {
  return {
    enabled: readFlag(table, 'Enabled', true),
    max_threads: readWhole(table, 'MaxThreads', { as: linkSpam.max_threads, fallback: 5 }),
    time_limit_seconds: readWhole(table, 'TimeLimit', { as: linkSpam.time_limit_seconds, fallback: 3600 }),
    ban_hours: readWhole(table, 'BanHours', { as: linkSpam.ban_hours, fallback: 24 }),
  };
}

function readRule(table: SettingsTable) {
  const username = readExact(table, 'Username', { as: RuleSchema.properties.username, fallback: '' });
  const rule = {
    username,
    camera_always_explicit: readFlag(table, 'CameraAlwaysNSFW', false),
    no_broadcast: readFlag(table, 'NoBroadcast', false),
    no_video: readFlag(table, 'NoVideo', false),
    no_image: readFlag(table, 'NoImage', false),
    no_dark_video: readFlag(table, 'NoDarkVideo', false),
  };
  if (username === '') note(table, 'Username', 'is missing: the rule is left out');
  return username === '' ? [] : [rule];
}

function readFilter(table: SettingsTable) {
  return {
    enabled: readFlag(table, 'Enabled', false),
    channels: readFlag(table, 'PublicChannels', true),
    direct: readFlag(table, 'PrivateChannels', true),
    phrases: readTexts(table, 'KeywordPhrases', { as: filter.phrases, fallback: [], problem: phraseProblem }),
    censor: readFlag(table, 'CensorMessage', true),
    forward: readFlag(table, 'ForwardMessage', false),
    report: readFlag(table, 'ReportMessage', false),
    response: readText(table, 'ChatServerResponse', { as: filter.response, fallback: '' }),
  };
}
