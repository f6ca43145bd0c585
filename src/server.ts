import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { ImageProcessor } from './attachments/image.ts';
import { Identities } from './auth/identities.ts';
import { createInvitation } from './auth/invitations.ts';
import { newSecret } from './auth/secrets.ts';
import { Tokens } from './auth/tokens.ts';
import type { Config } from './config/config.ts';
import { loadDialects } from './dialects/registry.ts';
import { Hub } from './hub/hub.ts';
import type { HubLog, HubServices, HubSettings } from './hub/services.ts';
import { Uploads } from './hub/uploads.ts';
import { prometheusMetrics } from './metrics/prometheus.ts';
import type { Storage } from './storage/port.ts';
import { openSqliteStorage } from './storage/sqlite/sqlite-storage.ts';
import { createHttpApp } from './transport/http/app.ts';
import { WebSocketTransport } from './transport/websocket.ts';

const WEB_ROOT = fileURLToPath(new URL('../web/dist', import.meta.url));
const HOUR = 3_600_000;
/** Images that were uploaded and never posted are kept this long. */
const UNPOSTED_IMAGE_MS = HOUR;

export interface ServerOptions {
  readonly config: Config;
  readonly log: HubLog;
  /** Makes a new invitation for an operator, as at the first start. */
  readonly invite?: boolean;
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
 * Puts the parts together: the one file that names concrete drivers. It owns them all, and closes them in the order
 * in which they depend on each other.
 */
export async function startServer({ config, log, invite }: ServerOptions): Promise<Server> {
  await mkdir(config.data, { recursive: true });
  const storage = openSqliteStorage({ file: join(config.data, 'parlour.db'), log });
  try {
    return await startWith(storage, { config, log, invite: invite ?? false });
  } catch (error) {
    await storage.close();
    throw error;
  }
}

async function startWith(storage: Storage, options: Required<ServerOptions>): Promise<Server> {
  const { config, log } = options;
  const metrics = prometheusMetrics();
  const images = new ImageProcessor({
    maxBytes: config.limits.imageBytes,
    maxPixels: config.limits.imagePixels,
    maxSide: config.limits.maxImageWidth,
  });
  const tokens = new Tokens({ secret: await storage.secret('tokens', () => newHexSecret()), now: Date.now });
  const address = { url: '' };
  const services: HubServices = {
    storage,
    identities: new Identities({ storage, tokens, now: Date.now }),
    images,
    meters: metrics,
    log,
    settings: hubSettings(config, () => address.url),
    now: Date.now,
    secret: newSecret,
  };
  const dialects = await loadDialects();
  const hub = await Hub.open(services, dialects);
  const uploads = new Uploads(hub, { perMinute: config.limits.uploadsPerMinute });
  const app = await createHttpApp({
    services: {
      bootstrap: (room) => bootstrap(config, room),
      mayUpload: (session) => hub.askerBySecret(session) !== undefined,
      upload: (request) => uploads.take(request),
      attachment: (id) => storage.attachment(id),
      metrics: async () => ({ contentType: metrics.contentType, text: await metrics.render() }),
    },
    webRoot: WEB_ROOT,
    imageBytes: config.limits.imageBytes,
    ...(config.tls
      ? { tls: { cert: readFileSync(config.tls.cert, 'utf8'), key: readFileSync(config.tls.key, 'utf8') } }
      : {}),
  });
  const sockets = new WebSocketTransport({
    accept: (connection, path) => hub.accept(connection, path),
    paths: new Set(dialects.flatMap((dialect) => dialect.mounts.map((mount) => mount.path))),
    maxFrameBytes: Math.max(...dialects.map((dialect) => dialect.limits.frameBytes)),
    connections: config.limits.connections,
    connectionsPerAddress: config.limits.connectionsPerAddress,
    trustProxy: config.trustProxy,
    hosts: new Set(config.publicUrl === undefined ? [] : [new URL(config.publicUrl).host]),
  });
  app.server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  const sweeper = setInterval(() => void sweepImages(storage, log), HOUR);
  sweeper.unref();

  const close = async (): Promise<void> => {
    clearInterval(sweeper);
    await hub.close();
    await sockets.close();
    await app.close();
    await images.close();
    metrics.close();
    await storage.close();
  };
  try {
    const port = await listen(app, config);
    address.url = config.publicUrl ?? localUrl(config, port);
    const invitation =
      (await isFirstStart(storage)) || options.invite ? await operatorInvitation(storage, address.url) : undefined;
    return { url: localUrl(config, port), port, invitation, close };
  } catch (error) {
    clearInterval(sweeper);
    await hub.close();
    await sockets.close();
    await images.close();
    metrics.close();
    throw error;
  }
}

function newHexSecret(): string {
  return Buffer.from(newSecret(32), 'base64url').toString('hex');
}

function hubSettings(config: Config, publicUrl: () => string): HubSettings {
  const { limits, moderation } = config;
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
    guestsAllowed: config.guests.allowed,
    outboxBytes: limits.outboxBytes,
    resumeMs: limits.resumeSeconds * 1000,
    posts: { burst: limits.messagesBurst, perSecond: limits.messagesPerSecond },
    rosterBytesPerSecond: limits.rosterBytesPerSecond,
    defaultRoom: config.defaultRoom,
    title: config.title,
    publicUrl,
  };
}

/** What the web client is told before it connects. */
function bootstrap(config: Config, name: string | undefined): object | undefined {
  const roomName = (name ?? config.defaultRoom).toLowerCase();
  const room = config.rooms.find((candidate) => candidate.name === roomName);
  if (!room && !config.roomsOnDemand) return undefined;
  const { urls, username, credential } = config.ice;
  const login = {
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  };
  return {
    title: config.title,
    room: roomName,
    roomTitle: room?.title ?? roomName,
    guestsAllowed: config.guests.allowed,
    ice: urls.map((url) => (/^turns?:/.test(url) ? { urls: [url], ...login } : { urls: [url] })),
    maxImageBytes: config.limits.imageBytes,
  };
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

async function sweepImages(storage: Storage, log: HubLog): Promise<void> {
  try {
    await storage.sweepAttachments(Date.now() - UNPOSTED_IMAGE_MS);
  } catch (error) {
    log.error({ err: error }, 'images that nobody posted could not be removed');
  }
}
