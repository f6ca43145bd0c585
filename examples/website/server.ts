import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/**
 * A website with a chat: it signs its users in by a token, shows who is there, and answers the chat's questions. Node
 * alone is enough: `node server.ts`. What is marked with "your" is what you would do in your own way.
 */
const {
  PORT = '3000',
  /** Where browsers find the chat. */
  CHAT_URL = 'http://localhost:8080',
  /** `tokens.secret` of the chat. */
  JWT_SECRET = '',
  /** `website.api_key` of the chat. */
  API_KEY = '',
} = process.env;

interface User {
  readonly name: string;
  readonly password: string;
  readonly nick: string;
  readonly operator?: boolean;
  readonly vip?: boolean;
}

/** Your users are in your database, and their passwords are hashed. */
const USERS: readonly User[] = [
  { name: 'alice', password: 'wonderland', nick: 'Alice', operator: true },
  { name: 'bob', password: 'builder', nick: 'Bob B.', vip: true },
];
const sessions = new Map<string, User>();

/** A JSON Web Token, HS256: three parts, of which the last signs the others. Good for five minutes. */
function tokenFor(user: User): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = part({ alg: 'HS256', typ: 'JWT' });
  const claims = part({
    sub: user.name,
    nick: user.nick,
    op: user.operator === true,
    vip: user.vip === true,
    url: `/users/${user.name}`,
    iat: now,
    exp: now + 5 * 60,
  });
  const signature = createHmac('sha256', JWT_SECRET).update(`${head}.${claims}`).digest('base64url');
  return `${head}.${claims}.${signature}`;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const user = sessions.get(/(?:^|;\s*)session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '');
  switch (`${request.method} ${request.url}`) {
    case 'GET /':
      return page(response, user ? await welcome(user) : signInForm());
    case 'POST /login':
      return login(request, response);
    case 'POST /webhook':
      return webhook(request, response);
    default:
      return page(response, '<p>There is nothing here.</p>', 404);
  }
}

function signInForm(): string {
  return `<form method="post" action="/login">
    <label>Name <input name="name" autocomplete="username" required></label>
    <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
    <button>Sign in</button>
  </form>`;
}

/** The token goes to the chat in a form, so that it stands in no address, history or log. */
async function welcome(user: User): Promise<string> {
  return `<p>Hello, ${escapeHtml(user.nick)}! In the chat: ${escapeHtml((await whoIsThere()).join(', ') || 'nobody yet')}.</p>
  <form method="post" action="${escapeHtml(CHAT_URL)}/" target="chat">
    <input type="hidden" name="jwt" value="${tokenFor(user)}">
    <button>Enter the chat</button>
  </form>`;
}

async function whoIsThere(): Promise<readonly string[]> {
  try {
    const response = await fetch(`${CHAT_URL}/api/statistics`, { signal: AbortSignal.timeout(2000) });
    const { Usernames } = (await response.json()) as { readonly Usernames: readonly string[] };
    return Usernames;
  } catch {
    return [];
  }
}

async function login(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = new URLSearchParams(await bodyOf(request));
  const user = USERS.find(({ name, password }) => name === form.get('name') && password === form.get('password'));
  if (!user) return page(response, `<p role="alert">That is not right.</p>${signInForm()}`, 403);
  const id = randomUUID();
  sessions.set(id, user);
  response.writeHead(303, { location: '/', 'set-cookie': `session=${id}; HttpOnly; SameSite=Lax; Path=/` }).end();
}

/** The chat tells of reports, and asks for profiles. */
async function webhook(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { Action, APIKey, Report, Username } = JSON.parse(await bodyOf(request)) as Readonly<Record<string, unknown>>;
  if (APIKey !== API_KEY) {
    response.writeHead(401).end();
    return;
  }
  if (Action === 'report') console.log('A report:', Report);
  const user = USERS.find(({ name }) => name === Username);
  const profile = user
    ? { OK: true, Headline: `${user.nick} is one of us.`, ProfileFields: [{ Name: 'Member', Value: 'since today' }] }
    : { OK: false, Error: 'Nobody knows them.' };
  const body = Action === 'profile' ? { StatusCode: 200, Data: profile } : {};
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function page(response: ServerResponse, content: string, status = 200): void {
  response
    .writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
    .end(`<!doctype html><html lang="en"><title>A website with a chat</title><h1>A website with a chat</h1>${content}`);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) {
    body += chunk;
    if (body.length > 65_536) throw new Error('too much');
  }
  return body;
}

if (JWT_SECRET === '') throw new Error('Set JWT_SECRET to the secret that the chat knows, too.');
const server = createServer((request, response) => {
  answer(request, response).catch(() => response.writeHead(500).end());
});
server.listen(Number(PORT), () => {
  const address = server.address();
  console.log(`The website is at http://localhost:${typeof address === 'object' ? address?.port : PORT}`);
});
