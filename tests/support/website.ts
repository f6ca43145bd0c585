import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type JWTPayload, SignJWT } from 'jose';
import { type Guest, TestRoom } from './barertc.ts';
import type { TestSettings } from './server.ts';

export const SECRET = 'a secret that the website and the chat share';
export const API_KEY = 'the key of the website';

/** What the original's claims are; whatever else a test wants to say is said as it is. */
export type Claims = Readonly<Record<string, unknown>> & { readonly sub?: unknown };

export interface TokenOptions {
  readonly secret?: string;
  readonly algorithm?: 'HS256' | 'HS384' | 'HS512';
  /** Seconds from now; five minutes unless said. */
  readonly expiresIn?: number;
  /** Seconds since 1970; now unless said. Null leaves it out. */
  readonly issuedAt?: number | null;
}

/** As a website signs in one of its users. */
export async function signToken(claims: Claims, options: TokenOptions = {}): Promise<string> {
  const { secret = SECRET, algorithm = 'HS256', expiresIn = 300 } = options;
  const now = Math.floor(Date.now() / 1000);
  const { issuedAt = now } = options;
  const token = new SignJWT({ ...(claims as JWTPayload), exp: now + expiresIn }).setProtectedHeader({ alg: algorithm });
  if (issuedAt !== null) token.setIssuedAt(issuedAt);
  return token.sign(new TextEncoder().encode(secret));
}

/** What is in a token, unchecked. */
export function claimsIn(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

export const WEBSITE_SETTINGS = {
  tokens: { enabled: true, strict: false, secret: SECRET },
  website: { api_key: API_KEY, url: 'https://www.example.com', cors_hosts: ['https://www.example.com'] },
} satisfies TestSettings;

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A chat that belongs to a website. */
export class WebsiteRoom implements AsyncDisposable {
  readonly room: TestRoom;

  private constructor(room: TestRoom) {
    this.room = room;
  }

  static async open(settings: TestSettings = {}): Promise<WebsiteRoom> {
    const { tokens, website } = WEBSITE_SETTINGS;
    return new WebsiteRoom(
      await TestRoom.open({
        ...settings,
        tokens: { ...tokens, ...settings.tokens },
        website: { ...website, ...settings.website },
      }),
    );
  }

  get url(): string {
    return this.room.server.url;
  }

  /** Enters with a token of these claims; `sub` is the name unless said. */
  async enter(name: string, claims: Claims = {}, options: Parameters<TestRoom['enter']>[1] = {}): Promise<Guest> {
    return this.room.enter(name, { ...options, jwt: await signToken({ sub: name, ...claims }) });
  }

  /** Calls an endpoint as the website does, or as `request` says. */
  async api(path: string, body: unknown = {}, request: RequestInit = {}): Promise<ApiAnswer> {
    const response = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...request,
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
  }

  /** With the website's key. */
  admin(path: string, body: object = {}): Promise<ApiAnswer> {
    return this.api(path, { APIKey: API_KEY, ...body });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.room[Symbol.asyncDispose]();
  }
}

export interface Hook {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The website's end of the webhooks. */
export class WebhookReceiver implements AsyncDisposable {
  readonly received: Hook[] = [];
  /** What is answered; 200 and an empty object unless said. */
  answer: (hook: Hook) => { readonly status: number; readonly body?: object } = () => ({ status: 200 });
  readonly #server: Server;
  readonly #waiting = new Set<() => void>();

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const hook = { path: request.url ?? '', body: JSON.parse(await bodyOf(request)) as Hook['body'] };
      this.received.push(hook);
      const { status, body = {} } = this.answer(hook);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      for (const look of [...this.#waiting]) look();
    });
  }

  static async open(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await new Promise<void>((done) => receiver.#server.listen(0, '127.0.0.1', done));
    return receiver;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  /** Resolves with the hook that fits, which may have come before. */
  next(fits: (hook: Hook) => boolean): Promise<Hook> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.received.find(fits);
        if (!found) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
