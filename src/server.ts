import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Server as SecureServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { ImageProcessor } from './attachments/image.ts';
import { Identities } from './auth/identities.ts';
import { createInvitation } from './auth/invitations.ts';
import { Passwords } from './auth/passwords.ts';
import { Seals } from './auth/seals.ts';
import { newSecret } from './auth/secrets.ts';
import { Tokens } from './auth/tokens.ts';
import type { Config } from './config/config.ts';
import type { IceServer } from './dialects/dialect.ts';
import type { Route } from './dialects/http.ts';
import { Mounts } from './dialects/mounts.ts';
import { loadDialects } from './dialects/registry.ts';
import { Groups } from './groups/groups.ts';
import type { InstallationConfig } from './groups/installation.ts';
import { HubDesk } from './hub/desk.ts';
import { Hub } from './hub/hub.ts';
import type { HubLog, HubServices } from './hub/services.ts';
import { Uploads } from './hub/uploads.ts';
import { prometheusMetrics } from './metrics/prometheus.ts';
import { followCertificate } from './server/certificate.ts';
import { forwarding } from './server/forwarding.ts';
import { type Frontends, frontendFolders, readFrontends } from './server/frontend.ts';
import { listen, localUrl, makeFolder, readTls } from './server/listening.ts';
import { bootstrap, deskSettings, hubSettings } from './server/settings.ts';
import { sweepHourly } from './server/sweeping.ts';
import { TwilioIce } from './server/twilio.ts';
import { liveWebsite, newHexSecret, tokensOfWebsite, transcriptFiles, webhooks } from './server/website.ts';
import type { Storage } from './storage/port.ts';
import { lockFolder } from './storage/sqlite/folder-lock.ts';
import { openSqliteStorage } from './storage/sqlite/sqlite-storage.ts';
import { addressRanges } from './transport/address-ranges.ts';
import { createHttpApp } from './transport/http/app.ts';
import { LineTransport } from './transport/lines.ts';
import { PollTransport } from './transport/polls.ts';
import { WebSocketTransport } from './transport/websocket.ts';
import type { Website } from './website/port.ts';

const WEB_ROOT = fileURLToPath(new URL('../web/dist', import.meta.url));

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
  const lock = lockFolder(join(config.data, 'parlour.lock'));
  try {
    const storage = openSqliteStorage({ file: join(config.data, 'parlour.db'), log });
    const server = await startWith(storage, options).catch(async (error: unknown) => {
      await storage.close();
      throw error;
    });
    return { ...server, close: () => server.close().finally(() => lock.release()) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** What the operator configured, as it is now. */
interface Live {
  config: Config;
  frontends: Frontends;
  website: Website;
}

async function startWith(storage: Storage, options: ServerOptions): Promise<Server> {
  const { config, log } = options;
  const live: Live = { config, frontends: readFrontends(config), website: webhooks(config, log) };
  const address = { url: '' };
  const house = await openHouse(storage, { options, live, address });
  const { hub, polls, lines, sockets, app } = house;
  const close = async (): Promise<void> => {
    house.stopSweeping();
    house.forgetCertificate();
    house.twilio.close();
    await hub.close();
    await house.media?.close();
    house.groups.close();
    polls.close();
    lines.close();
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

/** ICE servers beside those of the configuration, for one client. */
type MoreIce = (clientId: string) => readonly IceServer[];

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
  const passwords = new Passwords({ now: Date.now });
  const groups = await Groups.open({
    ...(config.galene.groups === undefined ? {} : { groupsFolder: config.galene.groups }),
    ...(config.galene.data === undefined ? {} : { dataFolder: config.galene.data }),
    storage,
    passwords,
    log,
    now: Date.now,
    random: randomBytes,
  });
  const twilio = new TwilioIce({ twilio: config.ice.twilio, log });
  const more: MoreIce = (clientId) => [...twilio.servers, ...groups.iceServers(clientId)];
  const media = forwarding(config, { log, iceServers: () => services.settings.iceServers('parlour') });
  const services: HubServices = {
    storage,
    passwords,
    groups,
    ...(media ? { media, recordings: config.galene.recordings } : {}),
    identities: new Identities({
      storage,
      tokens,
      passwords,
      accountsPerHour: config.accounts.perHourPerAddress,
      website: websiteTokens,
      now: Date.now,
    }),
    images,
    meters: metrics,
    log,
    settings: hubSettings(config, { publicUrl: () => address.url, more }),
    ranges: addressRanges,
    website: liveWebsite(live),
    ...(transcripts ? { transcripts } : {}),
    now: Date.now,
    secret: newSecret,
    reconfigure: () => reconfigure(hub, { options, live, address }, more),
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
  const lines = new LineTransport({
    accept: (connection, path, pass) => hub.accept(connection, path, pass),
    household: (from) => addressRanges.household(from),
    connections: limits.connections,
    connectionsPerAddress: limits.connectionsPerAddress,
  });
  const perMinute = limits.requestsPerMinutePerAddress;
  const desk = new HubDesk({
    hub,
    tokens: websiteTokens,
    polls,
    lines,
    settings: () => deskSettings(live.config, live.frontends, groups.config),
    seals: new Seals({ secret: config.camus.secret ?? (await storage.secret('seals', newHexSecret)), now: Date.now }),
    newId: () => randomBytes(16).toString('hex'),
    recordings: config.galene.recordings,
    requests: { burst: perMinute, perSecond: perMinute / 60 },
  });
  const uploads = new Uploads(hub);
  const app = await createHttpApp({
    services: {
      bootstrap: async (name) => {
        const room = await desk.rooms.find(name ?? live.config.defaultRoom);
        return room && bootstrap(live.config, room, services.settings.iceServers(newSecret(8)));
      },
      mayUpload: (session) => hub.askerBySecret(session) !== undefined,
      upload: (request) => uploads.take(request),
      attachment: (id) => storage.attachment(id),
      metrics: async () => ({ contentType: metrics.contentType, text: await metrics.render() }),
    },
    webRoot: WEB_ROOT,
    folders: frontendFolders(config),
    routes: firstOfEachPath(dialects.flatMap((dialect) => dialect.routes?.(desk) ?? [])),
    home: dialects.find((dialect) => dialect.home)?.home?.(desk),
    admits: async (token) => (await services.identities.vouchedFor(token)) !== undefined,
    failed: (error) => log.error({ err: error }, 'an HTTP request failed'),
    trustProxy: config.trustProxy,
    imageBytes: limits.imageBytes,
    ...(config.tls ? { tls: readTls(config.tls) } : {}),
  });
  const sockets = new WebSocketTransport({
    accept: (connection, path, pass) => hub.accept(connection, path, pass),
    mounts: new Mounts(dialects),
    admit: async ({ mount, parameters }, knock) => {
      try {
        return (await mount.admit?.({ ...knock, parameters }, desk)) ?? { pass: {} };
      } catch (error) {
        log.error({ err: error }, 'a door failed');
        throw error;
      }
    },
    maxFrameBytes: Math.min(limits.frameBytes, Math.max(...dialects.map((dialect) => dialect.limits.frameBytes))),
    connections: limits.connections,
    connectionsPerAddress: limits.connectionsPerAddress,
    trustProxy: config.trustProxy,
    hosts: () => hostsOf(config, groups.config),
  });
  app.server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  const stopSweeping = sweepHourly(storage, { live, log });
  const { server } = app;
  const forgetCertificate =
    config.tls && server instanceof SecureServer
      ? followCertificate({ files: config.tls, use: (context) => server.setSecureContext(context), log })
      : () => {};
  return {
    forgetCertificate,
    hub,
    polls,
    lines,
    sockets,
    app,
    images,
    metrics,
    transcripts,
    stopSweeping,
    twilio,
    groups,
    media,
  };
}

/** Whose pages may connect, beside those of the host that is asked for. */
function hostsOf({ publicUrl }: Config, { allowOrigin, proxyUrl }: InstallationConfig): readonly string[] {
  const urls = [
    ...allowOrigin,
    ...(publicUrl === undefined ? [] : [publicUrl]),
    ...(proxyUrl === undefined ? [] : [proxyUrl]),
  ];
  return urls.flatMap((url) => URL.parse(url)?.host ?? []);
}

/** An operator may put one wire's page where another has one. */
function firstOfEachPath(routes: readonly Route[]): readonly Route[] {
  return [...new Map(routes.toReversed().map((route) => [route.path, route])).values()].toReversed();
}

/** What concerns rooms, messages, pages and the website; ports, files and limits of connections wait for a restart. */
async function reconfigure(hub: Hub, { options, live, address }: Plan, more: MoreIce): Promise<void> {
  if (!options.reload) throw new Error('This server has no settings that it could read again.');
  const config = options.reload();
  for (const warning of config.warnings) options.log.warn({}, warning);
  const frontends = readFrontends(config);
  const settings = hubSettings(config, { publicUrl: () => address.url, more });
  const former = live.website;
  Object.assign(live, { config, frontends, website: webhooks(config, options.log) } satisfies Live);
  hub.reconfigure(settings);
  await former.close();
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
