import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Route, RouteRequest, RouteResponse } from '../../dialects/http.ts';
import { clientAddress } from '../client-address.ts';

export interface WireRoutesOptions {
  readonly routes: readonly Route[];
  readonly trustProxy: boolean;
  /** A fault of ours: logged with its stack. */
  failed(error: unknown): void;
}

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
    for (const route of options.routes) {
      scope.route({
        method: METHODS,
        url: route.path,
        bodyLimit: Math.max(1, route.bodyBytes),
        handler: async (request, reply) => respond(reply, await route.handle(requestOf(request, options))),
      });
    }
  });
}

function requestOf(request: FastifyRequest, options: WireRoutesOptions): RouteRequest {
  const { method, url, body } = request;
  const [path = '/', query = ''] = url.split(/\?(.*)/s);
  return {
    method,
    path,
    query: new URLSearchParams(query),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
    ),
    body: typeof body === 'string' ? body : '',
    address: clientAddress(request.raw, options),
  };
}

function respond(reply: FastifyReply, { status, headers = {}, body = '' }: RouteResponse): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}
