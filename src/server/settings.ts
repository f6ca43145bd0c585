import { hashSync } from '@node-rs/argon2';
import type { Config, RoomConfig } from '../config/config.ts';
import type { RoomGuards } from '../core/guards.ts';
import { nameKey } from '../core/name.ts';
import type { Rule } from '../core/permission.ts';
import type { DeskSettings, RoomCard, RuleTexts } from '../dialects/desk.ts';
import type { IceServer } from '../dialects/dialect.ts';
import type { InstallationConfig } from '../groups/installation.ts';
import type { HubSettings, RoomSettings } from '../hub/services.ts';
import { messageFilters } from '../moderation/patterns.ts';
import type { Frontends } from './frontend.ts';
import { anyTurnLogin, iceServers } from './ice.ts';

/** From what the operator configured to what the parts of the server want to know. */
export function hubSettings(
  config: Config,
  live: { publicUrl(): string; more(clientId: string): readonly IceServer[] },
): HubSettings {
  const { limits, moderation } = config;
  const perMinute = (count: number) => ({ burst: count, perSecond: count / 60 });
  return {
    rooms: config.rooms.map(roomSettings),
    roomsOnDemand: config.roomsOnDemand,
    maxRooms: limits.rooms,
    policy: {
      permitExplicit: moderation.permitExplicit,
      vipMutuallySecret: moderation.vipMutuallySecret,
      blockableOperators: moderation.blockableOperators,
      maxMembers: limits.roomMembers,
      maxStreams: config.media.streams,
      maxForwards: config.media.connections,
      maxStreamsPerAddress: config.media.streamsPerAddress,
      maxForwardsPerAddress: config.media.connectionsPerAddress,
      recordings: config.media.enabled,
    },
    guards: guards(config),
    guestsAllowed: guestsAllowed(config),
    registration: config.accounts.registration,
    madeRooms: {
      allowed: config.madeRooms.allowed,
      idleMs: config.madeRooms.idleMinutes * 60_000,
      count: config.madeRooms.count,
      perAddress: {
        burst: config.madeRooms.perHourPerAddress,
        perSecond: config.madeRooms.perHourPerAddress / 3600,
      },
    },
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
    galene: { permissions: config.galene.permissions, relayOnly: config.galene.relayOnly },
    publicUrl: () => live.publicUrl(),
    iceServers: (clientId) => [...iceServers(config.ice, clientId), ...live.more(clientId)],
  };
}

export function guestsAllowed({ guests, tokens }: Config): boolean {
  return guests.allowed && !(tokens.enabled && tokens.strict);
}

function roomSettings(room: RoomConfig): RoomSettings {
  const { name, title, channels, password, guestLimit, public: isPublic } = room;
  return {
    ...{ name, title, channels, guestLimit, isPublic },
    ...(password === undefined ? {} : { passwordHash: hashed(password) }),
  };
}

/** Hashing takes a while, and settings are read again and again. */
const hashes = new Map<string, string>();

function hashed(password: string): string {
  const hash = hashes.get(password) ?? hashSync(password);
  hashes.set(password, hash);
  return hash;
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
  frontends: Frontends,
  installation: InstallationConfig,
): DeskSettings & { readonly apiKey: string } {
  const { website, tokens, ice, webhooks, vip, moderation, messages } = config;
  return {
    apiKey: website.apiKey,
    title: config.title,
    guestsAllowed: guestsAllowed(config),
    roomsAllowed: config.madeRooms.allowed,
    isSecure: config.tls !== undefined || config.publicUrl?.startsWith('https:') === true,
    camus: { home: config.camus.home, ...frontends.camus },
    galene: {
      ...frontends.galene,
      allowOrigin: installation.allowOrigin,
      allowAdminOrigin: installation.allowAdminOrigin,
      ...(installation.proxyUrl === undefined ? {} : { proxyUrl: installation.proxyUrl }),
      ...(installation.canonicalHost === undefined ? {} : { canonicalHost: installation.canonicalHost }),
      relayOnly: config.galene.relayOnly,
    },
    ...(config.publicUrl === undefined ? {} : { publicUrl: config.publicUrl }),
    tokens,
    landingPage: website.landingPage,
    websiteUrl: website.url,
    branding: website.branding,
    corsHosts: website.corsHosts,
    statisticsNames: website.statisticsNames,
    permitExplicit: moderation.permitExplicit,
    ice: { urls: ice.urls, username: '', credential: '', ...anyTurnLogin(ice) },
    webhooks: { report: webhooks.report !== '', profile: webhooks.profile !== '' },
    vip: { ...vip, mutuallySecret: moderation.vipMutuallySecret },
    keepDirect: messages.keepDirect,
    directDisclaimer: messages.directDisclaimer,
    ruleTexts: ruleTexts(config),
    ...(frontends.barertc ? { frontend: frontends.barertc } : {}),
  };
}

/** What our web client is told before it connects. */
export function bootstrap(config: Config, room: RoomCard, ice: readonly IceServer[]): object {
  const { tokens, website } = config;
  return {
    title: config.title,
    room: room.name,
    roomTitle: room.title,
    roomPassword: room.hasPassword,
    guestsAllowed: guestsAllowed(config),
    registration: config.accounts.registration,
    roomsAllowed: config.madeRooms.allowed,
    ...(tokens.enabled && website.landingPage !== '' ? { landingPage: website.landingPage } : {}),
    ...(website.url === '' ? {} : { websiteUrl: website.url }),
    reports: config.webhooks.report !== '',
    directPhotos: config.moderation.directPhotos,
    ice,
    maxImageBytes: config.limits.imageBytes,
    meetings: config.media.enabled,
  };
}
