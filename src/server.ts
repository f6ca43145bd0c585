import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { ImageProcessor } from './attachments/image.ts';
import { Identities } from './auth/identities.ts';
import { createInvitation } from './auth/invitations.ts';
import { newSecret } from './auth/secrets.ts';
import { Tokens } from './auth/tokens.ts';
import { WebsiteTokens } from './auth/website-tokens.ts';
import type { Config } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { loadDialects } from './dialects/registry.ts';
import { HubDesk } from './hub/desk.ts';
import { Hub } from './hub/hub.ts';
import type { HubLog, HubServices } from './hub/services.ts';
import { Uploads } from './hub/uploads.ts';
import { prometheusMetrics } from './metrics/prometheus.ts';
import { frontendFolders, readFrontend } from './server/frontend.ts';
import { bootstrap, deskSettings, hubSettings } from './server/settings.ts';
import type { Storage } from './storage/port.ts';
import { openSqliteStorage } from './storage/sqlite/sqlite-storage.ts';
import { TextFiles } from './transcripts/text-files.ts';
import { addressRanges } from './transport/address-ranges.ts';
import { createHttpApp } from './transport/http/app.ts';
import { PollTransport } from './transport/polls.ts';
import { WebSocketTransport } from './transport/websocket.ts';
import type { Website } from './website/port.ts';
import { Webhooks } from './website/webhooks.ts';

const WEB_ROOT = fileURLToPath(new URL('../web/dist', import.meta.url));
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Images that were uploaded and never posted are kept this long. */
const UNPOSTED_IMAGE_MS = HOUR;

export interface ServerOptions {
  readonly config: Config;
  readonly log: HubLog;
  /** Makes a new invitation for an operator, as at the first start. */
  readonly invite?: boolean;
  /** Reads the configuration again, when an operator asks for it. Throws where it makes no sense. */
  readonly reload?: () => Config;
  /** Ends the process with status 1, when an operator or the website asks for it. */
  readonly shutDown?: () => void;
}

export interface Server {
  /** The address people use, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Makes its holder an operator. At the first start, or when asked for. */
  readonly invitation: string | undefined;
  /** Tells clients, stores all that was acknowledged, and ends. */
  close(): Promise<void>;
}

/**
 * Puts the parts together: the one place that names concrete drivers. It owns them all, and closes them in the order
 * in which they depend on each other.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { config, log } = options;
  for (const warning of config.warnings) log.warn({}, warning);
  await makeFolder(config.data);
  const storage = openSqliteStorage({ file: join(config.data, 'parlour.db'), log });
  try {
    return await startWith(storage, options);
  } catch (error) {
    await storage.close();
    throw error;
  }
}

/** What the operator configured, as it is now. */
interface Live {
  config: Config;
  frontend: ReturnType<typeof readFrontend>;
  website: Website;
}

async function startWith(storage: Storage, options: ServerOptions): Promise<Server> {
  const { config, log } = options;
  const live: Live = { config, frontend: readFrontend(config), website: webhooks(config, log) };
  const address = { url: '' };
  const house = await openHouse(storage, { options, live, address });
  const { hub, polls, sockets, app } = house;
  const close = async (): Promise<void> => {
    house.stopSweeping();
    await hub.close();
    polls.close();
    await sockets.close();
    await app.close();
    await live.website.close();
    await house.transcripts?.close();
    await house.images.close();
    house.metrics.close();
  };
  try {
    const port = await listen(app, config);
    address.url = config.publicUrl ?? localUrl(config, port);
    const invitation =
      (await isFirstStart(storage)) || options.invite ? await operatorInvitation(storage, address.url) : undefined;
    return { url: localUrl(config, port), port, invitation, close: () => close().finally(() => storage.close()) };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Plan {
  readonly options: ServerOptions;
  readonly live: Live;
  readonly address: { readonly url: string };
}

/** Everything but the port. */
async function openHouse(storage: Storage, { options, live, address }: Plan) {
  const { config, log } = options;
  const metrics = prometheusMetrics();
  const images = new ImageProcessor({
    maxBytes: config.limits.imageBytes,
    maxPixels: config.limits.imagePixels,
    maxSide: config.limits.maxImageWidth,
  });
  const websiteTokens = await tokensOfWebsite(storage, config);
  const tokens = new Tokens({ secret: await storage.secret('tokens', () => newHexSecret()), now: Date.now });
  const transcripts = transcriptFiles(config, log);
  const services: HubServices = {
    storage,
    identities: new Identities({ storage, tokens, website: websiteTokens, now: Date.now }),
    images,
    meters: metrics,
    log,
    settings: hubSettings(config, () => address.url),
    ranges: addressRanges,
    website: liveWebsite(live),
    ...(transcripts ? { transcripts } : {}),
    now: Date.now,
    secret: newSecret,
    reconfigure: () => reconfigure(hub, { options, live, address }),
    shutDown: () => options.shutDown?.(),
  };
  const dialects = await loadDialects();
  const hub = await Hub.open(services, dialects);
  const { limits } = config;
  const polls = new PollTransport({
    accept: (connection, path) => hub.accept(connection, path),
    peerOf: (connection) => hub.peerOf(connection),
    id: newSecret,
    household: (from) => addressRanges.household(from),
    now: Date.now,
    connections: limits.connections,
    connectionsPerAddress: limits.connectionsPerAddress,
  });
  const perMinute = limits.requestsPerMinutePerAddress;
  const desk = new HubDesk({
    hub,
    tokens: websiteTokens,
    polls,
    settings: () => deskSettings(live.config, live.frontend),
    requests: { burst: perMinute, perSecond: perMinute / 60 },
  });
  const uploads = new Uploads(hub);
  const app = await createHttpApp({
    services: {
      bootstrap: (room) => bootstrap(live.config, room),
      mayUpload: (session) => hub.askerBySecret(session) !== undefined,
      upload: (request) => uploads.take(request),
      attachment: (id) => storage.attachment(id),
      metrics: async () => ({ contentType: metrics.contentType, text: await metrics.render() }),
    },
    webRoot: WEB_ROOT,
    folders: frontendFolders(config),
    routes: dialects.flatMap((dialect) => dialect.routes?.(desk) ?? []),
    admits: async (token) => (await services.identities.vouchedFor(token)) !== undefined,
    failed: (error) => log.error({ err: error }, 'an HTTP request failed'),
    trustProxy: config.trustProxy,
    imageBytes: limits.imageBytes,
    ...(config.tls ? { tls: readTls(config.tls) } : {}),
  });
  const sockets = new WebSocketTransport({
    accept: (connection, path) => hub.accept(connection, path),
    paths: new Set(dialects.flatMap((dialect) => dialect.mounts.map((mount) => mount.path))),
    maxFrameBytes: Math.min(limits.frameBytes, Math.max(...dialects.map((dialect) => dialect.limits.frameBytes))),
    connections: limits.connections,
    connectionsPerAddress: limits.connectionsPerAddress,
    trustProxy: config.trustProxy,
    hosts: new Set(config.publicUrl === undefined ? [] : [new URL(config.publicUrl).host]),
  });
  app.server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  const stopSweeping = sweepHourly(storage, { live, log });
  return { hub, polls, sockets, app, images, metrics, transcripts, stopSweeping };
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'EEXIST' || code === 'ENOTDIR' ? 'a file is in its place' : code;
    throw new ConfigError(`data: the folder ${path} cannot be made: ${reason}`);
  }
}

/** Throws `ConfigError` where the two cannot be read, are no PEM, or do not belong together. */
function readTls(files: NonNullable<Config['tls']>): { readonly cert: string; readonly key: string } {
  try {
    const tls = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
    createSecureContext(tls);
    return tls;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`tls: ${files.cert} and ${files.key} cannot be used: ${reason}`);
  }
}

/** With the website's secret, or one of our own: a token that the server made itself must be good in any case. */
async function tokensOfWebsite(storage: Storage, { tokens }: Config): Promise<WebsiteTokens> {
  const secret = tokens.secret.trim() === '' ? await storage.secret('website tokens', newHexSecret) : tokens.secret;
  return new WebsiteTokens({ secret, algorithm: tokens.algorithm, now: Date.now });
}

function webhooks({ webhooks: hooks, website }: Config, log: HubLog): Website {
  const { report, profile, timeoutSeconds } = hooks;
  const timeoutMs = timeoutSeconds * 1000;
  return new Webhooks({ report, profile, apiKey: website.apiKey, timeoutMs, log, now: Date.now });
}

/** Whichever webhooks are configured at the time. */
function liveWebsite(live: Live): Website {
  return {
    get takesReports() {
      return live.website.takesReports;
    },
    get hasProfiles() {
      return live.website.hasProfiles;
    },
    report: (report) => live.website.report(report),
    profile: (username) => live.website.profile(username),
    close: () => live.website.close(),
  };
}

function transcriptFiles({ transcripts }: Config, log: HubLog): TextFiles | undefined {
  const { folder, channels, usernames } = transcripts;
  return folder === undefined ? undefined : new TextFiles({ folder, channels, usernames, log, now: Date.now });
}

/** What concerns rooms, messages, pages and the website; ports, files and limits of connections wait for a restart. */
async function reconfigure(hub: Hub, { options, live, address }: Plan): Promise<void> {
  if (!options.reload) throw new Error('This server has no settings that it could read again.');
  const config = options.reload();
  for (const warning of config.warnings) options.log.warn({}, warning);
  const frontend = readFrontend(config);
  const settings = hubSettings(config, () => address.url);
  const former = live.website;
  Object.assign(live, { config, frontend, website: webhooks(config, options.log) } satisfies Live);
  hub.reconfigure(settings);
  await former.close();
}

function newHexSecret(): string {
  return Buffer.from(newSecret(32), 'base64url').toString('hex');
}

async function listen(app: FastifyInstance, config: Config): Promise<number> {
  await app.listen({ port: config.port, host: config.host ?? '::' }).catch(async (error: NodeJS.ErrnoException) => {
    // Without IPv6 there is no "::" to listen on.
    if (config.host !== undefined || (error.code !== 'EAFNOSUPPORT' && error.code !== 'EADDRNOTAVAIL')) throw error;
    await app.listen({ port: config.port, host: '0.0.0.0' });
  });
  return (app.server.address() as AddressInfo).port;
}

function localUrl(config: Config, port: number): string {
  const everywhere = config.host === undefined || config.host === '0.0.0.0' || config.host === '::';
  const host = everywhere ? 'localhost' : config.host.includes(':') ? `[${config.host}]` : config.host;
  return `${config.tls ? 'https' : 'http'}://${host}:${port}`;
}

/** Whether no start before this one came so far as to listen. */
async function isFirstStart(storage: Storage): Promise<boolean> {
  const mark = newSecret();
  return (await storage.secret('first start', () => mark)) === mark;
}

async function operatorInvitation(storage: Storage, url: string): Promise<string> {
  const { token } = await createInvitation(storage, { role: 'operator', by: 'the server', now: Date.now() });
  return `${url}/?invite=${token}`;
}

/** Once now, and then every hour: images that nobody posted, and messages that are older than they may become. */
function sweepHourly(storage: Storage, { live, log }: { readonly live: Live; readonly log: HubLog }): () => void {
  const sweep = () => void sweepStorage(storage, { config: live.config, log });
  sweep();
  const sweeper = setInterval(sweep, HOUR);
  sweeper.unref();
  return () => clearInterval(sweeper);
}

async function sweepStorage(
  storage: Storage,
  { config, log }: { readonly config: Config; readonly log: HubLog },
): Promise<void> {
  const { directDays, channelDays } = config.messages;
  const now = Date.now();
  try {
    await storage.expireMessages({
      ...(directDays > 0 ? { direct: now - directDays * DAY } : {}),
      ...(channelDays > 0 ? { channels: now - channelDays * DAY } : {}),
    });
    await storage.sweepAttachments(now - UNPOSTED_IMAGE_MS);
  } catch (error) {
    log.error({ err: error }, 'what is too old could not be removed');
  }
}
