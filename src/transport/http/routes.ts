import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Route, RouteRequest, RouteResponse } from '../../dialects/http.ts';
import { clientAddress } from '../client-address.ts';

export interface WireRoutesOptions {
  readonly routes: readonly Route[];
  readonly trustProxy: boolean;
  /** A fault of ours: logged with its stack. */
  failed(error: unknown): void;
}

/** Longer bodies are taken a few at a time: there is no telling from whom they come before they are there. */
const LARGE_BYTES = 1024 * 1024;
const LARGE_AT_ONCE = 8;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Mounts what the wires serve over HTTP. They read bodies of any type by themselves, and word their own errors. */
export async function addWireRoutes(app: FastifyInstance, options: WireRoutesOptions): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    scope.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
      const status = error.statusCode ?? 500;
      if (status >= 500) options.failed(error);
      return reply.code(status).send({ OK: false, Error: status < 500 ? error.message : 'Something went wrong.' });
    });
    const large = new Gate(LARGE_AT_ONCE);
    for (const { route, url } of options.routes.flatMap(withUrls)) {
      scope.route({
        ...(route.bodyBytes > LARGE_BYTES ? { onRequest: async (request, reply) => large.pass(request, reply) } : {}),
        method: METHODS,
        url,
        bodyLimit: Math.max(1, route.bodyBytes),
        handler: async (request, reply) => respond(reply, await route.handle(requestOf(request, options))),
      });
    }
  });
}

/** The router knows single segments alone. */
const MOST_SEGMENTS = 16;

function withUrls(route: Route): readonly { readonly route: Route; readonly url: string }[] {
  if (!route.path.includes('**')) return [{ route, url: route.path }];
  const segments = Array.from({ length: MOST_SEGMENTS }, (_, index) => `:segment${index}`);
  return segments.map((_, index) => ({ route, url: route.path.replace('**', segments.slice(0, index + 1).join('/')) }));
}

/** Lets so many requests with long bodies, or bodies of unknown length, in at once. */
class Gate {
  readonly #atOnce: number;
  #inside = 0;

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  pass(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
    if (encoding === undefined && Number(length ?? 0) <= LARGE_BYTES) return undefined;
    if (this.#inside >= this.#atOnce) return reply.code(503).send({ OK: false, Error: 'Too much at once.' });
    this.#inside++;
    reply.raw.once('close', () => this.#inside--);
    return undefined;
  }
}

export function requestOf(request: FastifyRequest, options: Pick<WireRoutesOptions, 'trustProxy'>): RouteRequest {
  const { method, url, body } = request;
  const [path = '/', query = ''] = url.split(/\?(.*)/s);
  return {
    method,
    path,
    parameters: (request.params ?? {}) as Readonly<Record<string, string>>,
    query: new URLSearchParams(query),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
    ),
    body: typeof body === 'string' ? body : '',
    address: clientAddress(request.raw, options),
  };
}

export function respond(reply: FastifyReply, { status, headers = {}, body = '' }: RouteResponse): FastifyReply {
  const content = typeof body === 'string' ? body : Readable.from(body, { objectMode: false });
  return reply.code(status).headers(headers).send(content);
}
