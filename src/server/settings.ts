import type { Config } from '../config/config.ts';
import type { RoomGuards } from '../core/guards.ts';
import { nameKey } from '../core/name.ts';
import type { Rule } from '../core/permission.ts';
import type { DeskSettings, RuleTexts } from '../dialects/desk.ts';
import type { HubSettings } from '../hub/services.ts';
import { messageFilters } from '../moderation/patterns.ts';

/** From what the operator configured to what the parts of the server want to know. */
export function hubSettings(config: Config, publicUrl: () => string): HubSettings {
  const { limits, moderation, tokens } = config;
  const perMinute = (count: number) => ({ burst: count, perSecond: count / 60 });
  return {
    rooms: config.rooms,
    roomsOnDemand: config.roomsOnDemand,
    maxRooms: limits.rooms,
    policy: {
      permitExplicit: moderation.permitExplicit,
      vipMutuallySecret: moderation.vipMutuallySecret,
      blockableOperators: moderation.blockableOperators,
      maxMembers: limits.roomMembers,
    },
    guards: guards(config),
    guestsAllowed: config.guests.allowed && !(tokens.enabled && tokens.strict),
    outboxBytes: limits.outboxBytes,
    sendTimeoutMs: limits.sendTimeoutSeconds * 1000,
    resumeMs: limits.resumeSeconds * 1000,
    rates: {
      posts: { burst: limits.messagesBurst, perSecond: limits.messagesPerSecond },
      images: perMinute(limits.uploadsPerMinute),
      peoplePerAddress: limits.peoplePerAddress,
      loginsPerAddress: perMinute(limits.loginsPerMinutePerAddress),
    },
    rosterBytesPerSecond: limits.rosterBytesPerSecond,
    defaultRoom: config.defaultRoom,
    title: config.title,
    previewWidth: config.barertc.previewWidth,
    ruleTexts: ruleTexts(config),
    publicUrl,
  };
}

function guards({ moderation, messages }: Config): RoomGuards {
  const { linkSpam } = moderation;
  return {
    filters: messageFilters(moderation.filters),
    rules: new Map(moderation.rules.map((rule) => [nameKey(rule.username), rulesIn(rule)])),
    directPhotos: moderation.directPhotos,
    keepDirect: messages.keepDirect,
    ...(linkSpam.enabled
      ? {
          linkSpam: {
            maxThreads: linkSpam.maxThreads,
            timeLimitMs: linkSpam.timeLimitSeconds * 1000,
            banHours: linkSpam.banHours,
          },
        }
      : {}),
  };
}

function rulesIn(rule: Config['moderation']['rules'][number]): ReadonlySet<Rule> {
  const rules = new Set<Rule>();
  if (rule.cameraAlwaysExplicit) rules.add('camera-explicit');
  if (rule.noBroadcast) rules.add('no-broadcast');
  if (rule.noVideo) rules.add('no-video');
  if (rule.noImage) rules.add('no-image');
  if (rule.noDarkVideo) rules.add('no-dark-video');
  return rules;
}

function ruleTexts({ barertc }: Config): RuleTexts {
  const { strings } = barertc;
  return {
    'camera-explicit': strings.cameraAlwaysExplicit,
    'no-broadcast': strings.noBroadcast,
    'no-video': strings.noVideo,
    'no-image': strings.noImage,
  };
}

export function deskSettings(
  config: Config,
  frontend: DeskSettings['frontend'],
): DeskSettings & { readonly apiKey: string } {
  const { website, tokens, ice, webhooks, vip, moderation, messages } = config;
  return {
    apiKey: website.apiKey,
    title: config.title,
    tokens,
    landingPage: website.landingPage,
    websiteUrl: website.url,
    branding: website.branding,
    corsHosts: website.corsHosts,
    statisticsNames: website.statisticsNames,
    permitExplicit: moderation.permitExplicit,
    ice: { urls: ice.urls, username: ice.username ?? '', credential: ice.credential ?? '' },
    webhooks: { report: webhooks.report !== '', profile: webhooks.profile !== '' },
    vip: { ...vip, mutuallySecret: moderation.vipMutuallySecret },
    keepDirect: messages.keepDirect,
    directDisclaimer: messages.directDisclaimer,
    ruleTexts: ruleTexts(config),
    ...(frontend ? { frontend } : {}),
  };
}

/** What our web client is told before it connects. */
export function bootstrap(config: Config, name: string | undefined): object | undefined {
  const roomName = (name ?? config.defaultRoom).toLowerCase();
  const room = config.rooms.find((candidate) => candidate.name === roomName);
  if (!room && !config.roomsOnDemand) return undefined;
  const { urls, username, credential } = config.ice;
  const login = {
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  };
  const { tokens, website } = config;
  const guestsAllowed = config.guests.allowed && !(tokens.enabled && tokens.strict);
  return {
    title: config.title,
    room: roomName,
    roomTitle: room?.title ?? roomName,
    guestsAllowed,
    ...(tokens.enabled && website.landingPage !== '' ? { landingPage: website.landingPage } : {}),
    ...(website.url === '' ? {} : { websiteUrl: website.url }),
    reports: config.webhooks.report !== '',
    directPhotos: config.moderation.directPhotos,
    ice: urls.map((url) => (/^turns?:/.test(url) ? { urls: [url], ...login } : { urls: [url] })),
    maxImageBytes: config.limits.imageBytes,
  };
}
