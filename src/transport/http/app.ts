import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Refusal } from '../../core/errors.ts';
import { refusalText } from '../../core/errors.ts';
import type { Attachment } from '../../core/message.ts';
import { A_YEAR_SECONDS, addPages, type PagesOptions } from './pages.ts';
import { addWireRoutes, type WireRoutesOptions } from './routes.ts';

/** What the pages beside the wires need. Implemented by the composition root over hub and storage. */
export interface HttpServices {
  /** What the web client starts with, or nothing where there is no such room. */
  bootstrap(room: string | undefined): Promise<object | undefined>;
  /** Whether this secret is a session's that is in a room. */
  mayUpload(session: string): boolean;
  /** Stores an image for the holder of a session's secret. */
  upload(
    request: UploadRequest,
  ): Promise<{ readonly attachment: Attachment } | { readonly refusal: Refusal; readonly status: number }>;
  attachment(id: string): Promise<{ readonly attachment: Attachment; readonly bytes: Uint8Array } | undefined>;
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
}

export interface UploadRequest {
  readonly session: string;
  readonly bytes: Uint8Array;
}

export interface HttpAppOptions extends Omit<PagesOptions, 'isHome'>, WireRoutesOptions {
  readonly services: HttpServices;
  readonly imageBytes: number;
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** Pages, attachments, health and metrics. The wires' upgrades are the caller's. */
export async function createHttpApp(options: HttpAppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    trustProxy: false,
    forceCloseConnections: true,
    // Long enough for an image over a slow network.
    requestTimeout: 120_000,
    bodyLimit: 64 * 1024,
    ...(options.tls ? { https: options.tls } : {}),
  }) as unknown as FastifyInstance;
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    if (!reply.hasHeader('referrer-policy')) reply.header('referrer-policy', 'same-origin');
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => fail(reply, error));
  addStatus(app, options.services);
  addAttachments(app, options);
  await addWireRoutes(app, options);
  await addPages(app, { ...options, isHome: options.routes.every((route) => route.path !== '/') });
  return app;
}

function fail(reply: FastifyReply, error: Error & { statusCode?: number }): FastifyReply {
  const status = error.statusCode ?? 500;
  if (status === 413) return refuse(reply, { code: 'image-too-large' }, 413);
  const message = status < 500 ? error.message : 'Something went wrong on the server.';
  return reply.code(status).send({ error: { code: status < 500 ? 'bad-request' : 'server-fault', message } });
}

function refuse(reply: FastifyReply, refusal: Refusal, status: number): FastifyReply {
  return reply.code(status).send({ error: { code: refusal.code, message: refusalText(refusal) } });
}

function addStatus(app: FastifyInstance, services: HttpServices): void {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await services.metrics();
    return reply.type(contentType).send(text);
  });
  app.get<{ Querystring: { room?: string } }>('/api/bootstrap', async (request, reply) => {
    const { room } = request.query;
    const bootstrap =
      typeof room === 'string' || room === undefined ? await services.bootstrap(room || undefined) : undefined;
    if (!bootstrap) return refuse(reply, { code: 'room-unknown' }, 404);
    return reply.header('cache-control', 'no-store').send(bootstrap);
  });
}

function addAttachments(app: FastifyInstance, { services, imageBytes }: HttpAppOptions): void {
  const asBytes = { parseAs: 'buffer', bodyLimit: imageBytes } as const;
  app.addContentTypeParser(/^(image\/|application\/octet-stream)/, asBytes, (_request, body, done) => done(null, body));

  /** Who may not upload is told before they have: eight megabytes are not read for a stranger. */
  const onRequest = async (request: FastifyRequest, reply: FastifyReply) =>
    services.mayUpload(sessionOf(request)) ? undefined : refuse(reply, { code: 'not-joined' }, 401);
  app.post('/api/attachments', { bodyLimit: imageBytes, onRequest }, async (request, reply) => {
    if (!Buffer.isBuffer(request.body)) return refuse(reply, { code: 'image-invalid' }, 415);
    const stored = await services.upload({ session: sessionOf(request), bytes: request.body });
    if ('refusal' in stored) return refuse(reply, stored.refusal, stored.status);
    return reply.code(201).send({ attachment: stored.attachment });
  });

  app.get<{ Params: { id: string } }>('/attachments/:id', async (request, reply) => {
    const stored = await services.attachment(request.params.id);
    if (!stored) return reply.code(404).send({ error: { code: 'not-found', message: 'There is no such image.' } });
    return reply
      .header('cache-control', `private, max-age=${A_YEAR_SECONDS}, immutable`)
      .header('content-security-policy', "default-src 'none'; sandbox")
      .type(stored.attachment.mediaType)
      .send(Buffer.from(stored.bytes.buffer, stored.bytes.byteOffset, stored.bytes.byteLength));
  });
}

/** Empty where none is given. */
function sessionOf(request: FastifyRequest): string {
  return /^Bearer (\S{1,256})$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
}
