import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HomePart } from '../../dialects/http.ts';
import { requestOf, respond } from './routes.ts';

export interface PagesOptions {
  /** The built web client. */
  readonly webRoot: string;
  /** Folders beside it that are served as they are. */
  readonly folders: readonly { readonly prefix: string; readonly root: readonly string[] }[];
  /** Whether `/` is ours; else somebody else's front end is there, and ours is under `/r/` only. */
  readonly isHome: boolean;
  readonly home?: HomePart | undefined;
  readonly trustProxy: boolean;
  /** Whether a token of the website's lets somebody in. */
  admits(token: string): Promise<boolean>;
}

/** The web client is served to itself alone; videos and images come from the server or the page. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob: mediastream:",
  "connect-src 'self' ws: wss:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join('; ');
const PERMISSIONS_POLICY = 'camera=(self), microphone=(self), fullscreen=(self)';
const PAGE_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'permissions-policy': PERMISSIONS_POLICY,
} as const;

export const A_YEAR_SECONDS = 31_536_000;
/** The folder, within the built web client, of files whose names change with their content. */
const BUILT = 'client';
const FORM_BYTES = 64 * 1024;
const FORM = 'application/x-www-form-urlencoded';

/** The pages of our own web client, and folders of others. */
export async function addPages(app: FastifyInstance, options: PagesOptions): Promise<void> {
  await serveFolders(app, options);
  const paths = options.isHome ? ['/', '/r/:room'] : ['/r/:room'];
  await app.register(async (scope) => {
    const asText = { parseAs: 'string', bodyLimit: FORM_BYTES } as const;
    // JSON is the wire's to read: its programs make rooms by it (`spec/camus.md` 2).
    scope.removeContentTypeParser('application/json');
    const types = [FORM, 'application/json'];
    scope.addContentTypeParser(types, asText, (_request, body, done) => done(null, body));
    for (const path of paths) {
      scope.get<{ Querystring: { jwt?: string } }>(path, async (request, reply) => {
        const { jwt } = request.query;
        if (typeof jwt === 'string' && jwt !== '' && !(await options.admits(jwt))) return refuse(reply);
        return path === '/' && options.home ? sendHome(request, reply, options) : reply.sendFile('index.html');
      });
      scope.post(path, async (request, reply) => {
        const answer = path === '/' ? await options.home?.submitted(requestOf(request, options)) : undefined;
        return answer ? respond(reply, answer) : enterByForm(request, reply, options);
      });
    }
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: { code: 'not-found', message: 'There is nothing at this address.' } }),
  );
}

/** With what a wire has to say to those whose browser runs no scripts. */
async function sendHome(request: FastifyRequest, reply: FastifyReply, options: PagesOptions): Promise<FastifyReply> {
  const part = await options.home?.page(requestOf(request, options));
  const html = await readFile(join(options.webRoot, 'index.html'), 'utf8');
  return reply
    .headers({ ...PAGE_HEADERS, 'cache-control': 'no-cache', ...part?.headers })
    .type('text/html; charset=utf-8')
    .send(html.replace('</body>', () => `<noscript>${part?.html ?? ''}</noscript></body>`));
}

async function serveFolders(app: FastifyInstance, { webRoot, folders }: PagesOptions): Promise<void> {
  const atRoot = folders.filter(({ prefix }) => prefix === '/').flatMap(({ root }) => root);
  await app.register(fastifyStatic, {
    // Ours first, where both have a file of the same name.
    root: [webRoot, ...atRoot],
    index: false,
    wildcard: false,
    cacheControl: false,
    // Built scripts and styles lie there compressed, too.
    preCompressed: true,
    setHeaders: (reply, path) => {
      const isBuilt = path.startsWith(join(webRoot, BUILT, '/'));
      reply.header('cache-control', isBuilt ? `public, max-age=${A_YEAR_SECONDS}, immutable` : 'no-cache');
      if (!path.endsWith('.html')) return;
      reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
      reply.header('permissions-policy', PERMISSIONS_POLICY);
    },
  });
  for (const { prefix, root } of folders.filter((folder) => folder.prefix !== '/')) {
    await app.register(fastifyStatic, {
      root: [...root],
      prefix,
      decorateReply: false,
      index: false,
      dotfiles: 'deny',
    });
  }
}

/** A form of the website's page sends the token, so that it stands in no address. */
async function enterByForm(request: FastifyRequest, reply: FastifyReply, options: PagesOptions): Promise<FastifyReply> {
  const isForm = request.headers['content-type']?.toLowerCase().startsWith(FORM) === true;
  const fields = new URLSearchParams(isForm && typeof request.body === 'string' ? request.body : '');
  const token = fields.get('jwt') ?? '';
  if (token === '') return reply.sendFile('index.html');
  if (!(await options.admits(token))) return refuse(reply);
  const html = await readFile(join(options.webRoot, 'index.html'), 'utf8');
  const meta = `<meta name="parlour-jwt" content="${token.replace(/[^\w.=-]/g, '')}">`;
  return reply
    .headers({ ...PAGE_HEADERS, 'cache-control': 'no-store' })
    .type('text/html; charset=utf-8')
    .send(html.replace('<head>', `<head>${meta}`));
}

function refuse(reply: FastifyReply): FastifyReply {
  return reply
    .code(403)
    .type('text/plain; charset=utf-8')
    .send('Your sign-in has expired. Please go back to the website and enter the chat from there.\n');
}
